//! The competitors, and how to start and call them.

use std::path::{Path, PathBuf};
use std::rc::Rc;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::load::{self, Load, Stop};
use crate::process::Server;
use crate::work;

/// Paths.
pub struct Paths {
    /// The checkout.
    pub root: PathBuf,
    /// The native competitors.
    pub built: PathBuf,
    /// The bare proxy, a component.
    pub proxy: PathBuf,
    /// Python with FastAPI.
    pub python: PathBuf,
    /// Logs of the servers.
    pub logs: PathBuf,
}

/// A server to measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Competitor {
    /// The application, on `wasmtime serve`.
    App,
    /// The bare proxy on the same host, written in the usual way.
    Proxy,
    /// The bare proxy that forwards requests and answers unread.
    Handles,
    /// The same service in Python.
    FastApi,
    /// The same core as a native program.
    Native,
}

/// The model server's API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Api {
    /// Ollama's `/api/generate`: the default.
    Generate,
    /// Ollama's `/api/chat`.
    Chat,
    /// Mistral's `/v1/chat/completions`.
    Mistral,
}

/// The form of answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answers {
    /// Whole.
    Whole,
    /// As events, while the model writes.
    Streamed,
}

impl Competitor {
    /// The name in tables.
    pub const fn name(self) -> &'static str {
        match self {
            Self::App => "support-ticket-ai",
            Self::Proxy => "bare proxy",
            Self::Handles => "bare proxy, handles only",
            Self::FastApi => "FastAPI",
            Self::Native => "native Rust",
        }
    }

    const fn path(self) -> &'static str {
        match self {
            Self::Proxy => "/pump",
            Self::Handles => "/handles",
            Self::App | Self::FastApi | Self::Native => "/analyze",
        }
    }

    const fn is_proxy(self) -> bool {
        matches!(self, Self::Proxy | Self::Handles)
    }

    /// A text in every right answer.
    const fn expect(self, api: Api, answers: Answers) -> &'static str {
        match (self.is_proxy(), api, answers) {
            (true, Api::Mistral, _) => "completion_tokens",
            (true, _, _) => "eval_count",
            // From the model, complete, at the first attempt.
            (false, _, _) if matches!(self, Self::FastApi) => r#""localisation":"[INCONNU]""#,
            (false, _, _) => r#""attempts":1"#,
        }
    }
}

impl Api {
    /// The name in tables.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Generate => "Ollama generate",
            Self::Chat => "Ollama chat",
            Self::Mistral => "Mistral",
        }
    }

    const fn path(self) -> &'static str {
        match self {
            Self::Generate => "/api/generate",
            Self::Chat => "/api/chat",
            Self::Mistral => "/v1/chat/completions",
        }
    }

    /// The variables that configure a service for the model server.
    fn variables(self, stub: &Stub) -> Vec<(String, String)> {
        let url = format!("{}{}", stub.origin(), self.path());
        let backend = |name: &str, url_name: &str| {
            vec![("MODEL_BACKEND".to_owned(), name.to_owned()), (url_name.to_owned(), url.clone())]
        };
        let mut variables = match self {
            Self::Generate | Self::Chat => backend("ollama", "OLLAMA_URL"),
            Self::Mistral => backend("mistral", "MISTRAL_URL"),
        };
        // Without the local backend, so that a failing model is a failure.
        variables.push(("FALLBACK_BACKEND".to_owned(), String::new()));
        variables.push(("PROXY_TARGET".to_owned(), url));
        variables
    }
}

/// The model server.
pub struct Stub(Server);

impl Stub {
    /// Starts it.
    pub fn start(paths: &Paths) -> Result<Self> {
        let program = paths.built.join("stub");
        Ok(Self(Server::start(&paths.logs, "stub", &[path(&program)?], &[])?))
    }

    fn origin(&self) -> String {
        format!("http://{}", self.0.address)
    }

    /// Sets its delay, in milliseconds.
    pub fn set_delay(&self, millis: u32) -> Result<()> {
        let (status, _) = load::call(self.0.address, &load::get(&format!("/delay/{millis}")))?;
        ensure!(status == 200, "the stub answered {status}");
        Ok(())
    }

    /// Calls so far.
    pub fn calls(&self) -> Result<u64> {
        let (_, body) = load::call(self.0.address, &load::get("/seen"))?;
        serde_json::from_slice::<Value>(&body)?["calls"].as_u64().context("no count of calls")
    }

    /// The body of the last call.
    fn last(&self) -> Result<Vec<u8>> {
        Ok(load::call(self.0.address, &load::get("/last"))?.1)
    }
}

/// A running competitor.
pub struct Running {
    /// The competitor.
    pub competitor: Competitor,
    /// Its process.
    pub server: Server,
    api: Api,
}

impl Running {
    /// Starts a competitor that calls the stub, with extra variables and flags of the host.
    pub fn start(
        paths: &Paths,
        stub: &Stub,
        competitor: Competitor,
        api: Api,
        extra: &[(&str, &str)],
        flags: &[&str],
    ) -> Result<Self> {
        let mut variables = api.variables(stub);
        variables.retain(|(name, _)| extra.iter().all(|(other, _)| name != other));
        variables.extend(extra.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        let server = match competitor {
            Competitor::App => {
                wasmtime(paths, "app", &paths.root.join("dist/support-ticket-ai.wasi.wasm"), &variables, flags)
            }
            Competitor::Proxy | Competitor::Handles => wasmtime(paths, "proxy", &paths.proxy, &variables, flags),
            Competitor::Native => {
                Server::start(&paths.logs, "native", &[path(&paths.built.join("native"))?], &variables)
            }
            Competitor::FastApi => {
                let folder = paths.root.join("bench/fastapi");
                let uvicorn = [
                    path(&paths.python)?,
                    "-m",
                    "uvicorn",
                    "main:app",
                    "--app-dir",
                    path(&folder)?,
                    "--port",
                    "0",
                    "--workers",
                    "1",
                    "--loop",
                    "uvloop",
                    "--http",
                    "httptools",
                    "--no-access-log",
                ];
                Server::start(&paths.logs, "fastapi", &uvicorn, &variables)
            }
        }?;
        Ok(Self { competitor, server, api })
    }

    /// The load of a competitor: a proxy gets the application's own requests to its model.
    pub fn load(&self, bodies: &Bodies, answers: Answers, connections: usize, stop: Stop) -> Load {
        let accept = match answers {
            Answers::Whole => "application/json",
            Answers::Streamed => "text/event-stream",
        };
        let bodies = if self.competitor.is_proxy() { &bodies.model } else { &bodies.caller };
        Load {
            address: self.server.address,
            requests: bodies.iter().map(|body| load::post(self.competitor.path(), body, accept)).collect(),
            expect: self.competitor.expect(self.api, answers),
            connections,
            stop,
        }
    }
}

/// Bodies of callers' requests, and of the application's resulting requests to its model, which a proxy gets.
pub struct Bodies {
    /// For `/analyze`.
    pub caller: Rc<[Vec<u8>]>,
    /// For the model server.
    pub model: Rc<[Vec<u8>]>,
}

impl Bodies {
    /// Sends each request once to the running application and records its calls to the model server.
    pub fn record(paths: &Paths, stub: &Stub, app: &Running, answers: Answers) -> Result<Self> {
        let caller: Rc<[Vec<u8>]> = work::conversations(&paths.root)?.into();
        let mut bodies = Self { model: Rc::new([]), caller };
        let load = app.load(&bodies, answers, 1, Stop::Requests(1));
        let mut model = Vec::new();
        for request in load.requests.iter() {
            let outcome = load::run(&Load { requests: Rc::new([request.clone()]), ..load.clone() })?;
            ensure!(outcome.failed == 0, "the application answered: {}", outcome.failure.unwrap_or_default());
            model.push(stub.last()?);
        }
        bodies.model = model.into();
        Ok(bodies)
    }

    /// Mean size of requests to the model server, in bytes.
    pub fn model_bytes(&self) -> usize {
        self.model.iter().map(Vec::len).sum::<usize>() / self.model.len().max(1)
    }
}

/// Serves a component as `make up` does.
fn wasmtime(
    paths: &Paths,
    name: &str,
    component: &Path,
    variables: &[(String, String)],
    flags: &[&str],
) -> Result<Server> {
    let script = paths.root.join("scripts/serve-wasmtime.sh");
    let passed: Vec<String> = variables.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let mut program = vec![path(&script)?, "--addr", "127.0.0.1:0"];
    program.extend(flags);
    passed.iter().for_each(|variable| program.extend(["--env", variable]));
    program.push(path(component)?);
    Server::start(&paths.logs, name, &program, &[])
}

fn path(path: &Path) -> Result<&str> {
    path.to_str().context("a path that is no text")
}
