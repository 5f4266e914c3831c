//! The served component: one `wasmtime serve` process per configuration.

use std::collections::{BTreeMap, HashMap};
use std::io::{BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Condvar, LazyLock, Mutex, OnceLock};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use super::LogGuard;
use super::component::composed_path;

/// Starts wasmtime with the options of production.
const SERVE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/scripts/serve-wasmtime.sh");
/// Runs its arguments until its standard input closes, which also happens when the tests die.
const KEEPER: &str = r#""$@" & served=$!; exec >&- 2>&-; read -r _; kill "$served"; wait"#;
const ANNOUNCEMENT: &str = "Serving HTTP on http://";
const START_LIMIT: Duration = Duration::from_secs(30);

/// A served component; the process ends when the value is dropped.
pub struct Server {
    address: SocketAddr,
    output: Arc<Output>,
    keeper: Child,
    readers: Vec<JoinHandle<()>>,
    pub(super) agent: ureq::Agent,
}

/// The lines that the host and the component have written so far.
#[derive(Default)]
struct Output {
    lines: Mutex<Vec<String>>,
    grown: Condvar,
    guard: LogGuard,
}

/// The first leak in any server's log: the next test that checks fails.
static LEAK: OnceLock<String> = OnceLock::new();

impl Server {
    /// Serves the component with only these environment variables; of two with one name, the last counts.
    pub fn start(variables: &[(&str, &str)]) -> Self {
        let variables = variables.iter().copied().collect::<BTreeMap<_, _>>().into_iter().collect::<Vec<_>>();
        let mut command = Command::new("sh");
        command.args(["-c", KEEPER, "sh"]).args([SERVE, "--addr", "127.0.0.1:0"]);
        for (name, value) in &variables {
            command.arg("--env").arg(format!("{name}={value}"));
        }
        command.arg(composed_path());
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut keeper = command.spawn().expect("sh starts");
        let output = Arc::new(Output { guard: LogGuard::new(&variables), ..Output::default() });
        let readers = vec![
            collect(keeper.stdout.take().expect("stdout is piped"), &output),
            collect(keeper.stderr.take().expect("stderr is piped"), &output),
        ];
        let announced = output.wait(START_LIMIT, |line| line.contains(ANNOUNCEMENT));
        let Some(address) = announced.as_deref().and_then(address) else {
            let _ = keeper.kill();
            panic!("`wasmtime serve` did not start: {:#?}", output.snapshot());
        };
        Self { address, output, keeper, readers, agent: super::client::agent() }
    }

    /// A server with this configuration, shared between tests.
    pub fn shared(variables: &[(&str, &str)]) -> Arc<Self> {
        type Servers = HashMap<Vec<(String, String)>, Arc<Server>>;
        static SERVERS: LazyLock<Mutex<Servers>> = LazyLock::new(Mutex::default);
        let key = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        // A failed start does not change the map, so a poisoned lock is harmless.
        let mut servers = SERVERS.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        Arc::clone(servers.entry(key).or_insert_with(|| Arc::new(Self::start(variables))))
    }

    /// A shared server with only the local backend.
    pub fn local() -> Arc<Self> {
        Self::shared(&[("MODEL_BACKEND", "local")])
    }

    /// The address it listens on.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Records a body before it is sent, whose texts must not be logged. Fails if a log already has a leak.
    pub(super) fn note(&self, body: &[u8]) {
        self.output.guard.note(body);
        if let Some(leak) = LEAK.get() {
            panic!("{leak}");
        }
    }

    /// All lines of the host and the component, except the host's announcement.
    pub fn logs(&self) -> Vec<String> {
        self.output.snapshot().into_iter().filter(|line| !line.contains(ANNOUNCEMENT)).collect()
    }

    /// The first line that satisfies `wanted`; fails after two seconds without one.
    pub fn log_line(&self, wanted: impl Fn(&str) -> bool) -> String {
        let found = self.output.wait(Duration::from_secs(2), wanted);
        found.unwrap_or_else(|| panic!("no such line in the log: {:#?}", self.output.snapshot()))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
        let _ = self.keeper.wait();
        for reader in self.readers.drain(..) {
            let _ = reader.join();
        }
        if let (Some(leak), false) = (LEAK.get(), thread::panicking()) {
            panic!("{leak}");
        }
    }
}

impl Output {
    fn snapshot(&self) -> Vec<String> {
        self.lines.lock().unwrap().clone()
    }

    fn wait(&self, limit: Duration, wanted: impl Fn(&str) -> bool) -> Option<String> {
        let deadline = Instant::now() + limit;
        let mut lines = self.lines.lock().unwrap();
        loop {
            if let Some(line) = lines.iter().find(|line| wanted(line)) {
                return Some(line.clone());
            }
            let left = deadline.checked_duration_since(Instant::now())?;
            lines = self.grown.wait_timeout(lines, left).unwrap().0;
        }
    }
}

fn collect(stream: impl Read + Send + 'static, output: &Arc<Output>) -> JoinHandle<()> {
    let output = Arc::clone(output);
    thread::spawn(move || {
        for line in BufReader::new(stream).split(b'\n') {
            let Ok(line) = line else { return };
            let line = String::from_utf8_lossy(&line).trim_end().to_owned();
            if let Some(text) = output.guard.leak(&line) {
                LEAK.get_or_init(|| format!("{text:?} in the log: {line}"));
            }
            output.lines.lock().unwrap().push(line);
            output.grown.notify_all();
        }
    })
}

fn address(line: &str) -> Option<SocketAddr> {
    let (_, rest) = line.split_once(ANNOUNCEMENT)?;
    rest.trim_end().trim_end_matches('/').parse().ok()
}
