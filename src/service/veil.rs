//! What of a model's text may be seen before it is read: only identifiers that are the caller's own.

use crate::text::{Glyph, is_invisible, json_glyphs, plain};
use crate::ticket::{Evidence, Schema, UNKNOWN, ground_fragments, question};

/// Longest text that waits for its end, in bytes: no identifier is longer.
const MAX_HELD: usize = 2_048;

/// Takes raw JSON text in pieces and lets through what the ticket's grounding would.
///
/// A word is held back until its end, a number until a word follows: only then is it known what it is. What identifies
/// something and is not the caller's becomes [`UNKNOWN`], as in the ticket.
pub(super) struct Veil<'a> {
    evidence: &'a Evidence,
    schema: &'a Schema,
    /// The question so far, where the text is one.
    question: Option<String>,
    held: String,
    in_string: bool,
    /// The last word that was let through in this string: it may label the number that follows.
    before: String,
}

impl<'a> Veil<'a> {
    /// For a text in which `evidence` bears out identifiers; names and values of `schema` pass too.
    pub(super) fn new(evidence: &'a Evidence, schema: &'a Schema, is_question: bool) -> Self {
        let (held, before) = (String::new(), String::new());
        Self { evidence, schema, question: is_question.then(String::new), held, in_string: false, before }
    }

    /// Takes the next text and gives what is settled by it; `None` once nothing more may be shown.
    pub(super) fn push(&mut self, text: &str, is_end: bool) -> Option<String> {
        let mut held = std::mem::take(&mut self.held);
        held.push_str(text);
        let glyphs = json_glyphs(&held, is_end);
        let mut out = String::new();
        let mut rest = glyphs.as_slice();
        // A quote that is not escaped begins or ends a string, and with it every identifier.
        while let Some(quote) = rest.iter().position(|glyph| glyph.c == '"' && glyph.len == 1) {
            let (piece, after) = rest.split_at_checked(quote)?;
            out.push_str(&self.admit(&held, piece)?);
            out.push('"');
            self.in_string = !self.in_string;
            self.before.clear();
            rest = after.get(1..)?;
        }
        let (piece, rest) = rest.split_at_checked(if is_end { rest.len() } else { settled(rest) })?;
        out.push_str(&self.admit(&held, piece)?);
        let from = rest.first().map_or(glyphs.last().map_or(0, |last| last.end()), |first| first.start);
        self.held = held.get(from..)?.to_owned();
        (self.held.len() <= MAX_HELD).then_some(out)
    }

    /// What is shown of a settled piece of `raw`; `None` once nothing more may be.
    fn admit(&mut self, raw: &str, piece: &[Glyph]) -> Option<String> {
        let (Some(first), Some(last)) = (piece.first(), piece.last()) else { return Some(String::new()) };
        let raw = raw.get(first.start..last.end())?;
        let visible = || piece.iter().filter(|glyph| !is_invisible(glyph.c));
        let seen: String = visible().map(|glyph| plain(glyph.c)).collect();
        if let Some(question) = self.question.as_mut().filter(|_| self.in_string) {
            question.push_str(&seen);
            if !question::may_show(question) {
                return None;
            }
        }
        let grounded = match self.schema.mentions(seen.trim()) {
            true => None,
            false => ground_fragments(&format!("{}{seen}", self.before), self.evidence),
        };
        // A label is a word, and words stay; where the two became one address, neither is trusted.
        let grounded = grounded.map(|grounded| grounded.strip_prefix(&self.before).unwrap_or(UNKNOWN).to_owned());
        let shown = grounded.as_deref().unwrap_or(&seen);
        if let Some(word) = shown.split_whitespace().next_back() {
            self.before = word.to_owned();
        }
        match grounded {
            None if visible().count() == piece.len() => Some(raw.to_owned()),
            // A number that stands for itself: what takes its place is a text.
            Some(grounded) if !self.in_string => Some(grounded.replace(UNKNOWN, &format!("\"{UNKNOWN}\""))),
            _ => {
                let quoted = serde_json::Value::from(shown).to_string();
                quoted.get(1..quoted.len() - 1).map(str::to_owned)
            }
        }
    }
}

/// How many of the characters are settled: those up to the blank after the last word without a digit. What follows may
/// grow, and numbers that follow one another may be one.
fn settled(glyphs: &[Glyph]) -> usize {
    let (mut settled, mut has_letter, mut has_digit) = (0, false, false);
    for (at, glyph) in glyphs.iter().enumerate() {
        if glyph.c.is_whitespace() {
            if has_letter && !has_digit {
                settled = at;
            }
            (has_letter, has_digit) = (false, false);
        } else {
            let c = plain(glyph.c);
            has_digit |= c.is_ascii_digit();
            has_letter |= c.is_alphabetic();
        }
    }
    settled
}

#[cfg(test)]
mod tests {
    use super::*;

    const CALLER: &str = "Commande 4821, site acme.fr, tél. 06 39 98 01 23, jean@acme.fr, INC12345.";

    /// What is seen of `text`, however it is split.
    fn check(text: &str, expected: &str) {
        let (evidence, schema) = (Evidence::new([CALLER]), Schema::built_in().unwrap());
        for size in 1..text.len() {
            let mut veil = Veil::new(&evidence, &schema, false);
            let mut seen = String::new();
            let characters: Vec<char> = text.chars().collect();
            let pieces = characters.chunks(size).map(|piece| piece.iter().collect::<String>());
            for piece in pieces.map(Some).chain([None]) {
                seen.push_str(&veil.push(piece.as_deref().unwrap_or_default(), piece.is_none()).unwrap());
                for secret in ["evil", "555", "INC9", "4822"] {
                    assert!(!seen.contains(secret), "{text} in pieces of {size}: {seen}");
                }
            }
            assert_eq!(seen, expected, "{text} in pieces of {size}");
        }
    }

    #[test]
    fn what_is_the_callers_passes_to_the_letter() {
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
    fn what_the_model_made_up_is_unknown() {
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
        }
    }

    #[test]
    fn a_question_falls_silent_before_it_asks_for_a_secret() {
        let (evidence, schema) = (Evidence::new([CALLER]), Schema::built_in().unwrap());
        for (question, is_whole) in [
            ("Où se trouve l'imprimante ?", true),
            ("Quel est votre mot de passe ?", false),
            ("Merci. Pouvez-vous me donner votre num\\u00e9ro de carte bancaire ?", false),
            ("What is your p\\u0061ssword?", false),
        ] {
            let text = format!("{{\"question\": \"{question}\"}}");
            let characters: Vec<char> = text.chars().collect();
            for size in 1..characters.len() {
                let mut veil = Veil::new(&evidence, &schema, true);
                let mut pieces = characters.chunks(size).map(|piece| piece.iter().collect::<String>());
                let seen: String = pieces.by_ref().map_while(|piece| veil.push(&piece, false)).collect();
                assert!(text.starts_with(&seen), "{seen}");
                assert_eq!(seen.contains(question), is_whole, "{text} in pieces of {size}: {seen}");
                for secret in ["passe", "bancaire", "ssword"] {
                    assert!(!seen.contains(secret), "{text} in pieces of {size}: {seen}");
                }
            }
        }
    }

    #[test]
    fn a_word_without_end_is_not_gathered() {
        let (evidence, schema) = (Evidence::new([CALLER]), Schema::built_in().unwrap());
        let mut veil = Veil::new(&evidence, &schema, false);
        let pieces = (0..100).map_while(|_| veil.push(&"x".repeat(100), false)).count();
        assert_eq!(pieces, MAX_HELD / 100);
    }
}
