//! Reads placeholders as models write them: in any case, without brackets, escaped.

use super::kinds::Kind;
use super::view::is_word;

/// Most digits of a placeholder's number: as many always fit into a `u32`.
const MAX_DIGITS: usize = 9;

/// A reading at one place of a text.
#[derive(Debug, PartialEq)]
pub(super) enum Reading {
    /// A placeholder of `len` characters.
    Placeholder { kind: Kind, number: u32, len: usize },
    /// Possibly the beginning of one: the text ends too early to tell.
    Beginning,
    /// Something else.
    Other,
}

/// Reads a placeholder that begins at `at(0)`, after the character `before`.
///
/// Past the end, `at` returns `None` if more text may follow, else [`END`](super::view::END).
/// Reads a bounded number of characters.
pub(super) fn read(before: char, at: impl Fn(usize) -> Option<char>) -> Reading {
    let mut reader = Reader { at, position: 0 };
    match reader.placeholder(before) {
        Ok((kind, number)) => Reading::Placeholder { kind, number, len: reader.position },
        Err(Stop::Incomplete) => Reading::Beginning,
        Err(Stop::Mismatch) => Reading::Other,
    }
}

enum Stop {
    Mismatch,
    Incomplete,
}

/// The opening bracket's form, which decides the closing one's.
enum Opening {
    /// `<` or `\u003c`: closed by `>` or `\u003e`.
    Bracket,
    /// `\<`: closed by `\>`. A lone backslash before `<` belongs to the text, as in `\\<IP_1>\share`.
    Escaped,
    /// None: the placeholder is a word.
    Bare,
}

struct Reader<F> {
    at: F,
    position: usize,
}

impl<F: Fn(usize) -> Option<char>> Reader<F> {
    fn placeholder(&mut self, before: char) -> Result<(Kind, u32), Stop> {
        let opening = self.opening(before)?;
        let kind = self.kind()?;
        if self.peek()? == '\\' {
            self.position += 1;
        }
        self.take('_')?;
        let number = self.number()?;
        match opening {
            Opening::Bracket if self.peek()? == '\\' => self.take_all("\\u003e")?,
            Opening::Bracket => self.take('>')?,
            Opening::Escaped => self.take_all("\\>")?,
            Opening::Bare if is_word(self.peek()?) => return Err(Stop::Mismatch),
            Opening::Bare => {}
        }
        Ok((kind, number))
    }

    fn opening(&mut self, before: char) -> Result<Opening, Stop> {
        match self.peek()? {
            '<' => {
                self.position += 1;
                Ok(Opening::Bracket)
            }
            '\\' => {
                self.position += 1;
                if self.peek()? == '<' {
                    self.position += 1;
                    return Ok(Opening::Escaped);
                }
                self.take_all("u003c")?;
                Ok(Opening::Bracket)
            }
            _ if is_word(before) => Err(Stop::Mismatch),
            _ => Ok(Opening::Bare),
        }
    }

    fn kind(&mut self) -> Result<Kind, Stop> {
        let start = self.position;
        for kind in Kind::ALL {
            match self.take_all(kind.name()) {
                Ok(()) => return Ok(*kind),
                Err(Stop::Mismatch) => self.position = start,
                // No name is a prefix of another, so no other name can match.
                Err(Stop::Incomplete) => return Err(Stop::Incomplete),
            }
        }
        Err(Stop::Mismatch)
    }

    fn number(&mut self) -> Result<u32, Stop> {
        let mut number = 0_u32;
        for count in 0..=MAX_DIGITS {
            match self.peek()?.to_digit(10) {
                Some(_) if count == MAX_DIGITS => break,
                Some(digit) => number = number * 10 + digit,
                None if count == 0 => break,
                None => return Ok(number),
            }
            self.position += 1;
        }
        Err(Stop::Mismatch)
    }

    fn take_all(&mut self, text: &str) -> Result<(), Stop> {
        text.chars().try_for_each(|c| self.take(c))
    }

    fn take(&mut self, wanted: char) -> Result<(), Stop> {
        // Models add accents: « TÉLÉPHONE_1 ».
        let found = match self.peek()? {
            'é' | 'É' => 'e',
            c => c.to_ascii_lowercase(),
        };
        if found != wanted.to_ascii_lowercase() {
            return Err(Stop::Mismatch);
        }
        self.position += 1;
        Ok(())
    }

    fn peek(&self) -> Result<char, Stop> {
        (self.at)(self.position).ok_or(Stop::Incomplete)
    }
}

#[cfg(test)]
mod tests {
    use super::super::view::END;
    use super::*;

    /// Reads a placeholder at the start of a whole text.
    fn read_text(text: &str) -> Reading {
        read(END, |k| Some(text.chars().nth(k).unwrap_or(END)))
    }

    #[test]
    fn reads_every_form_that_models_write() {
        let cases = [
            ("<EMAIL_1>", Kind::Email, 1),
            ("<email_1>", Kind::Email, 1),
            ("EMAIL_1", Kind::Email, 1),
            ("EMAIL_1.", Kind::Email, 1),
            ("\\<EMAIL_1\\>", Kind::Email, 1),
            ("<EMAIL\\_1>", Kind::Email, 1),
            ("\\u003cEMAIL_1\\u003e", Kind::Email, 1),
            ("\\u003CEMAIL_1>", Kind::Email, 1),
            ("<TÉLÉPHONE_12>", Kind::Phone, 12),
            ("<IP_3>x", Kind::Ip, 3),
            ("<TEXTE_999999999>", Kind::Typed, 999_999_999),
        ];
        for (text, kind, number) in cases {
            let Reading::Placeholder { kind: k, number: n, .. } = read_text(text) else { panic!("{text}") };
            assert_eq!((k, n), (kind, number), "{text}");
        }
    }

    #[test]
    fn ignores_similar_text() {
        let cases = [
            "EMAIL", "EMAIL_", "EMAIL_x", "<EMAIL_1", "EMAIL_1x", "EMAIL_1_", "E-MAIL_1", "<NOM_1>", "\\<EMAIL_1>",
            "EMAIL_1234567890", "< EMAIL_1 >", "\\EMAIL_1",
        ];
        for text in cases {
            assert_eq!(read_text(text), Reading::Other, "{text}");
        }
        assert_eq!(read('Y', |k| Some("EMAIL_1".chars().nth(k).unwrap_or(END))), Reading::Other);
    }

    #[test]
    fn waits_only_for_a_possible_placeholder() {
        let open = |text: &'static str| read(END, move |k| text.chars().nth(k));
        for text in ["<", "\\", "\\u0", "e", "ip", "<IB", "EMAIL_1", "<EMAIL_1", "\\<EMAIL_1\\", "TEL"] {
            assert_eq!(open(text), Reading::Beginning, "{text}");
        }
        for text in ["a", "<a", "ex", "\\n", "EMAIL ", "IC"] {
            assert_eq!(open(text), Reading::Other, "{text}");
        }
    }
}
