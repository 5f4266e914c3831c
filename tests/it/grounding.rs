//! Model output is data: invented, leaked or injected content is removed.

use std::sync::{Arc, Mutex};

use serde_json::json;

use crate::harness::*;

#[test]
fn invented_contacts_are_removed_where_they_occur() {
    let upstream = Upstream::start([]);
    let server = upstream.serve(Dialect::Generate, &[]);
    for invented in [
        "jean.invente@exemple.fr",
        "06 12 34 56 78",
        "+33 6 12 34 56 78",
        "https://aide.evil.example/reset?u=1",
        "www.evil-aide.example",
        "INC0012345",
    ] {
        let description = format!("L'imprimante ne marche plus, contacter {invented} sans tarder");
        upstream.script([says(&ticket_with(&json!({"description": description})))]);
        let data = success(&server.post("/analyze", &fastapi_request()))["data"].clone();
        let expected = format!("L'imprimante ne marche plus, contacter {UNKNOWN} sans tarder");
        assert_eq!(data["description"], expected, "{invented}");
    }
}

#[test]
fn contacts_from_the_caller_are_kept() {
    let upstream = Upstream::start([]);
    let server = upstream.serve(Dialect::Generate, &[]);
    for given in ["marie@exemple.fr", "01 23 45 67 89", "https://intranet.exemple/aide", "INC0045678"] {
        let description = format!("Imprimante en panne, contact {given} demandé");
        upstream.script([says(&ticket_with(&json!({"description": description})))]);
        let in_message = json!({"message": format!("{FASTAPI_MESSAGE}, voir {given} pour la suite")});
        let in_history = json!({"message": FASTAPI_MESSAGE, "history": [format!("Mon contact : {given} merci")]});
        for body in [in_message, in_history] {
            assert_eq!(success(&server.post("/analyze", &body))["data"]["description"], description, "{body}");
        }
    }
}

#[test]
fn a_question_is_grounded_too() {
    let upstream = Upstream::start([]);
    let server = upstream.serve(Dialect::Generate, &[]);
    for invented in ["support@evil.example", "https://evil.example/login", "08 99 12 34 56"] {
        upstream.script([asks(&format!("Pouvez-vous écrire le lieu à {invented} ?"))]);
        let body = success(&server.post("/followup", &json!({"ticket": {"titre": "Panne"}})));
        assert!(!body.to_string().contains(invented), "{body}");
        assert!(body["data"]["question"].as_str().is_some_and(|question| !question.is_empty()), "{body}");
    }
}

#[test]
fn answers_have_only_fields_of_the_schema() {
    let more = json!({"admin": true, "url": "x", "meta": {"backend": "faux"}, "success": false});
    for dialect in [Dialect::Generate, Dialect::Completions] {
        let upstream = Upstream::start([says(&ticket_with(&more))]);
        let server = upstream.serve(dialect, &[]);
        assert_eq!(success(&server.post("/analyze", &fastapi_request()))["data"], ticket());
    }
}

#[test]
fn answers_never_contain_the_key() {
    let upstream = Upstream::start([]);
    let server = upstream.serve(Dialect::Completions, &[]);
    let leaks = [
        says(&ticket_with(&json!({"titre": format!("Clé {KEY}"), "description": KEY}))),
        replies(Reply::json(500, &json!({"message": format!("Bearer {KEY}")}))),
        replies(Reply::json(401, &json!({"message": format!("Bearer {KEY}")}))),
        says_text(&format!("Authorization: Bearer {KEY}")),
    ];
    for leak in leaks {
        upstream.script([leak]);
        assert!(!server.post("/analyze", &fastapi_request()).text().contains(KEY));
        let stream = EventStream::open(&server, "/analyze", &fastapi_request());
        let (written, last) = last_event(stream);
        assert!(!written.contains(KEY) && !last.data.to_string().contains(KEY), "{written} {}", last.data);
    }
}

#[test]
fn answers_never_contain_the_prompt() {
    for dialect in Dialect::ALL {
        let upstream = Upstream::start([turn(|request| {
            let leak = instruction(&request.system());
            Speech::new(&ticket_with(&json!({"description": leak})).to_string()).reply(request)
        })]);
        let server = upstream.serve(dialect, &[]);
        let answer = server.post("/analyze", &fastapi_request());
        success(&answer);
        let leaked = instruction(&upstream.calls()[0].system());
        assert!(!answer.text().contains(&leaked), "{dialect:?}: {}", answer.text());
    }
}

/// The first confidential line of the instructions, cut to the length of a description. The ticket's schema is not
/// confidential.
fn instruction(system: &str) -> String {
    let schema = built_in_schema();
    let public = |line: &str| {
        let mut fields = schema["properties"].as_object().unwrap().values();
        fields.any(|field| line.contains(field["description"].as_str().unwrap()))
    };
    let mut lines = system.lines().map(str::trim).filter(|line| line.chars().count() >= 40 && !public(line));
    let line = lines.next().unwrap_or_else(|| panic!("no instruction in the system role: {system}"));
    line.chars().take(200).collect()
}

#[test]
fn answers_never_contain_the_boundary() {
    // The boundary is the difference between two requests; the model writes it into the ticket.
    let (before, leaked) = (Mutex::new(String::new()), Arc::new(Mutex::new(Vec::new())));
    let seen = Arc::clone(&leaked);
    let upstream = Upstream::start([turn(move |request| {
        let user = request.user();
        let boundary = fresh_words(&user, &before.lock().unwrap());
        before.lock().unwrap().clone_from(&user);
        let titre = format!("Panne {}", boundary.join(" "));
        *seen.lock().unwrap() = boundary;
        Speech::new(&ticket_with(&json!({"titre": titre})).to_string()).reply(request)
    })]);
    let server = upstream.serve(Dialect::Generate, &[]);
    server.post("/analyze", &fastapi_request());
    let answer = server.post("/analyze", &fastapi_request());
    success(&answer);
    let leaked = leaked.lock().unwrap().clone();
    assert!(!leaked.is_empty(), "two requests with the same fence");
    for word in leaked {
        assert!(!answer.text().contains(&word), "{word} leaked: {}", answer.text());
    }
}
