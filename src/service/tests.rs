//! The service as a whole, on a fake host with simulated time.

use std::cell::RefCell;
use std::time::Duration;

use serde_json::{Value, json};

use super::*;
use crate::config::tests::configured;
use crate::conversation::{Speaker, Turn};
use crate::host::fake::{FakeHost, Reply, Sent};
use crate::host::{Host, SendError};
use crate::model::plan::PlanError;
use crate::ticket::Confidence;

const SECOND: Duration = Duration::from_secs(1);

const REQUEST: RequestContext = RequestContext { arrived: Duration::ZERO, language: Language::Fr, traceparent: None };

fn app(pairs: &[(&str, &str)]) -> App {
    App::new(configured(pairs).unwrap())
}

/// The analysis of a conversation, and how it was made.
fn analysed<S: Sink>(
    host: &FakeHost,
    app: &App,
    sink: &S,
    conversation: &Conversation<'_>,
) -> (Result<Analysis, PlanError>, Provenance) {
    let mut provenance = Provenance::default();
    let operation = Operation { host, app, request: &REQUEST, sink, provenance: &mut provenance };
    (host.block_on(analyze(operation, conversation)), provenance)
}

/// The question after a conversation.
fn next_question(host: &FakeHost, app: &App, conversation: &Conversation<'_>) -> Option<String> {
    let provenance = &mut Provenance::default();
    let operation = Operation { host, app, request: &REQUEST, sink: &Silent, provenance };
    host.block_on(followup(operation, conversation)).unwrap().question
}

fn ticket() -> Value {
    json!({
        "titre": "Imprimante en panne", "categorie": "Matériel", "priorite": "Normale",
        "description": "Mon imprimante ne marche plus", "localisation": "[INCONNU]", "equipement": "imprimante",
    })
}

fn generated(text: &str) -> Reply {
    let body = json!({"response": text, "done": true, "done_reason": "stop", "prompt_eval_count": 10, "eval_count": 5});
    Reply::json(200, &body)
}

fn completed(text: &str) -> Reply {
    let choice = json!({"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"});
    Reply::json(200, &json!({"choices": [choice], "usage": {"prompt_tokens": 10, "completion_tokens": 5}}))
}

struct Run {
    result: Result<Analysis, PlanError>,
    provenance: Provenance,
    sent: Vec<Sent>,
    took: Duration,
}

fn analyse(pairs: &[(&str, &str)], script: impl Fn(&Sent) -> Reply + 'static) -> Run {
    analyse_into(&Silent, pairs, script)
}

fn analyse_into<S: Sink>(sink: &S, pairs: &[(&str, &str)], script: impl Fn(&Sent) -> Reply + 'static) -> Run {
    let app = app(pairs);
    let host = FakeHost::new(script);
    let history = [Turn::customer("Bonjour"), Turn::customer("J'ai un problème")];
    let message = "Mon imprimante ne marche plus depuis ce matin, écrivez à jean@exemple.fr";
    let conversation = Conversation::with_message(message, &history);
    let (result, provenance) = analysed(&host, &app, sink, &conversation);
    Run { result, provenance, took: Host::now(&host), sent: host.sent() }
}

fn content(sent: &Sent, index: usize) -> String {
    sent.json["messages"][index]["content"].as_str().unwrap_or_default().to_owned()
}

#[test]
fn a_value_that_only_the_desk_named_has_medium_confidence() {
    let app = app(&[]);
    let confidence_after = |answer: &str| {
        let host = FakeHost::new(|_| generated(&json!({"localisation": "3e étage, bureau 214"}).to_string()));
        let desk = Turn { speaker: Speaker::Desk, text: "Êtes-vous au 3e étage, bureau 214 ?".to_owned() };
        let history = [desk];
        let conversation = Conversation::with_message(answer, &history);
        analysed(&host, &app, &Silent, &conversation).0.unwrap().confidence
    };
    let level = |level| [("localisation".to_owned(), level)];
    assert_eq!(confidence_after("Non."), level(Confidence::Medium));
    assert_eq!(confidence_after("Oui, 3e étage, bureau 214."), level(Confidence::High));
}

#[test]
fn a_question_is_in_the_customers_language_not_the_desks() {
    let app = app(&[("model_backend", "local")]);
    let host = FakeHost::new(|_| Reply::error(SendError::Connection));
    let asked = "Où le problème se produit-il\u{a0}: quel site, quel étage, quel bureau\u{a0}?".to_owned();
    let desk = Turn { speaker: Speaker::Desk, text: asked };
    let history = [Turn::customer("HP M404"), desk, Turn::customer("On the second floor, room 12")];
    let ticket = [("titre".to_owned(), json!("HP M404"))].into_iter().collect();
    let conversation = Conversation::with_ticket(&ticket, &history);
    let question = next_question(&host, &app, &conversation);
    assert_eq!(question.as_deref(), Some("Where does the problem occur: which site, floor and room?"));
}

#[test]
fn a_valid_answer_needs_one_call() {
    let run = analyse(&[], |_| generated(&ticket().to_string()));
    assert_eq!(Value::Object(run.result.unwrap().ticket), ticket());
    assert_eq!(run.provenance.attempts, 1);
    assert_eq!(run.provenance.model.as_deref(), Some("mistral:instruct"));
    assert_eq!((run.provenance.usage.prompt_tokens, run.provenance.usage.completion_tokens), (10, 5));
    assert!(!run.provenance.degraded);
    assert_eq!(run.sent[0].uri, "http://localhost:11434/api/generate");
}

#[test]
fn a_repair_shows_the_model_its_answer_and_the_problems() {
    let pairs = [("model_backend", "mistral"), ("mistral_origin", "http://m"), ("mistral_model_name", "large,small")];
    let run = analyse(&pairs, |sent| match sent.index {
        0 => completed(r#"{"categorie": "Jardinage", "titre": "x"}"#),
        1 => completed("je ne sais pas"),
        _ => completed(&ticket().to_string()),
    });
    assert_eq!(Value::Object(run.result.unwrap().ticket), ticket());
    let models: Vec<&str> = run.sent.iter().map(|sent| sent.json["model"].as_str().unwrap()).collect();
    assert_eq!(models, ["large", "large", "small"], "repair on the same model, then the next one");
    assert!(content(&run.sent[1], 2).contains("Jardinage"), "the model sees its answer");
    assert!(content(&run.sent[1], 3).contains("categorie"), "and the problem");
    let lengths: Vec<usize> = run.sent.iter().map(|sent| content(sent, 0).len()).collect();
    assert!(lengths[2] < lengths[0], "the next model gets the minimal prompt: {lengths:?}");
    assert_eq!((run.provenance.attempts, run.provenance.rejected), (3, 2));
    assert_eq!(run.provenance.failures, ["mistral/large: no valid answer"; 2], "none of the model's text");
    assert_eq!(run.provenance.usage.completion_tokens, 15, "of all calls");
}

#[test]
fn a_cut_off_answer_gets_more_tokens_and_the_same_prompt() {
    let run = analyse(&[], |sent| match sent.index {
        0 => Reply::json(200, &json!({"response": ticket().to_string(), "done": true, "done_reason": "length"})),
        _ => generated(&ticket().to_string()),
    });
    assert!(run.result.is_ok());
    let tokens = |sent: &Sent| sent.json["options"]["num_predict"].as_u64().unwrap();
    assert!(tokens(&run.sent[1]) > tokens(&run.sent[0]));
    let prompt = |sent: &Sent| sent.json["prompt"].as_str().unwrap().len();
    assert_eq!(prompt(&run.sent[1]), prompt(&run.sent[0]));
    assert_eq!(run.sent[0].json["options"]["num_ctx"], run.sent[1].json["options"]["num_ctx"]);
}

#[test]
fn a_failure_does_not_contain_the_models_text() {
    let run = analyse(&[("fallback_backend", "")], |_| generated("SECRET du modèle"));
    let error = run.result.unwrap_err();
    assert_eq!(error, PlanError::InvalidOutput { fields: Vec::new() }, "an unreadable answer has no invalid fields");
    assert_eq!(run.provenance.attempts, 2);
}

#[test]
fn an_unfinished_answer_is_rejected_even_if_it_is_valid() {
    let run = analyse(&[("fallback_backend", "")], |_| {
        Reply::json(200, &json!({"response": ticket().to_string(), "done": false}))
    });
    assert!(run.result.is_err());
}

#[test]
fn an_answer_of_the_fallback_is_degraded() {
    let run = analyse(&[], |_| Reply::error(SendError::Connection));
    assert!(run.result.is_ok() && run.provenance.degraded);
    assert_eq!(run.provenance.backend.as_deref(), Some("local"));
    assert_eq!((run.provenance.attempts, run.provenance.rejected), (4, 0), "a missing answer is not a rejected one");
    assert_eq!(run.provenance.failures, ["ollama/mistral:instruct: no connection"; 4], "with the reasons");
    let run = analyse(&[("model_backend", "local")], |_| panic!("a call"));
    assert!(run.result.is_ok() && !run.provenance.degraded, "the configured backend is no fallback");
}

#[test]
fn a_server_without_its_key_is_never_called() {
    let run = analyse(&[("model_backend", "mistral"), ("fallback_backend", "")], |_| panic!("a call"));
    assert_eq!(run.result.unwrap_err(), PlanError::NotConfigured);
    assert!(run.sent.is_empty());
    let run = analyse(&[("model_backend", "mistral,ollama")], |_| generated(&ticket().to_string()));
    assert_eq!(run.provenance.backend.as_deref(), Some("ollama"));
}

#[test]
fn a_slow_stream_does_not_exceed_the_timeout() {
    for fallback in ["", "local"] {
        let pairs = [("timeout_seconds", "2"), ("fallback_backend", fallback)];
        let run = analyse(&pairs, |_| Reply::pieces(200, "application/json", vec![" "; 100]).dripping(SECOND / 2));
        assert_eq!(run.took, SECOND * 2);
        assert_eq!(run.result.is_ok(), fallback == "local");
    }
}

#[test]
fn the_next_backend_gets_a_share_of_the_time() {
    let pairs = [("model_backend", "ollama,mistral"), ("mistral_origin", "http://m"), ("timeout_seconds", "10")];
    let run = analyse(&pairs, |sent| match sent.uri.as_str() {
        "http://m/v1/chat/completions" => completed(&ticket().to_string()).after(SECOND),
        _ => generated("").after(SECOND * 100),
    });
    assert_eq!(run.provenance.backend.as_deref(), Some("mistral"));
    assert_eq!(run.took, SECOND * 6);
}

#[test]
fn retry_after_is_respected_within_the_timeout() {
    let busy = |wait: &'static str| {
        move |sent: &Sent| match sent.index {
            0 => Reply::json(429, &json!({})).header("retry-after", wait),
            _ => generated(&ticket().to_string()),
        }
    };
    let run = analyse(&[], busy("3"));
    assert!(run.result.is_ok() && !run.provenance.degraded);
    assert!(run.sent[1].at >= SECOND * 3);
    let run = analyse(&[("fallback_backend", "")], busy("60"));
    assert!(
        matches!(run.result.unwrap_err(), PlanError::RateLimited { retry_after: Some(wait) } if wait == SECOND * 60)
    );
    assert_eq!(run.sent.len(), 1);
}

#[test]
fn redact_pii_decides_which_servers_get_private_data() {
    let seen = |pairs: &[(&str, &str)]| {
        let run = analyse(pairs, |sent| {
            let text = ticket().to_string().replace("ne marche plus", "ne marche plus, jean@exemple.fr");
            if sent.uri.contains("/v1/") { completed(&text) } else { generated(&text) }
        });
        run.sent[0].json.to_string().contains("jean@exemple.fr")
    };
    assert!(seen(&[]), "a local server gets the original text");
    assert!(seen(&[("model_backend", "mistral"), ("mistral_origin", "http://m"), ("redact_pii", "never")]));
    assert!(!seen(&[("model_backend", "mistral"), ("mistral_origin", "http://m")]));
    assert!(!seen(&[("redact_pii", "always")]));
}

#[test]
fn a_followup_is_redacted_as_an_analysis_is() {
    let app = app(&[("redact_pii", "always")]);
    let host = FakeHost::new(|_| generated(r#"{"question": "À quel étage êtes-vous ?"}"#));
    let ticket = json!({"titre": "Écrire à jean@exemple.fr", "postes": 4_111_111_111_111_111_u64});
    let history = [Turn::customer("Je suis au 06 39 98 01 23")];
    let conversation = Conversation::with_ticket(ticket.as_object().unwrap(), &history);
    let question = next_question(&host, &app, &conversation);
    assert_eq!(question.as_deref(), Some("À quel étage êtes-vous ?"));
    let sent = host.sent()[0].json.to_string();
    for (private, placeholder) in
        [("jean@exemple.fr", "<EMAIL_1>"), ("4111111111111111", "<CARTE_1>"), ("06 39 98 01 23", "<TELEPHONE_1>")]
    {
        assert!(!sent.contains(private) && sent.contains(placeholder), "{sent}");
    }
}

/// Collects what is shown.
#[derive(Default)]
struct Listener(RefCell<String>);

impl Sink for Listener {
    fn listens(&self) -> bool {
        true
    }
    fn delta(&self, text: &str) {
        self.0.borrow_mut().push_str(text);
    }
    fn has_written(&self) -> bool {
        !self.0.borrow().is_empty()
    }
}

fn streamed(text: &str) -> Reply {
    let mut lines: Vec<String> =
        text.chars().map(|c| format!("{}\n", json!({"response": c.to_string(), "done": false}))).collect();
    lines.push(format!("{}\n", json!({"response": "", "done": true, "done_reason": "stop", "eval_count": 3})));
    Reply::pieces(200, "application/x-ndjson", lines)
}

#[test]
fn a_stream_shows_the_text_and_ends_with_the_ticket() {
    let sink = Listener::default();
    let run = analyse_into(&sink, &[], |sent| {
        assert_eq!(sent.json["stream"], true);
        streamed(&ticket().to_string())
    });
    assert_eq!(Value::Object(run.result.unwrap().ticket), ticket());
    assert_eq!(sink.0.into_inner(), ticket().to_string());
}

#[test]
fn a_broken_stream_is_retried_only_if_nothing_was_shown() {
    let sink = Listener::default();
    let run = analyse_into(&sink, &[], |sent| match sent.index {
        0 => Reply::pieces::<String>(200, "application/x-ndjson", []).broken(),
        _ => streamed(&ticket().to_string()),
    });
    assert!(run.result.is_ok());
    assert_eq!(run.provenance.attempts, 2);
    let sink = Listener::default();
    let run = analyse_into(&sink, &[], |_| {
        Reply::pieces(200, "application/x-ndjson", ["{\"response\":\"{\",\"done\":false}\n"]).broken()
    });
    assert!(matches!(run.result.unwrap_err(), PlanError::Upstream { .. }));
    assert_eq!(run.sent.len(), 1);
}

#[test]
fn the_fallback_answers_after_a_shown_answer_and_a_failed_repair() {
    let sink = Listener::default();
    let run = analyse_into(&sink, &[], |sent| match sent.index {
        0 => streamed("pas de JSON"),
        _ => Reply::json(400, &json!({"error": "no"})),
    });
    assert!(run.result.is_ok() && run.provenance.degraded);
    assert_eq!(sink.0.into_inner(), "pas de JSON", "one text only");
}

#[test]
fn any_failures_end_in_time_with_a_ticket_or_an_error() {
    for seed in 0..500_u64 {
        let fallback = if seed % 2 == 0 { "local" } else { "" };
        let pairs = [
            ("model_backend", "ollama,mistral"),
            ("mistral_origin", "http://m"),
            ("fallback_backend", fallback),
            ("timeout_seconds", "5"),
            ("ollama_model_name", "a,b"),
        ];
        let run = analyse(&pairs, move |sent| {
            let dice =
                (seed + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(u32::try_from(sent.index).unwrap() * 7);
            let reply = match dice % 13 {
                0 => Reply::error(SendError::Connection),
                1 => Reply::error(SendError::Timeout),
                2 => Reply::json(429, &json!({"message": "busy"})).header("retry-after", "2"),
                3 => Reply::pieces(503, "text/html", ["<html>"]),
                4 => Reply::json(200, &json!({"error": "out of memory"})),
                5 => Reply::pieces(200, "application/json", ["{\"resp"]).broken(),
                6 => Reply::pieces(200, "application/json", vec!["x"; 50]).dripping(SECOND / 3),
                7 => Reply::json(401, &json!(null)),
                8 => generated("```json\n{\"titre\": \"x\",}\n```"),
                9 => completed("not JSON"),
                10 => Reply::json(404, &json!({"error": "model not found"})),
                11 => Reply::error(SendError::Denied),
                _ if sent.uri.contains("/v1/") => completed(&ticket().to_string()),
                _ => generated(&ticket().to_string()),
            };
            reply.after(Duration::from_millis(dice % 700))
        });
        assert!(run.took <= SECOND * 5, "seed {seed}: {:?}", run.took);
        assert!(run.provenance.attempts <= 4, "seed {seed}");
        assert!(run.result.is_ok() || fallback.is_empty(), "seed {seed}: {:?}", run.result);
    }
}
