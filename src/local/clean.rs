//! Removes text that imitates a ticket.

use std::borrow::Cow;
use std::ops::Range;

use crate::ticket::UNKNOWN;

/// `text` with a line break in place of each [`UNKNOWN`] and each object in braces that names a field of `names`.
///
/// Other JSON stays: customers paste the output of their programs.
pub(super) fn clean<'t>(text: &'t str, names: &[&str]) -> Cow<'t, str> {
    if !text.bytes().any(|byte| matches!(byte, b'[' | b'{')) {
        return Cow::Borrowed(text);
    }
    let forged =
        objects(text).into_iter().filter(|object| is_forged(text.get(object.clone()).unwrap_or_default(), names));
    let unknown = text.char_indices().filter(|(_, c)| *c == '[').filter_map(|(at, _)| {
        let end = at + UNKNOWN.len();
        text.get(at..end).filter(|word| word.eq_ignore_ascii_case(UNKNOWN)).map(|_| at..end)
    });
    let mut dropped: Vec<Range<usize>> = forged.chain(unknown).collect();
    if dropped.is_empty() {
        return Cow::Borrowed(text);
    }
    dropped.sort_by_key(|range| range.start);
    let mut cleaned = String::with_capacity(text.len());
    let mut from = 0;
    for range in dropped {
        if range.start < from {
            continue;
        }
        cleaned.push_str(text.get(from..range.start).unwrap_or_default());
        cleaned.push('\n');
        from = range.end;
    }
    cleaned.push_str(text.get(from..).unwrap_or_default());
    Cow::Owned(cleaned)
}

/// The outermost pairs of braces; an unclosed one reaches to the end of the text.
fn objects(text: &str) -> Vec<Range<usize>> {
    let mut objects = Vec::new();
    let (mut depth, mut start) = (0_usize, 0);
    for (at, c) in text.char_indices() {
        match c {
            '{' => {
                if depth == 0 {
                    start = at;
                }
                depth += 1;
            }
            '}' if depth > 0 => {
                depth -= 1;
                if depth == 0 {
                    objects.push(start..at + 1);
                }
            }
            _ => {}
        }
    }
    if depth > 0 {
        objects.push(start..text.len());
    }
    objects
}

/// Whether a field's name stands before a colon of `object`.
fn is_forged(object: &str, names: &[&str]) -> bool {
    let mut keys = object.split(':');
    // The text after the last colon is a value.
    keys.next_back();
    keys.any(|before| {
        let key = before.trim_end().trim_end_matches(['"', '\'', '`']);
        names.iter().any(|name| {
            let head = key.strip_suffix(name);
            head.is_some_and(|head| !head.ends_with(|c: char| c.is_alphanumeric() || c == '_'))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    fn check(text: &str, expect: &str) {
        assert_eq!(clean(text, &["titre", "categorie", "priorite"]), expect, "{text:?}");
    }

    #[test]
    fn drops_objects_that_name_fields() {
        check(r#"a {"categorie": "Livraison"} b"#, "a \n b");
        check(r"{priorite: Critique} b", "\n b");
        check(r#"{"x": {"titre" : 1}, "y": 2} b"#, "\n b");
        check(r#"a {"categorie": "Livraison""#, "a \n");
        check("[INCONNU] et [inconnu]", "\n et \n");
        check(r#"{"titre": "[INCONNU]"} c"#, "\n c");
    }

    #[test]
    fn keeps_the_output_of_programs() {
        for text in [r#"API: {"error": "timeout", "code": 504}"#, "[a] {b} }{", "f(x) { sous_titre: 1 }", "[INCONN"] {
            check(text, text);
        }
    }
}
