//! The characters of raw JSON text: escapes decoded, each character with its bytes.

/// A decoded character and its bytes in the JSON text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Glyph {
    /// The character.
    pub c: char,
    /// Offset of its first byte.
    pub start: usize,
    /// Its length in bytes.
    pub len: usize,
}

impl Glyph {
    /// Offset of the byte after the last.
    pub const fn end(self) -> usize {
        self.start + self.len
    }
}

/// Decodes raw JSON text; an escape that the end cuts off is left out unless the text has `ended`.
///
/// Models escape what JSON does not (`\<`, `\_`): the backslash is dropped there too.
///
/// ```
/// use support_ticket_ai::text::json_glyphs;
/// let read = |text| json_glyphs(text, false).into_iter().map(|glyph| glyph.c).collect::<String>();
/// assert_eq!(read(r"a\u00e9\/\ud83d\udcf1\u00"), "aé/📱");
/// ```
pub fn json_glyphs(text: &str, ended: bool) -> Vec<Glyph> {
    let mut glyphs = Vec::with_capacity(text.len());
    let mut start = 0;
    while let Some(rest) = text.get(start..)
        && let Some(c) = rest.chars().next()
    {
        let (c, len) = match c {
            '\\' => match escape(rest, ended) {
                Some(meant) => meant,
                None if ended => (c, 1),
                None => break,
            },
            c => (c, c.len_utf8()),
        };
        glyphs.push(Glyph { c, start, len });
        start += len;
    }
    glyphs
}

/// A text as the content of a JSON string.
pub fn escape_json(text: &str) -> String {
    let mut quoted = serde_json::Value::from(text).to_string();
    quoted.pop();
    quoted.split_off(1)
}

/// The character of the escape at the start of `text` and its bytes; `None` if its end is missing.
fn escape(text: &str, ended: bool) -> Option<(char, usize)> {
    let c = text.chars().nth(1)?;
    let meant = match c {
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'b' => '\u{8}',
        'f' => '\u{c}',
        'u' => return unicode_escape(text, ended),
        c => c,
    };
    Some((meant, 1 + c.len_utf8()))
}

fn unicode_escape(text: &str, ended: bool) -> Option<(char, usize)> {
    let high = match code_unit(text, 2) {
        Unit::Read(unit) => unit,
        Unit::Other => return Some(('\\', 1)),
        Unit::Missing => return None,
    };
    if let Some(c) = char::from_u32(high) {
        return Some((c, 6));
    }
    // Half of a surrogate pair: the other half may still come.
    let rest = text.get(6..).unwrap_or_default();
    let low = if rest.starts_with("\\u") { code_unit(rest, 2) } else { Unit::Other };
    if let Unit::Read(low @ 0xdc00..=0xdfff) = low
        && high < 0xdc00
    {
        let pair = 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
        return Some((char::from_u32(pair).unwrap_or(char::REPLACEMENT_CHARACTER), 12));
    }
    let may_come = high < 0xdc00 && !ended && (matches!(low, Unit::Missing) || "\\u".starts_with(rest));
    (!may_come).then_some((char::REPLACEMENT_CHARACTER, 6))
}

/// Four hexadecimal digits of an escape.
enum Unit {
    Read(u32),
    /// Something else: this is no escape.
    Other,
    /// The text ends before the fourth.
    Missing,
}

fn code_unit(text: &str, from: usize) -> Unit {
    let mut unit = 0;
    for at in from..from + 4 {
        let Some(c) = text.chars().nth(at) else { return Unit::Missing };
        let Some(digit) = c.to_digit(16) else { return Unit::Other };
        unit = unit * 16 + digit;
    }
    Unit::Read(unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, ended: bool) -> String {
        json_glyphs(text, ended).into_iter().map(|glyph| glyph.c).collect()
    }

    #[test]
    fn escapes_are_decoded() {
        let cases = [
            (r#"a\"b\\c\/d\n"#, "a\"b\\c/d\n"),
            (r"\u0073k\u002d", "sk-"),
            (r"\ud83d\udcf1 \udb40\udc41", "📱 \u{e0041}"),
            (r"\ud83d x \udcf1", "\u{fffd} x \u{fffd}"),
            (r"\ud83d\u0041", "\u{fffd}A"),
            (r"\u12g4 \<", "\\u12g4 <"),
        ];
        for (text, meant) in cases {
            assert_eq!(read(text, true), meant, "{text}");
        }
    }

    #[test]
    fn an_unfinished_escape_waits_for_its_end() {
        for text in [r"a\", r"a\u", r"a\u00e", r"a\ud83d", r"a\ud83d\", r"a\ud83d\u", r"a\ud83d\udcf"] {
            assert_eq!(read(text, false), "a", "{text}");
            assert!(read(text, true).len() > 1, "{text}");
        }
        let glyphs = json_glyphs(r"é\ud83d\udcf1x", false);
        assert_eq!(
            glyphs.iter().map(|glyph| (glyph.start, glyph.end())).collect::<Vec<_>>(),
            [(0, 2), (2, 14), (14, 15)]
        );
    }
}
