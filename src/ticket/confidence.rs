//! How far each value of a ticket is borne out by what the caller wrote.
//!
//! No model is asked how sure it is: confidence is what can be counted and explained.

use serde::Serialize;
use serde_json::Value;

use super::grounding::Evidence;
use super::is_missing;
use super::read::Draft;
use super::schema::{Field, Kind, Schema, UNKNOWN};
use super::words::{fold_words, is_stop_word, stem, words};

/// Share of a text's words from which the caller's text bears it out.
const HIGH_SHARE: f64 = 0.75;
/// Share of a text's words from which it is a paraphrase of the caller's.
const MEDIUM_SHARE: f64 = 0.4;

/// How far a value is borne out, from least to most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    /// Little or nothing points to it, or something points elsewhere: a person should look.
    Low,
    /// Plausible, and not proved.
    Medium,
    /// The customer's own words say it.
    High,
}

impl Confidence {
    /// The level's name in lower case, as it is serialised and configured.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }

    /// One level less; low stays low.
    const fn lowered(self) -> Self {
        match self {
            Self::High => Self::Medium,
            Self::Medium | Self::Low => Self::Low,
        }
    }
}

/// The confidence of each filled field, in the schema's order. `local` gives, by the field's name, what the local
/// backend reads out of the same text; it is asked only where that decides, never of a text. `repaired` says whether the
/// model had to be shown its mistakes.
///
/// | field | high | medium | low |
/// | --- | --- | --- | --- |
/// | text | at least 3/4 of its words occur in the caller's text | at least 2/5 | fewer |
/// | choice | its name or one of its keywords occurs, or the local backend chose it too | nothing points anywhere | the local backend chose another |
/// | integer, number | its digits occur, or the local backend read it too | – | otherwise |
/// | boolean | the local backend read it too | it read nothing | it read the opposite |
///
/// Words are compared folded, in singular or plural, with one typing mistake in five letters or more; articles,
/// pronouns, prepositions and single letters do not count, and a text of nothing else is medium. A value that was
/// normalised or partly replaced by [`UNKNOWN`], and every value of a repaired answer, is one level lower.
pub fn confidence<'v>(
    schema: &Schema,
    draft: &Draft,
    evidence: &Evidence,
    local: impl Fn(&str) -> Option<&'v Value>,
    repaired: bool,
) -> Vec<(String, Confidence)> {
    let filled = schema.fields.iter().filter_map(|field| {
        let value = draft.values.get(&field.name).filter(|value| !is_missing(Some(value)))?;
        let second = || local(&field.name).filter(|value| !is_missing(Some(value)));
        let level = of_value(field, value, second, evidence);
        let lowered = repaired || draft.normalised.contains(&field.name);
        Some((field.name.clone(), if lowered { level.lowered() } else { level }))
    });
    filled.collect()
}

/// Lifts what the customer's own words do not bear out by what the desk's lines do as well (`with_desk`, of the same
/// draft): to medium at most, since the customer may have said no to it.
pub fn supplement(own: &mut [(String, Confidence)], with_desk: &[(String, Confidence)]) {
    for ((_, level), (_, with_desk)) in own.iter_mut().zip(with_desk) {
        *level = (*level).max(Confidence::Medium.min(*with_desk));
    }
}

fn of_value<'v>(
    field: &Field,
    value: &Value,
    second: impl Fn() -> Option<&'v Value>,
    evidence: &Evidence,
) -> Confidence {
    match (&field.kind, value) {
        (Kind::Text { .. }, Value::String(text)) => return of_text(text, evidence),
        (Kind::Choice { options }, Value::String(chosen)) => {
            let keywords = options.iter().filter(|option| option.value == *chosen).flat_map(|option| &option.keywords);
            if keywords.chain([chosen]).any(|name| is_named(name, evidence)) {
                return Confidence::High;
            }
        }
        (Kind::Integer { .. } | Kind::Number { .. }, number) => {
            let is_said = evidence.has_phrase(&number.to_string()) || second() == Some(value);
            return if is_said { Confidence::High } else { Confidence::Low };
        }
        // Spelt out, so that a new kind is asked about.
        (Kind::Text { .. } | Kind::Choice { .. } | Kind::Boolean, _) => {}
    }
    match second() {
        Some(second) if second == value => Confidence::High,
        Some(_) => Confidence::Low,
        None => Confidence::Medium,
    }
}

/// Whether a value's name or keyword occurs, a single word also with a typing mistake.
fn is_named(name: &str, evidence: &Evidence) -> bool {
    let folded = fold_words(name);
    let mut words = words(&folded);
    let single = words.next().filter(|_| words.next().is_none());
    evidence.has_phrase(name) || single.is_some_and(|word| evidence.has_word_like(word))
}

fn of_text(text: &str, evidence: &Evidence) -> Confidence {
    let folded = fold_words(&text.replace(UNKNOWN, " "));
    let (mut all, mut said) = (0_u32, 0_u32);
    let counts =
        |word: &&str| !is_stop_word(word) && (stem(word).len() > 1 || word.bytes().all(|b| b.is_ascii_digit()));
    for word in words(&folded).filter(counts) {
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

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const CALLER: &str = "Bonjour, mon imprimente HP M404 au 2e étage n'imprime plus depuis ce matin, 12 postes touchés. \
        J'ai changé de mot de passe hier.";

    fn schema() -> Schema {
        Schema::parse(
            r#"{"type": "object", "properties": {
                "texte": {"type": "string"},
                "choix": {"type": "string", "enum": ["Matériel", "Compte", "Réseau"],
                          "x-keywords": {"Matériel": ["imprimantes"], "Compte": ["mot de passe"], "Réseau": ["wifi", "passe partout"]}},
                "postes": {"type": "integer"},
                "bloquant": {"type": "boolean"}
            }}"#,
        )
        .unwrap()
    }

    fn levels(values: Value, local: Value, normalised: &[&str], repaired: bool) -> Vec<(String, Confidence)> {
        let Value::Object(values) = values else { panic!("{values}") };
        let Value::Object(local) = local else { panic!("{local}") };
        let draft = Draft { values, normalised: normalised.iter().map(|name| (*name).to_owned()).collect() };
        confidence(&schema(), &draft, &Evidence::new([CALLER]), |name| local.get(name), repaired)
    }

    #[track_caller]
    fn check(field: &str, value: Value, local: Value, level: Confidence) {
        let read = levels(json!({field: value}), json!({field: local}), &[], false);
        assert_eq!(read, [(field.to_owned(), level)], "{value}");
    }

    #[test]
    fn a_text_is_as_sure_as_its_words_are_the_callers() {
        for (text, level) in [
            ("Imprimante HP M404 en panne", Confidence::High),
            ("Les imprimantes des 2e étages", Confidence::High),
            ("Imprimante Canon en panne ce matin", Confidence::Medium),
            ("Serveur de messagerie indisponible", Confidence::Low),
            ("Imprimante [INCONNU]", Confidence::High),
            ("de la", Confidence::Medium),
            ("12", Confidence::High),
            ("13", Confidence::Low),
        ] {
            check("texte", json!(text), json!("autre"), level);
        }
    }

    #[test]
    fn a_choice_is_sure_where_its_words_or_the_local_backend_say_it() {
        let unknown = json!(UNKNOWN);
        check("choix", json!("Compte"), unknown.clone(), Confidence::High);
        check("choix", json!("Compte"), json!("Réseau"), Confidence::High);
        check("choix", json!("Réseau"), json!("Réseau"), Confidence::High);
        check("choix", json!("Réseau"), unknown.clone(), Confidence::Medium);
        check("choix", json!("Réseau"), json!("Compte"), Confidence::Low);
        // A keyword with a typing mistake counts; part of one does not.
        check("choix", json!("Matériel"), unknown, Confidence::High);
    }

    #[test]
    fn numbers_and_booleans_need_a_witness() {
        check("postes", json!(12), json!(null), Confidence::High);
        check("postes", json!(13), json!(13), Confidence::High);
        check("postes", json!(13), json!(12), Confidence::Low);
        check("postes", json!(1), json!(null), Confidence::Low);
        check("bloquant", json!(true), json!(true), Confidence::High);
        check("bloquant", json!(true), json!(null), Confidence::Medium);
        check("bloquant", json!(true), json!(false), Confidence::Low);
    }

    #[test]
    fn normalised_and_repaired_values_are_a_level_lower_once() {
        let values = json!({"texte": "Imprimante HP", "choix": "Réseau", "postes": 12, "bloquant": UNKNOWN});
        let named = |levels: [Confidence; 3]| {
            ["texte", "choix", "postes"].map(str::to_owned).into_iter().zip(levels).collect::<Vec<_>>()
        };
        use Confidence::{High, Low, Medium};
        let given = |normalised: &[&str], repaired| levels(values.clone(), json!({}), normalised, repaired);
        assert_eq!(given(&[], false), named([High, Medium, High]));
        assert_eq!(given(&["texte", "choix"], false), named([Medium, Low, High]));
        assert_eq!(given(&["texte", "choix"], true), named([Medium, Low, Medium]));
    }

    #[test]
    fn levels_are_ordered_and_serialise_in_lower_case() {
        assert!(Confidence::Low < Confidence::Medium && Confidence::Medium < Confidence::High);
        for level in [Confidence::Low, Confidence::Medium, Confidence::High] {
            assert_eq!(json!(level), json!(level.as_str()));
        }
    }
}
