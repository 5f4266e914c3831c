//! Fixing the mistakes that models make in a JSON object, for a strict parser to read it.

/// An object in a text, its mistakes fixed.
pub(super) struct Object {
    /// Strict JSON, as far as the mistakes are those that are fixed.
    pub(super) json: String,
    /// Its keys, without those of objects within it.
    pub(super) keys: Vec<String>,
    /// Its length in the text, in bytes.
    pub(super) length: usize,
    /// Whether the text closes it.
    pub(super) is_closed: bool,
}

/// Whether a text begins like an object rather than like prose in braces.
pub(super) fn begins(text: &str) -> bool {
    text.trim_start_matches('{').trim_start().chars().next().is_none_or(|c| c == '"')
}

/// Copies the object that begins `text` to its closing brace, and fixes
///
/// - a comma before a closing bracket, which is dropped;
/// - a quote within a string, recognised by what follows it, as in `"l'erreur "5" revient"`;
/// - a line break or other control character in a string;
/// - a backslash that starts no escape, as in `C:\Users`, or that escapes Markdown, as in `a\_b`.
pub(super) fn repair(text: &str) -> Object {
    let mut json = String::new();
    let mut keys = Vec::new();
    let mut depth = 0_usize;
    let mut rest = text;
    loop {
        let Some(c) = rest.chars().next() else { return Object { json, keys, length: text.len(), is_closed: false } };
        let after = rest.get(c.len_utf8()..).unwrap_or_default();
        rest = after;
        match c {
            '"' => {
                let start = json.len();
                let has_stray_quotes;
                (rest, has_stray_quotes) = string(after, &mut json);
                if rest.trim_start().starts_with(':') {
                    if has_stray_quotes {
                        // A key stands where a string's end was expected: without it, no parser takes the object.
                        json.truncate(start);
                    } else if depth == 1 {
                        keys.extend(json.get(start..).and_then(|key| serde_json::from_str(key).ok()));
                    }
                }
            }
            ',' if after.trim_start().starts_with(['}', ']']) => {}
            '{' | '[' => {
                depth += 1;
                json.push(c);
            }
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                json.push(c);
                if depth == 0 {
                    return Object { json, keys, length: text.len() - rest.len(), is_closed: true };
                }
            }
            c => json.push(c),
        }
    }
}

/// Copies a string that begins after its opening quote; the text after it, and whether quotes within it were escaped.
fn string<'t>(text: &'t str, json: &mut String) -> (&'t str, bool) {
    json.push('"');
    let (mut rest, mut has_stray_quotes) = (text, false);
    while let Some(c) = rest.chars().next() {
        rest = rest.get(c.len_utf8()..).unwrap_or_default();
        match c {
            '"' => {
                let next = rest.trim_start().chars().next();
                if next.is_none_or(|next| matches!(next, ',' | ':' | '}' | ']')) {
                    json.push('"');
                    return (rest, has_stray_quotes);
                }
                has_stray_quotes = true;
                json.push_str("\\\"");
            }
            '\\' => {
                let escaped = rest.chars().next();
                rest = rest.get(escaped.map_or(0, char::len_utf8)..).unwrap_or_default();
                match escaped {
                    Some(c @ ('"' | '\\' | '/' | 'b' | 'f' | 'n' | 'r' | 't')) => json.extend(['\\', c]),
                    Some('u') if is_code_unit(rest) => json.push_str("\\u"),
                    Some(c) if c.is_alphanumeric() => json.extend(['\\', '\\', c]),
                    Some(c) => json.push(c),
                    None => {}
                }
            }
            '\n' => json.push_str("\\n"),
            '\t' => json.push_str("\\t"),
            c if c.is_control() => json.push(' '),
            c => json.push(c),
        }
    }
    (rest, has_stray_quotes)
}

fn is_code_unit(digits: &str) -> bool {
    digits.as_bytes().get(..4).is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
}
