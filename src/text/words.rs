//! The folded words of a text, with their places in it.

use std::ops::Range;

use super::fold::{fold_into, is_invisible};
use crate::language::in_any;

/// The separation of a word from the one before it, from the closest to the loosest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Gap {
    /// Nothing blank: an apostrophe, a hyphen, a slash, a point inside a number.
    Joined,
    /// A blank, a quotation mark.
    Blank,
    /// A comma, a colon, a bracket, a dash.
    Clause,
    /// A full stop, a question mark, a line's end, the text's start.
    Sentence,
}

/// A word's place in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// Bytes of the original text.
    pub span: Range<usize>,
    /// The gap before it.
    pub gap: Gap,
    folded: Range<usize>,
}

/// A text and its words.
///
/// A French elision is two words (« l'écran » → `l`, `ecran`), an English contraction one ("can't" → `cant`, as many
/// people write it). « e-mail » is `email`.
///
/// ```
/// let words = support_ticket_ai::text::Words::new("L’écran du PC n'a rien, I can't print.");
/// let folded: Vec<&str> = (0..words.len()).map(|i| words.folded(i)).collect();
/// assert_eq!(folded, ["l", "ecran", "du", "pc", "n", "a", "rien", "i", "cant", "print"]);
/// assert_eq!(words.slice(1..4), "écran du PC");
/// ```
#[derive(Clone, Debug)]
pub struct Words<'t> {
    text: &'t str,
    folded: String,
    words: Vec<Word>,
}

impl<'t> Words<'t> {
    /// Splits `text` into words.
    pub fn new(text: &'t str) -> Self {
        // Words in prose average at least five letters and a blank.
        let mut splitter = Splitter {
            words: Self { text, folded: String::with_capacity(text.len()), words: Vec::with_capacity(text.len() / 6) },
            open: None,
            end: 0,
            gap: Gap::Sentence,
        };
        let (mut at, mut before) = (0, ' ');
        while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
            // Most of a text is runs of plain letters and digits.
            let run = rest.bytes().take_while(u8::is_ascii_alphanumeric).count();
            if let Some(letters) = rest.get(..run).filter(|letters| !letters.is_empty()) {
                splitter.letters(at, letters);
                before = letters.chars().next_back().unwrap_or(before);
                at += run;
            } else {
                let mut chars = rest.chars();
                let c = chars.next().unwrap_or_default();
                splitter.read(at, before, c, chars.next().unwrap_or('\n'));
                before = c;
                at += c.len_utf8();
            }
        }
        splitter.close();
        splitter.words
    }

    /// Number of words.
    pub fn len(&self) -> usize {
        self.words.len()
    }

    /// Whether there are no words.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// The words in order.
    pub fn iter(&self) -> std::slice::Iter<'_, Word> {
        self.words.iter()
    }

    /// The gap before the word at `index`; past the end, that of a sentence.
    pub fn gap(&self, index: usize) -> Gap {
        self.words.get(index).map_or(Gap::Sentence, |word| word.gap)
    }

    /// The text between the word at `index` and the one before it.
    pub fn between(&self, index: usize) -> &'t str {
        let before = index.checked_sub(1).and_then(|before| self.words.get(before)).map_or(0, |word| word.span.end);
        self.words.get(index).and_then(|word| self.text.get(before..word.span.start)).unwrap_or_default()
    }

    /// The folded word at `index`, empty past the end.
    pub fn folded(&self, index: usize) -> &str {
        self.words.get(index).and_then(|word| self.folded.get(word.folded.clone())).unwrap_or_default()
    }

    /// The word at `index` as written, empty past the end.
    pub fn original(&self, index: usize) -> &'t str {
        self.words.get(index).and_then(|word| self.text.get(word.span.clone())).unwrap_or_default()
    }

    /// Whether the word at `index` is written with a capital first letter.
    pub fn is_capitalised(&self, index: usize) -> bool {
        self.original(index).chars().next().is_some_and(char::is_uppercase)
    }

    /// Whether the word at `index` contains a digit.
    pub fn has_digit(&self, index: usize) -> bool {
        self.folded(index).bytes().any(|b| b.is_ascii_digit())
    }

    /// The text from the first word of `range` to its last, as written; empty for an empty range.
    pub fn slice(&self, range: Range<usize>) -> &'t str {
        let start = self.words.get(range.start).map(|word| word.span.start);
        let end = range.end.checked_sub(1).and_then(|last| self.words.get(last)).map(|word| word.span.end);
        match (start, end) {
            (Some(start), Some(end)) => self.text.get(start..end).unwrap_or_default(),
            _ => "",
        }
    }

    /// As [`Words::slice`], with the closing quotation mark or bracket of one opened in it, and a question mark.
    pub fn slice_closed(&self, range: Range<usize>) -> &'t str {
        let text = self.slice(range.clone());
        let Some(start) = self.words.get(range.start).map(|word| word.span.start) else { return text };
        let mut end = start + text.len();
        let mut rest = self.text.get(end..).unwrap_or_default().char_indices().take(CLOSING).peekable();
        while let Some((at, c)) = rest.next() {
            let closes = match c {
                '»' => text.contains('«'),
                ')' => text.contains('('),
                '”' => text.contains('“'),
                '"' => text.matches('"').count() % 2 == 1,
                '?' => true,
                // French sets a blank before these.
                ' ' | '\u{a0}' | '\u{202f}' => match rest.peek() {
                    Some((_, '»' | '?')) => continue,
                    _ => false,
                },
                _ => false,
            };
            if !closes {
                break;
            }
            end = start + text.len() + at + c.len_utf8();
        }
        self.text.get(start..end).unwrap_or(text)
    }
}

/// Most closing characters of a phrase: « … (« … ») ? ».
const CLOSING: usize = 8;

struct Splitter<'t> {
    words: Words<'t>,
    /// Where the word being read starts, in the text and in the folded text.
    open: Option<(usize, usize)>,
    /// Where the word's last letter ends in the text.
    end: usize,
    /// The loosest gap since the last word.
    gap: Gap,
}

impl Splitter<'_> {
    /// Reads plain letters and digits.
    fn letters(&mut self, at: usize, letters: &str) {
        self.open(at, letters.len());
        let folded = self.words.folded.len();
        self.words.folded.push_str(letters);
        if let Some(letters) = self.words.folded.get_mut(folded..) {
            letters.make_ascii_lowercase();
        }
    }

    /// Starts a word, if none is being read, and adds letters to it.
    fn open(&mut self, at: usize, length: usize) {
        self.open.get_or_insert((at, self.words.folded.len()));
        self.end = at + length;
    }

    /// Reads any other character, between those before and after it.
    fn read(&mut self, at: usize, before: char, c: char, after: char) {
        // « n° 214 » and « 3° étage »: the sign ends the word.
        if matches!(c, '°' | 'º') {
            return self.separate(Gap::Blank);
        }
        if c.is_alphanumeric() {
            self.open(at, c.len_utf8());
            return fold_into(c, &mut self.words.folded);
        }
        // Combining characters belong to the word around them, invisible ones only if letters follow.
        if ('\u{300}'..='\u{36f}').contains(&c) && self.open.is_some() {
            self.end = at + c.len_utf8();
            return;
        }
        if is_invisible(c) {
            return;
        }
        let inside = self.open.is_some() && after.is_alphanumeric();
        match c {
            '\'' | '’' | '‘' | 'ʼ' | '´' if inside => {
                if in_any(self.open_word(), |texts| texts.text.elisions) {
                    self.separate(Gap::Joined);
                }
            }
            '-' | '‐' | '‑' if inside => {
                if self.open_word() != "e" || !after.is_alphabetic() {
                    self.separate(Gap::Joined);
                }
            }
            '.' if inside => {
                // « ne marche plus.Merci », unlike "v1.2", "outlook.com", "S.A.".
                let sentence = after.is_uppercase() && before.is_alphabetic() && self.open_word().len() > 1;
                self.separate(if sentence { Gap::Sentence } else { Gap::Joined });
            }
            '.' if after.is_whitespace() && before != '.' => {
                let abbreviated = in_any(self.open_word(), |texts| texts.text.abbreviations);
                self.separate(if abbreviated && after == ' ' { Gap::Blank } else { Gap::Sentence });
            }
            '@' | '/' | '\\' | '_' | '+' | '&' if inside => self.separate(Gap::Joined),
            '!' | '?' | '\u{2028}' | '\u{2029}' => self.separate(Gap::Sentence),
            // Wrapped lines: one that begins in lower case continues the sentence.
            '\n' => self.separate(if after.is_lowercase() { Gap::Clause } else { Gap::Sentence }),
            '-' | '‐' | '‑' | '+' if after.is_ascii_digit() => self.separate(Gap::Blank),
            c if c.is_whitespace() => self.separate(Gap::Blank),
            '"' | '\'' | '’' | '‘' | '«' | '»' | '“' | '”' | '`' | '*' | '#' | '_' | '/' => {
                self.separate(Gap::Blank)
            }
            _ => self.separate(Gap::Clause),
        }
    }

    fn open_word(&self) -> &str {
        self.open.and_then(|(_, start)| self.words.folded.get(start..)).unwrap_or_default()
    }

    /// Ends the word being read, if any, and widens the gap to the next.
    fn separate(&mut self, gap: Gap) {
        self.close();
        self.gap = self.gap.max(gap);
    }

    fn close(&mut self) {
        if let Some((start, folded)) = self.open.take() {
            let word = Word { span: start..self.end, gap: self.gap, folded: folded..self.words.folded.len() };
            self.words.words.push(word);
            self.gap = Gap::Joined;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expect: &[(&str, Gap)]) {
        let words = Words::new(text);
        let got: Vec<(&str, Gap)> = (0..words.len()).map(|i| (words.folded(i), words.gap(i))).collect();
        assert_eq!(got, expect, "{text:?}");
    }

    #[test]
    fn splits_text_as_people_type_it() {
        use Gap::{Blank, Clause, Joined, Sentence};
        check("", &[]);
        check("L'écran", &[("l", Sentence), ("ecran", Joined)]);
        check("can't won’t", &[("cant", Sentence), ("wont", Blank)]);
        check("aujourd'hui", &[("aujourdhui", Sentence)]);
        check("e-mail, wi-fi", &[("email", Sentence), ("wi", Clause), ("fi", Joined)]);
        check("n°214 3° étage", &[("n", Sentence), ("214", Blank), ("3", Blank), ("etage", Blank)]);
        check("v1.2. Fin", &[("v1", Sentence), ("2", Joined), ("fin", Sentence)]);
        check("M. Petit", &[("m", Sentence), ("petit", Blank)]);
        check("bât. C", &[("bat", Sentence), ("c", Blank)]);
        check("cassé.Merci", &[("casse", Sentence), ("merci", Sentence)]);
        check("outlook.com", &[("outlook", Sentence), ("com", Joined)]);
        check("euh... non", &[("euh", Sentence), ("non", Clause)]);
        check("a\nb\nC", &[("a", Sentence), ("b", Clause), ("c", Sentence)]);
        check("niveau -1", &[("niveau", Sentence), ("1", Blank)]);
        check("im\u{200b}pri\u{ad}mante", &[("imprimante", Sentence)]);
        check("e\u{301}te\u{301}", &[("ete", Sentence)]);
        assert_eq!(Words::new("\u{200b}a\u{200b}b\u{200b} c").slice(0..1), "a\u{200b}b");
    }

    #[test]
    fn slices_return_the_original_text() {
        let words = Words::new("Le « Câble HDMI » du 3e.");
        assert_eq!(words.slice(1..3), "Câble HDMI");
        assert_eq!(words.slice(4..5), "3e");
        assert_eq!((words.slice(2..2), words.slice(7..9)), ("", ""));
        assert_eq!(words.slice_closed(1..3), "Câble HDMI");
        assert_eq!(words.slice_closed(0..3), "Le « Câble HDMI »");
        assert_eq!(Words::new("Quand (ce soir) ?!").slice_closed(0..3), "Quand (ce soir) ?");
        assert_eq!((words.between(1), words.between(0), words.between(9)), (" « ", "", ""));
        assert!(words.is_capitalised(1) && !words.is_capitalised(3) && words.has_digit(4));
    }
}
