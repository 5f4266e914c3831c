use super::*;
use crate::privacy::Redactor;
use proptest::prelude::*;

const CALLER: &str = "Commande 4821, site acme.fr, tél. 06 39 98 01 23, jean@acme.fr, INC12345.";
const KEY: &str = "sk-Secret-9f1d";
const FENCE: &str = "=====0123456789abcdef=====";
const INSTRUCTIONS: &str = "Tu es l'agent d'accueil d'un support technique.\nRègle 1.";

/// Calls `check` with a new guard for each size of pieces, and with the pieces of `text`.
fn in_pieces(text: &str, is_question: bool, mut check: impl FnMut(StreamGuard<'_>, &[String], usize)) {
    let mut redactor = Redactor::new();
    redactor.redact(CALLER);
    let (evidence, schema) = (Evidence::new([CALLER]), Schema::built_in().unwrap());
    let characters: Vec<char> = text.chars().collect();
    for size in 1..=characters.len() {
        let pieces: Vec<String> = characters.chunks(size).map(|piece| piece.iter().collect()).collect();
        let allowed = Allowed { evidence: &evidence, schema: &schema, is_question };
        let secrets = [FENCE, KEY, "court"];
        check(StreamGuard::new(allowed, Some(redactor.restorer()), INSTRUCTIONS, &secrets), &pieces, size);
    }
}

/// Checks what is shown of `text`, however it is split.
fn check(text: &str, expected: &str) {
    in_pieces(text, false, |mut guard, pieces, size| {
        let mut shown: String = pieces.iter().map(|piece| guard.push(piece)).collect();
        shown.push_str(&guard.finish());
        assert_eq!(shown, expected, "{text:?} in pieces of {size}");
    });
}

/// Checks what is shown after each piece.
fn check_steps(steps: &[(&str, &str)]) {
    let (evidence, schema) = (Evidence::new(["x"]), Schema::built_in().unwrap());
    let allowed = Allowed { evidence: &evidence, schema: &schema, is_question: false };
    let mut guard = StreamGuard::new(allowed, None, INSTRUCTIONS, &[KEY]);
    for (piece, shown) in steps {
        assert_eq!(guard.push(piece), *shown, "{piece:?}");
    }
}

#[test]
fn no_spelling_hides_a_secret() {
    check("{\"titre\": \"été\"}", "{\"titre\": \"été\"}");
    check("a sk-Secret-9f1d b", "a ");
    check("a s.k.s e c r e t 9 F 1 d b", "a ");
    check("a sk\\u002dSecr\\u0065t-9f1d b", "a ");
    check("a sk-secre b court sk", "a sk-secre b court sk");
    check(FENCE, "=====");
    check("Voici : Tu es l'agent d'accueil d'un support technique. Règle 1.", "Voici : ");
    check("Tu es l'agent de Lyon", "Tu es l'agent de Lyon");
}

#[test]
fn a_word_is_shown_once_it_is_complete() {
    check_steps(&[("abc def s", "abc def"), ("o ", " so")]);
}

#[test]
fn undecided_text_has_a_limit() {
    check_steps(&[(&format!("a s{}", ".".repeat(MAX_HELD)), "a"), ("o b c", "")]);
    let long = "x".repeat(MAX_HELD / 2);
    check_steps(&[(&long, ""), (&long, ""), ("x", ""), (" a b c", "")]);
}

#[test]
fn the_callers_identifiers_are_shown_as_they_are() {
    for text in [
        r#"{"titre": "Commande 4821", "description": "Joindre jean@acme.fr au 06 39 98 01 23, INC12345."}"#,
        r#"{"titre": "d\u00e9j\u00e0 \"vu\" \ud83d\udcf1\n", "n": 12.5, "b": [true, null]}"#,
        "```json\n{\"titre\": \"[INCONNU]\"}\n```",
        r#"{"titre": "http:\/\/acme.fr 2024 14h30 le 12/03/2024"}"#,
    ] {
        check(text, text);
    }
}

#[test]
fn other_identifiers_are_unknown() {
    let cases = [
        (r#"{"titre": "Voir http://evil.example/a?b=1 vite"}"#, r#"{"titre": "Voir [INCONNU] vite"}"#),
        (r#"{"titre": "Voir http:\/\/evil.example\/a"}"#, r#"{"titre": "Voir [INCONNU]"}"#),
        (r#"{"titre": "\u0065vil.com"}"#, r#"{"titre": "[INCONNU]"}"#),
        (r#"{"titre": "ev\u200bil.com"}"#, r#"{"titre": "[INCONNU]"}"#),
        (r#"{"titre": "a@evil.fr pour INC99999"}"#, r#"{"titre": "[INCONNU] pour [INCONNU]"}"#),
        (r#"{"titre": "au 01 55 55 12 34"}"#, r#"{"titre": "au [INCONNU]"}"#),
        (r#"{"titre": "commande 4822"}"#, r#"{"titre": "commande [INCONNU]"}"#),
        (r#"{"titre": "commande", "n": 55512}"#, r#"{"titre": "commande", "n": "[INCONNU]"}"#),
        ("ABC555/evil.example/x", "\"[INCONNU]\"/\"[INCONNU]\""),
    ];
    for (text, expected) in cases {
        check(text, expected);
        in_pieces(text, false, |mut guard, pieces, size| {
            let mut shown = String::new();
            for piece in pieces {
                shown.push_str(&guard.push(piece));
                for secret in ["evil", "555", "INC9", "4822"] {
                    assert!(!shown.contains(secret), "{text} in pieces of {size}: {shown}");
                }
            }
        });
    }
}

#[test]
fn placeholders_become_what_the_caller_wrote() {
    let cases = [
        (
            r#"{"titre": "Écrire à <EMAIL_1>, \u003cTELEPHONE_1\u003e"}"#,
            r#"{"titre": "Écrire à jean@acme.fr, 06 39 98 01 23"}"#,
        ),
        (r#"{"titre": "EMAIL_1 <EMAIL_2> a@evil.fr"}"#, r#"{"titre": "jean@acme.fr <EMAIL_2> [INCONNU]"}"#),
        (
            r#"{"titre": "x<EMAIL_1> puis sk-<EMAIL_1> ou sk-Secret-9f1d"}"#,
            r#"{"titre": "[INCONNU] puis [INCONNU] ou "#,
        ),
    ];
    for (text, expected) in cases {
        check(text, expected);
    }
}

#[test]
fn a_question_ends_before_it_asks_for_a_secret() {
    for (question, is_whole) in [
        ("Où se trouve l'imprimante ?", true),
        ("Quel est votre mot de passe ?", false),
        ("Merci. Pouvez-vous me donner votre num\\u00e9ro de carte bancaire ?", false),
        ("What is your p\\u0061ssword?", false),
    ] {
        let text = format!("{{\"question\": \"{question}\"}}");
        in_pieces(&text, true, |mut guard, pieces, size| {
            let shown: String = pieces.iter().map(|piece| guard.push(piece)).collect();
            assert!(text.starts_with(&shown), "{shown}");
            assert_eq!(shown.contains(question), is_whole, "{text} in pieces of {size}: {shown}");
            for secret in ["passe", "bancaire", "ssword"] {
                assert!(!shown.contains(secret), "{text} in pieces of {size}: {shown}");
            }
        });
    }
}

proptest! {
    #[test]
    fn no_text_shows_a_secret(
        text in "([ -~é\u{200b}]|sk-Secret-9f1d|sk|\\\\u002dSecr|et-9f1d|<EMAIL_1>|a@evil\\.fr){0,12}",
        size in 1_usize..9,
        is_question: bool,
    ) {
        let (evidence, schema) = (Evidence::new([CALLER]), Schema::built_in().unwrap());
        let mut redactor = Redactor::new();
        redactor.redact(CALLER);
        let allowed = Allowed { evidence: &evidence, schema: &schema, is_question };
        let mut guard = StreamGuard::new(allowed, Some(redactor.restorer()), INSTRUCTIONS, &[KEY]);
        let characters: Vec<char> = text.chars().collect();
        let mut shown: String = characters.chunks(size).map(|piece| guard.push(&String::from_iter(piece))).collect();
        shown.push_str(&guard.finish());
        let letters = json_glyphs(&shown, true).into_iter().map(|glyph| glyph.c).filter(|c| c.is_alphanumeric());
        prop_assert!(!letters.collect::<String>().to_lowercase().contains("sksecret9f1d"), "{}", shown);
    }
}
