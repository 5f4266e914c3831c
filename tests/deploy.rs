//! The files in `deploy/`, compared with the code, without a cluster.
#![cfg(test)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_yaml_ng::Value;
use support_ticket_ai::config::VARIABLES;

#[path = "deploy/systemd.rs"]
mod systemd;

fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

fn read(name: &str) -> String {
    fs::read_to_string(path(name)).unwrap_or_else(|e| panic!("{name}: {e}"))
}

/// The documents of a YAML file.
fn documents(name: &str) -> Vec<Value> {
    serde_yaml_ng::Deserializer::from_str(&read(name))
        .map(|document| Value::deserialize(document).unwrap_or_else(|e| panic!("{name}: {e}")))
        .collect()
}

fn document(name: &str) -> Value {
    let mut documents = documents(name);
    assert_eq!(documents.len(), 1, "{name}");
    documents.remove(0)
}

fn manifest() -> toml::Table {
    read("spin.toml").parse().unwrap()
}

fn component() -> (String, toml::Value) {
    let (id, component) = manifest()["component"].as_table().unwrap().clone().into_iter().next().unwrap();
    (id, component)
}

fn strings(value: &Value) -> Vec<&str> {
    value.as_sequence().into_iter().flatten().filter_map(Value::as_str).collect()
}

/// Whether Spin has a variable of that name.
fn is_variable(name: &str) -> bool {
    VARIABLES.iter().any(|variable| variable.name == name)
}

/// The number in the assignment `NAME=…` of scripts/serve-wasmtime.sh.
fn limit(name: &str) -> u64 {
    let script = read("scripts/serve-wasmtime.sh");
    let line = script.lines().find_map(|line| line.strip_prefix(&format!("{name}=")));
    line.unwrap_or_else(|| panic!("serve-wasmtime.sh has no {name}")).parse().unwrap()
}

/// Maximum number of open files: two sockets per request, one per idle connection.
fn open_files() -> u64 {
    2 * limit("requests") + limit("connections")
}

#[test]
fn every_yaml_file_parses() {
    let mut names = vec!["deploy/compose.yaml".to_owned()];
    for entry in fs::read_dir(path("deploy/spinkube")).unwrap() {
        names.push(format!("deploy/spinkube/{}", entry.unwrap().file_name().into_string().unwrap()));
    }
    assert!(names.len() > 5);
    for name in names {
        assert!(documents(&name).iter().all(Value::is_mapping), "{name}");
    }
}

#[test]
fn the_readme_links_to_every_file() {
    let page = read("deploy/README.md");
    for folder in ["deploy", "deploy/spinkube"] {
        for entry in fs::read_dir(path(folder)).unwrap() {
            let entry = entry.unwrap();
            let name = entry.path().strip_prefix(path("deploy")).unwrap().display().to_string();
            let is_page = name == "README.md" || entry.path().is_dir();
            assert!(is_page || page.contains(&format!("]({name})")), "deploy/README.md does not link to {name}");
        }
    }
}

#[test]
fn the_image_copies_existing_files_and_all_that_the_start_script_reads() {
    let dockerfile = read("deploy/Dockerfile");
    let mut copied = BTreeSet::new();
    for line in dockerfile.lines().filter_map(|line| line.strip_prefix("COPY ")) {
        let mut words: Vec<&str> = line.split_whitespace().collect();
        let _destination = words.pop();
        if line.starts_with("--from=") {
            continue;
        }
        copied.extend(words);
    }
    for file in &copied {
        assert!(path(file).exists() || file.starts_with("dist/"), "the Dockerfile copies {file}, which does not exist");
    }
    assert!(copied.contains("dist/support-ticket-ai.wasi.wasm"), "{copied:?}");
    for file in
        ["scripts/settings.sh", "scripts/common.sh", "scripts/serve-wasmtime.sh", "deploy/serve.sh", "spin.toml"]
    {
        assert!(copied.contains(file), "the image lacks {file}");
    }
    let build = read("scripts/build.sh");
    assert!(build.contains("support-ticket-ai.wasi.wasm"));
}

#[test]
fn the_image_runs_unprivileged_and_has_a_health_check() {
    let dockerfile = read("deploy/Dockerfile");
    let last_stage = dockerfile.rsplit("\nFROM ").next().unwrap();
    let user = last_stage.lines().find_map(|line| line.strip_prefix("USER ")).expect("a USER");
    assert!(user.split(':').all(|id| id.parse::<u32>().is_ok_and(|id| id > 0)), "USER {user}");
    assert!(last_stage.contains("ADDR=0.0.0.0:3000") && last_stage.contains("EXPOSE 3000"));
    assert!(last_stage.contains(r#"HEALTHCHECK"#) && last_stage.contains(r#""deploy/healthcheck.sh", "3000""#));
    for from in dockerfile.lines().filter_map(|line| line.strip_prefix("FROM ")) {
        let image = from.split_whitespace().next().unwrap();
        assert!(image.contains(':') && !image.ends_with(":latest"), "{image} has no version");
    }
    // The image's Rust is a supported version.
    let rust = dockerfile.split("FROM rust:").nth(1).unwrap().split('-').next().unwrap();
    let minor = |version: &str| version.split('.').nth(1).unwrap().parse::<u32>().unwrap();
    assert!(minor(rust) >= minor(env!("CARGO_PKG_RUST_VERSION")), "rust:{rust}");
}

#[test]
fn compose_starts_the_service_and_a_model_server() {
    let compose = document("deploy/compose.yaml");
    let services = compose["services"].as_mapping().unwrap();
    let service = &compose["services"]["service"];
    let ollama = &compose["services"]["ollama"];
    for (name, service) in services {
        for (variable, _) in service["environment"].as_mapping().into_iter().flatten() {
            let variable = variable.as_str().unwrap();
            let is_known = is_variable(&variable.to_lowercase()) || matches!(variable, "ADDR" | "OLLAMA_HOST");
            assert!(is_known, "{name:?}: {variable} has no effect");
        }
        for on in service["depends_on"].as_mapping().into_iter().flatten().map(|(on, _)| on) {
            assert!(services.contains_key(on), "{name:?} depends on {on:?}");
        }
    }
    assert_eq!(service["environment"]["OLLAMA_ORIGIN"], "http://ollama:11434", "the other service's name");
    assert_eq!(service["environment"]["OLLAMA_URL"], "");
    // env_file takes precedence over the image, and a .env for `make up` may set ADDR.
    assert_eq!(service["environment"]["ADDR"], "0.0.0.0:3000");
    assert_eq!(strings(&service["ports"]), ["127.0.0.1:3000:3000"]);
    assert_eq!(service["build"]["dockerfile"], "deploy/Dockerfile");
    assert!(service["ulimits"]["nofile"].as_u64().unwrap() >= open_files());
    assert_eq!(service["read_only"], true);
    assert_eq!(strings(&service["cap_drop"]), ["ALL"]);
    assert!(strings(&service["tmpfs"]).contains(&"/tmp") && read("deploy/Dockerfile").contains("HOME=/tmp"));
    let model = &compose["services"]["model"];
    assert_eq!(model["image"], ollama["image"]);
    assert_eq!(model["environment"]["OLLAMA_HOST"], service["environment"]["OLLAMA_ORIGIN"]);
    let default = VARIABLES.iter().find(|variable| variable.name == "ollama_model_name").unwrap().default;
    let expected = format!("${{OLLAMA_MODEL_NAME:-{default}}}");
    assert_eq!(model["environment"]["OLLAMA_MODEL_NAME"], expected.as_str());
    assert_eq!(service["environment"]["OLLAMA_MODEL_NAME"], expected.as_str());
    assert!(strings(&model["command"])[0].contains("ollama pull"));
}

#[test]
fn the_spin_app_binds_the_components_variables_and_stores() {
    let app = document("deploy/spinkube/app.yaml");
    assert_eq!(app["apiVersion"], "core.spinkube.dev/v1alpha1");
    assert_eq!(app["kind"], "SpinApp");
    let (id, component) = component();
    assert_eq!(app["metadata"]["name"], id.as_str());
    let image = app["spec"]["image"].as_str().unwrap();
    assert!(image.ends_with(&format!("/{id}:{}", env!("CARGO_PKG_VERSION"))), "{image}");
    assert_eq!(app["spec"]["enableAutoscaling"], true);
    assert!(app["spec"].get("replicas").is_none(), "replicas are the autoscaler's");
    for check in ["readiness", "liveness"] {
        assert_eq!(app["spec"]["checks"][check]["httpGet"]["path"], "/health");
    }

    let secret = document("deploy/spinkube/secrets.yaml");
    let held = &secret["stringData"];
    let check_source = |source: &Value| {
        let key = &source["valueFrom"]["secretKeyRef"];
        assert_eq!(key["name"], secret["metadata"]["name"]);
        assert!(held.get(key["key"].as_str().unwrap()).is_some(), "secrets.yaml has no {key:?}");
    };
    for variable in app["spec"]["variables"].as_sequence().unwrap() {
        let name = variable["name"].as_str().unwrap();
        let known = VARIABLES.iter().find(|known| known.name == name).unwrap_or_else(|| panic!("no variable {name}"));
        assert_eq!(variable.get("value").is_none(), known.secret, "{name}: a secret comes from the Secret");
        if known.secret {
            check_source(variable);
        }
    }
    let stores = app["spec"]["runtimeConfig"]["keyValueStores"].as_sequence().unwrap();
    let names: Vec<&str> = stores.iter().map(|store| store["name"].as_str().unwrap()).collect();
    let granted = component["key_value_stores"].as_array().unwrap();
    assert_eq!(names, granted.iter().map(|store| store.as_str().unwrap()).collect::<Vec<_>>());
    check_source(&stores[0]["options"][0]);
}

#[test]
fn the_autoscalers_scale_the_app() {
    let name = document("deploy/spinkube/app.yaml")["metadata"]["name"].clone();
    for (file, kind, api) in [
        ("deploy/spinkube/autoscale-cpu.yaml", "HorizontalPodAutoscaler", "autoscaling/v2"),
        ("deploy/spinkube/autoscale-requests.yaml", "ScaledObject", "keda.sh/v1alpha1"),
    ] {
        let scaler = document(file);
        assert_eq!((&scaler["kind"], &scaler["apiVersion"]), (&Value::from(kind), &Value::from(api)));
        assert_eq!(scaler["spec"]["scaleTargetRef"]["name"], name, "{file}");
        assert_eq!(scaler["spec"]["scaleTargetRef"]["kind"], "Deployment", "{file}");
    }
    let requests = document("deploy/spinkube/autoscale-requests.yaml");
    let prometheus = &requests["spec"]["triggers"][0];
    assert_eq!(prometheus["type"], "prometheus");
    assert!(prometheus["metadata"]["query"].as_str().unwrap().contains(name.as_str().unwrap()));
    // KEDA's metadata are strings.
    assert!(prometheus["metadata"]["threshold"].as_str().unwrap().parse::<u32>().is_ok());
}

/// Checks that a runtime configuration provides the component's store and keys.
fn check_runtime_config(text: &str) {
    let config: toml::Table = text.parse().unwrap();
    let (id, component) = component();
    for store in component["key_value_stores"].as_array().unwrap() {
        let store = &config["key_value_store"][store.as_str().unwrap()];
        assert_eq!(store["type"].as_str(), Some("redis"));
        assert!(store["url"].as_str().unwrap().starts_with("redis://"));
    }
    let providers = config["variables_provider"].as_array().unwrap();
    assert_eq!(providers.len(), 1);
    let keys: BTreeSet<&str> = providers[0].as_table().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, BTreeSet::from(["type", "url", "token", "mount", "prefix"]), "Spin refuses others");
    assert_eq!(providers[0]["type"].as_str(), Some("vault"));
    assert_eq!(providers[0]["prefix"].as_str(), Some(id.as_str()));
    assert_eq!(providers[0]["token"].as_str(), Some("REPLACE"), "no token belongs here");
}

#[test]
fn the_runtime_config_provides_the_components_store_and_keys() {
    check_runtime_config(&read("deploy/runtime-config.toml"));
    let secret = document("deploy/spinkube/runtime-config.yaml");
    check_runtime_config(secret["stringData"]["runtime-config.toml"].as_str().unwrap());
    let reference = format!("loadFromSecret: {}", secret["metadata"]["name"].as_str().unwrap());
    assert!(read("deploy/spinkube/runtime-config.yaml").contains(&reference));
}

#[test]
fn the_readme_names_existing_variables() {
    for file in ["deploy/README.md", "deploy/runtime-config.toml"] {
        for rest in read(file).split("--variable ").skip(1) {
            let name = rest.split('=').next().unwrap_or_default();
            assert!(is_variable(name) || name.starts_with('`'), "{file}: --variable {name}");
        }
    }
}

#[cfg(unix)]
mod scripts {
    use std::io::{Read, Write};
    use std::net::TcpListener;
    use std::os::unix::fs::PermissionsExt;
    use std::process::{self, Command};
    use std::{env, thread};

    use super::*;

    /// Whether the health check succeeds for this status line.
    fn is_healthy(status: &'static str) -> bool {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let server = thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            // The shell writes line by line.
            let mut request = Vec::new();
            while !request.ends_with(b"\r\n\r\n") {
                let mut byte = [0];
                assert_eq!(stream.read(&mut byte).unwrap(), 1, "the request ended early");
                request.extend(byte);
            }
            write!(stream, "HTTP/1.1 {status}\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{{}}").unwrap();
            String::from_utf8(request).unwrap()
        });
        let check = Command::new(path("deploy/healthcheck.sh")).arg(port.to_string()).status().unwrap();
        assert!(server.join().unwrap().starts_with("GET /health HTTP/1.1\r\n"));
        check.success()
    }

    #[test]
    fn the_health_check_reads_the_status() {
        assert!(is_healthy("200 OK"));
        assert!(!is_healthy("503 Service Unavailable"));
        let nobody = Command::new(path("deploy/healthcheck.sh")).arg("1").output().unwrap();
        assert!(!nobody.status.success());
    }

    /// The command line and environment from the start script, one item per line.
    fn started(variables: &[(&str, &str)], secrets: &[(&str, &str)]) -> String {
        let folder = env::temp_dir().join(format!("serve-{}-{:?}", process::id(), thread::current().id()));
        let credentials = folder.join("credentials");
        fs::create_dir_all(&credentials).unwrap();
        for (name, value) in secrets {
            fs::write(credentials.join(name), value).unwrap();
        }
        let wasmtime = folder.join("wasmtime");
        fs::write(&wasmtime, "#!/bin/sh\nprintf '%s\\n' \"$@\"\nenv | grep ^SPIN_VARIABLE_\n").unwrap();
        fs::set_permissions(&wasmtime, fs::Permissions::from_mode(0o755)).unwrap();
        let output = Command::new(path("deploy/serve.sh"))
            .arg("component.wasm")
            .env_clear()
            .env("PATH", env::var_os("PATH").unwrap())
            .env("HOME", &folder)
            .env("DOTENV", folder.join("none"))
            .env("SUPPORT_TICKET_WASMTIME", &wasmtime)
            .env("CREDENTIALS_DIRECTORY", &credentials)
            .envs(variables.iter().copied())
            .output()
            .unwrap();
        fs::remove_dir_all(&folder).unwrap();
        String::from_utf8(output.stdout).unwrap()
    }

    #[test]
    fn the_start_script_passes_settings_and_keeps_secrets_off_the_command_line() {
        let secrets = [("mistral_api_key", "from-a-file\n"), ("api_keys", ""), ("not.a.variable", "x")];
        let run = started(&[("MODEL_BACKEND", "mistral"), ("MISTRAL_API_KEY", "other"), ("ADDR", "[::]:80")], &secrets);
        let (arguments, environment) = run.split_once("component.wasm\n").unwrap();
        assert!(arguments.starts_with("serve\n") && arguments.contains("\n--addr\n[::]:80\n"), "{run}");
        for name in ["MODEL_BACKEND", "MISTRAL_API_KEY", "API_KEYS"] {
            assert!(arguments.contains(&format!("\n--env\nSPIN_VARIABLE_{name}\n")), "{run}");
        }
        assert!(!arguments.contains("from-a-file"), "{run}");
        assert!(environment.contains("SPIN_VARIABLE_MISTRAL_API_KEY=from-a-file\n"), "the file wins: {run}");
        assert!(environment.contains("SPIN_VARIABLE_API_KEYS=\n"), "{run}");
    }
}
