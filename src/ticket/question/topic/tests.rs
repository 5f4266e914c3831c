use super::*;
use crate::ticket::question::is_about;

/// Checks which questions are about a field of the built-in schema.
#[track_caller]
fn check_topic(name: &str, language: Language, about: &[&str], not: &[&str]) {
    let schema = Schema::built_in().unwrap();
    let field = schema.fields.iter().find(|field| field.name == name).unwrap();
    let topics = Topics::new(&schema, language);
    let is_about_it = |question: &&&str| is_about(question, field, &topics);
    let wrong = about
        .iter()
        .filter(|question| !is_about_it(question))
        .chain(not.iter().filter(is_about_it))
        .collect::<Vec<_>>();
    assert!(wrong.is_empty(), "{name}: {wrong:#?}");
}

#[test]
fn a_field_s_own_question_is_about_it_and_about_no_other() {
    let schema = Schema::built_in().unwrap();
    for language in [Language::Fr, Language::En] {
        let topics = Topics::new(&schema, language);
        for field in &schema.fields {
            let question = field.question(language);
            let about = schema.fields.iter().filter(|other| is_about(&question, other, &topics));
            assert_eq!(about.map(|other| &other.name).collect::<Vec<_>>(), [&field.name], "{question}");
        }
    }
}

#[test]
fn questions_of_models_are_about_the_field_that_they_name() {
    check_topic(
        "localisation",
        Language::Fr,
        &[
            "Où se trouve l'imprimante ?",
            "À quel étage êtes-vous ?",
            "Dans quelle salle ou quel bureau se trouve l'écran Dell ?",
            "Bonjour, pourriez-vous m'indiquer votre bureau ?",
            "Merci pour ces précisions. Sur quel site travaillez-vous ?",
            "L'imprimante ne marche plus, merci de préciser le site, s'il vous plaît.",
            "Pouvez-vous me dire où vous êtes ?",
        ],
        &[
            "Quel est le modèle de l'imprimante ?",
            "Quelle est la marque et le modèle de l'équipement de ce site ?",
            "Le site est noté. De quelle marque est-ce ?",
            "L'imprimante du bureau 12 ne marche plus, merci de nous contacter.",
            "Le wifi du site est coupé, merci de m'aider, merci de rappeler, merci de rappeler encore.",
            "Depuis quand cela dure-t-il ?",
            "Quelle suite bureautique est-ce ?",
            "Avez-vous oublié votre mot de passe ?",
        ],
    );
    check_topic(
        "localisation",
        Language::En,
        &[
            "Where is the printer?",
            "Which floor are you on?",
            "Could you tell me the room?",
            "Which sites are affected?",
        ],
        &[
            "What is the name of the strange noise you are referring to?",
            "The wifi is down here, please help me find it, please contact me, please contact me again.",
            "My password is refused, shall I tell you what it is?",
            "Which model is it?",
        ],
    );
    check_topic(
        "equipement",
        Language::Fr,
        &[
            "Quel est le modèle de votre imprimante ?",
            "De quel logiciel s'agit-il ?",
            "De quel type est votre appareil ?",
            "Quelle est la marque de l'écran ?",
        ],
        &["Où se trouve l'équipement ou le bureau, sur quel site ?", "Est-ce urgent ?"],
    );
    check_topic(
        "priorite",
        Language::Fr,
        &["Combien de personnes sont touchées ?", "Est-ce urgent ?", "Êtes-vous empêché de travailler ?"],
        &["Quel logiciel ?", "Sur quel site travaillez-vous, à quel étage, dans quel bureau ?"],
    );
    check_topic(
        "priorite",
        Language::En,
        &["How many people are affected?", "Are you alone?"],
        &["Which device is it?"],
    );
    check_topic(
        "equipement",
        Language::En,
        &["What make is it?", "Which type of device is it?", "Which equipment is affected?"],
        &["Who is affected?"],
    );
}
