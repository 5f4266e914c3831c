//! Decides whether a model's question may be put to a customer.
//!
//! A customer's text can make a model ask anything. A model's question is used if it is one short question about the
//! missing field, asks for nothing confidential and names nothing that the customer did not. Otherwise the schema's own
//! question is asked, so refusing too much costs little.

mod confidential;
#[cfg(test)]
mod tests;
mod topic;

use std::cmp::Ordering;

pub use topic::Topics;

use serde_json::{Value, json};

use super::grounding::{Evidence, Secrets, ground_text};
use super::read::{NoObject, read_object, without_thoughts};
use super::schema::Field;
use crate::language::{Language, Texts, WordList, in_any, of_all};
use crate::text::{detect, fold, fold_words, name_key, split_words, tidy};

/// The key of the question in a model's object.
const KEY: &str = "question";
/// Longest question, in characters: two lines of a chat.
const MAX_CHARS: usize = 300;
/// Tokens of the longest question: 300 characters at two per token, and the JSON around them.
pub const ANSWER_TOKENS: u32 = 192;
/// Longest answer that is read, in bytes.
const MAX_ANSWER_BYTES: usize = 16 * 1024;
/// Longest lead-in, in characters: « Merci pour ces précisions. »
const MAX_LEAD_CHARS: usize = 120;
/// Most nested labels and quotes around a question.
const MAX_WRAPPINGS: usize = 4;
/// Most sentences before the question.
const MAX_LEAD_SENTENCES: usize = 2;
/// Most words of a label: « Voici ma question de suivi : ».
const MAX_LABEL_WORDS: usize = 6;
/// Most words of a sentence that only thanks.
const MAX_THANKS_WORDS: usize = 6;
/// Most clauses of a request: « Veuillez préciser le site, s'il vous plaît. »
const MAX_REQUESTS: usize = 2;

/// The JSON Schema of a model's answer.
pub fn model_schema() -> Value {
    json!({
        "type": "object",
        "properties": {KEY: {"type": "string", "maxLength": MAX_CHARS}},
        "required": [KEY],
        "additionalProperties": false,
    })
}

/// The question in a model's answer, without wrapping, if it may be asked; `None` to ask the field's own.
///
/// It must be one question, or one request without a question mark, of at most 300 characters after at most two short
/// sentences; in `language`'s language, in Latin letters, without markup; it must not ask for a password, code, card,
/// account or other secret, nor name an e-mail address, phone number, URL or reference that the caller did not write,
/// nor reveal a secret. `{"question": …}`, thoughts, labels, quotes and emphasis around it are removed.
///
/// ```
/// use support_ticket_ai::language::Language;
/// use support_ticket_ai::ticket::{Evidence, Secrets, question};
/// let accept = |text| question::accept(text, Language::Fr, &Evidence::default(), &Secrets::default());
/// assert_eq!(accept("Question : « À quel étage êtes-vous ? »").as_deref(), Some("À quel étage êtes-vous ?"));
/// assert_eq!(accept("Quel est votre mot de passe ?"), None);
/// assert_eq!(accept("Depuis quand votre mot de passe est-il refusé ?").is_some(), true);
/// ```
pub fn accept(answer: &str, language: Language, evidence: &Evidence, secrets: &Secrets) -> Option<String> {
    let answer = Some(answer).filter(|answer| answer.len() <= MAX_ANSWER_BYTES)?;
    let text = match read_object(answer, &[KEY]) {
        // Other keys may hold the model's thoughts.
        Ok(object) => object.iter().find(|(key, _)| name_key(key) == KEY)?.1.as_str()?.to_owned(),
        Err(NoObject::CutOff) => return None,
        Err(NoObject::Absent | NoObject::Foreign) => without_thoughts(answer).to_owned(),
    };
    let text = unwrapped(&text)?;
    let is_allowed = text.chars().nth(MAX_CHARS).is_none()
        && split_words(&fold_words(&text)).nth(1).is_some()
        && is_plain(&text)
        && asked(&text).is_some()
        && is_in(language, &text)
        && !confidential::asks_for_secret(&text)
        && ground_text(&text, evidence, secrets) == text;
    is_allowed.then_some(text)
}

/// Whether an accepted question is about `field` and no other, judged by the schema's words for them.
///
/// ```
/// use support_ticket_ai::language::Language;
/// use support_ticket_ai::ticket::Schema;
/// use support_ticket_ai::ticket::question::{Topics, is_about};
/// let schema = Schema::built_in().unwrap();
/// let topics = Topics::new(&schema, Language::Fr);
/// let place = schema.fields.iter().find(|field| field.name == "localisation").unwrap();
/// assert!(is_about("À quel étage êtes-vous ?", place, &topics));
/// assert!(!is_about("De quelle marque est-ce ?", place, &topics));
/// ```
pub fn is_about(question: &str, field: &Field, topics: &Topics) -> bool {
    asked(question).is_some_and(|asked| topics.is_about(asked, field))
}

/// Whether the beginning of a question may be shown while the rest is being written: it is not too long and asks for
/// nothing confidential so far.
pub fn may_show(beginning: &str) -> bool {
    beginning.chars().nth(2 * MAX_CHARS).is_none() && !confidential::asks_for_secret(beginning)
}

/// One line without labels, quotes and emphasis; `None` for a list or for too many of them.
fn unwrapped(text: &str) -> Option<String> {
    let text = tidy(text, true);
    let is_item = |line: &&str| {
        let line = line.trim_start_matches(|c: char| c.is_ascii_digit());
        line.starts_with(['-', '*', '•', '–', ')']) || line.starts_with(". ")
    };
    if text.lines().filter(is_item).count() > 1 {
        return None;
    }
    let text = tidy(&text.replace("**", ""), false);
    let mut rest = text.trim();
    // Each round removes one label and one pair of quotes. What is wrapped more deeply is no question.
    for _ in 0..=MAX_WRAPPINGS {
        let inner = unquoted(unlabelled(rest)).trim();
        if inner == rest {
            return Some(rest.to_owned());
        }
        rest = inner;
    }
    None
}

fn unlabelled(text: &str) -> &str {
    let text = text.strip_prefix(['-', '•', '–']).unwrap_or(text).trim_start();
    let digits = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let text =
        if digits.len() < text.len() { digits.strip_prefix([')', '.']).unwrap_or(text) } else { text }.trim_start();
    let Some((label, rest)) = text.split_once(':') else { return text };
    let folded = fold_words(label);
    let is_label = split_words(&folded).count() <= MAX_LABEL_WORDS
        && split_words(&folded).any(|word| in_any(word, |texts| texts.questions.labels))
        && !label.contains(['?', '.'])
        && !split_words(&folded).any(|word| in_any(word, |texts| texts.questions.never_labels));
    if is_label { rest.trim_start() } else { text }
}

fn unquoted(text: &str) -> &str {
    [('"', '"'), ('«', '»'), ('“', '”'), ('\'', '\''), ('‘', '’'), ('`', '`'), ('*', '*'), ('_', '_')]
        .into_iter()
        .find_map(|(open, close)| text.strip_prefix(open)?.strip_suffix(close))
        .unwrap_or(text)
}

/// Whether a text is prose in Latin letters: no markup, no code, no letters that look like others.
fn is_plain(text: &str) -> bool {
    let folded = fold(text);
    let no_markup = !text.contains(['{', '}', '<', '>', '[', ']', '|', '\\', '`', '=', '*', '_', '~', '^', '\n']);
    let no_heading = text.split('#').skip(1).all(|after| after.starts_with(|c: char| c.is_ascii_digit()));
    no_markup && no_heading && folded.chars().all(|c| c.is_ascii() || !c.is_alphanumeric())
}

/// The last sentence of a text, from the request on, if the text asks once and ends there or with thanks.
fn asked(text: &str) -> Option<&str> {
    let (mut sentences, marked) = match text.split_once('?') {
        Some((asked, after)) if !after.contains(|c: char| c == '?' || c.is_alphanumeric()) || is_thanks(after) => {
            (sentences(asked), true)
        }
        Some(_) => return None,
        None => (sentences(text), false),
    };
    if !marked && sentences.last().is_some_and(|last| is_thanks(last)) {
        sentences.pop();
    }
    let (asked, lead) = sentences.split_last()?;
    let lead_chars: usize = lead.iter().map(|sentence| sentence.chars().count()).sum();
    if lead.len() > MAX_LEAD_SENTENCES || lead_chars > MAX_LEAD_CHARS {
        return None;
    }
    if marked { Some(asked) } else { request(asked) }
}

/// The sentences that contain letters or digits; a mark and a blank end a sentence.
fn sentences(text: &str) -> Vec<&str> {
    let mut sentences = Vec::new();
    let mut start = 0;
    let mut marked = false;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        if (marked && c.is_whitespace()) || at == text.len() {
            sentences.push(text.get(start..at).unwrap_or_default());
            start = at;
        }
        marked = matches!(c, '.' | '!' | '…');
    }
    sentences.retain(|sentence| sentence.contains(char::is_alphanumeric));
    sentences
}

/// Whether a sentence only thanks: « Merci d'avance. », not « Merci de préciser. »
fn is_thanks(sentence: &str) -> bool {
    if sentence.contains('?') {
        return false;
    }
    begins_with(sentence, |texts| texts.questions.thanks_in_advance)
        || (begins_with(sentence, |texts| texts.questions.thanks)
            && !begins_with(sentence, |texts| texts.questions.requests)
            && split_words(&fold_words(sentence)).nth(MAX_THANKS_WORDS).is_none())
}

/// Whether the first words of a text are in a list.
fn begins_with(text: &str, list: impl Fn(&Texts) -> WordList) -> bool {
    let folded = fold_words(text);
    of_all(list).any(|phrase| {
        let mut words = split_words(&folded);
        phrase.split(' ').all(|part| words.next() == Some(part))
    })
}

/// The sentence from its first clause that begins like a request; `None` if too many clauses do.
fn request(sentence: &str) -> Option<&str> {
    let starts = sentence.match_indices([',', ':', ';']).map(|(at, mark)| at + mark.len());
    let clauses = std::iter::once(0).chain(starts).filter_map(|at| sentence.get(at..));
    let mut requests = clauses.filter(|rest| {
        let clause = rest.split([',', ':', ';']).next().unwrap_or_default();
        begins_with(clause, |texts| texts.questions.requests)
    });
    let first = requests.next()?;
    (requests.count() < MAX_REQUESTS).then_some(first)
}

/// Whether a question is in a language, judged by the words of questions in one language only, then by all its words.
fn is_in(language: Language, question: &str) -> bool {
    let folded = fold_words(question);
    let count = |of: Language| split_words(&folded).filter(|word| of.texts().questions.distinctive.has(word)).count();
    let others = Language::ALL.into_iter().filter(|other| *other != language).map(count).max().unwrap_or_default();
    match count(language).cmp(&others) {
        Ordering::Greater => true,
        Ordering::Less => false,
        Ordering::Equal => detect(question).is_none_or(|detected| detected == language),
    }
}
