//! Redaction and restoration as a whole: tables, properties, hostile input.

use super::*;
use proptest::prelude::*;
use std::time::{Duration, Instant};

fn redact(text: &str) -> String {
    Redactor::new().redact(text)
}

/// `text`, redacted and restored.
fn echo(text: &str) -> String {
    let mut redactor = Redactor::new();
    let sent = redactor.redact(text);
    redactor.restore(&sent)
}

#[test]
fn replaces_each_kind_by_its_placeholder() {
    let cases = [
        ("écrivez à Jean@exemple.fr ou jean@EXEMPLE.fr", "écrivez à <EMAIL_1> ou <EMAIL_1>"),
        ("06 39 98 01 23, +33 6 39 98 01 23 ou 01.99.00.12.34", "<TELEPHONE_1>, <TELEPHONE_1> ou <TELEPHONE_2>"),
        ("IBAN FR14 2004 1010 0505 0001 3M02 606.", "IBAN <IBAN_1>."),
        ("carte 4111 1111 1111 1111 exp 12/27", "carte <CARTE_1> exp 12/27"),
        ("sécu 2 55 08 14 168 025 38", "sécu <NIR_1>"),
        ("ping 10.0.0.1:80 et 2001:db8::1", "ping <IP_1>:80 et <IP_2>"),
        ("le 06\u{200b}39980123", "le <TELEPHONE_1>"),
        ("email_1@exemple.fr", "<EMAIL_1>"),
    ];
    for (text, sent) in cases {
        assert_eq!(redact(text), sent, "{text}");
    }
}

#[test]
fn a_conversation_shares_its_placeholders() {
    let mut redactor = Redactor::new();
    assert!(redactor.is_empty());
    let ticket =
        serde_json::json!({"titre": "10.0.0.1", "carte": 4_111_111_111_111_111_u64, "postes": 3, "urgent": true});
    let history = [Turn::customer("a@exemple.fr")];
    let conversation = Conversation {
        message: Cow::Borrowed("b@exemple.fr puis A@exemple.fr"),
        ..Conversation::with_ticket(ticket.as_object().unwrap(), &history)
    };
    let redacted = redactor.redact_conversation(&conversation);
    assert_eq!(*redacted.history, [Turn::customer("<EMAIL_1>")]);
    let ticket = serde_json::json!({"titre": "<IP_1>", "carte": "<CARTE_1>", "postes": 3, "urgent": true});
    assert_eq!(Value::Object(redacted.ticket.into_owned()), ticket);
    assert_eq!(redacted.message, "<EMAIL_2> puis <EMAIL_1>");
    assert!(!redactor.is_empty());
    assert_eq!(redactor.restore("<EMAIL_2>, <EMAIL_1>"), "b@exemple.fr, a@exemple.fr");
}

#[test]
fn restores_every_form_that_models_write() {
    let mut redactor = Redactor::new();
    redactor.redact("a@exemple.fr 06 39 98 01 23");
    let cases = [
        ("<EMAIL_1> EMAIL_1 <email_1>", "a@exemple.fr a@exemple.fr a@exemple.fr"),
        ("\\<EMAIL_1\\>, \\u003cEMAIL_1\\u003e", "a@exemple.fr, a@exemple.fr"),
        ("<TÉLÉPHONE_1> (<TELEPHONE_1>)", "06 39 98 01 23 (06 39 98 01 23)"),
        ("<EMAIL_2> <EMAIL_01> EMAIL_1x MY_EMAIL_1", "<EMAIL_2> a@exemple.fr EMAIL_1x MY_EMAIL_1"),
        ("\\\\<EMAIL_1>\\x", "\\\\a@exemple.fr\\x"),
    ];
    for (text, restored) in cases {
        assert_eq!(redactor.restore(text), restored, "{text}");
    }
}

#[test]
fn restored_json_is_valid_json() {
    let mut redactor = Redactor::new();
    let sent = redactor.redact("\\<IP_1\\> a@exemple.fr \\\\10.0.0.1\\c");
    assert_eq!(sent, "<TEXTE_1> <EMAIL_1> \\\\<IP_1>\\c");
    let cases = [
        (r#"{"a":"<TEXTE_1>"}"#, r#"{"a":"\\<IP_1\\>"}"#),
        (r#"{"a":"\u003cEMAIL_1\u003e\nEMAIL_1"}"#, r#"{"a":"a@exemple.fr\na@exemple.fr"}"#),
        (r#"{"a":"\<EMAIL_1\>"}"#, r#"{"a":"a@exemple.fr"}"#),
        (r#"{"a":"\\<EMAIL_1\\>"}"#, r#"{"a":"a@exemple.fr"}"#),
        (r#"{"a":"\\\\<IP_1>\\c"}"#, r#"{"a":"\\\\10.0.0.1\\c"}"#),
        (r#"{"a":"<IP_2>"}"#, r#"{"a":"<IP_2>"}"#),
    ];
    for (text, restored) in cases {
        assert_eq!(redactor.restore_json(text), restored, "{text}");
    }
}

#[test]
fn typing_a_placeholder_does_not_reveal_its_value() {
    let typed = [
        "<EMAIL_1>",
        "EMAIL_1",
        "<email_1>",
        "\\<EMAIL_1\\>",
        "\\u003cEMAIL_1\\u003e",
        "<EMAIL\\_1>",
        "EMA\u{200b}IL_1",
        "x\u{200b}EMAIL_1",
        "EMAIL_1\u{200b}x",
        "EMAIL_1\u{200b}2x",
        "＜ＥＭＡＩＬ＿１＞",
        "<TEXTE_1>",
        "<<EMAIL_1>>",
        "EMAIL_<EMAIL_1>",
        "<EMAIL_1",
        "10.0.0.1 EMAIL_1",
    ];
    for text in typed {
        let mut redactor = Redactor::new();
        redactor.redact("secret@exemple.fr");
        let sent = redactor.redact(text);
        assert_eq!(redactor.restore(&sent), text, "{sent}");
        assert!(!redactor.restore(&sent.replace('\u{200b}', "")).contains("secret"), "{sent}");
    }
    // Similar names stay readable.
    assert_eq!(redact("MY_EMAIL_1 et SHIP_12"), "MY_EMAIL_1 et SHIP_12");
}

#[test]
fn a_stream_is_restored_as_the_whole_text_is() {
    let mut redactor = Redactor::new();
    redactor.redact("a@exemple.fr \\<IP_1\\> 10.0.0.1");
    let text =
        r#"{"é":"<EMAIL_1>, \u003cEMAIL_1\u003e \\<TEXTE_1\\> IP_1","b":"\\\\<IP_1>\\c <EMAIL_9> < \<ip_1\>"} EMAIL_1"#;
    let whole = redactor.restore_json(text);
    for size in 1..text.len() {
        let (mut restorer, mut streamed, mut end) = (redactor.restorer(), String::new(), 0);
        let characters: Vec<char> = text.chars().collect();
        for chunk in characters.chunks(size) {
            streamed.extend(chunk);
            end = restorer.restore(&mut streamed, end, false);
        }
        restorer.restore(&mut streamed, end, true);
        assert_eq!(streamed, whole, "{size}");
    }
}

#[test]
fn a_stream_waits_only_for_a_possible_placeholder() {
    let mut redactor = Redactor::new();
    redactor.redact("a@exemple.fr");
    let (mut restorer, mut text, mut end) = (redactor.restorer(), String::new(), 0);
    let steps = [
        ("Bonjour <", "Bonjour "),
        ("b>", "<b>"),
        (" <EMA", " "),
        ("IL_", ""),
        ("1", ""),
        (">!", "a@exemple.fr!"),
        (" EMAIL_1", " "),
        (".", "a@exemple.fr."),
        ("\\", ""),
        ("n", "\\n"),
        ("<EMAIL_1", ""),
    ];
    for (chunk, settled) in steps {
        text.push_str(chunk);
        let start = end;
        end = restorer.restore(&mut text, start, false);
        assert_eq!(text.get(start..end), Some(settled), "{chunk}");
    }
    restorer.restore(&mut text, end, true);
    assert_eq!(text.get(end..), Some("<a@exemple.fr"));
}

#[test]
fn hostile_input_takes_linear_time() {
    let mebibyte = ["1", "1 ", ".", "@", "<"];
    let shorter = [
        "0", "06 ", "4111 ", "\\", "a@", "a.", "a at ", "a point ", "a(at)a.", "<EMAIL_", "EMAIL_1 ", "(0)", "+33",
        "+3(", "::", "1:", "f:", "1.1.", "FR14", "2 ", "-", "'", "é", "\u{200b}", "1\u{200b}", "version 1.2.3.4 ",
        "commande 0412345678 ", "06 39 98 01 23 ", "\\u003c", "a@a.fr ", "1.2.3.4,", "aa-", "0-", "a [at] a [dot] ",
        "0 ", "tel0", "call 2 ", "n° 0", "(0", "(", "( ", "(-", "O0", "06 06 06 2024 ",
    ];
    let cases = mebibyte.map(|pattern| (pattern, 1 << 20)).into_iter().chain(shorter.map(|pattern| (pattern, 1 << 16)));
    for (pattern, len) in cases {
        let text = pattern.repeat(len / pattern.len());
        let start = Instant::now();
        assert_eq!(echo(&text), text, "{pattern:?}");
        // One or two seconds in a debug build, more on a busy machine; quadratic time takes twenty and more.
        assert!(start.elapsed() < Duration::from_secs(15), "{pattern:?}: {:?}", start.elapsed());
    }
}

/// A private value of any kind, with valid check digits.
fn private_value() -> impl Strategy<Value = String> {
    let phone = (1..=9_u32, 0..100_000_000_u32).prop_map(|(area, rest)| format!("0{area}{rest:08}"));
    let pairs = phone.clone().prop_map(|digits| {
        let pairs: Vec<String> = digits.as_bytes().chunks(2).map(|pair| String::from_utf8_lossy(pair).into()).collect();
        pairs.join(" ")
    });
    let card = (0..100_000_000_000_000_u64).prop_map(|body| {
        let candidates = (0..10).map(|check| format!("4{body:014}{check}"));
        candidates.filter(|digits| checksum::luhn(digits.as_bytes())).collect::<String>()
    });
    let nir =
        (1..=2_u64, 0..100_u64, 1..=12_u64, 1..=95_u64, 1..1_000_000_u64).prop_map(|(s, year, month, place, rest)| {
            let number = format!("{s}{year:02}{month:02}{place:02}{rest:06}");
            let key = 97 - number.parse::<u64>().unwrap() % 97;
            format!("{number}{key:02}")
        });
    let iban = (0..10_u64.pow(18)).prop_map(|account| {
        let account = format!("{account:018}");
        let check = 98 - checksum::mod_97(format!("{account}DE00").bytes());
        format!("DE{check:02}{account}")
    });
    prop_oneof![
        "[a-z]{1,8}(\\.[a-z]{1,8})?@[a-z]{2,8}\\.(fr|com)",
        phone,
        pairs,
        card,
        nir,
        iban,
        (1_u8.., any::<[u8; 3]>()).prop_map(|(a, [b, c, d])| std::net::Ipv4Addr::new(a, b, c, d).to_string()),
        any::<[u16; 8]>().prop_map(|parts| std::net::Ipv6Addr::from(parts).to_string()),
    ]
}

proptest! {
    #[test]
    fn any_text_is_restored(text in "\\PC*|[0-9 .:@<>_\\\\+()a-fEMAILPu-]{0,60}|([0-9]{1,4}[ .-]?){0,12}") {
        // A value in two forms is restored in the first one: these texts are skipped.
        let mut redactor = Redactor::new();
        let sent = redactor.redact(&text);
        let forms = scan::scan(&text).len();
        if redactor.values().filter(|(kind, ..)| *kind != Kind::Typed).count() == forms {
            prop_assert_eq!(redactor.restore(&sent), text);
        }
    }

    #[test]
    fn all_values_of_a_sentence_are_found_and_restored(values in prop::collection::vec(private_value(), 1..6)) {
        let text = format!("Bonjour, voici : {}. Merci !", values.join(", et aussi "));
        let mut redactor = Redactor::new();
        let sent = redactor.redact(&text);
        for value in &values {
            // IPv6 addresses without digits pass for names.
            if value.contains(|c: char| c.is_ascii_digit()) || value.contains('@') {
                prop_assert!(!sent.contains(value.as_str()), "{} in {}", value, sent);
            }
        }
        let again = scan::scan(&sent).into_iter().filter(|found| found.kind != Kind::Typed).count();
        prop_assert_eq!(again, 0, "{}", sent);
        prop_assert_eq!(redactor.restore(&sent), text.clone());
        let json = serde_json::to_string(&sent).unwrap();
        prop_assert_eq!(serde_json::from_str::<String>(&redactor.restore_json(&json)).unwrap(), text);
    }

    #[test]
    fn streams_of_any_text_are_restored_as_the_whole_is(text in "[<>\\\\_EMAILu0031-9ce\"é ]{0,40}", cuts in prop::collection::vec(1..6_usize, 1..8)) {
        let mut redactor = Redactor::new();
        redactor.redact("a@exemple.fr <IP_1> \"EMAIL_2\"");
        let (mut restorer, mut streamed, mut end) = (redactor.restorer(), String::new(), 0);
        let (mut characters, mut cuts) = (text.chars().peekable(), cuts.iter().cycle());
        while characters.peek().is_some() {
            streamed.extend(characters.by_ref().take(*cuts.next().unwrap()));
            end = restorer.restore(&mut streamed, end, false);
        }
        restorer.restore(&mut streamed, end, true);
        prop_assert_eq!(streamed, redactor.restore_json(&text));
    }

    #[test]
    fn typing_reveals_no_value(text in "[<>\\\\_EeMmAaIiLlPp1u03c\u{200b}é ]{0,40}|(EMAIL|IP|<|>|_|1|\\\\|\u{200b}|é){0,12}") {
        let mut redactor = Redactor::new();
        redactor.redact("secret@exemple.fr 203.0.113.7");
        let sent = redactor.redact(&text);
        prop_assert_eq!(redactor.restore(&sent), text);
    }
}
