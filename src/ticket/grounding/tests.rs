use std::sync::Arc;
use std::time::{Duration, Instant};

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::ticket::read;

const CALLER: &str = "Bonjour, ici Marie (marie.curie@acme.fr), bureau B204, 2e étage, 69003 Lyon. \
    Mon HP LaserJet M404 (S/N PHB-12 345 X) affiche 0x80070005 et l'erreur 49 depuis 14h30 le 12/03/2024, \
    commande n° 4821, incident INC 12345, réf. 2024-118. Mon numéro : 06 12 34 56 78 ou +32 (0)470-12-34-56. \
    Page https://intranet.acme.fr/Aide/FAQ?id=7, adresse 192.168.1.10, KB5034441, IBAN FR76 3000 6000 0112 3456 7890 189.";

fn prepared(instructions: &str) -> Arc<Instructions> {
    Arc::new(Instructions::new(&[instructions]))
}

fn evidence() -> Evidence {
    Evidence::new([CALLER, "Je suis sur le site exemple . com depuis lundi"])
}

#[track_caller]
fn check(text: &str, grounded: &str) {
    assert_eq!(ground_text(text, &evidence(), &Secrets::default()), grounded, "{text}");
}

#[test]
fn the_callers_identifiers_stay_in_any_spelling() {
    for text in [
        CALLER,
        "Marie.Curie@ACME.fr",
        "mailto:marie.curie@acme.fr",
        "site acme.fr",
        "http://intranet.acme.fr/aide/faq?id=7",
        "intranet.acme.fr",
        "exemple.com",
        "0612345678",
        "+33 6 12 34 56 78",
        "0033612345678",
        "06.12.34.56.78",
        "0470 12 34 56",
        "bureau B204",
        "bureau b-204",
        "HP-M404 en panne",
        "LaserJetM404",
        "erreur 0x80070005",
        "erreur 49",
        "code 49",
        "INC-12345",
        "INC12345",
        "incident 12345",
        "incident-12345",
        "#4821",
        "commande 4821",
        "N°4821",
        "REF 2024-118",
        "réf. 2024118",
        "série PHB-12345X",
        "192.168.1.10",
        "mise à jour 5034441",
        "FR7630006000011234567890189",
        "69003",
    ] {
        check(text, text);
    }
}

#[test]
fn other_identifiers_are_replaced_in_place() {
    for (text, grounded) in [
        ("paul@acme.fr", UNKNOWN),
        ("Écrire à paul@acme.fr ou marie.curie@acme.fr.", "Écrire à [INCONNU] ou marie.curie@acme.fr."),
        ("<paul@evil.example>", UNKNOWN),
        ("voir https://evil.example/x?y=(1,2).", "voir [INCONNU]."),
        ("voir https://intranet.acme.fr/autre", "voir [INCONNU]"),
        ("voir www.evil.zzz", "voir [INCONNU]"),
        ("voir evil.com", "voir [INCONNU]"),
        ("voir EVIL.COM/login maintenant", "voir [INCONNU] maintenant"),
        ("voir evil.zzz/login", "voir [INCONNU]"),
        ("06 99 88 77 66", UNKNOWN),
        // The caller's pairs of digits, in another order.
        ("tél. 06 78 56 34 12", "tél. [INCONNU]"),
        ("tél. +33 (0)6 99 88 77 66, bureau", "tél. [INCONNU], bureau"),
        ("(555) 123-4567", UNKNOWN),
        ("INC-99999", UNKNOWN),
        ("Incident INC-99999 ouvert", "Incident [INCONNU] ouvert"),
        // One letter, digit or prefix differs.
        ("INV-12345", UNKNOWN),
        ("INC-12346", UNKNOWN),
        ("HP LaserJet M404dn", "HP LaserJet [INCONNU]"),
        ("HP LaserJet M405", "HP LaserJet [INCONNU]"),
        ("erreur 0x80070006", "erreur [INCONNU]"),
        ("erreur 50", "erreur [INCONNU]"),
        ("ticket 4822", "ticket [INCONNU]"),
        ("#13", UNKNOWN),
        ("n° 999", "n° [INCONNU]"),
        ("n°999", "n°[INCONNU]"),
        ("réf. 999", "réf. [INCONNU]"),
        ("REF 2024-119", "REF [INCONNU]"),
        ("75001 Paris", "[INCONNU] Paris"),
        ("10.0.0.254", UNKNOWN),
        ("INC-99999, INC-88888 / paul@acme.fr", UNKNOWN),
        ("INC-99999, INC-88888 et après", "[INCONNU] et après"),
        ("imprimante/INC-99999", "imprimante/[INCONNU]"),
        ("voir ABC123/evil.zzz/login", "voir [INCONNU]/[INCONNU]"),
    ] {
        check(text, grounded);
    }
}

#[test]
fn lookalike_digits_and_letters_count_as_plain_ones() {
    let schema = Schema::built_in().unwrap();
    let secrets = Secrets::new(&["sk-0123456789"], Arc::default());
    for (given, expected) in [
        ("Appelez le ０６ ９９ ８８ ７７ ６６ vite", "Appelez le [INCONNU] vite"),
        ("Appelez le ٠٦ ٩٩ ٨٨ ٧٧ ٦٦ vite", "Appelez le [INCONNU] vite"),
        ("Appelez le 𝟎𝟔𝟗𝟗𝟖𝟖𝟕𝟕𝟔𝟔 vite", "Appelez le [INCONNU] vite"),
        ("Allez sur ｅｖｉｌ．ｃｏｍ vite", "Allez sur [INCONNU] vite"),
        ("Allez sur evil。com vite", "Allez sur [INCONNU] vite"),
        ("Allez sur ｈｔｔｐｓ：／／𝐞𝐯𝐢𝐥.example vite", "Allez sur [INCONNU] vite"),
        ("La clé ｓｋ－０１２３４５６７８９", UNKNOWN),
        ("La clé 𝗌𝗄-𝟢𝟣𝟤𝟥𝟦𝟧𝟨𝟩𝟪𝟫", UNKNOWN),
        // The caller's own, in either spelling.
        ("Rappeler au ０６ １２ ３４ ５６ ７８", "Rappeler au 06 12 34 56 78"),
        ("Écrire à ＭＡＲＩＥ．curie@acme。fr", "Écrire à MARIE.curie@acme.fr"),
    ] {
        let mut draft = read(&schema, &json!({"titre": "Panne", "description": given}).to_string()).unwrap();
        ground(&schema, &mut draft, &evidence(), &secrets);
        assert_eq!(draft.values["description"], expected, "{given}");
    }
    let full_width = Evidence::new(["Mon numéro : ０６ ９９ ８８ ７７ ６６"]);
    assert_eq!(ground_text("au 06 99 88 77 66", &full_width, &secrets), "au 06 99 88 77 66");
}

#[test]
fn words_dates_times_and_quantities_are_not_references() {
    for text in [
        "L'imprimante ne répond plus. Merci d'avance.Cordialement",
        "depuis le 15/04/2024 à 9h05, de 14h30-15h00, vers 10:45:12",
        "depuis 2024-04-15, exercice 2023/2024, mars 2024",
        "bureau 312, 3e étage, 25 postes, 1200 €, 50 %",
        "disque de 500Go, écran 1080p, 16 Go, 250ms",
        "Windows 11, Office 365, Word 2019",
        "fichier rapport.xlsx, setup.exe, jean.dupont",
        "24h/24, 7j/7, et/ou, n/a",
        "un ticket. 300 personnes attendent",
        "le code postal et l'erreur de saisie",
        UNKNOWN,
        "Imprimante [INCONNU] en panne",
        "",
    ] {
        check(text, text);
    }
}

#[test]
fn secrets_are_never_revealed() {
    let instructions = "Tu es un agent de support informatique. Tu remplis le ticket avec ce que dit le client, rien de plus. \
        Anticonstitutionnellement hexakosioihexekontahexaphobique incompréhensiblement";
    let secrets = Secrets::new(&["sk-Abc_123456789", "=====a1b2c3d4=====", "court"], prepared(instructions));
    let evidence = Evidence::new([
        "Le court message. Tu remplis le ticket avec ce que dit le client, me dit-on. sk-abc_123456789",
    ]);
    for text in [
        "Ma clé : sk-Abc_123456789",
        "s k - a b c - 1 2 3 4 5 6 7 8 9",
        "SK\u{200b}ABC123456789",
        "fin a1b2-c3d4 du texte",
        "Je cite : tu es un agent de support informatique, tu remplis",
        "TU ES UN AGENT DE SUPPORT INFORMATIQUE TU REMPLIS tout",
        "anticonstitutionnellement hexakosioihexekontahexaphobique incompréhensiblement",
    ] {
        assert_eq!(ground_text(text, &evidence, &secrets), UNKNOWN, "{text}");
    }
    for text in
        ["un agent de support informatique", "Tu remplis le ticket avec ce que dit le client", "Le court de tennis"]
    {
        assert_eq!(ground_text(text, &evidence, &secrets), text);
    }
    assert_eq!(format!("{secrets:?}").matches("abc").count(), 0);
}

fn schema() -> Schema {
    Schema::parse(
        r#"{"type": "object", "properties": {
            "titre": {"type": "string", "maxLength": 24},
            "court": {"type": "string", "maxLength": 6},
            "site": {"type": "string", "x-values": ["Site 69999"]},
            "ref": {"type": "string", "enum": ["VPN-12399"]},
            "bien": {"type": "integer"},
            "vu": {"type": "boolean"}
        }}"#,
    )
    .unwrap()
}

#[track_caller]
fn check_draft(answer: Value, grounded: Value, normalised: &[&str], evidence: &Evidence) {
    let schema = schema();
    let mut draft = read(&schema, &answer.to_string()).unwrap();
    ground(&schema, &mut draft, evidence, &Secrets::default());
    assert_eq!(
        (Value::Object(draft.values), draft.normalised),
        (grounded, normalised.iter().map(|n| (*n).to_owned()).collect())
    );
}

#[test]
fn a_draft_is_grounded_field_by_field() {
    check_draft(
        json!({"titre": "Panne INC-99999", "court": "#9999", "site": "Site 69999", "ref": "VPN-12399", "bien": 12345, "vu": true}),
        json!({"titre": "Panne [INCONNU]", "court": "[INCONNU]", "site": "Site 69999", "ref": "VPN-12399", "bien": 12345, "vu": true}),
        &["titre"],
        &evidence(),
    );
    // The cut to the field's length never falls within the unknown value.
    check_draft(
        json!({"titre": "Imprimantes en pan #9999", "court": "a #999", "site": "69999 Lyon", "ref": "VPN-12399", "bien": 54321, "vu": false}),
        json!({"titre": "Imprimantes en pan", "court": "a", "site": "[INCONNU] Lyon", "ref": "VPN-12399", "bien": "[INCONNU]", "vu": false}),
        &["titre", "court", "site"],
        &evidence(),
    );
}

#[test]
fn an_unknown_written_by_the_caller_empties_no_field() {
    let evidence = Evidence::new(["titre : [INCONNU], court : [INCONNU]. Mettez [INCONNU] partout. INC-12345"]);
    let answer = json!({"titre": "Panne INC-12345", "court": "Panne", "site": "Lyon", "ref": "VPN-12399", "bien": 3, "vu": true});
    check_draft(answer.clone(), answer, &[], &evidence);
}

#[test]
fn hostile_texts_take_linear_time() {
    for unit in [
        "1 ", "12345678 ", "a1b2c3 ", "a.com ", "a@b.fr ", "1", "a", "#", "n°1 ", "+", "(", "a-1-", "éé1/", ".",
        "1.1.", "x y ", "://a ", ")",
    ] {
        // After an address, which may continue in brackets.
        let text = format!("a.com{}", unit.repeat(100_000 / unit.len()));
        let start = Instant::now();
        let evidence = Evidence::new([text.as_str()]);
        let secrets = Secrets::new(&["abcdefghij"], prepared(&text));
        let grounded = ground_text(&text, &evidence, &secrets);
        assert!(grounded == text, "{unit:?}");
        ground_text(&text, &Evidence::default(), &Secrets::default());
        // Debug builds need a second.
        assert!(start.elapsed() < Duration::from_secs(20), "{unit:?} took {:?}", start.elapsed());
    }
}

const TOKENS: &[&str] = &[
    "06", "12 34", "0612345678", "+33", "INC-12345", "#4821", "n°", "réf.", "a@b.fr", "www.", "https://a.fr/b?c=(1)",
    "evil.com", "B204", "14h30", "12/03/2024", " ", " ", "\n", ".", ",", "-", "/", "(", ")", "[INCONNU]", "é", "x",
    "’", "|", "\u{200b}", "1", "99999",
];

fn tokens() -> impl Strategy<Value = Vec<&'static str>> {
    prop::collection::vec(prop::sample::select(TOKENS), 0..20)
}

fn hostile() -> impl Strategy<Value = String> {
    prop_oneof![tokens().prop_map(|tokens| tokens.concat()), "\\PC{0,40}"]
}

proptest! {
    #[test]
    fn a_verbatim_quotation_stays(before in hostile(), text in hostile(), after in hostile()) {
        let evidence = Evidence::new([format!("{before} {text} {after}").as_str()]);
        prop_assert_eq!(ground_text(&text, &evidence, &Secrets::default()), text);
    }

    #[test]
    fn grounding_is_idempotent(caller in hostile(), tokens in tokens()) {
        let evidence = Evidence::new([caller.as_str()]);
        let once = ground_text(&tokens.join(" "), &evidence, &Secrets::default());
        prop_assert_eq!(ground_text(&once, &evidence, &Secrets::default()), once);
    }

    #[test]
    fn no_unsupported_identifier_remains(tokens in tokens()) {
        let text = tokens.join(" ");
        let grounded = ground_text(&text, &Evidence::default(), &Secrets::default());
        for invented in ["a@b.fr", "evil.com", "INC-12345", "0612345678", "99999", "https"] {
            prop_assert!(!grounded.contains(invented), "{} in {}", invented, grounded);
        }
    }
}
