//! Free text.

use serde_json::{Value, json};

use super::{BesideName, FieldKind, FromProperty, KindDocs, Recognition, or_unknown};
use crate::text::{fold_words, is_stop_word, singular, split_words, tidy, truncate};
use crate::ticket::confidence::Confidence;
use crate::ticket::grounding::{Evidence, Secrets, ground_text};
use crate::ticket::read::{matching, means_unknown, scalar, text_means_unknown};
use crate::ticket::schema::{DEFAULT_MAX_LENGTH, Extract, MAX_MAX_LENGTH, Property, SchemaError, UNKNOWN};

/// Longest `maxLength`, in characters, of values on one line: a title or a place, not a description.
const ONE_LINE: usize = 200;
/// Least share of words in the caller's text for high confidence.
const HIGH_SHARE: f64 = 0.75;
/// The same for medium confidence: a paraphrase.
const MEDIUM_SHARE: f64 = 0.4;

/// A property with `"type": "string"` and no `enum`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// Longest value, in characters.
    pub max_length: usize,
    /// `x-values`: known values that the text is matched to, such as sites.
    pub known_values: Vec<String>,
}

impl FromProperty for Text {
    const DOCS: KindDocs = KindDocs {
        name: "text",
        examples: &[("site", r#"{"type": "string", "maxLength": 100, "x-values": ["Lyon", "Paris"]}"#)],
        confidence: ["at least 3/4 of its words occur in the customer's words", "at least 2/5", "fewer"],
    };
    const TYPES: &'static [&'static str] = &["string"];
    const KEYWORDS: &'static [&'static str] = &["minLength", "maxLength"];
    const EXTENSIONS: &'static [(&'static str, &'static str)] =
        &[("x-values", "only a string without an \"enum\" has known values")];

    fn applies_to(_: &Property<'_>) -> bool {
        true
    }

    fn parse(property: &Property<'_>) -> Result<Self, SchemaError> {
        let max_length = max_length(property)?.unwrap_or(DEFAULT_MAX_LENGTH);
        let known_values =
            if property.has("x-values") { property.distinct_texts("x-values", max_length)? } else { Vec::new() };
        Ok(Self { max_length, known_values })
    }
}

/// `maxLength` of a string, in characters.
pub(super) fn max_length(property: &Property<'_>) -> Result<Option<usize>, SchemaError> {
    let length = |keyword: &str| match property.get(keyword) {
        None => Ok(None),
        Some(value) => match value.as_u64().and_then(|n| usize::try_from(n).ok()) {
            Some(n) if n <= MAX_MAX_LENGTH => Ok(Some(n)),
            _ => property.error(keyword, format!("must be a whole number from 0 to {MAX_MAX_LENGTH}")),
        },
    };
    // A value is never blank, so 1 always holds; larger minimums are not enforced, and refused.
    if length("minLength")?.is_some_and(|minimum| minimum > 1) {
        return property.error("minLength", "must be 0 or 1");
    }
    match length("maxLength")? {
        Some(0) => property.error("maxLength", "must be at least 1"),
        maximum => Ok(maximum),
    }
}

impl FieldKind for Text {
    fn model_schema(&self) -> Value {
        let schema = json!({"type": "string", "maxLength": self.max_length});
        // A text field takes the unknown value anyway, unless it is too short.
        if self.max_length < UNKNOWN.len() { or_unknown(&schema) } else { schema }
    }

    fn max_chars(&self) -> usize {
        self.max_length
    }

    fn description(&self) -> String {
        format!("texte, {} caractères au plus", self.max_length)
    }

    fn expectation(&self) -> String {
        format!("un texte d'au plus {} caractères", self.max_length)
    }

    fn listed(&self) -> Vec<&str> {
        self.known_values.iter().map(String::as_str).collect()
    }

    fn accepts(&self, value: &Value) -> bool {
        value.as_str().is_some_and(|text| text.chars().count() <= self.max_length)
    }

    /// Accepts numbers, booleans, and lists, which are joined. Removes control and invisible characters, makes full-width
    /// letters plain, cuts the text after `max_length` characters at a word's end, and finds the known value it means.
    fn read(&self, value: &Value) -> Option<Value> {
        let text = match value {
            Value::Array(items) => {
                let said = items.iter().filter(|item| !means_unknown(item));
                said.map(scalar).collect::<Option<Vec<_>>>()?.join(", ")
            }
            value => scalar(value)?,
        };
        let text = tidy(&text, self.max_length > ONE_LINE);
        let text = truncate(&text, self.max_length);
        let text = if text_means_unknown(text) { UNKNOWN } else { text };
        let known = matching::known(text, self.known_values.iter().map(String::as_str));
        Some(Value::from(known.unwrap_or(text)))
    }

    /// Replaces identifiers that are not the caller's. Known values come from the schema and stay.
    fn ground(&self, value: &Value, evidence: &Evidence, secrets: &Secrets) -> Option<Value> {
        let text = value.as_str().filter(|text| *text != UNKNOWN && !self.known_values.iter().any(|v| v == text))?;
        let grounded = ground_text(text, evidence, secrets);
        (grounded != text).then(|| Value::from(bounded(&grounded, self.max_length)))
    }

    /// Words are compared folded, in singular or plural, with one typing mistake in five letters or more; articles,
    /// pronouns, prepositions and single letters do not count.
    fn confidence<'v>(&self, value: &Value, evidence: &Evidence, _: impl Fn() -> Option<&'v Value>) -> Confidence {
        let folded = fold_words(&value.as_str().unwrap_or_default().replace(UNKNOWN, " "));
        let (mut all, mut said) = (0_u32, 0_u32);
        let counts =
            |word: &&str| !is_stop_word(word) && (singular(word).len() > 1 || word.bytes().all(|b| b.is_ascii_digit()));
        for word in split_words(&folded).filter(counts) {
            all += 1;
            said += u32::from(evidence.has_word_like(word));
        }
        if all == 0 {
            return Confidence::Medium;
        }
        match f64::from(said) / f64::from(all) {
            share if share >= HIGH_SHARE => Confidence::High,
            share if share >= MEDIUM_SHARE => Confidence::Medium,
            _ => Confidence::Low,
        }
    }

    fn needs_second_opinion(&self) -> bool {
        false
    }

    fn extracts(&self, extract: Extract) -> bool {
        extract != Extract::Priority
    }

    fn recognition(&self) -> Recognition<'_> {
        Recognition::Text { max_length: self.max_length, known_values: &self.known_values }
    }

    fn beside_name(&self, text: &impl BesideName) -> Option<Value> {
        text.text().map(Value::from).filter(|text| self.accepts(text))
    }
}

/// At most `max` characters, without a piece of [`UNKNOWN`] at the end.
fn bounded(text: &str, max: usize) -> &str {
    let cut = truncate(text, max);
    if cut.len() == text.len() {
        return cut;
    }
    let whole = match cut.rfind('[') {
        Some(at) if cut.get(at..).is_some_and(|end| UNKNOWN.starts_with(end) && end != UNKNOWN) => {
            cut.get(..at).unwrap_or_default().trim_end()
        }
        _ => cut,
    };
    if whole.is_empty() { UNKNOWN } else { whole }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{check, check_phrases, some};
    use crate::ticket::UNKNOWN;
    use serde_json::json;

    #[test]
    fn known_values_are_found_in_free_text() {
        let means = |text: &str, value: &str| (json!(text), some(value));
        check(
            json!({"type": "string", "x-values": ["Lyon Part-Dieu", "Marseille", "Tours", "Saint-Étienne", "Paris"]}),
            &[
                means("Marseille", "Marseille"),
                means("MARSEILLE", "Marseille"),
                means("Marseile", "Marseille"),
                means("à Marseille", "Marseille"),
                means("site de Marseile", "Marseille"),
                means("agence de Saint Etienne, 2e étage", "Saint-Étienne"),
                means("lyon part dieu", "Lyon Part-Dieu"),
                // No match: a part of a name, an everyday word one letter away, two names, a negated one.
                means("Lyon", "Lyon"),
                means("en panne depuis 3 jours", "en panne depuis 3 jours"),
                means("Paris et Marseille", "Paris et Marseille"),
                means("pas à Marseille", "pas à Marseille"),
                means("Bureau 204", "Bureau 204"),
            ],
        );
        check(json!({"type": "string", "x-values": ["N/A"]}), &[means("n/a", "N/A")]);
    }

    #[test]
    fn texts_are_cleaned_and_cut() {
        check(
            json!({"type": "string", "maxLength": 20}),
            &[
                (json!("Écran noir"), some("Écran noir")),
                (json!("  Écran \u{200b}\t noir\u{7}\n"), some("Écran noir")),
                (json!("ligne 1\nligne 2"), some("ligne 1 ligne 2")),
                (json!("une imprimante en panne"), some("une imprimante en")),
                (json!("e\u{202e}tage"), some("etage")),
                (json!(12), some("12")),
                (json!(1.5), some("1.5")),
                (json!(true), some("true")),
                (json!(["a", "b", 3, null]), some("a, b, 3")),
                (json!(["a"]), some("a")),
                (json!([]), some(UNKNOWN)),
                (json!([null, ""]), some(UNKNOWN)),
                (json!({"a": 1}), None),
                (json!([["a"], "b"]), None),
            ],
        );
        check(
            json!({"type": "string", "maxLength": 1000}),
            &[
                (json!("ligne 1\r\n\r\n\r\n  ligne 2 \nligne 3"), some("ligne 1\n\nligne 2\nligne 3")),
                (json!("ligne 1\n\nligne 2"), some("ligne 1\n\nligne 2")),
                (json!("a\u{2028}b\rc"), some("a\nb\nc")),
            ],
        );
    }

    #[test]
    fn phrases() {
        let schema = json!({"type": "string", "maxLength": 20});
        check_phrases(schema, "texte, 20 caractères au plus", "un texte d'au plus 20 caractères");
    }
}
