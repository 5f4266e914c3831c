//! Every text that models read: templates filled in with the schema's fields, repair advice, and callers' texts in a
//! fence. Only the phrases for a field's values are elsewhere, with the kinds of field.

mod budget;
mod fence;
mod template;

pub use budget::estimate_tokens;
pub use fence::{Boundary, neutralise};

use serde_json::{Value, json};

use crate::conversation::{Conversation, Speaker, Turn};
use crate::language::Language;
use crate::ticket::kinds::FieldKind;
use crate::ticket::{AnswerError, Field, Schema, UNKNOWN};

const ANALYZE: &str = include_str!("templates/analyze.md");
const MINIMAL: &str = include_str!("templates/minimal.md");
const FOLLOWUP: &str = include_str!("templates/followup.md");
const REPAIR: &str = include_str!("templates/repair.md");

/// Every template, for the cache to notice a change.
pub const TEMPLATES: [&str; 4] = [ANALYZE, MINIMAL, FOLLOWUP, REPAIR];

/// A model's input: the service's instructions, then a fenced message with the caller's texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prompt {
    /// The instructions, without any text of the caller's.
    pub system: String,
    /// The fenced conversation.
    pub user: String,
}

/// The length of the instructions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Length {
    /// All the rules.
    Full,
    /// The short form, for models that long rules confuse.
    Minimal,
}

/// What every prompt of one call shares.
#[derive(Clone, Copy, Debug)]
pub struct PromptContext<'a> {
    /// What people wrote, redacted if `redact_pii` covers the model server.
    ///
    /// Prompts take no other text of the caller, so that no task can bypass the redaction.
    pub conversation: &'a Conversation<'a>,
    /// The request's own fence.
    pub boundary: &'a Boundary,
    /// The customer's language: what the model writes in.
    pub language: Language,
    /// Tokens that instructions and conversation may take together.
    pub token_budget: usize,
}

/// Asks for the ticket of a conversation; `fields` is the schema's description by [`describe_all`].
pub fn analyze(fields: &str, length: Length, context: PromptContext<'_>) -> Prompt {
    let template = match length {
        Length::Full => ANALYZE,
        Length::Minimal => MINIMAL,
    };
    let system = context.fill(template, &[("fields", fields)]);
    let mut newest = String::from("message à analyser :\n");
    context.boundary.quote(&context.conversation.message, &mut newest);
    let user = context.fence(&system, "", &newest);
    Prompt { system, user }
}

/// Asks for one question about `field`; the field's own question is the example.
pub fn followup(field: &Field, context: PromptContext<'_>) -> Prompt {
    let example = json!({"question": field.question(context.language)}).to_string();
    let system = context.fill(FOLLOWUP, &[("field", &describe(field)), ("example", &example)]);
    let mut known = String::from("ticket :\n");
    for (name, value) in &*context.conversation.ticket {
        let value = match value {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        context.boundary.quote(&format!("{name} : {value}"), &mut known);
    }
    let user = context.fence(&system, &known, "");
    Prompt { system, user }
}

/// Tells a model what was wrong with its answer, by the schema alone: nothing of the answer is repeated.
pub fn repair(problems: &[AnswerError], schema: &Schema) -> String {
    let lines: Vec<String> = problems.iter().map(|problem| format!("- {}", sentence(problem, schema))).collect();
    template::fill(REPAIR, &[("problems", &lines.join("\n"))])
}

fn sentence(problem: &AnswerError, schema: &Schema) -> String {
    match problem {
        AnswerError::NoObject => "La réponse doit être un seul objet JSON, sans texte autour ni balise.".to_owned(),
        AnswerError::ForeignKeys => {
            let names: Vec<String> = schema.fields.iter().map(|field| format!("« {} »", field.name)).collect();
            format!("L'objet JSON doit avoir ces clés : {}.", names.join(", "))
        }
        AnswerError::Unfinished => "La réponse ne s'est pas terminée normalement.".to_owned(),
        AnswerError::Field(name) => {
            let expected = schema.field(name).map(|field| field.kind.expectation()).unwrap_or_default();
            format!("Le champ « {name} » attend {expected}, ou « {UNKNOWN} » si le client ne l'a pas dit.")
        }
    }
}

impl PromptContext<'_> {
    fn fill(&self, template: &str, words: &[(&str, &str)]) -> String {
        let shared = [("boundary", self.boundary.as_str()), ("language", self.language.texts().name_in_prompts)];
        template::fill(template, &[words, &shared].concat())
    }

    /// Fences what fits: `first` and `last` whole, the newest of the history between them.
    fn fence(&self, system: &str, first: &str, last: &str) -> String {
        let line = self.boundary.as_str();
        let frame = estimate_tokens(system) + 2 * estimate_tokens(line);
        let (first, last) = budget::shorten(first, last, self.token_budget.saturating_sub(frame));
        let used = frame + estimate_tokens(first) + estimate_tokens(last);
        let turns: Vec<String> = self.conversation.history.iter().map(|turn| self.turn(turn)).collect();
        let kept = budget::newest(&turns, self.token_budget.saturating_sub(used));
        let mut user = format!("{line}\n{first}");
        kept.iter().for_each(|turn| user.push_str(turn));
        user.push_str(last);
        if !user.ends_with('\n') {
            user.push('\n');
        }
        user.push_str(line);
        user
    }

    fn turn(&self, turn: &Turn) -> String {
        let mut quoted = String::from(match turn.speaker {
            Speaker::Customer => "client :\n",
            Speaker::Desk => "support :\n",
        });
        self.boundary.quote(&turn.text, &mut quoted);
        quoted
    }
}

/// One line for a field: its name, its values, its meaning. Extension keywords are no part of it.
fn describe(field: &Field) -> String {
    let meaning = field.description.as_deref().map(|text| format!(" — {text}")).unwrap_or_default();
    format!("- \"{}\" ({}){meaning}", field.name, field.kind.description())
}

/// One line per field, the same for every request.
pub fn describe_all(schema: &Schema) -> String {
    schema.written().into_iter().map(describe).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests;
