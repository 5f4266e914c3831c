//! What of a model's text is shown while it is being written.

use std::cell::RefCell;

use super::Sink;
use super::veil::Veil;
use crate::privacy::Restorer;
use crate::text::{fold, json_glyphs};
use crate::ticket::MIN_TOKEN_CHARS;

/// Letters and digits of an instruction's line by which it is recognised: more than any two sentences share by chance.
const RECOGNISED_BY: usize = 32;
/// Longest text that waits for the rest of a secret, in bytes: whoever writes more between its letters tells nothing.
const MAX_HELD: usize = 4_096;

/// A sink that puts private data back, falls silent where a model recites what must stay inside, and lets identifiers
/// through only where they are the caller's own.
///
/// Text is held back only while it may still become a placeholder, a secret or an identifier. The ticket that follows is
/// read from the whole answer, so that silence costs the caller nothing but the sight of it.
pub(super) struct Shown<'a, S> {
    sink: &'a S,
    state: RefCell<State<'a>>,
}

struct State<'a> {
    restorer: Option<Restorer>,
    /// Folded letters and digits, so that no spelling hides one.
    secrets: Vec<Vec<char>>,
    held: String,
    veil: Veil<'a>,
    is_silent: bool,
}

impl<'a, S: Sink> Shown<'a, S> {
    /// `instructions` are recognised line by line, each of `secrets` whole.
    pub(super) fn new(
        sink: &'a S,
        restorer: Option<Restorer>,
        veil: Veil<'a>,
        instructions: &str,
        secrets: &[&str],
    ) -> Self {
        let starts = instructions.lines().map(squashed).filter(|line| line.len() >= RECOGNISED_BY).map(|mut line| {
            line.truncate(RECOGNISED_BY);
            line
        });
        let secrets = secrets.iter().map(|secret| squashed(secret)).filter(|secret| secret.len() >= MIN_TOKEN_CHARS);
        let state = State {
            restorer,
            secrets: if sink.listens() { starts.chain(secrets).collect() } else { Vec::new() },
            held: String::new(),
            veil,
            is_silent: !sink.listens(),
        };
        Self { sink, state: RefCell::new(state) }
    }

    /// Shows what was held back, once the text has ended.
    pub(super) fn finish(&self) {
        let rest = {
            let mut state = self.state.borrow_mut();
            let last = state.restorer.take().map(Restorer::finish).unwrap_or_default();
            state.show(&last, true)
        };
        self.sink.delta(&rest);
    }
}

impl<S: Sink> Sink for Shown<'_, S> {
    fn listens(&self) -> bool {
        self.sink.listens()
    }

    fn delta(&self, text: &str) {
        let shown = {
            let mut state = self.state.borrow_mut();
            let restored = state.restorer.as_mut().map(|restorer| restorer.push(text));
            state.show(restored.as_deref().unwrap_or(text), false)
        };
        self.sink.delta(&shown);
    }

    fn has_written(&self) -> bool {
        self.sink.has_written()
    }
}

impl State<'_> {
    /// Takes the next text and gives what of it, and of what was held back, may be shown.
    fn show(&mut self, text: &str, is_end: bool) -> String {
        if self.is_silent {
            return String::new();
        }
        let (settled, is_secret) = self.settle(text, is_end);
        let shown = self.veil.push(&settled, is_end || is_secret);
        self.is_silent = is_secret || shown.is_none() || self.held.len() > MAX_HELD;
        shown.unwrap_or_default()
    }

    /// The text up to a secret, and whether there is one; without, up to what may still become one.
    fn settle(&mut self, text: &str, is_end: bool) -> (String, bool) {
        self.held.push_str(text);
        let glyphs = json_glyphs(&self.held, is_end);
        let mut starts = Vec::with_capacity(glyphs.len());
        let mut letters = Vec::with_capacity(glyphs.len());
        for glyph in &glyphs {
            let known = letters.len();
            push_squashed(glyph.c, &mut letters);
            starts.extend((known..letters.len()).map(|_| glyph.start));
        }
        let found = self.secrets.iter().filter_map(|secret| letters.windows(secret.len()).position(|w| w == secret));
        if let Some(at) = found.min() {
            self.held.truncate(starts.get(at).copied().unwrap_or_default());
            return (std::mem::take(&mut self.held), true);
        }
        let may_grow =
            self.secrets.iter().map(|secret| overlap(&letters, secret)).max().filter(|_| !is_end).unwrap_or(0);
        let whole = glyphs.last().map_or(0, |last| last.end());
        let from = starts.get(letters.len() - may_grow).copied().unwrap_or(whole);
        let held = self.held.split_off(from);
        (std::mem::replace(&mut self.held, held), false)
    }
}

/// The folded letters and digits of a text.
fn squashed(text: &str) -> Vec<char> {
    let mut letters = Vec::with_capacity(text.len());
    text.chars().for_each(|c| push_squashed(c, &mut letters));
    letters
}

fn push_squashed(c: char, letters: &mut Vec<char>) {
    if c.is_ascii() {
        letters.extend(c.is_ascii_alphanumeric().then(|| c.to_ascii_lowercase()));
    } else {
        letters.extend(fold(c.encode_utf8(&mut [0; 4])).chars().filter(|c| c.is_alphanumeric()));
    }
}

/// Letters of the longest end of a text that `secret` starts with and goes beyond.
fn overlap(letters: &[char], secret: &[char]) -> usize {
    let most = letters.len().min(secret.len().saturating_sub(1));
    (1..=most).rev().find(|count| letters.ends_with(secret.get(..*count).unwrap_or_default())).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service::tests::Listener;
    use crate::ticket::{Evidence, Schema};

    const KEY: &str = "sk-Secret-9f1d";
    const FENCE: &str = "=====0123456789abcdef=====";

    fn shown<'a>(listener: &'a Listener, veil: Veil<'a>) -> Shown<'a, Listener> {
        let instructions = "Tu es l'agent d'accueil d'un support technique.\nRègle 1.";
        Shown::new(listener, None, veil, instructions, &[FENCE, KEY, "court"])
    }

    fn check(text: &str, expected: &str) {
        let (evidence, schema) = (Evidence::new(["x"]), Schema::built_in().unwrap());
        for size in 1..8 {
            let listener = Listener::default();
            let shown = shown(&listener, Veil::new(&evidence, &schema, false));
            for piece in text.chars().collect::<Vec<_>>().chunks(size) {
                shown.delta(&piece.iter().collect::<String>());
            }
            shown.finish();
            assert_eq!(listener.0.into_inner(), expected, "{text:?} in pieces of {size}");
        }
    }

    #[test]
    fn secrets_are_never_shown_however_they_are_split_or_spelt() {
        check("{\"titre\": \"été\"}", "{\"titre\": \"été\"}");
        check("a sk-Secret-9f1d b", "a ");
        check("a s.k.s e c r e t 9 F 1 d b", "a ");
        check("a sk\\u002dSecr\\u0065t-9f1d b", "a ");
        check("a sk-secre b court sk", "a sk-secre b court sk");
        check(FENCE, "=====");
        check("Voici : Tu es l'agent d'accueil d'un support technique. Règle 1.", "Voici : ");
        check("Tu es l'agent de Lyon", "Tu es l'agent de Lyon");
    }

    #[test]
    fn what_cannot_become_a_secret_is_shown_with_the_next_word() {
        let (evidence, schema) = (Evidence::new(["x"]), Schema::built_in().unwrap());
        let listener = Listener::default();
        let shown = shown(&listener, Veil::new(&evidence, &schema, false));
        shown.delta("abc def s");
        assert_eq!(*listener.0.borrow(), "abc def");
        shown.delta("o ");
        assert_eq!(*listener.0.borrow(), "abc def so");
    }

    #[test]
    fn a_secret_is_not_waited_for_without_end() {
        let (evidence, schema) = (Evidence::new(["x"]), Schema::built_in().unwrap());
        let listener = Listener::default();
        let shown = shown(&listener, Veil::new(&evidence, &schema, false));
        shown.delta(&format!("a s{}", ".".repeat(MAX_HELD)));
        shown.delta("o b c");
        assert_eq!(*listener.0.borrow(), "a");
    }
}
