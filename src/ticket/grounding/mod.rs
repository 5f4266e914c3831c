//! Grounding: identifiers in a model's answer must come from the caller's texts.
//!
//! Words may be paraphrased and are not checked. An e-mail address, phone number, URL or reference that does not occur
//! in the caller's texts is replaced by [`UNKNOWN`]. A value that reveals a secret is replaced as a whole.

mod evidence;
mod fragments;
mod identifiers;
mod secrets;
#[cfg(test)]
mod tests;

use super::kinds::FieldKind;
use super::read::Draft;
use super::schema::{Schema, UNKNOWN};

pub use evidence::Evidence;
pub use secrets::{Instructions, MIN_TOKEN_CHARS, Secrets};

use crate::text::{fold_words, split_words};
use fragments::{Fragment, FragmentKind, fragments, is_label};

/// Fewest digits of a number that identifies something: shorter ones are years, rooms, amounts.
const REFERENCE_DIGITS: usize = 5;

/// Most passes over a text: only a hostile one needs more than two.
const MAX_ROUNDS: usize = 4;

/// Replaces in a draft the identifiers that the caller's texts do not support, and the values that reveal a secret.
///
/// Values that the schema lists stay. A field that is changed and not emptied joins [`Draft::normalised`]. Only the
/// model's text is searched, so that a caller cannot empty a field.
pub fn ground(schema: &Schema, draft: &mut Draft, evidence: &Evidence, secrets: &Secrets) {
    for field in &schema.fields {
        let Some(value) = draft.values.get_mut(&field.name) else { continue };
        let Some(grounded) = field.kind.ground(value, evidence, secrets) else { continue };
        let is_filled = grounded != UNKNOWN;
        *value = grounded;
        if is_filled && !draft.normalised.contains(&field.name) {
            draft.normalised.push(field.name.clone());
        }
    }
}

/// Whether a number identifies something, and the caller did not write it.
pub(super) fn is_unsupported_reference(number: &str, evidence: &Evidence) -> bool {
    let digits: Vec<&str> = split_words(number).collect();
    let is_reference = digits.iter().map(|group| group.len()).sum::<usize>() >= REFERENCE_DIGITS;
    is_reference && !evidence.identifiers().has_run(&digits)
}

/// Replaces every e-mail address, phone number, URL and reference that the caller did not write by [`UNKNOWN`]; and the
/// whole text if nothing else is left of it, or if it reveals a secret.
///
/// Only folded letters and digits are compared, of phone numbers the last nine digits.
///
/// ```
/// use support_ticket_ai::ticket::{Evidence, Secrets, ground_text};
/// let evidence = Evidence::new(["Erreur sur INC 12345, rappelez-moi au 06 12 34 56 78"]);
/// let ground = |text| ground_text(text, &evidence, &Secrets::default());
/// assert_eq!(ground("Incident INC-12345, tél. +33612345678"), "Incident INC-12345, tél. +33612345678");
/// assert_eq!(ground("Incident INC-99999"), "Incident [INCONNU]");
/// assert_eq!(ground("support@example.com"), "[INCONNU]");
/// ```
pub fn ground_text(text: &str, evidence: &Evidence, secrets: &Secrets) -> String {
    if secrets.are_in(text, evidence) {
        return UNKNOWN.to_owned();
    }
    let Some(grounded) = ground_fragments(text, evidence) else { return text.to_owned() };
    let is_empty = !grounded.replace(UNKNOWN, "").contains(char::is_alphanumeric);
    if is_empty { UNKNOWN.to_owned() } else { grounded }
}

/// The text with every unsupported fragment replaced, also those that a replacement uncovers; `None` if it has none.
///
/// A part of a text must begin and end where no fragment can.
pub fn ground_fragments(text: &str, evidence: &Evidence) -> Option<String> {
    let mut grounded = replaced(text, evidence)?;
    // The rest may turn out to be an address: `ABC123/evil.example/login`.
    for _ in 1..MAX_ROUNDS {
        let Some(next) = replaced(&grounded, evidence) else { break };
        grounded = next;
    }
    Some(grounded)
}

/// The text with every unsupported fragment replaced; `None` if it has none.
fn replaced(text: &str, evidence: &Evidence) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut copied = 0;
    for fragment in fragments(text).into_iter().filter(|fragment| !is_grounded(text, fragment, evidence)) {
        let between = text.get(copied..fragment.range.start).unwrap_or_default();
        // Adjacent fragments become one unknown.
        if between.contains(char::is_alphanumeric) || !out.ends_with(UNKNOWN) {
            out.push_str(between);
            out.push_str(UNKNOWN);
        }
        copied = fragment.range.end;
    }
    out.push_str(text.get(copied..).unwrap_or_default());
    (copied > 0).then_some(out)
}

fn is_grounded(text: &str, fragment: &Fragment, evidence: &Evidence) -> bool {
    let written = text.get(fragment.range.clone()).unwrap_or_default();
    match fragment.kind {
        FragmentKind::Address => evidence.identifiers().has_address(written),
        FragmentKind::Number => {
            let folded = fold_words(written);
            let groups: Vec<&str> = split_words(&folded).collect();
            evidence.identifiers().has_run(&groups) || evidence.identifiers().has_phone(&groups.concat())
        }
        FragmentKind::Token => {
            let folded = fold_words(written);
            let parts: Vec<&str> = split_words(&folded).collect();
            evidence.identifiers().has_run(&parts) || is_decorated(&parts, evidence)
        }
    }
}

/// Whether a token is one of the caller's references with labels (`REF-12345`) or other words of the caller's.
fn is_decorated(parts: &[&str], evidence: &Evidence) -> bool {
    let (numbered, plain): (Vec<&str>, Vec<&str>) =
        parts.iter().partition(|part| part.contains(|c: char| c.is_ascii_digit()));
    numbered.len() == 1
        && evidence.identifiers().has_run(&numbered)
        && plain.iter().all(|part| is_label(part) || evidence.has_word(part))
}
