//! Shell scripts with decisions, run like `make` runs them.
#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::process::Command;
use std::{env, fs, process, thread};

/// The targets in lines with this start.
fn targets(text: &str, start: &str) -> BTreeSet<String> {
    let names = text.lines().filter_map(|line| line.strip_prefix(start)?.split_whitespace().next());
    names.map(|name| name.trim_end_matches(':').to_owned()).collect()
}

#[test]
fn make_help_lists_every_target() {
    let root = env!("CARGO_MANIFEST_DIR");
    let makefile = fs::read_to_string(format!("{root}/Makefile")).unwrap();
    let output = Command::new("make").args(["--no-print-directory", "help"]).current_dir(root).output().unwrap();
    let listed = targets(&String::from_utf8(output.stdout).unwrap(), "  make ");
    let declared = makefile.lines().find_map(|line| line.strip_prefix(".PHONY: ")).unwrap();
    let declared: BTreeSet<String> = declared.split(' ').map(str::to_owned).collect();
    assert_eq!(listed, declared);
    let rules = makefile.lines().filter_map(|line| line.split_once(':')).map(|(name, _)| name);
    let rules = rules.filter(|name| name.chars().all(|c| c.is_ascii_lowercase() || c == '-'));
    assert_eq!(rules.map(str::to_owned).collect::<BTreeSet<_>>(), declared, "each has its rule");
    for document in ["README.md", "README.fr.md", "CONTRIBUTING.md", "ARCHITECTURE.md", "deploy/README.md"] {
        let text = fs::read_to_string(format!("{root}/{document}")).unwrap();
        // Only in code: at the start of a line, in backticks, after a command or a setting.
        for part in text.split("make ").skip(1).zip(text.split("make ")).filter(|(_, before)| is_code(before)) {
            let name: String = part.0.chars().take_while(|c| c.is_ascii_lowercase() || *c == '-').collect();
            assert!(declared.contains(&name), "{document} names `make {name}`");
        }
    }
}

/// Whether this text is followed by a command.
fn is_code(before: &str) -> bool {
    ["\n", "`", "&& ", "… "].iter().any(|end| before.ends_with(end))
}

/// A server without a key and one with a key; the sentences name every server, so further ones would change them.
const MANIFEST: &str = r#"
[variables]
model_backend = { default = "ollama" }
fallback_backend = { default = "local" }
ollama_origin = { default = "http://localhost:11434" }
ollama_url = { default = "" }
ollama_model_name = { default = "mistral:instruct" }
mistral_origin = { default = "https://api.mistral.ai" }
mistral_url = { default = "" }
mistral_api_key = { default = "", secret = true }
mistral_model_name = { default = "mistral-large-latest" }
[component.x]
"#;

/// The output of `scripts/backend.sh` with this environment, this `.env` and [`MANIFEST`].
fn backend_line(variables: &[(&str, &str)], dotenv: &str) -> String {
    let file = env::temp_dir().join(format!("dotenv-{}-{:?}", process::id(), thread::current().id()));
    fs::write(&file, dotenv).unwrap();
    let manifest = file.with_added_extension("toml");
    fs::write(&manifest, MANIFEST).unwrap();
    let output = Command::new("bash")
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/scripts/backend.sh"))
        .env_clear()
        .env("PATH", env::var_os("PATH").unwrap())
        .env("HOME", env::temp_dir())
        .env("DOTENV", &file)
        .env("MANIFEST", &manifest)
        .envs(variables.iter().copied())
        .output()
        .unwrap();
    fs::remove_file(&file).unwrap();
    fs::remove_file(&manifest).unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[track_caller]
fn check(variables: &[(&str, &str)], dotenv: &str, expect: &str) {
    assert_eq!(backend_line(variables, dotenv), format!("{expect}\n"), "{variables:?}, .env {dotenv:?}");
}

/// An origin without a server: a privileged port.
const NOBODY: &str = "http://127.0.0.1:1";

/// The origin of a server that answers everything with an empty 200, until the test ends.
fn model_server() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let _request = stream.read(&mut [0; 1024]).unwrap();
            stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n").unwrap();
        }
    });
    origin
}

#[test]
fn without_a_server_and_a_key_the_local_backend_answers() {
    let line = format!("No model server at {NOBODY} and no MISTRAL_API_KEY: answering from the local backend");
    check(&[("OLLAMA_ORIGIN", NOBODY)], "", &line);
    check(&[("MODEL_BACKEND", "mistral")], "", "No MISTRAL_API_KEY: answering from the local backend");
    check(&[("MODEL_BACKEND", "local")], "", "Answering from the local backend");
}

#[test]
fn an_unused_key_is_mentioned() {
    let line =
        format!("No model server at {NOBODY}: answering from the local backend (MODEL_BACKEND=mistral uses the key)");
    check(&[("OLLAMA_ORIGIN", NOBODY), ("MISTRAL_API_KEY", "k")], "", &line);
}

#[test]
fn the_first_usable_backend_of_the_chain_answers() {
    let up = model_server();
    let ollama = format!("nswering from ollama at {up} (mistral:instruct)");
    check(&[("OLLAMA_ORIGIN", &up)], "", &format!("A{ollama}"));
    check(
        &[("MODEL_BACKEND", "mistral,ollama"), ("OLLAMA_ORIGIN", &up)],
        "",
        &format!("No MISTRAL_API_KEY: a{ollama}"),
    );
    check(
        &[
            ("MODEL_BACKEND", "ollama,mistral"),
            ("OLLAMA_ORIGIN", NOBODY),
            ("MISTRAL_ORIGIN", &up),
            ("MISTRAL_MODEL_NAME", "m"),
        ],
        "",
        &format!("No model server at {NOBODY}: answering from mistral at {up} (m)"),
    );
}

#[test]
fn a_url_takes_precedence_over_the_origin_and_its_password_is_hidden() {
    let url = model_server().replace("//", "//user:password@") + "/api/chat";
    let shown = url.replace("user:password@", "").replace("/api/chat", "");
    check(&[("OLLAMA_URL", &url)], "", &format!("Answering from ollama at {shown} (mistral:instruct)"));
}

#[test]
fn without_a_fallback_requests_will_fail() {
    let line = format!("No model server at {NOBODY} and no MISTRAL_API_KEY: requests will fail until there is one");
    check(&[("OLLAMA_ORIGIN", NOBODY), ("FALLBACK_BACKEND", "")], "", &line);
    check(
        &[("MODEL_BACKEND", "gpt")],
        "",
        "MODEL_BACKEND and FALLBACK_BACKEND know ollama, mistral and local, not 'gpt': requests will fail",
    );
}

#[test]
fn the_environment_precedes_the_file_and_spin_variables_precede_others() {
    let local = "Answering from the local backend";
    check(&[("SPIN_VARIABLE_MODEL_BACKEND", "local"), ("MODEL_BACKEND", "gpt")], "", local);
    check(&[("MODEL_BACKEND", "local")], "SPIN_VARIABLE_MODEL_BACKEND=gpt\n", local);
    check(&[], "MODEL_BACKEND=gpt\nSPIN_VARIABLE_MODEL_BACKEND=local\n", local);
    check(&[], "MODEL_BACKEND=gpt\nMODEL_BACKEND=local\n", local);
}

#[test]
fn the_file_has_dotenv_syntax() {
    for line in [
        "MODEL_BACKEND=local",
        "MODEL_BACKEND=local\r\n",
        "# a comment\n\n  export MODEL_BACKEND = local  # why\n",
        "MODEL_BACKEND=\"local\" # why\n",
        "MODEL_BACKEND='local'\nPATH=/nowhere\n",
        "MODEL_BACKEND=local\nX_MODEL_BACKEND=gpt\n#MODEL_BACKEND=gpt\n",
    ] {
        check(&[], line, "Answering from the local backend");
    }
}
