//! The embedded backend: fills a ticket from what the customer said, without a model and without a network.
//!
//! Deterministic, and it never invents: a value is one of the schema's, or words that were said. It reads French and
//! English. A line is read once, against one lexicon of the vocabulary in `data/` and of the schema's own words;
//! fields then ask that reading. In reading order: `lexicon` (phrases found in one pass, typing mistakes corrected),
//! `vocabulary` (what phrases mean), `reading` (clauses, and what is said not to be the matter), then one module for
//! each kind of field.

mod choice;
mod clean;
mod equipment;
mod index;
mod labelled;
mod lexicon;
mod place;
mod priority;
mod prose;
mod reading;
mod vocabulary;

#[cfg(test)]
mod tests;

use serde_json::Value;

use crate::ticket::Values;
use crate::ticket::schema::{Extract, Field, Kind, Schema, UNKNOWN};

use lexicon::Lexicon;
use place::Found;
use reading::Reading;
use vocabulary::Role;

/// A schema and its lexicon, made once and only read thereafter.
#[derive(Clone, Debug)]
pub struct Embedded {
    fields: Vec<Field>,
    lexicon: Lexicon<Role>,
}

/// Fills a ticket from what the customer said: `said` oldest first, the message to analyse last.
///
/// Every field of the schema gets a value that is valid for it, or [`UNKNOWN`]. For more than one message make an
/// [`Embedded`] once.
///
/// ```
/// use support_ticket_ai::{embedded, ticket::Schema};
/// let schema = Schema::built_in().unwrap();
/// let values = embedded::fill(&schema, &["Bonjour", "mon imprimante HP ne marche plus, bureau 214"]);
/// assert_eq!(values["titre"], "Mon imprimante HP ne marche plus");
/// assert_eq!(values["categorie"], "Matériel");
/// assert_eq!(values["localisation"], "bureau 214");
/// assert_eq!(values["equipement"], "imprimante HP");
/// assert_eq!(values["priorite"], "[INCONNU]");
/// ```
pub fn fill(schema: &Schema, said: &[&str]) -> Values {
    Embedded::new(schema).fill(said)
}

impl Embedded {
    /// Prepares the lexicon for `schema`.
    pub fn new(schema: &Schema) -> Self {
        Self { fields: schema.fields.clone(), lexicon: vocabulary::lexicon(schema) }
    }

    /// As [`fill`].
    pub fn fill(&self, said: &[&str]) -> Values {
        let texts: Vec<_> = said.iter().map(|text| clean::clean(text, &self.fields)).collect();
        let lines: Vec<Reading<'_>> = texts.iter().map(|text| Reading::new(&self.lexicon, text)).collect();
        let places: Vec<Vec<Found>> = lines.iter().map(place::find).collect();
        let said = Said { texts: &texts, lines: &lines, places: &places };
        let value = |(index, field): (usize, &Field)| {
            let value = said.value(index, field).unwrap_or_else(|| Value::from(UNKNOWN));
            (field.name.clone(), value)
        };
        self.fields.iter().enumerate().map(value).collect()
    }
}

/// All that was said, read.
struct Said<'s, 't> {
    texts: &'s [std::borrow::Cow<'t, str>],
    lines: &'s [Reading<'s>],
    places: &'s [Vec<Found>],
}

impl Said<'_, '_> {
    fn value(&self, index: usize, field: &Field) -> Option<Value> {
        match &field.kind {
            Kind::Choice { options } => labelled::value(index, &field.kind, self.lines).or_else(|| {
                let option = if priority::is_scale(options) && extract(field) == Some(Extract::Priority) {
                    priority::level(self.lines).and_then(|level| level.option(options))
                } else {
                    choice::choose(index, self.lines, self.places)
                };
                option.and_then(|option| options.get(option)).map(|option| Value::from(option.value.as_str()))
            }),
            Kind::Text { max_length } => self.text(index, field, *max_length).map(Value::from),
            kind @ (Kind::Boolean | Kind::Integer { .. } | Kind::Number { .. }) => {
                labelled::value(index, kind, self.lines)
            }
        }
    }

    fn text(&self, index: usize, field: &Field, max_length: usize) -> Option<String> {
        if let Some(known) = choice::known_value(index, self.lines) {
            return field.known_values.get(known).filter(|value| value.chars().count() <= max_length).cloned();
        }
        let fits = |text: &String| text.chars().count() <= max_length;
        match extract(field) {
            Some(Extract::Title) => prose::title(self.lines, max_length),
            Some(Extract::Description) => prose::description(self.lines, self.texts, max_length),
            Some(Extract::Place) => place::combine(self.lines, self.places, max_length),
            Some(Extract::Equipment) => equipment::find(self.lines, self.places).filter(fits),
            Some(Extract::Priority) | None => {
                labelled::value(index, &field.kind, self.lines).and_then(|v| v.as_str().map(str::to_owned))
            }
        }
    }
}

/// What to extract into a field: what the schema says, else what its name tells.
fn extract(field: &Field) -> Option<Extract> {
    field.extract.or_else(|| {
        let name = crate::text::fold(&field.name).replace(['_', '-'], " ");
        match name.as_str() {
            "titre" | "title" | "objet" | "sujet" | "subject" | "summary" | "resume" => Some(Extract::Title),
            "description" | "details" | "detail" => Some(Extract::Description),
            "localisation" | "location" | "lieu" | "site" | "emplacement" | "place" | "bureau" => Some(Extract::Place),
            "equipement" | "equipment" | "appareil" | "device" | "materiel concerne" => Some(Extract::Equipment),
            "priorite" | "priority" | "urgence" | "urgency" => Some(Extract::Priority),
            _ => None,
        }
    })
}
