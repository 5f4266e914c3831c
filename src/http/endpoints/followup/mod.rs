//! `POST /followup`: asks the next question for an incomplete ticket.

use bytes::Bytes;
use serde_json::{Map, Value, json};

use crate::conversation::{Conversation, Turn};
use crate::host::Host;
use crate::http::openapi::{DocumentError, Examples, described, each_field, fill, member, reference, stream_example};
use crate::http::problem::Problem;
use crate::http::request::fields::{Fields, kind};
use crate::http::request::{Call, escape};
use crate::http::response::Answer;
use crate::http::task::{self, Task};
use crate::language::Messages;
use crate::model::plan::PlanError;
use crate::service::{self, NextQuestion, Operation, Provenance, Sink};
use crate::ticket::{Schema, Values};

pub(super) const PATHS: &[&str] = &["/followup"];
pub(super) const METHODS: &str = super::POST;

/// The body.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    /// The ticket so far; keys that are no field of the schema are left out.
    pub ticket: Values,
    /// Earlier turns, oldest first.
    pub history: Vec<Turn>,
}

impl Request {
    /// Reads the body.
    ///
    /// # Errors
    /// [`Problem::InvalidJson`] or [`Problem::Validation`].
    pub fn read(body: &[u8], schema: &Schema) -> Result<Self, Problem> {
        let mut fields = Fields::read(body)?;
        let ticket = ticket(&mut fields, schema);
        let history = fields.history();
        fields.finish(ticket.map(|ticket| Self { ticket, history }))
    }
}

fn ticket(fields: &mut Fields, schema: &Schema) -> Option<Values> {
    match fields.take("ticket") {
        Some(Value::Object(mut ticket)) if !ticket.is_empty() => {
            ticket.retain(|name, _| schema.field(name).is_some());
            for (name, value) in ticket.iter().filter(|(_, value)| value.is_array() || value.is_object()) {
                fields
                    .error(format!("/ticket/{}", escape(name)), format!("must be a plain value, not {}", kind(value)));
            }
            return Some(ticket);
        }
        Some(Value::Object(_)) => fields.error("/ticket", "must not be empty"),
        None => fields.error("/ticket", "is required"),
        Some(other) => fields.error("/ticket", format!("must be an object, not {}", kind(&other))),
    }
    None
}

impl Task for Request {
    fn conversation(&self) -> Conversation<'_> {
        Conversation::with_ticket(&self.ticket, &self.history)
    }

    async fn perform<H: Host, S: Sink>(
        &self,
        operation: Operation<'_, H, S>,
    ) -> Result<(Value, Map<String, Value>), PlanError> {
        let next = service::followup(operation, &self.conversation()).await?;
        Ok((data(&next), Map::new()))
    }

    fn message(data: &Value, messages: &Messages) -> &'static str {
        let is_complete = data.get("field").is_none_or(Value::is_null);
        if is_complete { messages.ticket_complete } else { messages.question_ready }
    }
}

fn data(next: &NextQuestion) -> Value {
    json!({
        "question": next.question,
        "field": next.field,
        "missing_fields": next.missing_fields,
        "complete": next.field.is_none(),
    })
}

pub(super) async fn answer<H, B>(call: Call<'_, H, B>) -> Result<Answer, Problem>
where
    H: Host + Clone + 'static,
    B: http_body::Body<Data = Bytes> + Unpin,
{
    task::answer(call, Request::read).await
}

pub(super) fn describe(fragment: &mut Value, examples: &Examples<'_>) -> Result<(), DocumentError> {
    const REQUEST: &str = "/paths/~1followup/post/requestBody/content/application~1json/examples";
    const ANSWER: &str = "/paths/~1followup/post/responses/200/content";
    let (schema, language) = (&examples.config.schema, examples.config.locale);
    // Any plain value is read.
    let properties = each_field(schema, |field| described(reference("schemas", "PlainValue"), field));
    fill(fragment, "/schemas/FollowupRequest/properties/ticket/properties", properties)?;
    let names = schema.asked().into_iter().map(|field| Value::from(field.name.as_str())).chain([Value::Null]);
    fill(fragment, "/schemas/Followup/properties/field/enum", names.collect())?;
    let ticket = examples.analysis().ticket;
    let next = examples.next_question(&ticket);
    let question = examples.envelope(&Ok(Request::success(data(&next), Map::new(), language)), &examples.provenance)?;
    let stream = stream_example(&member("question", next.question.into()), &question);
    let complete = data(&NextQuestion { question: None, field: None, missing_fields: Vec::new() });
    // No backend is asked where nothing is missing.
    let complete = examples.envelope(&Ok(Request::success(complete, Map::new(), language)), &Provenance::default())?;
    fill(fragment, &format!("{REQUEST}/incomplete/value/ticket"), ticket.into())?;
    fill(fragment, &format!("{ANSWER}/text~1event-stream/examples/stream/value"), stream)?;
    fill(fragment, &format!("{ANSWER}/application~1json/examples/question/value"), question)?;
    fill(fragment, &format!("{ANSWER}/application~1json/examples/complete/value"), complete)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::tests::error_fields;

    #[test]
    fn the_ticket_is_an_object_of_plain_values() {
        let schema = Schema::built_in().unwrap();
        for (body, at) in [
            ("{}", "/ticket"),
            (r#"{"ticket":{}}"#, "/ticket"),
            (r#"{"ticket":null}"#, "/ticket"),
            (r#"{"ticket":[1]}"#, "/ticket"),
            (r#"{"ticket":{"titre":[]}}"#, "/ticket/titre"),
        ] {
            assert_eq!(error_fields(Request::read(body.as_bytes(), &schema)), [at], "{body}");
        }
        let read = Request::read(br#"{"ticket":{"titre":null,"autre":[]}}"#, &schema).unwrap();
        assert_eq!(read.ticket.len(), 1, "keys that are no field are ignored");
    }
}
