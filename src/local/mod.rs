//! The local backend: fills a ticket from what the customer said, without a model and without a network.
//!
//! Deterministic, and it never invents: a value is one of the schema's, or words of the customer. The vocabulary of each
//! language is data (`src/language/`); the rules here name no language. Each line is read once, against one lexicon of
//! the vocabulary and of the schema's own words; fields are filled from that reading. Start with `lexicon` (finds phrases in one
//! pass, corrects typing mistakes), `vocabulary` (what phrases mean) and `reading` (clauses and dismissals), then one
//! module per kind of value.

mod choice;
mod clean;
mod equipment;
mod labelled;
mod lexicon;
mod place;
mod priority;
mod prose;
mod reading;
mod vocabulary;

#[cfg(test)]
mod tests;

use std::borrow::Cow;

use serde_json::Value;

use crate::text::fold;
use crate::ticket::Values;
use crate::ticket::kinds::{FieldKind, Recognition};
use crate::ticket::schema::{Extract, Field, Schema, UNKNOWN};

use lexicon::Lexicon;
use place::Found;
use priority::Scale;
use reading::Reading;
use vocabulary::{List, is_in};

/// A schema and its lexicon: built once, immutable.
#[derive(Clone, Debug)]
pub struct Local {
    fields: Vec<Plan>,
    lexicon: Lexicon,
}

/// A field and how it is filled.
#[derive(Clone, Debug)]
struct Plan {
    field: Field,
    source: Source,
}

/// Where a field's value comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Source {
    Title,
    Description,
    Place,
    Equipment,
    /// The urgency in the customer's words, with the option of each level.
    Priority(Scale),
    /// The option that the words point to.
    Choice,
    /// The words beside the field's name.
    Label,
}

/// Fills a ticket from what the customer said: `said` oldest first, the message to analyse last.
///
/// Every field of the schema gets a valid value or [`UNKNOWN`]. To fill many tickets, build one [`Local`].
///
/// ```
/// use support_ticket_ai::{local, ticket::Schema};
/// let schema = Schema::built_in().unwrap();
/// let values = local::fill(&schema, &["Bonjour", "mon imprimante HP ne marche plus, bureau 214"]);
/// assert_eq!(values["titre"], "Mon imprimante HP ne marche plus");
/// assert_eq!(values["categorie"], "Matériel");
/// assert_eq!(values["localisation"], "bureau 214");
/// assert_eq!(values["equipement"], "imprimante HP");
/// assert_eq!(values["priorite"], "[INCONNU]");
/// ```
pub fn fill(schema: &Schema, said: &[&str]) -> Values {
    Local::new(schema).fill(said)
}

impl Local {
    /// Prepares the lexicon for `schema`.
    pub fn new(schema: &Schema) -> Self {
        let plan = |field: &Field| Plan { field: field.clone(), source: source(field) };
        Self { fields: schema.fields.iter().map(plan).collect(), lexicon: vocabulary::lexicon(schema) }
    }

    /// As [`fill`].
    pub fn fill(&self, said: &[&str]) -> Values {
        self.fill_where(said, |_| true)
    }

    /// As [`fill`], but only the `wanted` fields; the others take no time.
    pub fn fill_where(&self, said: &[&str], wanted: impl Fn(&Field) -> bool) -> Values {
        let names: Vec<&str> = self.fields.iter().map(|plan| plan.field.name.as_str()).collect();
        let texts: Vec<_> = said.iter().map(|text| clean::clean(text, &names)).collect();
        let lines: Vec<Reading<'_>> = texts.iter().map(|text| Reading::new(&self.lexicon, text)).collect();
        let places: Vec<Vec<Found>> = lines.iter().map(place::find).collect();
        let said = Said { texts: &texts, lines: &lines, places: &places };
        let value = |(index, plan): (usize, &Plan)| {
            let value = said.value(index, plan).unwrap_or_else(|| Value::from(UNKNOWN));
            (plan.field.name.clone(), value)
        };
        self.fields.iter().enumerate().filter(|(_, plan)| wanted(&plan.field)).map(value).collect()
    }
}

/// The customer's lines: their texts, readings and places.
struct Said<'s, 't> {
    texts: &'s [Cow<'t, str>],
    lines: &'s [Reading<'s>],
    places: &'s [Vec<Found>],
}

impl Said<'_, '_> {
    fn value(&self, index: usize, plan: &Plan) -> Option<Value> {
        let kind = &plan.field.kind;
        let labelled = || labelled::value(index, kind, self.lines);
        match kind.recognition() {
            Recognition::Options(options) => labelled().or_else(|| {
                let option = match plan.source {
                    Source::Priority(scale) => priority::level(self.lines).and_then(|level| scale.option(level)),
                    _ => choice::choose(index, self.lines, self.places),
                };
                option.and_then(|option| options.get(option)).map(|option| Value::from(option.value.as_str()))
            }),
            Recognition::Text { max_length, known_values } => {
                if let Some(known) = choice::known_value(index, self.lines) {
                    let known = known_values.get(known);
                    return known.filter(|value| fits(value, max_length)).map(|value| Value::from(value.as_str()));
                }
                let text = match plan.source {
                    Source::Title => prose::title(self.lines, max_length),
                    Source::Description => prose::description(self.lines, self.texts, max_length),
                    Source::Place => place::combine(self.lines, self.places, max_length),
                    Source::Equipment => equipment::find(self.lines, self.places).filter(|text| fits(text, max_length)),
                    Source::Priority(_) | Source::Choice | Source::Label => return labelled(),
                };
                text.map(Value::from)
            }
            Recognition::Labelled => labelled(),
        }
    }
}

fn fits(text: &str, max_length: usize) -> bool {
    text.chars().count() <= max_length
}

/// The source that the schema names for a field (`x-extract`), else the source that its name suggests.
fn source(field: &Field) -> Source {
    let name = fold(&field.name).replace(['_', '-'], " ");
    let lists: [(Extract, List); 5] = [
        (Extract::Title, |words| words.title_fields),
        (Extract::Description, |words| words.description_fields),
        (Extract::Place, |words| words.place_fields),
        (Extract::Equipment, |words| words.equipment_fields),
        (Extract::Priority, |words| words.priority_fields),
    ];
    let named = lists.into_iter().find(|(_, list)| is_in(&name, *list)).map(|(extract, _)| extract);
    match (field.kind.recognition(), field.extract.or(named)) {
        (Recognition::Options(options), Some(Extract::Priority)) => {
            Scale::of(options).map_or(Source::Choice, Source::Priority)
        }
        (Recognition::Options(_), _) => Source::Choice,
        (Recognition::Text { .. }, Some(Extract::Title)) => Source::Title,
        (Recognition::Text { .. }, Some(Extract::Description)) => Source::Description,
        (Recognition::Text { .. }, Some(Extract::Place)) => Source::Place,
        (Recognition::Text { .. }, Some(Extract::Equipment)) => Source::Equipment,
        (Recognition::Text { .. }, Some(Extract::Priority) | None) | (Recognition::Labelled, _) => Source::Label,
    }
}
