//! Statuses that depend on the request alone.

use std::time::Duration;

use serde_json::{Value, json};

use crate::harness::*;

fn post(path: &str, body: impl Into<Vec<u8>>) -> Answer {
    Call::new("POST", path).header("content-type", "application/json").bytes(&Server::local(), body)
}

#[test]
fn invalid_json_is_a_400_with_line_and_column() {
    let check = |body: &[u8], place: &[&str]| {
        for path in ["/analyze", "/followup"] {
            let problem = failure(&post(path, body), 400, "invalid_json");
            let detail = problem["error"]["detail"].as_str().unwrap();
            let numbers: Vec<&str> = detail.split(|c: char| !c.is_ascii_digit()).filter(|n| !n.is_empty()).collect();
            assert!(place.iter().all(|number| numbers.contains(number)), "{detail}");
        }
    };
    check(b"{\"message\": \"a\",\n  oops}", &["2", "3"]);
    check(b"", &[]);
    check(b"not json", &["1"]);
    check(b"{\"message\": \"a\"", &["1"]);
    check(b"{\"message\": \"a\"} {}", &["1"]);
    check(b"{\"message\": \"\xff\"}", &[]);
    check(b"{\"message\": NaN}", &["1"]);
    check(b"{\"message\": \"\\ud800\"}", &["1"]);
}

#[test]
fn a_key_is_required_if_keys_are_configured() {
    let upstream = Upstream::start([says(&ticket())]);
    let server = upstream.serve(Dialect::Generate, &[("API_KEYS", "alpha-key-1,beta-key-2")]);
    let wrong: [&[(&str, &str)]; 11] = [
        &[],
        &[("authorization", "Bearer wrong")],
        &[("authorization", "Bearer alpha-key-")],
        &[("authorization", "Bearer alpha-key-11")],
        &[("authorization", "Bearer alpha-key-1,beta-key-2")],
        &[("authorization", "Bearer ")],
        &[("authorization", "Basic alpha-key-1")],
        &[("authorization", "alpha-key-1")],
        &[("x-api-key", "")],
        &[("x-api-key", "ALPHA-KEY-1")],
        &[("x-api-key", "Bearer alpha-key-1")],
    ];
    for headers in wrong {
        for path in ["/analyze", "/followup"] {
            let answer = Call::new("POST", path).headers(headers).json(&server, &fastapi_request());
            failure(&answer, 401, "unauthorized");
            let challenge = answer.header("www-authenticate").unwrap_or_else(|| panic!("no challenge: {headers:?}"));
            assert!(challenge.to_ascii_lowercase().starts_with("bearer"), "{challenge}");
            assert!(!answer.text().contains("-key-"), "{}", answer.text());
        }
    }
    assert_eq!(upstream.requests().len(), 0, "a call without a key");
    for headers in [
        [("authorization", "Bearer alpha-key-1")],
        [("authorization", "bearer beta-key-2")],
        [("x-api-key", "alpha-key-1")],
        [("x-api-key", "beta-key-2")],
    ] {
        success(&Call::new("POST", "/analyze").headers(&headers).json(&server, &fastapi_request()));
    }
    assert_eq!(server.get("/health").status, 200);
    assert_eq!(server.get("/openapi.json").status, 200);
}

#[test]
fn unknown_paths_and_wrong_methods() {
    let server = Server::local();
    for (method, path) in [("GET", "/nope"), ("POST", "/nope"), ("GET", "/analyze/x"), ("GET", "/%2e%2e/health")] {
        problem(&Call::new(method, path).send(&server), 404, "not_found");
    }
    for (method, path, allowed) in [
        ("GET", "/analyze", &["POST"][..]),
        ("PUT", "/analyze", &["POST"]),
        ("DELETE", "/analyze", &["POST"]),
        ("PATCH", "/followup", &["POST"]),
        ("GET", "/followup", &["POST"]),
        ("POST", "/health", &["GET", "HEAD"]),
        ("DELETE", "/openapi.json", &["GET", "HEAD"]),
        ("POST", "/docs", &["GET", "HEAD"]),
        ("POST", "/", &["GET", "HEAD"]),
    ] {
        let answer = Call::new(method, path).send(&server);
        problem(&answer, 405, "method_not_allowed");
        let allow: Vec<&str> = answer.header("allow").expect("an Allow header").split(',').map(str::trim).collect();
        assert!(allowed.iter().all(|method| allow.contains(method)), "{method} {path}: {allow:?}");
        assert!(!allow.contains(&method), "{method} {path}: {allow:?}");
    }
}

#[test]
fn head_works_like_get() {
    let server = Server::local();
    for path in ["/health", "/openapi.json", "/docs", "/"] {
        let (get, head) = (server.get(path), Call::new("HEAD", path).send(&server));
        assert_eq!((get.status, head.status), (200, 200), "{path}");
        assert_eq!((head.media_type(), head.body.len()), (get.media_type(), 0), "{path}");
        assert_eq!(get.header("x-content-type-options"), Some("nosniff"), "{path}");
        assert!(!get.media_type().is_empty() && !get.body.is_empty(), "{path}");
    }
}

#[test]
fn a_too_large_body_is_refused_while_it_is_being_sent() {
    let server = Server::shared(&[("MODEL_BACKEND", "local"), ("MAX_BODY_BYTES", "1024")]);
    // With a length: the answer arrives although most of the body is never sent.
    let mut connection = Connection::open(&server);
    connection.send(post_head("/analyze", 10_000_000, &[]));
    connection.send(vec![b' '; 2_048]);
    let answer = connection.answer();
    failure(&answer, 413, "body_too_large");
    assert!(answer.elapsed < Duration::from_secs(3), "{:?}", answer.elapsed);
    // Without a length: endless chunks.
    let mut connection = Connection::open(&server);
    let head =
        "POST /analyze HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n";
    connection.send(head);
    for _ in 0..8 {
        connection.send(format!("100\r\n{}\r\n", " ".repeat(256)));
    }
    let answer = connection.answer();
    failure(&answer, 413, "body_too_large");
    assert!(answer.elapsed < Duration::from_secs(3), "{:?}", answer.elapsed);
}

#[test]
fn the_body_limit_is_exact() {
    let body = |length: usize| {
        let body = fastapi_request().to_string();
        format!("{body}{}", " ".repeat(length - body.len()))
    };
    let small = Server::shared(&[("MODEL_BACKEND", "local"), ("MAX_BODY_BYTES", "1024")]);
    for (server, limit) in [(&small, 1_024), (&Server::local(), 65_536)] {
        let call = || Call::new("POST", "/analyze").header("content-type", "application/json");
        success(&call().bytes(server, body(limit)));
        failure(&call().bytes(server, body(limit + 1)), 413, "body_too_large");
    }
}

#[test]
fn a_body_may_arrive_in_pieces() {
    let body = fastapi_request().to_string();
    let mut connection = Connection::open(&Server::local());
    connection.send(post_head("/analyze", body.len(), &[]));
    for piece in body.as_bytes().chunks(9) {
        connection.send(piece);
        std::thread::sleep(Duration::from_millis(5));
    }
    success(&connection.answer());
}

#[test]
fn a_caller_that_disconnects_early_affects_nobody() {
    let server = Server::local();
    for sent in ["POST /analyze HTTP/1.1\r\nhost: x\r\n", &post_head("/analyze", 100, &[]), "garbage\r\n\r\n"] {
        Connection::open(&server).send(sent);
    }
    success(&server.post("/analyze", &fastapi_request()));
}

#[test]
fn only_json_is_accepted() {
    let server = Server::local();
    let answer = |content_type: &str| {
        let call = Call::new("POST", "/analyze").header("content-type", content_type);
        call.bytes(&server, fastapi_request().to_string())
    };
    for wrong in
        ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/json5", "a"]
    {
        failure(&answer(wrong), 415, "unsupported_media_type");
    }
    for right in ["application/json", "application/json; charset=utf-8", "Application/JSON;charset=UTF-8"] {
        success(&answer(right));
    }
}

#[test]
fn hostile_json_gets_the_right_status_and_position() {
    let bomb = |open: &str, close: &str, depth: usize| format!("{}1{}", open.repeat(depth), close.repeat(depth));
    let invalid: [Vec<u8>; 11] = [
        b"\xef\xbb\xbf{\"message\": \"a\"}".to_vec(),
        b"{\"message\": \"\xed\xa0\x80\"}".to_vec(),
        b"{\"mess\xffage\": \"a\"}".to_vec(),
        br#"{"\udc00": 1, "message": "a"}"#.to_vec(),
        br#"{"message": "a", "x": Infinity}"#.to_vec(),
        br#"{"message": "a", "x": -NaN}"#.to_vec(),
        br#"{"message": "a", "x": 1e99999}"#.to_vec(),
        br#"{"message": 'a'}"#.to_vec(),
        br#"{"message": "a",}"#.to_vec(),
        bomb("[", "]", 10_000).into_bytes(),
        bomb("{\"message\":", "}", 4_000).into_bytes(),
    ];
    for body in invalid {
        for path in ["/analyze", "/followup"] {
            let problem = failure(&post(path, body.clone()), 400, "invalid_json");
            let detail = problem["error"]["detail"].as_str().unwrap();
            assert!(detail.contains("line 1 column "), "{detail}");
        }
    }
    let wrong = [
        (r#"{"message": "a", "message": "b"}"#, &["/message"][..]),
        (r#"{"message": "a", "x": {"a/b": {"c~d": 1, "c~d": 2}}}"#, &["/x/a~1b/c~0d"]),
        (r#"{"message": 123456789012345678901234567890, "history": true}"#, &["/message", "/history"]),
    ];
    for (body, pointers) in wrong {
        let problem = failure(&post("/analyze", body), 422, "validation_error");
        let problems = problem["error"]["problems"].as_array().unwrap();
        assert_eq!(problems.len(), pointers.len(), "{problem}");
        assert!(pointers.iter().all(|pointer| problems.iter().any(|p| points_to(p, pointer))), "{problem}");
    }
    // Reasonable depth and size are accepted, and unknown keys ignored.
    for body in [
        format!("{{\"message\": \"a\", \"x\": {}}}", bomb("[", "]", 100)),
        r#"{"message": "a", "x": 123456789012345678901234567890}"#.to_owned(),
        format!("{{\"message\": \" \\n{}\\t \"}}", "é".repeat(8_000)),
    ] {
        success(&post("/analyze", body));
    }
}

/// Whether an entry of `error.problems` has this pointer.
fn points_to(problem: &Value, pointer: &str) -> bool {
    problem.as_object().is_some_and(|fields| fields.values().any(|value| value == pointer))
}

#[test]
fn json_of_the_wrong_shape_is_a_422_with_every_problem() {
    let check = |path: &str, body: &Value, pointers: &[&str]| {
        let answer = failure(&post(path, body.to_string()), 422, "validation_error");
        let problems = answer["error"]["problems"].as_array().unwrap_or_else(|| panic!("no problems: {answer}"));
        assert_eq!(problems.len(), pointers.len(), "{body}: {problems:#?}");
        for pointer in pointers {
            assert!(problems.iter().any(|problem| points_to(problem, pointer)), "{pointer}: {problems:#?}");
        }
        if let [only] = pointers {
            assert_eq!(answer["error"]["field"], *only, "{body}");
        }
    };
    let messages = [json!(""), json!(" \n\t "), Value::Null, json!(5), json!(["a"]), json!("a".repeat(8_001))];
    for message in messages {
        check("/analyze", &json!({"message": message}), &["/message"]);
    }
    check("/analyze", &json!({}), &["/message"]);
    for body in [json!([]), json!("a"), json!(5), Value::Null] {
        check("/analyze", &body, &[""]);
        check("/followup", &body, &[""]);
    }
    let histories = [
        (json!("a"), &["/history"][..]),
        (json!({"role": "user", "content": "a"}), &["/history"]),
        (json!(vec!["a"; 51]), &["/history"]),
        (json!([vec![json!("a"); 49], vec![json!(1), json!("a"), json!(2)]].concat()), &["/history", "/history/49"]),
        (json!([1]), &["/history/0"]),
        (json!(["a", null]), &["/history/1"]),
        (json!([{"role": "user"}]), &["/history/0/content"]),
        (json!([{"content": "a"}]), &["/history/0/role"]),
        (json!([{"role": "system", "content": "a"}]), &["/history/0/role"]),
        (json!(["a", 1, {"role": "tool", "content": 2}]), &["/history/1", "/history/2/role", "/history/2/content"]),
    ];
    for (history, pointers) in histories {
        check("/analyze", &json!({"message": "a", "history": history}), pointers);
        check("/followup", &json!({"ticket": {"titre": "a"}, "history": history}), pointers);
    }
    check(
        "/analyze",
        &json!({"message": 1, "history": [1, {"role": "user"}]}),
        &["/message", "/history/0", "/history/1/content"],
    );
    for body in
        [json!({}), json!({"ticket": {}}), json!({"ticket": null}), json!({"ticket": []}), json!({"ticket": "a"})]
    {
        check("/followup", &body, &["/ticket"]);
    }
}
