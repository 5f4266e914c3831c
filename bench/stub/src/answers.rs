//! The bodies of answers.

use bytes::Bytes;
use serde_json::{Value, json};

/// Pieces of a streamed answer: a word is one or two tokens.
const PIECES: usize = 24;

/// The API of an answer.
#[derive(Clone, Copy)]
pub enum Api {
    /// Ollama's generate.
    Generate,
    /// Ollama's chat.
    Chat,
    /// Chat completions of Mistral and compatible servers.
    Mistral,
}

/// All answers.
pub struct Answers {
    whole: [Bytes; 3],
    streamed: [Vec<Bytes>; 3],
}

impl Answers {
    pub fn new() -> Self {
        let apis = [Api::Generate, Api::Chat, Api::Mistral];
        Self { whole: apis.map(|api| whole(api).to_string().into()), streamed: apis.map(streamed) }
    }

    /// The media type and the pieces of an answer.
    pub fn get(&self, api: Api, stream: bool) -> (&'static str, Vec<Bytes>) {
        match (stream, api) {
            (false, _) => ("application/json", vec![self.whole[api as usize].clone()]),
            (true, Api::Mistral) => ("text/event-stream", self.streamed[api as usize].clone()),
            (true, _) => ("application/x-ndjson", self.streamed[api as usize].clone()),
        }
    }
}

/// Valid for any request: nothing in it needs evidence in the message.
fn ticket() -> String {
    json!({
        "titre": "Imprimante en panne",
        "categorie": "Matériel",
        "priorite": "Normale",
        "description": "L'imprimante du service ne répond plus depuis ce matin, les documents restent dans la file d'attente",
        "localisation": "[INCONNU]",
        "equipement": "Imprimante"
    })
    .to_string()
}

fn whole(api: Api) -> Value {
    match api {
        Api::Mistral => json!({
            "id": "cmpl-0", "object": "chat.completion", "created": 1_767_600_000, "model": "stub",
            "choices": [{
                "index": 0, "finish_reason": "stop",
                "message": {"role": "assistant", "content": ticket(), "tool_calls": null}
            }],
            "usage": {"prompt_tokens": 412, "completion_tokens": 96, "total_tokens": 508}
        }),
        Api::Generate | Api::Chat => with_end(ollama(api, &ticket())),
    }
}

fn ollama(api: Api, text: &str) -> Value {
    let mut line = json!({"model": "stub", "created_at": "2026-01-05T08:00:00.000000Z", "done": false});
    match api {
        Api::Chat => line["message"] = json!({"role": "assistant", "content": text}),
        Api::Generate | Api::Mistral => line["response"] = json!(text),
    }
    line
}

fn with_end(mut line: Value) -> Value {
    let end = json!({
        "done": true, "done_reason": "stop", "total_duration": 812_000_000, "load_duration": 1_000_000,
        "prompt_eval_count": 412, "prompt_eval_duration": 100_000_000,
        "eval_count": 96, "eval_duration": 700_000_000
    });
    for (name, value) in end.as_object().into_iter().flatten() {
        line[name] = value.clone();
    }
    line
}

fn streamed(api: Api) -> Vec<Bytes> {
    let text: Vec<char> = ticket().chars().collect();
    let texts = text.chunks(text.len().div_ceil(PIECES)).map(|piece| piece.iter().collect::<String>());
    let pieces: Vec<String> = match api {
        Api::Mistral => {
            let event = |delta: Value, finish: Value, usage: Value| {
                let choice = json!({"index": 0, "delta": delta, "finish_reason": finish});
                let event = json!({
                    "id": "cmpl-0", "object": "chat.completion.chunk", "created": 1_767_600_000, "model": "stub",
                    "choices": [choice], "usage": usage
                });
                format!("data: {event}\n\n")
            };
            let usage = json!({"prompt_tokens": 412, "completion_tokens": 96, "total_tokens": 508});
            let words = texts.map(|text| event(json!({"content": text}), Value::Null, Value::Null));
            let end = [event(json!({"content": ""}), json!("stop"), usage), "data: [DONE]\n\n".to_owned()];
            words.chain(end).collect()
        }
        Api::Generate | Api::Chat => {
            let end = with_end(ollama(api, ""));
            texts.map(|text| ollama(api, &text)).chain([end]).map(|line| format!("{line}\n")).collect()
        }
    };
    pieces.into_iter().map(Bytes::from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(api: Api, answer: &Value, part: &str) -> String {
        let text = match api {
            Api::Generate => &answer["response"],
            Api::Chat => &answer["message"]["content"],
            Api::Mistral => &answer["choices"][0][part]["content"],
        };
        text.as_str().expect("a text").to_owned()
    }

    #[test]
    fn whole_and_streamed_answers_contain_the_ticket() {
        let answers = Answers::new();
        for api in [Api::Generate, Api::Chat, Api::Mistral] {
            let (kind, whole) = answers.get(api, false);
            assert_eq!((kind, whole.len()), ("application/json", 1));
            assert_eq!(text(api, &serde_json::from_slice(&whole[0]).expect("JSON"), "message"), ticket());

            let (_, pieces) = answers.get(api, true);
            assert!(pieces.len() > PIECES / 2, "{} pieces", pieces.len());
            let lines = pieces.iter().map(|piece| String::from_utf8_lossy(piece).trim().replace("data: ", ""));
            let values = lines.filter(|line| line != "[DONE]").map(|line| serde_json::from_str(&line).expect("JSON"));
            let joined: String = values.map(|value: Value| text(api, &value, "delta")).collect();
            assert_eq!(joined, ticket());
        }
    }
}
