//! The component on its host: one `wasmtime serve` process for each configuration.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Condvar, LazyLock, Mutex, OnceLock};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use super::Said;
use super::component::composed_path;

/// Starts wasmtime with the options of production.
const SERVE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/scripts/serve-wasmtime.sh");
/// Runs its arguments until its standard input closes, which also happens when the tests die.
const KEEPER: &str = r#""$@" & served=$!; exec >&- 2>&-; read -r _; kill "$served"; wait"#;
const ANNOUNCEMENT: &str = "Serving HTTP on http://";
const START_LIMIT: Duration = Duration::from_secs(30);

/// A served component; it ends with the value.
pub struct Server {
    address: SocketAddr,
    output: Arc<Output>,
    keeper: Child,
    readers: Vec<JoinHandle<()>>,
    pub(super) agent: ureq::Agent,
}

/// What the host and the component have written so far, line by line.
#[derive(Default)]
struct Output {
    lines: Mutex<Vec<String>>,
    grown: Condvar,
    said: Said,
}

/// The first line of any server's log that held what it must not: whichever test asks next fails.
static LEAK: OnceLock<String> = OnceLock::new();

impl Server {
    /// Serves the component with these environment variables and no others.
    pub fn start(variables: &[(&str, &str)]) -> Self {
        let mut command = Command::new("sh");
        command.args(["-c", KEEPER, "sh"]).args([SERVE, "--addr", "127.0.0.1:0"]);
        for (name, value) in variables {
            command.arg("--env").arg(format!("{name}={value}"));
        }
        command.arg(composed_path());
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut keeper = command.spawn().expect("sh starts");
        let output = Arc::new(Output { said: Said::new(variables), ..Output::default() });
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

    /// A server of this configuration that other tests may use at the same time.
    pub fn shared(variables: &[(&str, &str)]) -> Arc<Self> {
        type Servers = HashMap<Vec<(String, String)>, Arc<Server>>;
        static SERVERS: LazyLock<Mutex<Servers>> = LazyLock::new(Mutex::default);
        let key = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        // A start that failed poisons nothing: the map is only changed by a start that succeeded.
        let mut servers = SERVERS.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        Arc::clone(servers.entry(key).or_insert_with(|| Arc::new(Self::start(variables))))
    }

    /// A shared server that answers from the local backend alone.
    pub fn local() -> Arc<Self> {
        Self::shared(&[("MODEL_BACKEND", "local")])
    }

    /// Where it listens.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Notes a body before it is sent: no line of the log may hold its texts. Fails where one already did.
    pub(super) fn note(&self, body: &[u8]) {
        self.output.said.note(body);
        if let Some(leak) = LEAK.get() {
            panic!("{leak}");
        }
    }

    /// Every line that the host and the component have written, the host's announcement apart.
    pub fn logs(&self) -> Vec<String> {
        self.output.snapshot().into_iter().filter(|line| !line.contains(ANNOUNCEMENT)).collect()
    }

    /// The first line that satisfies `wanted`; fails when none comes within two seconds.
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
            if let Some(text) = output.said.leak(&line) {
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
