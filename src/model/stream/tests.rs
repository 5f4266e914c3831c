use http::HeaderValue;
use proptest::prelude::*;

use super::*;
use crate::model::Server;

/// The format of a server.
fn format(framing: Framing) -> Format {
    *Server::FORMATS.iter().find(|format| format.framing == framing).unwrap()
}

/// A stream from Mistral.
const MISTRAL: &str = concat!(
    ": connected\n\n",
    "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"model\":\"m\",\"choices\":[{\"index\":0,",
    "\"delta\":{\"role\":\"assistant\",\"content\":\"\"},\"finish_reason\":null}]}\n\n",
    "data: {\"id\":\"c\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"{\\\"titre\\\": \\\"É\"},",
    "\"finish_reason\":null}]}\n\n",
    "data: {\"id\":\"c\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"content\":[{\"type\":\"thinking\",",
    "\"thinking\":[]},{\"type\":\"text\",\"text\":\"cran noir 🖨\"}]},\"finish_reason\":null}]}\n\n",
    "event: message\nid: 4\ndata: {\"id\":\"c\",\"model\":\"m\",\ndata: \"choices\":[{\"index\":0,",
    "\"delta\":{\"content\":\"\\\"}\"},\"finish_reason\":\"stop\"}],\n",
    "data: \"usage\":{\"prompt_tokens\":12,\"completion_tokens\":5,\"total_tokens\":17}}\n\n",
    "data: [DONE]\n\n",
);

/// A stream from Ollama.
const OLLAMA: &str = concat!(
    "{\"model\":\"m\",\"message\":{\"role\":\"assistant\",\"content\":\"{\\\"titre\\\": \\\"É\"},\"done\":false}\n",
    "{\"model\":\"m\",\"message\":{\"role\":\"assistant\",\"content\":\"cran noir 🖨\"},\"done\":false}\n",
    "\n",
    "{\"model\":\"m\",\"message\":{\"role\":\"assistant\",\"content\":\"\\\"}\"},\"done\":false}\n",
    "{\"model\":\"m\",\"message\":{\"role\":\"assistant\",\"content\":\"\"},\"done\":true,\"done_reason\":\"stop\",",
    "\"prompt_eval_count\":12,\"eval_count\":5}\n",
);

fn recorded() -> Completion {
    Completion {
        text: "{\"titre\": \"Écran noir 🖨\"}".to_owned(),
        finish: Finish::Stop,
        usage: Usage { prompt_tokens: 12, completion_tokens: 5 },
    }
}

fn headers(content_type: &'static str) -> HeaderMap {
    HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static(content_type))])
}

/// Decodes the parts of a body, whose texts must add up to the whole text.
fn decode_parts<'a>(
    framing: Framing,
    headers: &HeaderMap,
    parts: impl IntoIterator<Item = &'a [u8]>,
) -> Result<Completion, Failure> {
    let mut decoder = Decoder::new(format(framing), headers);
    let mut deltas = String::new();
    for part in parts {
        deltas.push_str(&decoder.push(part)?);
    }
    let streamed = !matches!(decoder.unread, Unread::Whole(_));
    let completion = decoder.end()?;
    // The text of a last line without an end is in the whole text only.
    assert!(!streamed || completion.text.starts_with(&deltas));
    Ok(completion)
}

fn decode(framing: Framing, body: &str) -> Result<Completion, Failure> {
    let byte_by_byte = decode_parts(framing, &HeaderMap::new(), body.as_bytes().chunks(1));
    let at_once = decode_parts(framing, &HeaderMap::new(), [body.as_bytes()]);
    assert_eq!(byte_by_byte, at_once);
    at_once
}

fn sse(data: &[&str]) -> String {
    data.iter().map(|data| format!("data: {data}\n\n")).collect()
}

fn chunk(content: &str, finish: &str) -> String {
    format!("{{\"choices\":[{{\"delta\":{{\"content\":\"{content}\"}},\"finish_reason\":{finish}}}]}}")
}

#[test]
fn recorded_streams_are_read() {
    assert_eq!(decode(Framing::Sse, MISTRAL), Ok(recorded()));
    assert_eq!(decode(Framing::Ndjson, OLLAMA), Ok(recorded()));
}

#[test]
fn lines_end_with_lf_cr_or_crlf() {
    for end in ["\n", "\r", "\r\n"] {
        assert_eq!(decode(Framing::Sse, &MISTRAL.replace('\n', end)), Ok(recorded()), "{end:?}");
        assert_eq!(decode(Framing::Ndjson, &OLLAMA.replace('\n', end)), Ok(recorded()), "{end:?}");
    }
}

#[test]
fn a_byte_order_mark_is_dropped() {
    // Without the comment, the mark is before the first field's name.
    let events = MISTRAL.strip_prefix(": connected\n\n").unwrap();
    assert_eq!(decode(Framing::Sse, &format!("\u{feff}{events}")), Ok(recorded()));
    let alone = format!("\u{feff}{}", sse(&[&chunk("x", "\"stop\"")]));
    assert_eq!(decode(Framing::Sse, &alone).map(|c| c.text), Ok("x".to_owned()));
    assert_eq!(decode(Framing::Ndjson, &format!("\u{feff}{OLLAMA}")), Ok(recorded()));
    let alone = "\u{feff}{\"response\":\"x\",\"done\":true}";
    assert_eq!(decode(Framing::Ndjson, alone).map(|c| c.text), Ok("x".to_owned()));
}

#[test]
fn text_is_returned_as_it_arrives() {
    let mut decoder = Decoder::new(format(Framing::Sse), &headers("text/event-stream; charset=utf-8"));
    assert_eq!(decoder.push(sse(&[&chunk("Bon", "null")]).as_bytes()), Ok("Bon".to_owned()));
    let two = sse(&[&chunk("j", "null"), &chunk("our", "null")]);
    assert_eq!(decoder.push(two.as_bytes()), Ok("jour".to_owned()));
    assert_eq!(decoder.push(b"data: {\"choices\""), Ok(String::new()));
    assert!(!decoder.is_done());
}

#[test]
fn the_final_event_ends_the_answer() {
    let mut decoder = Decoder::new(format(Framing::Ndjson), &HeaderMap::new());
    decoder.push(OLLAMA.as_bytes()).unwrap();
    assert!(decoder.is_done());
    assert_eq!(decoder.push(b"{\"error\":\"late\"}\nnonsense\n"), Ok(String::new()));
    assert_eq!(decoder.end(), Ok(recorded()));

    let mut decoder = Decoder::new(format(Framing::Sse), &HeaderMap::new());
    let (body, done) = MISTRAL.split_once("data: [DONE]").unwrap();
    decoder.push(body.as_bytes()).unwrap();
    assert!(!decoder.is_done(), "the usage may come after the finish reason");
    decoder.push(b"data: [DONE]").unwrap();
    decoder.push(done.as_bytes()).unwrap();
    assert!(decoder.is_done());
}

#[test]
fn ends_of_streams() {
    let check = |framing, body: &str, expect: Result<Finish, Failure>| {
        assert_eq!(decode(framing, body).map(|completion| completion.finish), expect, "{body}");
    };
    let malformed = |reason| Err(Failure::Malformed { reason });
    let (more, stop, length) = (chunk("x", "null"), chunk("x", "\"stop\""), chunk("x", "\"length\""));
    let m = Framing::Sse;
    check(m, &sse(&[&more, &stop, "[DONE]"]), Ok(Finish::Stop));
    check(m, &sse(&[&more, &length, "[DONE]"]), Ok(Finish::Length));
    check(m, &sse(&[&more, &chunk("", "\"error\""), "[DONE]"]), Ok(Finish::Unfinished));
    check(m, &sse(&[&more, "[DONE]"]), Ok(Finish::Unfinished));
    check(m, &sse(&[&more, &stop]), Ok(Finish::Stop));
    check(m, sse(&[&more, &stop, "[DONE]"]).trim_end(), Ok(Finish::Stop));
    check(m, sse(&[&more, &stop]).trim_end(), Ok(Finish::Stop));
    check(m, &sse(&[&more]), Err(Failure::Interrupted));
    check(m, &format!("{}data: {{\"choices\": [{{\"fin", sse(&[&more])), Err(Failure::Interrupted));
    check(m, "", Err(Failure::Interrupted));
    check(m, ": ping\n\n: ping\n\n", Err(Failure::Interrupted));
    check(m, &sse(&["[DONE]"]), malformed("no text"));
    check(
        m,
        &sse(&[&more, "{\"error\":{\"message\":\"overloaded\"}}"]),
        malformed("an error with a status of success"),
    );
    check(m, &sse(&[&more, "{\"object\":\"error\"}"]), malformed("an error with a status of success"));
    check(m, &sse(&[&more, "nonsense"]), malformed("not JSON"));
    // Events without choices.
    check(m, &sse(&[&more, "{\"choices\":[]}", "{}", &stop, "[DONE]"]), Ok(Finish::Stop));

    let o = Framing::Ndjson;
    check(o, "{\"response\":\"x\"}\n{\"done\":true}", Ok(Finish::Stop));
    check(o, "{\"response\":\"x\"}\n{\"done\":true,\"done_reason\":\"length\"}\n", Ok(Finish::Length));
    check(o, "{\"response\":\"x\",\"done\":false}\n", Err(Failure::Interrupted));
    check(o, "{\"response\":\"x\",\"done\":false}\n{\"respon", Err(Failure::Interrupted));
    check(o, "", Err(Failure::Interrupted));
    check(o, "{\"response\":\"x\"}\n{\"error\":\"terminated\"}\n", malformed("an error with a status of success"));
    check(o, "data: {\"response\":\"x\"}\n", malformed("not JSON"));
    check(o, "{\"response\":\"\",\"done\":true}\n", malformed("no text"));
}

#[test]
fn usage_may_come_in_a_separate_event() {
    let counts = "{\"choices\":[],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":1}}";
    let stop = chunk("x", "\"stop\"");
    for events in [[&stop, counts, "{\"choices\":[]}", "[DONE]"], [counts, &stop, "{\"choices\":[]}", "[DONE]"]] {
        let usage = Usage { prompt_tokens: 3, completion_tokens: 1 };
        let expect = Completion { text: "x".to_owned(), finish: Finish::Stop, usage };
        assert_eq!(decode(Framing::Sse, &sse(&events)), Ok(expect));
    }
}

#[test]
fn an_answer_that_is_not_a_stream_is_read_as_a_whole() {
    let check = |framing, content_type, body: &str, expect: Result<&str, Failure>| {
        let parts = body.as_bytes().chunks(7);
        let read = decode_parts(framing, &headers(content_type), parts);
        assert_eq!(read.map(|completion| completion.text), expect.map(str::to_owned), "{content_type}");
    };
    let mistral = "{\n \"choices\": [{\"message\": {\"content\": \"x\"},\n \"finish_reason\": \"stop\"}]\n}\n";
    let ollama = "{\n \"response\": \"x\",\n \"done\": true\n}\n";
    check(Framing::Sse, "application/json", mistral, Ok("x"));
    check(Framing::Sse, "Application/JSON ; charset=utf-8", mistral, Ok("x"));
    check(Framing::Ndjson, "application/json", ollama, Ok("x"));
    check(Framing::Ndjson, "application/json", "{", Err(Failure::Malformed { reason: "not JSON" }));
    check(Framing::Ndjson, "application/json", &" ".repeat(MAX_BYTES + 1), Err(TOO_LONG));
}

#[test]
fn lines_and_texts_are_bounded() {
    let part = vec![b'x'; MAX_BYTES / 4];
    for framing in [Framing::Sse, Framing::Ndjson] {
        let mut decoder = Decoder::new(format(framing), &HeaderMap::new());
        for _ in 0..4 {
            assert_eq!(decoder.push(&part), Ok(String::new()));
        }
        assert_eq!(decoder.push(b"x"), Err(TOO_LONG));
        assert_eq!(Decoder::new(format(framing), &HeaderMap::new()).push(&part.repeat(5)), Err(TOO_LONG));
    }
    let mut decoder = Decoder::new(format(Framing::Ndjson), &HeaderMap::new());
    let line = format!("{{\"response\":\"{}\"}}\n", "x".repeat(MAX_BYTES / 2 - 100));
    assert!(decoder.push(line.as_bytes()).is_ok());
    assert!(decoder.push(line.as_bytes()).is_ok());
    assert_eq!(decoder.push(line.as_bytes()), Err(TOO_LONG));
}

/// A body, cut at these places.
fn cut(body: &[u8], mut places: Vec<prop::sample::Index>) -> Vec<&[u8]> {
    places.sort_by_key(|place| place.index(body.len()));
    let mut parts = Vec::new();
    let mut from = 0;
    for place in places {
        let to = place.index(body.len());
        parts.push(&body[from..to]);
        from = to;
    }
    parts.push(&body[from..]);
    parts
}

proptest! {
    #[test]
    fn the_split_does_not_matter(
        places in prop::collection::vec(any::<prop::sample::Index>(), 0..40),
        end in prop::sample::select(vec!["\n", "\r", "\r\n"]),
        mark in any::<bool>(),
    ) {
        for (framing, body) in [(Framing::Sse, MISTRAL), (Framing::Ndjson, OLLAMA)] {
            let body = format!("{}{}", if mark { "\u{feff}" } else { "" }, body.replace('\n', end));
            let parts = cut(body.as_bytes(), places.clone());
            prop_assert_eq!(decode_parts(framing, &HeaderMap::new(), parts), Ok(recorded()));
        }
    }

    #[test]
    fn a_stream_that_was_cut_is_interrupted(place in any::<prop::sample::Index>()) {
        for (framing, body, last) in [
            (Framing::Sse, MISTRAL, MISTRAL.find("}}\n\ndata: [DONE]").unwrap() + 2),
            (Framing::Ndjson, OLLAMA, OLLAMA.len() - 1),
        ] {
            let at = place.index(body.len());
            let read = decode_parts(framing, &HeaderMap::new(), [&body.as_bytes()[..at]]);
            prop_assert_eq!(read, if at < last { Err(Failure::Interrupted) } else { Ok(recorded()) });
        }
    }

    #[test]
    fn any_body_is_read_alike_however_it_is_split(
        body in prop::collection::vec(prop::sample::select(b"data: {}[]\"\r\n\xef\xbb\xbf\xc3\xa9x:".to_vec()), 1..200),
        places in prop::collection::vec(any::<prop::sample::Index>(), 0..10),
    ) {
        for framing in [Framing::Sse, Framing::Ndjson] {
            let whole = decode_parts(framing, &HeaderMap::new(), [body.as_slice()]);
            prop_assert_eq!(decode_parts(framing, &HeaderMap::new(), cut(&body, places.clone())), whole);
        }
    }
}

#[test]
fn a_stream_without_text_is_bounded() {
    for (framing, line) in
        [(Framing::Sse, ": ping\n\n"), (Framing::Ndjson, "{\"response\":\"\"}\n"), (Framing::Ndjson, "\n")]
    {
        let chunk = line.repeat(64 * 1024 / line.len());
        let mut decoder = Decoder::new(format(framing), &HeaderMap::new());
        let error = (0..1024).find_map(|_| decoder.push(chunk.as_bytes()).err());
        assert_eq!(error, Some(TOO_LONG), "{framing:?}");
    }
}
