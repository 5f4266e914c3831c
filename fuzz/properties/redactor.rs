//! Private data: `privacy::Redactor`.

use support_ticket_ai::privacy::Redactor;

use super::text;

/// Restoring gives the original text, whole or in pieces; redacting again changes nothing.
///
/// The first byte is the size of the pieces; NULs separate the texts of one request.
pub fn check(data: &[u8]) {
    let [size, rest @ ..] = data else { return };
    let size = usize::from(*size).max(1);
    let texts: Vec<_> = rest.split(|byte| *byte == 0).map(text).collect();
    let mut redactor = Redactor::new();
    let sent: Vec<String> = texts.iter().map(|text| redactor.redact(text)).collect();
    for (text, sent) in texts.iter().zip(&sent) {
        let mut own = Redactor::new();
        let alone = own.redact(text);
        assert_eq!(redactor.redact(text), *sent, "the same value, the same placeholder");
        // The first spelling of a value is restored everywhere: exact if each value occurs once.
        let restored = own.restore(&alone);
        let mut placeholders = own.values().map(|(kind, number, _)| format!("<{}_{number}>", kind.name()));
        if placeholders.all(|placeholder| alone.matches(&placeholder).count() == 1) {
            assert_eq!(restored, *text, "the round trip of {alone}");
        }
        // Within JSON, restoring gives the JSON of the same text.
        let written = serde_json::Value::from(alone).to_string();
        let read = own.restore_json(&written);
        assert_eq!(serde_json::from_str::<String>(&read).ok(), Some(restored), "{written}");
        stream(&own, &written, size, &read);
    }
    // Any text of a model, with placeholders of its own invention: pieces give the same as the whole.
    for text in &texts {
        stream(&redactor, text, size, &redactor.restore_json(text));
    }
}

/// Asserts that a text in pieces of `size` characters is restored like the whole.
fn stream(redactor: &Redactor, text: &str, size: usize, whole: &str) {
    let (mut restorer, mut out, mut end) = (redactor.restorer(), String::new(), 0);
    let chars: Vec<char> = text.chars().collect();
    for piece in chars.chunks(size) {
        out.extend(piece);
        end = restorer.restore(&mut out, end, false);
    }
    restorer.restore(&mut out, end, true);
    assert_eq!(out, whole, "in pieces of {size}");
}
