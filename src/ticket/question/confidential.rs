//! Whether a question asks a customer to give something confidential away.
//!
//! A question may mention a password (« Avez-vous oublié votre mot de passe ? »), but never ask for it. A question that
//! mentions a secret passes only if no request reaches the mention **and** it is about something else: the secret's
//! state, an action other than telling it, the moment of entering it, or the thing it belongs to. In doubt the question
//! is refused: the schema has another.

use std::ops::Range;

use crate::language::{SecretWords, WordList, in_any, of_all};
use crate::text::{fold, is_one_edit, split_words};

/// Fewest letters of a word that may have a typing mistake.
const MIN_MISSPELT: usize = 4;

/// A word of the question.
struct Word<'a> {
    text: &'a str,
    /// The number of its clause.
    clause: usize,
}

impl Word<'_> {
    fn is(&self, list: impl Fn(&SecretWords) -> WordList) -> bool {
        is_in(self.text, list)
    }
}

fn is_in(text: &str, list: impl Fn(&SecretWords) -> WordList) -> bool {
    in_any(text, |texts| list(&texts.secrets))
}

/// Whether a question asks for a password, a code, a card, an account or another secret.
pub(super) fn asks_for_secret(question: &str) -> bool {
    let plain = undisguised(&fold(question));
    let clauses = plain.split([',', ';', ':', '.', '?', '!', '(', ')', '"']).enumerate();
    let words: Vec<Word<'_>> =
        clauses.flat_map(|(clause, text)| split_words(text).map(move |text| Word { text, clause })).collect();
    let mentions = mentions(&words);
    is_joined(&words, &mentions)
        || is_spelt(&words)
        || mentions.into_iter().any(|mention| is_requested(&words, &mention) || !is_discussed(&words, &mention))
}

/// The text with letters in place of digits and signs that stand for them within a word: `p@ssw0rd`.
fn undisguised(folded: &str) -> String {
    let chars: Vec<char> = folded.chars().collect();
    let is_letter = |at: Option<usize>| at.and_then(|at| chars.get(at)).is_some_and(char::is_ascii_lowercase);
    let plain = |(at, c): (usize, &char)| match c {
        _ if !is_letter(at.checked_sub(1)) && !is_letter(Some(at + 1)) => *c,
        '@' | '4' => 'a',
        '$' | '5' => 's',
        '0' => 'o',
        '1' => 'i',
        '3' => 'e',
        '7' => 't',
        c => *c,
    };
    chars.iter().enumerate().map(plain).collect()
}

/// Whether words that are no mention make a secret when joined: « m.o.t d.e p.a.s.s.e ».
fn is_joined(words: &[Word<'_>], mentions: &[Range<usize>]) -> bool {
    let is_mentioned = |at| mentions.iter().any(|mention| mention.contains(&at));
    let rest: String =
        words.iter().enumerate().map(|(at, word)| if is_mentioned(at) { "|" } else { word.text }).collect();
    of_all(|texts| texts.secrets.joined).any(|secret| rest.contains(secret))
}

/// Whether single letters make a secret: « m.d.p », "p i n".
fn is_spelt(words: &[Word<'_>]) -> bool {
    let mut spelt = words.chunk_by(|a, b| a.text.len() == 1 && b.text.len() == 1).filter(|letters| letters.len() > 2);
    spelt.any(|letters| is_in(&letters.iter().map(|letter| letter.text).collect::<String>(), |list| list.named))
}

/// Where secrets are mentioned, as ranges of words.
fn mentions(words: &[Word<'_>]) -> Vec<Range<usize>> {
    let has = |list: fn(&SecretWords) -> WordList| words.iter().any(|word| word.is(list));
    let is_shown = has(|list| list.shown) && !has(|list| list.authentication);
    let is_hardware = has(|list| list.hardware);
    let is_misspelt =
        |word: &str, part: &str| word.len() >= MIN_MISSPELT && part.len() > MIN_MISSPELT && is_one_edit(word, part);
    let found = words.iter().enumerate().filter_map(|(at, word)| {
        let rest = words.get(at..).unwrap_or_default();
        let named = of_all(|texts| texts.secrets.named).find_map(|secret| length(rest, secret, |_, _| false));
        let misspelt = || of_all(|texts| texts.secrets.misspelt).find_map(|secret| length(rest, secret, is_misspelt));
        let is_secret = (word.is(|list| list.codes) && !is_shown && !is_ordinary_code(words, at))
            || (word.is(|list| list.cards) && !is_hardware);
        let length = named.or_else(misspelt).or(is_secret.then_some(1))?;
        Some(at..at + length)
    });
    found.collect()
}

/// The number of words of `secret`, if `words` begins with all of them, the same or `alike`.
fn length(words: &[Word<'_>], secret: &str, alike: impl Fn(&str, &str) -> bool) -> Option<usize> {
    let mut rest = words.iter();
    let is_same = |part| rest.next().is_some_and(|word| word.text == part || alike(word.text, part));
    secret.split(' ').all(is_same).then(|| words.len() - rest.len())
}

/// Whether the « code » at a word is that of an error, a post office, a product.
fn is_ordinary_code(words: &[Word<'_>], at: usize) -> bool {
    let mut after = words.iter().skip(at + 1).take(3);
    let before = at.checked_sub(1).and_then(|before| words.get(before));
    let noun = after.find(|word| !word.is(|list| list.articles));
    before.into_iter().chain(noun).any(|word| word.is(|list| list.ordinary_codes))
}

/// Whether something in the question asks for the mention itself.
fn is_requested(words: &[Word<'_>], mention: &Range<usize>) -> bool {
    let is_request = |at: &usize| words.get(..=*at).is_some_and(ends_in_request);
    let is_shield = |at: &usize| words.get(*at).is_some_and(|word| word.is(|list| list.shields));
    words.iter().any(|word| word.is(|list| list.revealing))
        || words.last().is_some_and(|word| word.is(|list| list.requests_at_end))
        || (mention.end..words.len()).any(|at| is_request(&at))
        || (0..mention.start).rev().take_while(|at| !is_shield(at)).any(|at| is_request(&at))
}

/// Whether the last of the words asks for something: « donner », "send", but not « vous saisissez », "you enter".
fn ends_in_request(words: &[Word<'_>]) -> bool {
    let [.., word] = words else { return false };
    let (verb, is_of_customer) = match words {
        [.., modal, subject, _] if subject.is(|list| list.you) => (None, !modal.is(|list| list.modals)),
        [subject, _] if subject.is(|list| list.you) => (None, true),
        [.., before, _] => (Some([before.text, word.text].join(" ")), false),
        _ => (None, false),
    };
    let is_verb = word.is(|list| list.requests) || verb.is_some_and(|verb| is_in(&verb, |list| list.requests));
    word.is(|list| list.interrogatives) || (is_verb && !is_of_customer)
}

/// Whether the mention's clause asks about something else than the secret itself.
fn is_discussed(words: &[Word<'_>], mention: &Range<usize>) -> bool {
    let clause = words.get(mention.start).map(|word| word.clause);
    let is_near = |word: &&Word<'_>| Some(word.clause) == clause;
    let before: Vec<_> = words.iter().take(mention.start).rev().take_while(is_near).collect();
    let after: Vec<_> = words.iter().skip(mention.end).take_while(is_near).collect();
    let open = |word: &&&Word<'_>| !word.is(|list| list.barriers);
    let open_to_actions = |word: &&&Word<'_>| open(word) || word.is(|list| list.purposes);
    let owner = before.iter().find(|word| !word.is(|list| list.articles) && !word.is(|list| list.companions));
    let is_by_us = before.iter().any(|word| word.is(|list| list.ourselves));
    after.iter().take_while(open).any(|word| word.is(|list| list.states))
        || (!is_by_us && before.iter().take_while(open_to_actions).any(|word| word.is(|list| list.actions)))
        || (before.iter().any(|word| word.is(|list| list.moments))
            && before.iter().take_while(open).any(|word| word.is(|list| list.entering)))
        || owner.into_iter().chain(after.first()).any(|word| word.is(|list| list.matters))
}
