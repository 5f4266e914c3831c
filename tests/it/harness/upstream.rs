//! The scripted model server: any free port, one thread per connection, every request recorded.

use std::io::{self, BufRead, BufReader, Read};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use super::recorded::Recorded;
use super::reply::Reply;
use super::sample::eventually;
use super::{Dialect, Server, contract};

/// The key to each scripted server that needs one.
pub const KEY: &str = "sk-harness-4f1d0c9b7a";

/// The reaction to the next model request.
pub type Turn = Arc<dyn Fn(&Recorded) -> Reply + Send + Sync>;

/// A turn that depends on the request.
pub fn turn(decide: impl Fn(&Recorded) -> Reply + Send + Sync + 'static) -> Turn {
    Arc::new(decide)
}

/// A turn with the same reply to every request.
pub fn replies(reply: Reply) -> Turn {
    turn(move |_| reply.clone())
}

/// A scripted model server; it stops when the value is dropped.
pub struct Upstream {
    address: SocketAddr,
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    closing: AtomicBool,
    script: Mutex<Script>,
}

#[derive(Default)]
struct Script {
    turns: Vec<Turn>,
    taken: usize,
    models: Vec<String>,
    listing: Option<Reply>,
    next_id: u64,
    recorded: Vec<Recorded>,
}

impl Upstream {
    /// A server with one turn for each model request; the last turn repeats.
    pub fn start(turns: impl IntoIterator<Item = Turn>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("a bound port");
        let shared = Arc::new(Shared::default());
        let upstream = Self { address, shared: Arc::clone(&shared) };
        upstream.script(turns);
        thread::spawn(move || {
            for stream in listener.incoming() {
                if shared.closing.load(Ordering::SeqCst) {
                    return;
                }
                let (Ok(stream), shared) = (stream, Arc::clone(&shared)) else { continue };
                thread::spawn(move || shared.serve(stream));
            }
        });
        upstream
    }

    /// Starts again with other turns and without recorded requests.
    pub fn script(&self, turns: impl IntoIterator<Item = Turn>) {
        self.expect_played();
        let mut script = self.shared.script.lock().unwrap();
        script.turns = turns.into_iter().collect();
        script.taken = 0;
        script.recorded.clear();
    }

    /// Sets the list of models.
    pub fn has_models(&self, models: &[&str]) {
        self.shared.script.lock().unwrap().models = models.iter().map(|&model| model.to_owned()).collect();
    }

    /// Sets the reply to requests for the list of models.
    pub fn lists_models_with(&self, reply: Reply) {
        self.shared.script.lock().unwrap().listing = Some(reply);
    }

    /// The address it listens on.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Scheme, host and port.
    pub fn origin(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The URL of an API.
    pub fn url(&self, dialect: Dialect) -> String {
        format!("{}{}", self.origin(), dialect.path())
    }

    /// Serves the component with this model server only, one model, and further variables.
    pub fn serve(&self, dialect: Dialect, more: &[(&str, &str)]) -> Server {
        let api = dialect.api();
        let key_name = format!("{}_API_KEY", api.backend.to_ascii_uppercase());
        let key = api.has_key.then_some((key_name.as_str(), KEY));
        dialect.serve(&self.origin(), api.model, &key.iter().chain(more).copied().collect::<Vec<_>>())
    }

    /// All requests so far, probes included.
    pub fn requests(&self) -> Vec<Recorded> {
        self.shared.script.lock().unwrap().recorded.clone()
    }

    /// All model requests so far; fails if one breaks its server's contract.
    pub fn calls(&self) -> Vec<Recorded> {
        let calls: Vec<_> = self.requests().into_iter().filter(|request| request.method == "POST").collect();
        for call in &calls {
            if let Err(problems) = contract::check(call.dialect(), &call.json()) {
                panic!("{} does not take this request: {problems:#?}\n{}", call.path, call.text());
            }
        }
        calls
    }

    /// Fails if a turn of several was never taken, or if any request breaks its server's contract.
    fn expect_played(&self) {
        let (taken, turns) = {
            let script = self.shared.script.lock().unwrap();
            (script.taken, script.turns.len())
        };
        assert!(turns < 2 || taken >= turns, "{taken} of {turns} turns were taken");
        self.calls();
    }

    /// The only model request so far.
    pub fn call(&self) -> Recorded {
        let mut calls = self.calls();
        assert_eq!(calls.len(), 1, "one model request was expected");
        calls.remove(0)
    }

    /// Waits up to two seconds until the requests satisfy `wanted`.
    pub fn wait_until(&self, what: &str, wanted: impl Fn(&[Recorded]) -> bool) {
        let reached = eventually(Duration::from_secs(2), || wanted(&self.requests()));
        assert!(reached, "the model server never got: {what}");
    }
}

impl Drop for Upstream {
    fn drop(&mut self) {
        self.shared.closing.store(true, Ordering::SeqCst);
        // Wakes the accepting thread.
        let _ = TcpStream::connect(self.address);
        if !thread::panicking() {
            self.expect_played();
        }
    }
}

impl Shared {
    fn serve(&self, mut stream: TcpStream) {
        let _ = stream.set_nodelay(true);
        let Ok(request) = read_request(&stream) else { return };
        let (id, reply) = self.record(request);
        let outcome = reply.perform(&mut stream, &|| self.closing.load(Ordering::SeqCst));
        let mut script = self.script.lock().unwrap();
        if let Some(request) = script.recorded.iter_mut().find(|request| request.id == id) {
            match outcome {
                Ok(()) => request.finished = Some(Instant::now()),
                Err(_) => request.hung_up = Some(Instant::now()),
            }
        }
    }

    /// Records a request and chooses the reply, which must not block other connections.
    fn record(&self, mut request: Recorded) -> (u64, Reply) {
        let mut script = self.script.lock().unwrap();
        script.next_id += 1;
        request.id = script.next_id;
        script.recorded.push(request.clone());
        if request.method != "POST" {
            let api = Dialect::ALL.map(Dialect::api).into_iter().find(|api| api.models_path == request.path);
            let models =
                || api.map_or_else(|| Reply::status(404), |api| Reply::json(200, &(api.models)(&script.models)));
            let listing = script.listing.clone().unwrap_or_else(models);
            return (request.id, listing);
        }
        let position = script.taken.min(script.turns.len().saturating_sub(1));
        script.taken += 1;
        let turn = script.turns.get(position).map(Arc::clone);
        drop(script);
        (request.id, turn.map_or_else(|| Reply::status(500), |turn| turn(&request)))
    }
}

fn read_request(stream: &TcpStream) -> io::Result<Recorded> {
    stream.set_read_timeout(Some(Duration::from_secs(30)))?;
    let mut reader = BufReader::new(stream);
    let mut line = || -> io::Result<String> {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(line.trim_end().to_owned())
    };
    let request_line = line()?;
    let mut words = request_line.split(' ').map(str::to_owned);
    let (method, path) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let mut headers = Vec::new();
    loop {
        let header = line()?;
        let Some((name, value)) = header.split_once(':') else { break };
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    let header = |name: &str| headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
    let mut body = Vec::new();
    if header("transfer-encoding").is_some_and(|coding| coding.eq_ignore_ascii_case("chunked")) {
        super::raw::read_chunked(&mut reader, &mut body)?;
    } else {
        let length: usize = header("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
        body.resize(length, 0);
        reader.read_exact(&mut body)?;
    }
    let (at, finished, hung_up) = (Instant::now(), None, None);
    Ok(Recorded { id: 0, method, path, headers, body, at, finished, hung_up })
}
