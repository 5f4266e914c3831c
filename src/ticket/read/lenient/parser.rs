//! A recursive-descent reader of JSON as people and models write it.

use serde_json::{Map, Number, Value};

use super::Names;
use crate::ticket::read::says_nothing;

/// Deepest nesting that is read: a ticket is flat, and wrappers add a few levels.
const MAX_DEPTH: usize = 32;
/// Longest key in bytes: a field's name has at most 64 characters of at most 4 bytes.
const MAX_KEY_BYTES: usize = 256;

/// Why there is no object at a brace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Failure {
    /// What stands there is no object, however leniently read.
    Syntax,
    /// The text ends within it.
    End,
}

pub(super) struct Parser<'a> {
    text: &'a str,
    start: usize,
    at: usize,
    names: &'a Names,
    names_read: usize,
    is_doubtful: bool,
}

impl<'a> Parser<'a> {
    /// A parser of the object whose brace stands at byte `at`.
    pub(super) const fn new(text: &'a str, at: usize, names: &'a Names) -> Self {
        Self { text, start: at, at, names, names_read: 0, is_doubtful: false }
    }

    /// The byte after what was read.
    pub(super) const fn position(&self) -> usize {
        self.at
    }

    /// How many keys read so far are among the names.
    pub(super) const fn names_read(&self) -> usize {
        self.names_read
    }

    /// Whether a comment, or a text in other quotes than JSON's, holds a brace: it may have swallowed the object that was meant.
    pub(super) const fn is_doubtful(&self) -> bool {
        self.is_doubtful
    }

    /// Whether what the text ended within began like an object, not like prose in braces.
    pub(super) fn is_plausible(&self) -> bool {
        let inside = self.text.get(self.start..).unwrap_or_default().trim_start_matches('{').trim_start();
        self.names_read > 0 || inside.chars().next().is_none_or(|c| closers(c).is_some())
    }

    /// Reads an object from its opening brace to its closing one.
    pub(super) fn object(&mut self, depth: usize) -> Result<Map<String, Value>, Failure> {
        self.skip('{');
        let mut object = Map::new();
        loop {
            self.skip_blank();
            match self.peek().ok_or(Failure::End)? {
                '}' => {
                    self.skip('}');
                    return Ok(object);
                }
                comma @ (',' | ';') => {
                    self.skip(comma);
                    continue;
                }
                // The code block ends before the object does.
                '`' if self.rest().starts_with("```") => return Err(Failure::End),
                _ => {}
            }
            let key = self.key()?;
            self.skip_blank();
            if self.peek().ok_or(Failure::End)? != ':' {
                return Err(Failure::Syntax);
            }
            self.skip(':');
            self.names_read += usize::from(self.names.get(&key).is_some());
            let value = self.value(depth + 1)?;
            // Of a repeated key the last value that says something stays.
            if !object.contains_key(&key) || !says_nothing(&value) {
                object.insert(key, value);
            }
            self.separator('}')?;
        }
    }

    fn array(&mut self, depth: usize) -> Result<Vec<Value>, Failure> {
        self.skip('[');
        let mut items = Vec::new();
        loop {
            self.skip_blank();
            match self.peek().ok_or(Failure::End)? {
                ']' => {
                    self.skip(']');
                    return Ok(items);
                }
                ',' => self.skip(','),
                _ => {
                    items.push(self.value(depth + 1)?);
                    self.separator(']')?;
                }
            }
        }
    }

    /// After a value: a comma or the end, left to the caller, or a line break where the comma was forgotten.
    fn separator(&mut self, close: char) -> Result<(), Failure> {
        let new_line = self.skip_blank();
        match self.peek() {
            None => Err(Failure::End),
            Some(c) if c == ',' || c == ';' || c == close || new_line => Ok(()),
            Some(_) => Err(Failure::Syntax),
        }
    }

    fn value(&mut self, depth: usize) -> Result<Value, Failure> {
        if depth > MAX_DEPTH {
            return Err(Failure::Syntax);
        }
        self.skip_blank();
        match self.peek().ok_or(Failure::End)? {
            '{' => self.object(depth).map(Value::Object),
            '[' => self.array(depth).map(Value::Array),
            ',' | '}' | ']' => Ok(Value::Null),
            c => match closers(c) {
                Some(closers) => self.quoted(c, closers).map(Value::String),
                None => self.bare(),
            },
        }
    }

    fn key(&mut self) -> Result<String, Failure> {
        let first = self.peek().ok_or(Failure::End)?;
        let rest = self.rest();
        if let Some(closers) = closers(first) {
            self.skip(first);
            let start = self.at;
            let mut escaped = false;
            while let Some(c) = self.peek() {
                let end = self.at;
                self.skip(c);
                match c {
                    '\n' | '\r' => return Err(Failure::Syntax),
                    _ if end - start > MAX_KEY_BYTES => return Err(Failure::Syntax),
                    _ if escaped => escaped = false,
                    '\\' => escaped = true,
                    c if closers.contains(&c) => return Ok(unescape(self.text.get(start..end).unwrap_or_default())),
                    _ => {}
                }
            }
            return Err(Failure::End);
        }
        let end = rest.find(|c: char| !c.is_alphanumeric() && !matches!(c, '_' | '-' | '.' | '$'));
        let key = end.and_then(|end| rest.get(..end)).unwrap_or(rest);
        self.at += key.len();
        if key.is_empty() || key.len() > MAX_KEY_BYTES { Err(Failure::Syntax) } else { Ok(key.to_owned()) }
    }

    /// A text in quotes. A quote within it that nothing structural follows belongs to the text: `"l'erreur "5" revient"`.
    fn quoted(&mut self, open: char, closers: &[char]) -> Result<String, Failure> {
        self.skip(open);
        let start = self.at;
        loop {
            let Some(offset) = self.rest().find(|c: char| c == '\\' || closers.contains(&c)) else {
                self.at = self.text.len();
                return Err(Failure::End);
            };
            self.at += offset;
            let end = self.at;
            let c = self.peek().ok_or(Failure::End)?;
            self.skip(c);
            if c == '\\' {
                if let Some(escaped) = self.peek() {
                    self.skip(escaped);
                }
                continue;
            }
            let after = self.rest().trim_start();
            let new_line = self.rest().get(..self.rest().len() - after.len()).unwrap_or_default().contains('\n');
            match after.chars().next() {
                // A key stands where the end was looked for: the end is unknown.
                Some(':') => return Err(Failure::Syntax),
                Some(',' | ';' | '}' | ']') | None => {}
                Some('/') if after.starts_with("//") || after.starts_with("/*") => {}
                Some('#') if after.len() < self.rest().len() => {}
                // The comma was forgotten, and the next key starts a line.
                Some(c) if new_line && self::closers(c).is_some() => {}
                Some(_) => continue,
            }
            let text = self.text.get(start..end).unwrap_or_default();
            self.is_doubtful |= open != '"' && text.contains('{');
            return Ok(unescape(text));
        }
    }

    /// A value without quotes: a literal of JSON, Python or JavaScript, a number, or words up to the line's or item's end.
    fn bare(&mut self) -> Result<Value, Failure> {
        let rest = self.rest();
        let end = rest.find([',', '}', ']', '\n', '\r', '{', '[', '"']).ok_or(Failure::End);
        let Ok(end) = end else {
            self.at = self.text.len();
            return Err(Failure::End);
        };
        self.at += end;
        if self.rest().starts_with(['{', '[', '"']) {
            return Err(Failure::Syntax);
        }
        let token = rest.get(..end).unwrap_or_default();
        let token = token.split_once(" //").map_or(token, |(token, _)| token).trim();
        Ok(match token.to_ascii_lowercase().as_str() {
            "" => return Err(Failure::Syntax),
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            "null" | "none" | "nil" | "undefined" | "nan" => Value::Null,
            // CachedAnswer as a text where a number would lose digits: versions, phone numbers, long references.
            _ => match serde_json::from_str::<Number>(token) {
                Ok(number) if number.to_string() == token => Value::Number(number),
                _ => Value::String(token.to_owned()),
            },
        })
    }

    /// Skips white space and comments; whether it crossed a line's end.
    fn skip_blank(&mut self) -> bool {
        let mut new_line = false;
        loop {
            let rest = self.rest();
            let after = rest.trim_start_matches(|c: char| c.is_whitespace() || crate::text::is_invisible(c));
            let blank = rest.len() - after.len();
            new_line |= rest.get(..blank).unwrap_or_default().contains('\n');
            self.at += blank;
            let comment = if after.starts_with("//") || after.starts_with('#') {
                after.find('\n')
            } else if after.starts_with("/*") {
                after.find("*/").map(|end| end + 2)
            } else {
                return new_line;
            };
            let end = comment.unwrap_or(after.len());
            self.is_doubtful |= after.get(..end).unwrap_or_default().contains('{');
            self.at += end;
        }
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    const fn skip(&mut self, c: char) {
        self.at += c.len_utf8();
    }
}

/// What closes a text that `open` opens, if it opens one.
const fn closers(open: char) -> Option<&'static [char]> {
    match open {
        '"' => Some(&['"']),
        '\'' => Some(&['\'']),
        '`' => Some(&['`']),
        '“' | '”' | '„' => Some(&['”', '“', '"']),
        '‘' | '’' => Some(&['’', '‘', '\'']),
        '«' => Some(&['»']),
        _ => None,
    }
}

/// Resolves JSON's escapes, and those of Markdown (`\_`); what is no escape stays, such as the path `C:\Users`.
pub(super) fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, escaped)) = rest.split_once('\\') {
        out.push_str(before);
        let Some(c) = escaped.chars().next() else {
            out.push('\\');
            return out;
        };
        rest = escaped.get(c.len_utf8()..).unwrap_or_default();
        match c {
            'n' => out.push('\n'),
            't' => out.push('\t'),
            'r' => out.push('\r'),
            'b' | 'f' => out.push(' '),
            'u' => match code_point(rest) {
                Some((c, length)) => {
                    out.push(c);
                    rest = rest.get(length..).unwrap_or_default();
                }
                None => out.push_str("\\u"),
            },
            c if c.is_ascii_alphanumeric() => out.extend(['\\', c]),
            c => out.push(c),
        }
    }
    out.push_str(rest);
    out
}

/// The character that follows `\u`, and the bytes that it takes; a lone surrogate is U+FFFD.
fn code_point(digits: &str) -> Option<(char, usize)> {
    let unit = |text: &str| {
        let digits = text.get(..4).filter(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()))?;
        u16::from_str_radix(digits, 16).ok()
    };
    let first = unit(digits)?;
    let second = digits.get(4..).and_then(|rest| rest.strip_prefix("\\u")).and_then(unit);
    if let (0xd800..=0xdbff, Some(second)) = (first, second)
        && let Some(Ok(c)) = char::decode_utf16([first, second]).next()
    {
        return Some((c, 10));
    }
    Some((char::from_u32(u32::from(first)).unwrap_or(char::REPLACEMENT_CHARACTER), 4))
}
