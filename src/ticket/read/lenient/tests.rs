use std::time::{Duration, Instant};

use proptest::prelude::*;
use serde_json::json;

use super::*;

const NAMES: &[&str] = &["titre", "categorie", "description", "localisation"];

#[track_caller]
fn check(text: &str, expected: Value) {
    assert_eq!(read_object(text, NAMES).map(Value::Object), Ok(expected), "{text}");
}

#[track_caller]
fn check_none(text: &str, reason: NoObject) {
    assert_eq!(read_object(text, NAMES), Err(reason), "{text}");
}

#[test]
fn strict_json_is_read_as_it_is() {
    check(
        r#"{"titre": "é \"x\" \\ \u00e9 \ud83d\ude00 \n", "n": [1, -2.5, true, null, {"a": {}}], "localisation": ""}"#,
        json!({"titre": "é \"x\" \\ é 😀 \n", "n": [1, -2.5, true, null, {"a": {}}], "localisation": ""}),
    );
}

#[test]
fn surroundings_are_skipped() {
    let ticket = json!({"titre": "Panne", "categorie": "Réseau"});
    for text in [
        "{T}",
        "\u{feff}{T}",
        "```json\n{T}\n```",
        "```\n{T}",
        "Voici le ticket :\n\n{T}\n\nBonne journée {prénom} !",
        "J'ai mis {ceci} et {\"cela\": ...} de côté. {T} Voilà : {\"titre\"}",
        "Un guillemet \" puis { une accolade, puis {T}",
        "{\"a\": {T}",
        "{\"a\": \"{T}",
        "{{T}}",
        "[{T}]",
        "[1, {T}, 2]",
        "{\"ticket\": {T}}",
        "{\"data\": {\"ticket\": [{T}]}, \"ok\": true}",
        "<think>{\"titre\": \"brouillon\", \"categorie\": \"?\", \"description\": \"x\"} hmm</think>{T}",
        "<THINKING>\n{ {\n</Thinking>\n{T}",
        "[THINK]{\"titre\": 1, \"categorie\": 2, \"description\": 3}[/THINK] {T}",
        "{\"titre\": \"brouillon\", \"categorie\": \"?\", \"description\": \"x\"} </think> {T}",
        "{T}\n\n{T}",
        "{\"titre\": \"un\"} corrigé : {T}",
        "{\"titre\": \"ancien\", \"categorie\": \"ancien\"} corrigé : {T}",
        "{T} à ne pas confondre avec {\"titre\": \"autre\"}",
        "{T} et la suite : {\"titre\": \"Impr",
    ] {
        check(&text.replace("{T}", &ticket.to_string()), ticket.clone());
        let pretty = serde_json::to_string_pretty(&ticket).unwrap();
        check(&text.replace("{T}", &pretty), ticket.clone());
    }
}

#[test]
fn mistakes_in_an_object_are_fixed() {
    for (text, expected) in [
        (r#"{"titre": "a", "n": [1, 2,], "categorie": "b",}"#, json!({"titre": "a", "n": [1, 2], "categorie": "b"})),
        ("{\"titre\": \"ligne 1\nligne\t2\u{7}\"}", json!({"titre": "ligne 1\nligne\t2 "})),
        (r#"{"titre": "l'erreur "5" revient", "n": 1}"#, json!({"titre": "l'erreur \"5\" revient", "n": 1})),
        (
            r#"{"titre": "C:\Users\x", "categorie": "a\_b \[INCONNU\]"}"#,
            json!({"titre": "C:\\Users\\x", "categorie": "a_b [INCONNU]"}),
        ),
        (r#"{"titre": "é \u00e9 \u00g"}"#, json!({"titre": "é é \\u00g"})),
        (r#"{"titre": "{ ] </think> <think> ```"}"#, json!({"titre": "{ ] </think> <think> ```"})),
        (r#"{"titre": "a", "titre": "b"}"#, json!({"titre": "b"})),
    ] {
        check(text, expected);
    }
}

#[test]
fn names_decide_which_object_it_is() {
    check(r#"{"Catégorie": "b"} {"autre": 1, "chose": 2, "encore": 3}"#, json!({"Catégorie": "b"}));
    // A customer's JSON quoted in a text is a text.
    let quoted = json!({"titre": "a", "description": "{'titre': 'x', 'categorie': 'y', 'description': 'z'}"});
    check(&quoted.to_string(), quoted);
    // An object that restarts within a text is the one meant.
    check(r#"{"titre": "Impr {"titre": "a", "categorie": "b"}"#, json!({"titre": "a", "categorie": "b"}));
}

#[test]
fn an_unclosed_object_is_cut_off() {
    for text in [
        "{",
        "Voici : {",
        "{\"",
        "{\"ti",
        "{\"titre\"",
        "{\"titre\":",
        "{\"titre\": \"Imp",
        "{\"titre\": \"Imp\\",
        "{\"titre\": \"a\"",
        "{\"titre\": \"a\",",
        "{\"titre\": [1, 2",
        "```json\n{\"titre\": \"a\", \"categorie\": \"b\"\n```",
        "[{\"titre\": \"a\"",
        "{\"ticket\": {\"titre\": \"a\", \"categorie\": \"b",
        "<think> je réfléchis {\"titre\": \"a\", \"categorie\": \"b\"}",
        // A nested object is not the ticket that holds it.
        "{\"titre\": \"a\", \"description\": {\"titre\": \"x\"}, \"categorie\": \"Rés",
        "{\"titre\": \"brouillon\"} {\"titre\": \"a\", \"categorie\": \"b\", \"desc",
    ] {
        check_none(text, NoObject::CutOff);
    }
}

#[test]
fn other_texts_have_no_ticket() {
    for (text, reason) in [
        ("", NoObject::Absent),
        ("Bonjour, votre imprimante est en panne.", NoObject::Absent),
        ("{ceci n'est pas} du {JSON}", NoObject::Absent),
        ("[\"titre\", \"categorie\"]", NoObject::Absent),
        ("{\"titre\" \"a\"}", NoObject::Absent),
        ("{}", NoObject::Foreign),
        ("{\"error\": \"no\"}", NoObject::Foreign),
        ("{\"a\": {\"b\": 1}}", NoObject::Foreign),
    ] {
        check_none(text, reason);
    }
    let deep = format!("{{\"titre\": {}1{}}}", "[".repeat(200), "]".repeat(200));
    check_none(&deep, NoObject::Absent);
}

#[test]
fn hostile_texts_take_linear_time() {
    let check = |unit: &str, length: usize| {
        let text = unit.repeat(length / unit.len());
        let start = Instant::now();
        let _ = read_object(&text, NAMES);
        let _ = read_object(&format!("{{\"titre\": \"{text}"), NAMES);
        // Debug builds need at most three seconds; quadratic time would need hours.
        assert!(start.elapsed() < Duration::from_secs(20), "{unit:?} took {:?}", start.elapsed());
    };
    for unit in ["{", "[", "\"", "\\", "<think>"] {
        check(unit, 1_000_000);
    }
    for unit in [
        "{\"", "{\"a", "{\"a\":", "{\"a\":\"", "{a:'", "{a:“ ", "{a:[", "{a:{a:1},", "{\"titre\":", "</think>",
        "<think></think>", "{/*", "{//", "{a:1,", "{a:/*", "{a:b ", "{}", "{titre:{}}", "{\\\"", "\\\"{",
        "{\"titre\":1}", "{\"a\":\"\\", "{a: \" ", "{ ", "\u{feff}", "{a:`", "{«", "{titre:'{'}",
        "{\"a\": \"{\\\"a\\\": ",
    ] {
        check(unit, 150_000);
    }
}

fn ticket() -> impl Strategy<Value = Value> {
    let text = prop_oneof![r#"[a-zé {}\[\]"'\\:,/#<>\n“”«»`0-9]{0,24}"#, "\\PC{0,12}"];
    let value = prop_oneof![
        text.prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<bool>().prop_map(Value::from),
        Just(Value::Null)
    ];
    prop::collection::vec(value, NAMES.len())
        .prop_map(|values| NAMES.iter().map(|name| (*name).to_owned()).zip(values).collect::<Map<_, _>>().into())
}

/// Prose full of what JSON is made of. It names none of the fields and has no thought's tags: those mean something.
fn prose() -> impl Strategy<Value = String> {
    let token = prop::sample::select(vec![
        "{", "}", "[", "]", "\"", "'", "“", "”", "«", "`", "```json\n", "```", ":", ",", "\\", "//", "/*", "#", "<",
        ">", "\n", " ", "a", "voici", "{\"a\": ", "{a:", "{\"b\": \"", "{c: '", "[{", "é", "1", "null", "\u{feff}",
    ]);
    prop::collection::vec(token, 0..24).prop_map(|tokens| tokens.concat())
}

proptest! {
    #[test]
    fn any_prose_around_a_ticket_is_skipped(ticket in ticket(), before in prose(), after in prose(), pretty: bool) {
        let json = if pretty { serde_json::to_string_pretty(&ticket).unwrap() } else { ticket.to_string() };
        let text = format!("{before}{json}{after}");
        let read = read_object(&text, NAMES);
        // Prose that opens an object may add keys of its own to it; the ticket's are the ticket's.
        for name in NAMES {
            prop_assert_eq!(read.as_ref().ok().and_then(|read| read.get(*name)), ticket.get(*name), "{}", text);
        }
    }

    #[test]
    fn any_wrapping_of_a_ticket_is_skipped(ticket in ticket(), layers in prop::collection::vec(0..6, 0..4)) {
        let text = layers.iter().fold(ticket.to_string(), |json, layer| match layer {
            0 => format!("[{json}]"),
            1 => format!("{{\"ticket\": {json}}}"),
            2 => format!("```json\n{json}\n```"),
            3 => format!("<think>{{\"titre\": 1}} {{ </think>\n{json}"),
            4 => format!("{{data: [0, {json},], }}"),
            _ => format!("\u{feff}\n{json}\n"),
        });
        // Thoughts and fences within an object are not JSON, however lenient; the ticket is found all the same.
        prop_assert_eq!(read_object(&text, NAMES).map(Value::Object), Ok(ticket), "{}", text);
    }

    #[test]
    fn no_truncated_ticket_is_accepted(ticket in ticket(), at in 0.0..1.0_f64) {
        let json = ticket.to_string();
        let cut = (1..json.len()).filter(|at| json.is_char_boundary(*at)).nth((at * json.chars().count() as f64) as usize);
        let head = json.get(..cut.unwrap_or(1)).unwrap();
        prop_assert_eq!(read_object(head, NAMES), Err(NoObject::CutOff), "{}", head);
    }

    #[test]
    fn no_text_causes_a_panic(text in "\\PC*", tokens in prose()) {
        let _ = read_object(&text, NAMES);
        let _ = read_object(&format!("{{\"titre\": {tokens}{text}}}"), NAMES);
    }
}
