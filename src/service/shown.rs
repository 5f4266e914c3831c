//! What of a model's text is shown while it is being written.

use std::cell::RefCell;

use super::Sink;
use crate::privacy::Restorer;

/// Characters of an instruction's line by which it is recognised: more than any two sentences share by chance.
const RECOGNISED_BY: usize = 32;

/// A sink that puts private data back and falls silent where a model recites what must stay inside.
///
/// Text is held back only while it may still become a placeholder or a secret. The ticket that follows is read from
/// the whole answer, so that silence costs the caller nothing but the sight of it.
pub(super) struct Shown<'a, S> {
    sink: &'a S,
    state: RefCell<State>,
}

struct State {
    restorer: Option<Restorer>,
    secrets: Vec<String>,
    held: String,
    is_silent: bool,
}

impl<'a, S: Sink> Shown<'a, S> {
    /// `instructions` are recognised line by line, each of `secrets` whole.
    pub(super) fn new(sink: &'a S, restorer: Option<Restorer>, instructions: &str, secrets: &[&str]) -> Self {
        // Where nobody listens nothing is shown, and nothing needs recognising.
        let instructions = if sink.listens() { instructions } else { "" };
        let starts = instructions.lines().filter_map(|line| {
            let line = line.trim();
            let end = line.char_indices().nth(RECOGNISED_BY).map(|(at, _)| at)?;
            line.get(..end).map(str::to_owned)
        });
        let secrets = secrets.iter().filter(|secret| !secret.is_empty()).map(|secret| (*secret).to_owned());
        let state = State { restorer, secrets: starts.chain(secrets).collect(), held: String::new(), is_silent: false };
        Self { sink, state: RefCell::new(state) }
    }

    /// Shows what was held back, once the text has ended.
    pub(super) fn finish(&self) {
        let rest = {
            let mut state = self.state.borrow_mut();
            let last = state.restorer.take().map(Restorer::finish).unwrap_or_default();
            state.admit(&last, true)
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
            state.admit(restored.as_deref().unwrap_or(text), false)
        };
        self.sink.delta(&shown);
    }

    fn has_written(&self) -> bool {
        self.sink.has_written()
    }
}

impl State {
    /// Takes the next text and gives what of it, and of what was held back, may be shown.
    fn admit(&mut self, text: &str, is_end: bool) -> String {
        if self.is_silent {
            return String::new();
        }
        self.held.push_str(text);
        let found = self.secrets.iter().filter_map(|secret| self.held.find(secret.as_str())).min();
        if let Some(at) = found {
            self.is_silent = true;
            self.held.truncate(at);
            return std::mem::take(&mut self.held);
        }
        let keep =
            if is_end { 0 } else { self.secrets.iter().map(|secret| overlap(&self.held, secret)).max().unwrap_or(0) };
        let kept = self.held.split_off(self.held.len() - keep);
        std::mem::replace(&mut self.held, kept)
    }
}

/// Bytes of the longest end of `text` that `secret` starts with.
fn overlap(text: &str, secret: &str) -> usize {
    let start = text.len().saturating_sub(secret.len().saturating_sub(1));
    (start..text.len())
        .filter(|at| text.is_char_boundary(*at))
        .find_map(|at| text.get(at..).filter(|end| secret.starts_with(end)).map(str::len))
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service::tests::Listener;

    fn check(text: &str, expected: &str) {
        let instructions = "Tu es l'agent d'accueil d'un support technique.\nRègle 1.";
        for size in 1..8 {
            let listener = Listener::default();
            let shown = Shown::new(&listener, None, instructions, &["=====cafe=====", "sk-secret"]);
            for piece in text.chars().collect::<Vec<_>>().chunks(size) {
                shown.delta(&piece.iter().collect::<String>());
            }
            shown.finish();
            assert_eq!(listener.0.into_inner(), expected, "{text:?} in pieces of {size}");
        }
    }

    #[test]
    fn secrets_are_never_shown_however_they_are_split() {
        check("{\"titre\": \"été\"}", "{\"titre\": \"été\"}");
        check("a sk-secret b", "a ");
        check("a sk-secre b sk", "a sk-secre b sk");
        check("=====cafe=====", "");
        check("======cafe=====", "=");
        check("Voici : Tu es l'agent d'accueil d'un support technique. Règle 1.", "Voici : ");
        check("Tu es l'agent de Lyon", "Tu es l'agent de Lyon");
    }

    #[test]
    fn what_cannot_become_a_secret_is_shown_at_once() {
        let listener = Listener::default();
        let shown = Shown::new(&listener, None, "", &["sk-secret"]);
        shown.delta("abc s");
        assert_eq!(*listener.0.borrow(), "abc ");
        shown.delta("o");
        assert_eq!(*listener.0.borrow(), "abc so");
    }
}
