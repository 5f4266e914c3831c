//! Texts and values from the customer's words, and operators' own schemas.

use super::*;

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
fn similar_phrases_are_no_places() {
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
            ("printr brokn", "printr"),
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
fn titles_are_phrases_that_state_the_problem() {
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
            ("Pouvez-vous envoyer ma facture ? Merci", "Pouvez-vous envoyer ma facture ?"),
            ("Il affiche « erreur 500 ».", "Il affiche « erreur 500 »"),
            ("It isn't the printer. My laptop refuses to print", "My laptop refuses to print"),
            ("it's on the 4th floor", ""),
            ("ma trottinette a perdu une roue", "Ma trottinette a perdu une roue"),
        ],
    );
}

#[test]
fn long_titles_are_cut_between_words() {
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
fn other_fields_take_the_value_beside_their_name() {
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
fn known_values_are_found_by_name_or_part() {
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
fn operators_keywords_replace_the_vocabulary() {
    let own = json!({"urgence": {"type": "string", "enum": ["P1", "P2"], "x-keywords": {"P1": ["chambre froide"]}}});
    check_schema(&own, &["La chambre froide chauffe"], &json!({"urgence": "P1"}));
    check_schema(&own, &["C'est urgent, je suis bloqué"], &json!({"urgence": UNKNOWN}));
    // Two options named like categories make no field of categories.
    let contact = json!({"contact": {"type": "string", "enum": ["Téléphone", "E-mail"]}});
    check_schema(&contact, &["mon combiné grésille"], &json!({"contact": UNKNOWN}));
    check_schema(&contact, &["plutôt par e-mail"], &json!({"contact": "E-mail"}));
    let english = json!({"queue": {"type": "string", "enum": ["Hardware", "Software", "Network", "Billing"]}});
    check_schema(&english, &["le bourrage papier du copieur"], &json!({"queue": "Hardware"}));
    let levels = json!({"priority": {"type": "string", "enum": ["Low", "Medium", "High"]}});
    check_schema(&levels, &["no rush"], &json!({"priority": "Low"}));
}

#[test]
fn x_extract_chooses_the_source() {
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
}
