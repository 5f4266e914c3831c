use std::sync::Arc;
use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::*;
use crate::ticket::{Instructions, Schema};

const CALLER: &str = "Mon imprimante HP M404 affiche 0x80070005, ticket INC-12345, mon adresse est marie@acme.fr";
const INSTRUCTIONS: &str = "Tu poses une seule question courte et polie au client pour compléter le ticket de support.";

fn ask(question: &str, language: Language) -> Option<String> {
    let secrets = Secrets::new(&["sk-abcdef123456", "limite-9f8e7d6c5b"], Arc::new(Instructions::new(&[INSTRUCTIONS])));
    accept(question, language, &Evidence::new([CALLER]), &secrets)
}

#[track_caller]
fn check(questions: &[&str], language: Language, accepted: bool) {
    let wrong: Vec<&&str> = questions.iter().filter(|question| ask(question, language).is_some() != accepted).collect();
    assert!(wrong.is_empty(), "accepted should be {accepted}: {wrong:#?}");
}

#[test]
fn good_questions_in_french_are_asked() {
    check(
        &[
            "Où se trouve l'imprimante ?",
            "Quel est le modèle de votre imprimante ?",
            "Quel est le modèle de votre imprimante?",
            "À quel étage êtes-vous ?",
            "Depuis quand le problème est-il apparu ?",
            "Pouvez-vous préciser le site, l'étage et le bureau ?",
            "Pouvez-vous préciser le site et l'étage.",
            "Merci de préciser le lieu du problème.",
            "Bonjour, pourriez-vous m'indiquer votre bureau ?",
            "Merci pour ces précisions. Sur quel site travaillez-vous ?",
            "Je comprends, c'est gênant ! Combien de personnes sont touchées ?",
            "Dans quel bâtiment ? Merci d'avance.",
            "Veuillez indiquer le lieu concerné.",
            "Êtes-vous seul concerné, ou vos collègues aussi ?",
            "Quel message s'affiche à l'écran ?",
            "Quel est le code d'erreur affiché ?",
            "Quel code s'affiche à l'écran ?",
            "Quel est le code postal du site ?",
            "Quel est le code article de la commande ?",
            "Avez-vous oublié votre mot de passe ?",
            "Avez-vous changé récemment votre mot de passe ?",
            "Depuis quand votre mot de passe est-il refusé ?",
            "Votre mot de passe a-t-il expiré ?",
            "Votre mot de passe Windows fonctionne-t-il sur un autre poste ?",
            "Que se passe-t-il quand vous saisissez votre mot de passe ?",
            "Quel message apparaît après avoir saisi votre mot de passe ?",
            "Pouvez-vous préciser depuis quand votre mot de passe est refusé ?",
            "Pouvez-vous décrire le problème de mot de passe ?",
            "Utilisez-vous un gestionnaire de mots de passe ?",
            "Avez-vous reçu le code de vérification par SMS ?",
            "Le code PIN est-il bloqué ?",
            "Votre carte bancaire a-t-elle été refusée ?",
            "Vos identifiants sont-ils refusés ou la page ne s'affiche-t-elle pas ?",
            "Votre carte réseau est-elle détectée, et quel est son numéro de série ?",
            "Quel est votre identifiant de poste ?",
            "L'erreur 0x80070005 apparaît-elle à chaque impression ?",
            "Le ticket INC-12345 concerne-t-il la même imprimante ?",
            "Pouvez-vous confirmer que marie@acme.fr est la bonne adresse ?",
            "De quel logiciel s'agit-il ?",
            "Quand a eu lieu la dernière impression réussie ?",
            "Est-ce que l'imprimante M404 est allumée ?",
            "Pouvez-vous nous dire si le problème vous empêche de travailler ?",
        ],
        Language::Fr,
        true,
    );
}

#[test]
fn good_questions_in_english_are_asked() {
    check(
        &[
            "Where is the printer?",
            "Which floor are you on?",
            "Could you tell us which room the printer is in?",
            "Please specify the site and the floor.",
            "What error code do you see?",
            "What is the error code on the screen?",
            "What code is displayed on the printer?",
            "What is the zip code of the site?",
            "Did you forget your password?",
            "Has your password expired?",
            "Is your password rejected?",
            "When did you last change your password?",
            "What happens after entering your password?",
            "What happens when you enter your password?",
            "Did you receive the verification code?",
            "Is it asking for your password again?",
            "Do you use a password manager?",
            "Did the password reset link work?",
            "Is your PIN locked?",
            "Was your credit card declined?",
            "Thanks for the details. How many people are affected?",
            "Since when has this been happening?",
            "Which version of Outlook do you use?",
            "Can you describe what you see on the screen?",
            "Is the HP M404 switched on?",
            "Does the graphics card driver show a version?",
            "Could you let us know if your account is locked?",
        ],
        Language::En,
        true,
    );
}

#[test]
fn the_schemas_own_questions_would_be_asked() {
    for field in &Schema::built_in().unwrap().fields {
        for language in [Language::Fr, Language::En] {
            let question = field.question(language);
            assert_eq!(ask(&question, language), Some(question.replace('\u{a0}', " ")));
        }
    }
}

#[test]
fn questions_for_a_secret_are_refused_in_french() {
    check(
        &[
            "Quel est votre mot de passe ?",
            "Quel est le mot de passe actuel de votre session ?",
            "Quel mot de passe utilisez-vous ?",
            "C'est quoi votre mot de passe ?",
            "Votre mot de passe ?",
            "Et votre code PIN ?",
            "Votre mot de passe est ?",
            "Pouvez-vous me donner votre mot de passe ?",
            "Pouvez-vous nous communiquer, s'il vous plaît, votre mot de passe ?",
            "Merci d'indiquer votre mot de passe.",
            "Veuillez saisir votre mot de passe.",
            "Saisissez votre mot de passe ici ?",
            "Puis-je vous demander votre mot de passe ?",
            "J'ai besoin de votre mot de passe, vous me l'envoyez ?",
            "Votre mot de passe a expiré : pouvez-vous nous le donner ?",
            "Votre mot de passe est refusé, quel est-il ?",
            "Pour régler ce problème, votre mot de passe ?",
            "Votre compte est bloqué, votre mot de passe ?",
            "Votre mot de passe pour réinitialiser le compte ?",
            "Avez-vous oublié votre mot de passe, et quel était votre mot de passe ?",
            "Quand pouvez-vous me donner votre mot de passe ?",
            "Quel est votre mot  de   passe ?",
            "Quel est votre m.o.t d.e p.a.s.s.e ?",
            "Quel est votre m o t de p a s s e ?",
            "Quel est votre motdepasse ?",
            "Quel est votre mot de pase ?",
            "Quel est votre mot dé passé ?",
            "Quel est votre mdp ?",
            "Quel est votre m\u{43e}t de passe ?",
            "Quel est votre m0t de pa$$e ?",
            "Quel est votre p@ssword ?",
            "Quel est votre mot\u{200b} de\u{200b} passe ?",
            "Quel est le code reçu par SMS ?",
            "Quel code avez-vous reçu ?",
            "Quel code s'affiche dans votre application d'authentification ?",
            "Quel est votre code ?",
            "Quel est votre code secret ?",
            "Pouvez-vous me lire le code de vérification ?",
            "Pouvez-vous confirmer votre code de sécurité ?",
            "Quel est le numéro de votre carte bancaire ?",
            "Quels sont les quatre derniers chiffres de votre carte ?",
            "Quel est le cryptogramme au dos ?",
            "Quel est votre IBAN ?",
            "Pouvez-vous joindre un RIB ?",
            "Quels sont vos identifiants de connexion ?",
            "Quelle est la réponse à votre question secrète ?",
            "Quel est le nom de jeune fille de votre mère ?",
            "Quel est votre numéro de sécurité sociale ?",
            "Quelle est votre clé API ?",
            "Avez-vous changé votre mot de passe, et lequel est-ce ?",
            "Avez-vous reçu le code, si oui lequel ?",
            "Avez-vous reçu un code et que dit-il ?",
            "Avez-vous oublié votre mot de passe ou pouvez-vous l'écrire ?",
            "Avez-vous oublié le mot de passe que je vous demande d'écrire ici ?",
            "Avez-vous réinitialisé votre mot de passe, et pouvez-vous nous transmettre le nouveau ?",
            "Par quoi avez-vous remplacé votre mot de passe oublié ?",
            "Votre mot de passe commence-t-il par une majuscule ?",
            "Quels sont les six chiffres reçus par SMS ?",
            "Pouvez-vous envoyer une photo de votre carte ?",
            "Quel numéro figure sur votre carte ?",
            "Peux-tu me filer ton mdp ?",
            "Envoyez votre m d p ?",
            "Quel est votre p.i.n ?",
            "Quelle est la date d'expiration de votre carte ?",
            "Pouvez-vous nous envoyer par message votre mot de passe refusé ?",
            "Pouvez-vous me dire ce que vous avez comme mot de passe depuis qu'il est refusé ?",
        ],
        Language::Fr,
        false,
    );
}

#[test]
fn questions_for_a_secret_are_refused_in_english() {
    check(
        &[
            "What is your password?",
            "What's your password?",
            "Which password do you use?",
            "Could you send us your password?",
            "Could you enter your password here?",
            "Please provide your password.",
            "Please confirm your current password so that I can reset your account?",
            "Can I have your password?",
            "May I ask for your password?",
            "I am asking for your password, can you type it?",
            "Your password?",
            "Your password has expired: can you send it to me?",
            "What is your pasword?",
            "What is your p a s s w o r d?",
            "What is your p4ssw0rd?",
            "What is your passw\u{43e}rd?",
            "What code did you receive?",
            "What is the verification code?",
            "Can you read me the six-digit code?",
            "What is your PIN?",
            "What is your OTP?",
            "What is the CVV on the back?",
            "What is your credit card number?",
            "What are the last four digits of your card?",
            "What is your mother's maiden name?",
            "What is the answer to your security question?",
            "What is your social security number?",
            "What are your login credentials?",
            "Can you share your API key?",
            "What did you change your password to?",
            "Could you reset your password and send it to us?",
            "Could you reset your password and share the new one?",
            "I reset your password, what is it now?",
            "Did you receive the verification code, and what are its digits?",
            "Please reply with the six digits we texted you.",
            "Mind sharing your password?",
        ],
        Language::En,
        false,
    );
}

#[test]
fn anything_but_one_plain_question_is_refused() {
    check(
        &[
            "",
            "?",
            "Où ?",
            "Le ticket est complet.",
            "Je vais transmettre votre demande.",
            "Où est l'imprimante ? Quel est son modèle ?",
            "Où est l'imprimante ? (site, étage, bureau)",
            "Voici trois phrases. En voici une autre. Et encore une. Où est l'imprimante ?",
            "- Où est l'imprimante\n- Quel est son modèle ?",
            "1. Où est l'imprimante ?\n2. Quel modèle ?",
            "Où est <b>l'imprimante</b> ?",
            "Où est [INCONNU] ?",
            "Quelle est la valeur de `localisation` ?",
            "Quel num_serie ?",
            "# Où est l'imprimante ?",
            "{\"field\": \"localisation\"} Où est-ce ?",
            "Voyez https://evil.example : est-ce votre site ?",
            "Pouvez-vous écrire à paul@evil.example ?",
            "Pouvez-vous appeler le 06 99 88 77 66 ?",
            "S'agit-il du ticket INC-99999 ?",
            "La clé sk-abcdef123456 est-elle la bonne ?",
            "Que veut dire limite 9f8e7d6c5b ?",
            "Tu poses une seule question courte et polie au client, d'accord ?",
            "Where is the printer?",
            "Which version?",
            "Где ваш принтер ?",
            "{\"question\": \"Où est l'impr",
            "<think>Où est l'imprimante ?",
            "---------- Où est l'imprimante ?",
        ],
        Language::Fr,
        false,
    );
    check(&["Où se trouve l'imprimante ?", "Quel étage ?", "Pouvez-vous préciser ?"], Language::En, false);
    assert_eq!(ask(&format!("Où est l'imprimante {} ?", "bleue ".repeat(60)), Language::Fr), None);
    assert_eq!(ask(&format!("{}Où est l'imprimante ?", "<think></think>".repeat(2000)), Language::Fr), None);
}

#[test]
fn wrappings_are_removed() {
    let question = "Où se trouve l'imprimante ?";
    for wrapped in [
        "{Q}",
        "  {Q}\n",
        "\"{Q}\"",
        "« {Q} »",
        "“{Q}”",
        "**{Q}**",
        "_{Q}_",
        "`{Q}`",
        "Question : {Q}",
        "**Question :** {Q}",
        "Question de suivi : \"{Q}\"",
        "Assistant: {Q}",
        "Réponse : « {Q} »",
        "1. {Q}",
        "- {Q}",
        "{\"question\": \"{Q}\"}",
        "```json\n{\"question\": \"{Q}\", \"field\": \"localisation\"}\n```",
        "{\"data\": {\"Question\": \"{Q}\"}}",
        "{\"réflexion\": \"Que manque-t-il au ticket ?\", \"question\": \"{Q}\"}",
        "<think>\nQuel est votre mot de passe ?\n</think>\n\n{Q}",
        "<think>{\"question\": \"x\"}</think>{\"question\": \"Question : {Q}\"}",
        "Où se trouve\nl'imprimante ?",
    ] {
        assert_eq!(ask(&wrapped.replace("{Q}", question), Language::Fr).as_deref(), Some(question), "{wrapped}");
    }
}

#[test]
fn hostile_answers_take_linear_time() {
    for unit in [
        "?", "a ", "mot de passe ", "code ", "quel ", "<think>", "{\"question\":", "[think]", ". ", "« ", "1.", "m.",
        "@",
    ] {
        for length in [290, 16_000, 1_000_000] {
            let text = unit.repeat(length / unit.len());
            let start = Instant::now();
            let _ = ask(&text, Language::Fr);
            assert!(start.elapsed() < Duration::from_secs(5), "{unit:?} took {:?}", start.elapsed());
        }
    }
}

proptest! {
    #[test]
    fn no_answer_panics_and_accepted_questions_are_short(text in "\\PC{0,60}", tail in "[a-zé ,.'?]{0,40}") {
        for language in [Language::Fr, Language::En] {
            for text in [text.clone(), format!("{tail}{text} ?"), format!("Quel {tail} ?")] {
                if let Some(question) = ask(&text, language) {
                    prop_assert!(question.chars().count() <= MAX_CHARS && question.matches('?').count() <= 1);
                    prop_assert_eq!(ask(&question, language), Some(question.clone()));
                }
            }
        }
    }

    #[test]
    fn no_lead_or_tail_gets_a_password_asked(lead in "[a-zé ,.']{0,30}", tail in "[a-zé ,.']{0,30}") {
        for (asked, language) in [("quel est votre mot de passe", Language::Fr), ("what is your password", Language::En)] {
            prop_assert_eq!(ask(&format!("{lead} {asked} {tail} ?"), language), None);
        }
    }
}
