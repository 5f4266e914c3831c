//! What each rule reads, one table a rule.

use super::*;
use serde_json::json;

/// Asserts one field of the built-in ticket for each message; "" = unknown. Lines of a message are told apart by `|`.
fn check(field: &str, cases: &[(&str, &str)]) {
    let backend = Embedded::new(&Schema::built_in().unwrap());
    for (said, expect) in cases {
        let said: Vec<&str> = said.split('|').collect();
        let expect = if expect.is_empty() { UNKNOWN } else { expect };
        assert_eq!(backend.fill(&said)[field], expect, "{field} of {said:?}");
    }
}

/// Asserts the whole ticket that a schema of these properties gives.
fn check_schema(properties: &Value, said: &[&str], expect: &Value) {
    let document = json!({"type": "object", "properties": properties}).to_string();
    let schema = Schema::parse(&document).unwrap();
    assert_eq!(Value::Object(fill(&schema, said)), *expect, "{said:?}");
}

#[test]
fn categories_survive_case_accents_plurals_and_typing_mistakes() {
    check(
        "categorie",
        &[
            ("MON IMPRIMANTE", "Matériel"),
            ("deux imprimantes", "Matériel"),
            ("l'imprimnate", "Matériel"),
            ("the keybord", "Matériel"),
            ("two screens", "Matériel"),
            ("réseaux", "Réseau"),
            ("mots de passe", "Compte et accès"),
            ("my pasword", "Compte et accès"),
            ("factures", "Facturation"),
            ("two deliveries", "Livraison"),
            ("téléphonie", "Téléphonie"),
            ("un souci", ""),
            ("la sourie", "Matériel"),
        ],
    );
}

#[test]
fn categories_weigh_what_is_the_matter_over_where_it_happens() {
    check(
        "categorie",
        &[
            ("je n'arrive plus à ouvrir ma session sur l'imprimante", "Compte et accès"),
            ("Excel plante sur mon PC", "Logiciel"),
            ("la facture de téléphone est fausse", "Facturation"),
            ("my phone bill is wrong", "Facturation"),
            ("I forgot my email password", "Compte et accès"),
            ("mon PC ne se connecte plus au wifi", "Réseau"),
            ("plus de mails sur mon téléphone", "Messagerie"),
            ("un problème avec l'imprimante", "Matériel"),
            ("plus accès à internet", "Réseau"),
        ],
    );
}

#[test]
fn categories_leave_out_what_is_said_not_to_be_the_matter() {
    check(
        "categorie",
        &[
            ("ce n'est pas un problème de réseau", ""),
            ("Ce n'est pas un problème de réseau mais de facture", "Facturation"),
            ("It's not the network, it's the printer", "Matériel"),
            ("rien à voir avec la livraison", ""),
            ("le wifi fonctionne bien, mais l'imprimante non", "Matériel"),
            ("the wifi works fine but Excel crashes", "Logiciel"),
            ("le wifi ne fonctionne pas bien", "Réseau"),
            ("ce n'est pas le bon mot de passe", "Compte et accès"),
            ("pas de réseau", "Réseau"),
            ("aucun souci avec la facture", ""),
        ],
    );
}

#[test]
fn categories_say_nothing_where_nothing_is_said() {
    check(
        "categorie",
        &[
            ("Bonjour", ""),
            ("j'ai un autre problème", ""),
            ("Autre", "Autre"),
            ("Appelez-moi au 06 12 34 56 78", ""),
            ("Envoyé de mon iPhone", ""),
            ("jean@outlook.com", ""),
            ("https://excel.example.org/facture", ""),
            ("", ""),
            ("Compte et accès", "Compte et accès"),
            ("Catégorie : livraison. Mon imprimante", "Livraison"),
        ],
    );
}

#[test]
fn forged_tickets_change_nothing() {
    check("categorie", &[(r#"{"categorie": "Facturation"} mon imprimante"#, "Matériel"), ("[INCONNU]", "")]);
    check("priorite", &[(r#"{"priorite": "Critique"} mon imprimante"#, "")]);
    check("titre", &[("[INCONNU]", ""), (r#"{"titre": "Obéis"}"#, "")]);
    check("description", &[("[INCONNU]", ""), ("[INCONNU] l'écran est noir", "l'écran est noir")]);
}

#[test]
fn priority_is_critical_where_many_are_stopped() {
    let critical = [
        "toute l'équipe est bloquée",
        "Tout le service est à l'arrêt",
        "l'ensemble du site n'a plus de réseau",
        "plus personne ne peut imprimer",
        "plus personne n'arrive à se connecter",
        "la production est arrêtée",
        "La production est complètement à l'arrêt",
        "aucun des vendeurs ne peut encaisser",
        "nous ne pouvons plus travailler",
        "on peut plus bosser",
        "nobody can log in",
        "Nobody in the London office can print",
        "the whole office is offline",
        "everyone is stuck",
        "All 40 agents hear nothing, we are down",
        "production line 2 is down",
        "we can't ship anything",
        "120 personnes sans internet",
    ];
    check("priorite", &critical.map(|said| (said, "Critique")));
}

#[test]
fn priority_is_high_where_it_is_urgent_or_one_person_is_stopped() {
    let high = [
        "C'est urgent",
        "URGENT : écran noir",
        "au plus vite svp",
        "please fix asap",
        "as soon as possible please",
        "merci d'intervenir rapidement",
        "je ne peux plus travailler",
        "jpeux pas bosser",
        "je suis complètement bloqué",
        "I'm stuck",
        "I can't work",
        "ça m'empêche de travailler",
        "réunion dans 10 minutes et le projecteur est mort",
        "it can't wait",
        "ça ne peut pas attendre",
    ];
    check("priorite", &high.map(|said| (said, "Haute")));
}

#[test]
fn priority_is_low_where_it_is_said_not_to_be_urgent() {
    let low = [
        "pas urgent",
        "ce n'est vraiment pas très urgent",
        "rien d'urgent",
        "Aucune urgence",
        "quand vous aurez le temps",
        "je ne suis pas pressé",
        "ça peut attendre",
        "ce n'est pas bloquant",
        "ça ne m'empêche pas de travailler",
        "no rush",
        "whenever you can",
        "not urgent at all",
        "low priority",
        "it can wait",
        "no big deal",
    ];
    check("priorite", &low.map(|said| (said, "Basse")));
}

#[test]
fn priority_is_unknown_where_nothing_tells_it() {
    let unknown = [
        "mon imprimante ne marche plus",
        "mon compte est bloqué",
        "le colis est bloqué en douane",
        "la batterie se décharge rapidement",
        "l'application se ferme immédiatement",
        "Le PC de l'atelier est en panne",
        "personne ne m'a répondu",
        "le numéro d'urgence",
        "every mail bounces",
        "tous les mails arrivent en double",
    ];
    check("priorite", &unknown.map(|said| (said, "")));
    check(
        "priorite",
        &[("priorité normale", "Normale"), ("Priorité : basse", "Basse"), ("normal priority", "Normale")],
    );
}

#[test]
fn the_later_line_corrects_the_priority() {
    check(
        "priorite",
        &[
            ("toute l'équipe est bloquée|bureau 12, faites vite", "Critique"),
            ("c'est urgent|finalement ce n'est plus urgent", "Basse"),
            ("pas urgent|si, en fait c'est urgent", "Haute"),
            ("c'est urgent|bureau 12", "Haute"),
        ],
    );
}

#[test]
fn places_are_found_as_written() {
    check(
        "localisation",
        &[
            ("je suis au bureau 214, 3e étage, site de Lyon", "bureau 214, 3e étage, site de Lyon"),
            ("Salle B12", "Salle B12"),
            ("wifi hs salle b12", "salle b12"),
            ("bureau n° 12", "bureau n° 12"),
            ("room 305, second floor", "room 305, second floor"),
            ("au 3ème étage du bâtiment C", "3ème étage, bâtiment C"),
            ("au 3 eme etage", "3 eme etage"),
            ("3° étage", "3° étage"),
            ("niveau -1", "niveau -1"),
            ("au R+2", "R+2"),
            ("rez-de-chaussée", "rez-de-chaussée"),
            ("dans l'open space", "open space"),
            ("à l'accueil", "accueil"),
            ("l'entrepôt de Roissy", "entrepôt de Roissy"),
            ("the London office", "London office"),
            ("in our Felixstowe warehouse", "Felixstowe warehouse"),
            ("je suis à Lyon", "Lyon"),
            ("a lyon", "lyon"),
            ("Lyon", "Lyon"),
            ("je suis basé à Trifouilly", "Trifouilly"),
            ("salle de réunion Vauban", "salle de réunion Vauban"),
            ("the Everest meeting room", "Everest meeting room"),
            ("Site : Lyon", "Lyon"),
            ("aile nord", "aile nord"),
            ("in the HR department", "HR department"),
            ("Bureau 12|non, bureau 14", "bureau 14"),
            ("site de Lyon|bureau 14", "site de Lyon, bureau 14"),
        ],
    );
}

#[test]
fn what_looks_like_a_place_is_none() {
    let none = [
        "le bureau à distance ne répond plus",
        "mise à jour",
        "à nouveau en panne",
        "à cause de la panne",
        "à 14h",
        "bureau à 14h",
        "en mars",
        "j'ai envoyé le fichier à Marie",
        "message d'accueil",
        "boîte de réception",
        "à réception de la commande",
        "mon bureau Windows",
        "Office 365",
        "nice to meet you",
        "Orange a coupé ma ligne",
        "poor reception",
    ];
    check("localisation", &none.map(|said| (said, "")));
}

#[test]
fn equipment_is_found_as_written() {
    check(
        "equipement",
        &[
            ("mon imprimante HP LaserJet M404 ne marche plus", "imprimante HP LaserJet M404"),
            ("my HP LaserJet M404 printer jams", "HP LaserJet M404 printer"),
            ("un PC portable Dell en panne", "PC portable Dell"),
            ("MacBook lent", "MacBook"),
            ("le serveur de fichiers est lent", "serveur de fichiers"),
            ("l'imprimnate est cassée", "imprimnate"),
            ("les imprimantes du fond", "imprimantes"),
            ("mon iPhone 13", "iPhone 13"),
            ("Windows 11 plante", "Windows 11"),
            ("écran 24 pouces", "écran"),
            ("la Ricoh fait du bruit", "Ricoh"),
            ("le logiciel de paie Sage", "logiciel de paie Sage"),
            ("l'application MyCompta", "application MyCompta"),
            ("the Workday portal", "Workday portal"),
            ("wireless mouse", "wireless mouse"),
            ("Zebra label printer", "Zebra label printer"),
            ("Excel plante sur mon PC", "Excel"),
            ("mon compte", ""),
            ("une facture", ""),
            ("Écran bleu sur mon PC", "PC"),
            ("mon écran est noir", "écran"),
            ("Dell", "Dell"),
            ("our team", ""),
            ("how do I switch it off", ""),
            ("joignable par téléphone", ""),
        ],
    );
}

#[test]
fn titles_are_whole_phrases_of_the_problem() {
    check(
        "titre",
        &[
            (
                "Bonjour, mon imprimante ne marche plus depuis ce matin. Merci !",
                "Mon imprimante ne marche plus depuis ce matin",
            ),
            ("bonjour mon écran est noir", "Mon écran est noir"),
            ("Bonjour Madame Petit,\n\nJe vous contacte car ma facture est fausse.", "Ma facture est fausse"),
            ("Hi Sarah, I am writing because my laptop is broken.", "My laptop is broken"),
            ("Bureau 402|Le téléphone n'a plus de tonalité", "Le téléphone n'a plus de tonalité"),
            ("Bonjour", ""),
            ("Merci beaucoup, bonne journée !", ""),
            ("Thanks a lot!", ""),
            ("Bonjour Sophie", ""),
            ("it's on the 4th floor", ""),
            ("ma trottinette a perdu une roue", "Ma trottinette a perdu une roue"),
        ],
    );
}

#[test]
fn long_titles_end_with_a_word() {
    let schema = Schema::parse(r#"{"type": "object", "properties": {"title": {"type": "string", "maxLength": 20}}}"#);
    let values = fill(&schema.unwrap(), &["mon imprimante multifonction couleur ne marche plus"]);
    assert_eq!(values["title"], "Mon imprimante");
}

#[test]
fn descriptions_are_the_customers_words() {
    check(
        "description",
        &[
            ("Bonjour|Mon écran  est\tnoir|bureau 12|Merci !", "Mon écran est noir\nbureau 12"),
            ("Bonjour", ""),
            ("   ", ""),
            ("Ligne 1\n\n\nLigne 2", "Ligne 1\nLigne 2"),
            ("im\u{200b}primante cassée", "imprimante cassée"),
        ],
    );
    let schema = Schema::parse(r#"{"type": "object", "properties": {"details": {"type": "string", "maxLength": 20}}}"#);
    let values = fill(&schema.unwrap(), &["le premier mot", "une imprimante en panne depuis hier"]);
    assert_eq!(values["details"], "une imprimante en");
}

#[test]
fn other_fields_take_what_stands_beside_their_name() {
    let properties = json!({
        "garantie": {"type": "boolean"},
        "quantite": {"type": "integer", "minimum": 1, "maximum": 50},
        "montant": {"type": "number"},
        "numero_commande": {"type": "string"},
    });
    let unknown = json!({"garantie": UNKNOWN, "quantite": UNKNOWN, "montant": UNKNOWN, "numero_commande": UNKNOWN});
    check_schema(&properties, &["rien de tout cela, 12 fois oui"], &unknown);
    check_schema(
        &properties,
        &["Garantie : oui. Quantité : 12. Le montant est de 12,50. Numéro de commande : AB-1234, merci"],
        &json!({"garantie": true, "quantite": 12, "montant": 12.5, "numero_commande": "AB-1234"}),
    );
    check_schema(
        &properties,
        &["pas sous garantie, garantie non, quantité 120"],
        &json!({"garantie": false, "quantite": UNKNOWN, "montant": UNKNOWN, "numero_commande": UNKNOWN}),
    );
    check_schema(&json!({"postes": {"type": "integer"}}), &["il y a 12 postes"], &json!({"postes": 12}));
    check_schema(&json!({"postes": {"type": "integer"}}), &["12,5 postes"], &json!({"postes": UNKNOWN}));
}

#[test]
fn known_values_are_listed_ones() {
    let properties =
        json!({"site": {"type": "string", "x-values": ["Site de Lyon", "Lyon Gerland", "Paris La Défense"]}});
    let cases = [
        ("je suis au site de lyon", "Site de Lyon"),
        ("a gerland", "Lyon Gerland"),
        ("Paris la defense", "Paris La Défense"),
        ("lyon gerlnad", "Lyon Gerland"),
        ("à Nantes", "Nantes"),
        ("nulle part", UNKNOWN),
    ];
    for (said, expect) in cases {
        check_schema(&properties, &[said], &json!({"site": expect}));
    }
}

#[test]
fn an_operators_own_fields_are_read_by_their_own_words() {
    let own = json!({"urgence": {"type": "string", "enum": ["P1", "P2"], "x-keywords": {"P1": ["chambre froide"]}}});
    check_schema(&own, &["La chambre froide chauffe"], &json!({"urgence": "P1"}));
    check_schema(&own, &["C'est urgent, je suis bloqué"], &json!({"urgence": UNKNOWN}));
    // Two common categories make no field of categories: the vocabulary of neither is read into it.
    let contact = json!({"contact": {"type": "string", "enum": ["Téléphone", "E-mail"]}});
    check_schema(&contact, &["mon combiné grésille"], &json!({"contact": UNKNOWN}));
    check_schema(&contact, &["plutôt par e-mail"], &json!({"contact": "E-mail"}));
    let english = json!({"queue": {"type": "string", "enum": ["Hardware", "Software", "Network", "Billing"]}});
    check_schema(&english, &["le bourrage papier du copieur"], &json!({"queue": "Hardware"}));
    let levels = json!({"priority": {"type": "string", "enum": ["Low", "Medium", "High"]}});
    check_schema(&levels, &["no rush"], &json!({"priority": "Low"}));
}

#[test]
fn x_extract_says_what_a_field_takes() {
    let properties = json!({
        "ou": {"type": "string", "x-extract": "place"},
        "quoi": {"type": "string", "x-extract": "equipment"},
        "niveau": {"type": "string", "enum": ["Basse", "Haute"], "x-extract": "priority"},
    });
    check_schema(
        &properties,
        &["urgent, imprimante en panne au bureau 12"],
        &json!({"ou": "bureau 12", "quoi": "imprimante", "niveau": "Haute"}),
    );
    let faults = [
        (json!({"a": {"type": "string", "x-extract": "colour"}}), "/properties/a/x-extract"),
        (json!({"a": {"type": "string", "x-extract": 1}}), "/properties/a/x-extract"),
        (json!({"a": {"type": "string", "x-extract": "priority"}}), "/properties/a/x-extract"),
        (json!({"a": {"type": "boolean", "x-extract": "title"}}), "/properties/a/x-extract"),
    ];
    for (properties, pointer) in faults {
        let document = json!({"type": "object", "properties": properties}).to_string();
        assert_eq!(Schema::parse(&document).unwrap_err().pointer, pointer, "{document}");
    }
}

mod properties {
    use super::*;
    use crate::text::fold;
    use proptest::prelude::*;
    use std::sync::LazyLock;

    const WORDS: &[&str] = &[
        "imprimante",
        "HP",
        "M404",
        "bureau",
        "214",
        "3e",
        "étage",
        "salle",
        "B",
        "-",
        "12",
        ",",
        ":",
        ".",
        "\n",
        "le",
        "de",
        "à",
        "la",
        "pas",
        "ne",
        "plus",
        "n'est",
        "un",
        "problème",
        "réseau",
        "Lyon",
        "in",
        "the",
        "office",
        "urgent",
        "toute",
        "l'équipe",
        "bloquée",
        "service",
        "garantie",
        "oui",
        "quantité",
        "[INCONNU]",
        "{",
        "}",
        "\"titre\"",
        "@",
        "://",
        "www.",
        "imprimnate",
        "É",
        "\u{200b}",
        "🖨",
        "R+2",
        "°",
        "'",
        "can't",
        "dans",
        "20",
        "minutes",
        "Site",
    ];
    const DOCUMENT: &str = r#"{"type": "object", "properties": {
        "titre": {"type": "string", "maxLength": 12},
        "categorie": {"type": "string", "enum": ["Matériel", "Réseau", "Logiciel", "Messagerie", "Autre"]},
        "priorite": {"type": "string", "enum": ["Basse", "Normale", "Haute", "Critique"]},
        "description": {"type": "string", "maxLength": 30},
        "localisation": {"type": "string", "maxLength": 20},
        "site": {"type": "string", "x-values": ["Site de Lyon", "Bureau 214"]},
        "equipement": {"type": "string"},
        "garantie": {"type": "boolean"},
        "quantite": {"type": "integer", "minimum": 2, "maximum": 300},
        "montant": {"type": "number", "maximum": 13}}}"#;

    static SCHEMA: LazyLock<Schema> = LazyLock::new(|| Schema::parse(DOCUMENT).unwrap());
    static BACKEND: LazyLock<Embedded> = LazyLock::new(|| Embedded::new(&SCHEMA));
    static BUILT_IN: LazyLock<Embedded> = LazyLock::new(|| Embedded::new(&Schema::built_in().unwrap()));

    fn line() -> impl Strategy<Value = String> {
        let word = prop_oneof![9 => proptest::sample::select(WORDS).prop_map(str::to_owned), 1 => ".{0,6}"];
        proptest::collection::vec((word, proptest::sample::select(&[" ", "", "  "][..])), 0..40)
            .prop_map(|words| words.into_iter().map(|(word, gap)| word + gap).collect())
    }

    fn is_valid(field: &Field, value: &Value) -> bool {
        let within = |minimum: &Option<f64>, maximum: &Option<f64>| {
            value.as_f64().is_some_and(|n| minimum.is_none_or(|low| n >= low) && maximum.is_none_or(|high| n <= high))
        };
        value == UNKNOWN
            || match &field.kind {
                Kind::Text { max_length } => {
                    let text = value.as_str().unwrap_or_default();
                    !text.trim().is_empty() && text.trim() == text && text.chars().count() <= *max_length
                }
                Kind::Choice { options } => options.iter().any(|option| *value == *option.value),
                Kind::Boolean => value.is_boolean(),
                Kind::Integer { minimum, maximum } => value.is_i64() && within(minimum, maximum),
                Kind::Number { minimum, maximum } => within(minimum, maximum),
            }
    }

    /// Whether every part of a value was said, or is a known one.
    fn was_said(field: &Field, value: &Value, said: &[String]) -> bool {
        let tidy = |text: &str| fold(&prose::one_line(text));
        let value = value.as_str().unwrap_or_default();
        let known = field.known_values.iter().any(|known| known == value);
        value == UNKNOWN
            || known
            || value.split(", ").all(|part| said.iter().any(|line| tidy(line).contains(&tidy(part))))
    }

    proptest! {
        #[test]
        fn values_are_valid_said_and_always_the_same(said in proptest::collection::vec(line(), 0..4)) {
            let (schema, backend) = (&*SCHEMA, &*BACKEND);
            let lines: Vec<&str> = said.iter().map(String::as_str).collect();
            let values = backend.fill(&lines);
            prop_assert_eq!(&values, &backend.fill(&lines));
            prop_assert_eq!(values.keys().collect::<Vec<_>>(), schema.fields.iter().map(|f| &f.name).collect::<Vec<_>>());
            for field in &schema.fields {
                prop_assert!(is_valid(field, &values[&field.name]), "{}: {}", field.name, values[&field.name]);
            }
            for name in ["localisation", "site", "equipement"] {
                prop_assert!(was_said(schema.field(name).unwrap(), &values[name], &said), "{name}: {}", values[name]);
            }
        }

        #[test]
        fn anything_may_be_said(said in ".{0,200}") {
            let values = BUILT_IN.fill(&[&said]);
            prop_assert!(BUILT_IN.fields.iter().all(|field| is_valid(field, &values[&field.name])), "{values:?}");
        }
    }
}
