//! Servers as processes: started, watched through `/proc`, stopped on drop, even if this program is killed.

use std::fs::{self, File, OpenOptions};
use std::io::{BufRead, BufReader};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

/// Runs its arguments, prints their process id, and stops them when its standard input closes, which also happens when
/// the parent dies.
const KEEPER: &str = r#"exec 3>&1 >>"$LOG" 2>&1
"$@" 3>&- </dev/null & served=$!
echo "$served" >&3; exec 3>&-; read -r _; kill "$served"; wait"#;
/// Compiling the component takes some seconds on a busy machine.
const START_LIMIT: Duration = Duration::from_secs(60);
/// Linux reports processor time in hundredths of a second.
const TICKS_A_SECOND: f64 = 100.0;

/// A running server.
pub struct Server {
    /// The address it listens on.
    pub address: SocketAddr,
    pid: u32,
    log: PathBuf,
    keeper: Child,
}

impl Server {
    /// Starts a program that prints its address; its output goes to a file in `logs`.
    pub fn start(logs: &Path, name: &str, program: &[&str], variables: &[(String, String)]) -> Result<Self> {
        fs::create_dir_all(logs)?;
        let log = logs.join(format!("{name}.log"));
        File::create(&log)?;
        let mut command = Command::new("sh");
        command.args(["-c", KEEPER, "sh"]).args(program).env("LOG", &log);
        command.envs(variables.iter().map(|(name, value)| (name, value)));
        let mut keeper = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().context("no sh")?;
        let mut first = String::new();
        BufReader::new(keeper.stdout.take().context("a pipe")?).read_line(&mut first)?;
        let pid = first.trim().parse().context("the keeper's answer")?;
        let mut server = Self { address: SocketAddr::from(([127, 0, 0, 1], 0)), pid, log, keeper };
        server.address = server.announced().with_context(|| format!("{name} did not start"))?;
        Ok(server)
    }

    fn announced(&self) -> Result<SocketAddr> {
        let deadline = Instant::now() + START_LIMIT;
        while Instant::now() < deadline && self.status("VmRSS").is_ok() {
            let said = fs::read_to_string(&self.log)?;
            if let Some(address) = origin(&said)
                && TcpStream::connect(address).is_ok()
            {
                return Ok(address);
            }
            sleep(Duration::from_millis(20));
        }
        bail!("its output: {}", fs::read_to_string(&self.log)?);
    }

    /// Empties its log, which could fill the disk.
    pub fn forget_log(&self) -> Result<()> {
        Ok(OpenOptions::new().write(true).open(&self.log)?.set_len(0)?)
    }

    /// Processor time so far, all threads, in seconds.
    pub fn cpu_seconds(&self) -> Result<f64> {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.pid))?;
        Ok(cpu_ticks(&stat).context("/proc/…/stat")? / TICKS_A_SECOND)
    }

    /// Memory in RAM now, in MiB.
    pub fn rss(&self) -> Result<f64> {
        self.status("VmRSS")
    }

    /// The peak memory in RAM since [`Self::forget_peak`], in MiB.
    pub fn peak(&self) -> Result<f64> {
        self.status("VmHWM")
    }

    /// Resets the peak: compiling the component needs more memory than serving it.
    pub fn forget_peak(&self) -> Result<()> {
        // proc(5), clear_refs: 5 resets the peak.
        fs::write(format!("/proc/{}/clear_refs", self.pid), "5").context("resetting the peak of memory")
    }

    fn status(&self, key: &str) -> Result<f64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.pid))?;
        kibibytes(&status, key).map(|kib| kib / 1024.0).with_context(|| format!("no {key}"))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
        let _ = self.keeper.wait();
    }
}

/// The first origin in a text.
fn origin(text: &str) -> Option<SocketAddr> {
    let (_, rest) = text.split_once("http://")?;
    let end = rest.find(|c: char| !(c.is_ascii_digit() || c == '.' || c == ':'))?;
    rest.get(..end)?.parse().ok()
}

/// User and system time of `/proc/PID/stat`: fields 14 and 15, after a name with any characters.
fn cpu_ticks(stat: &str) -> Option<f64> {
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    Some(fields.get(11)?.parse::<f64>().ok()? + fields.get(12)?.parse::<f64>().ok()?)
}

fn kibibytes(status: &str, key: &str) -> Option<f64> {
    let line = status.lines().find(|line| line.split(':').next() == Some(key))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_found_in_a_servers_output() {
        let expect = "127.0.0.1:4711".parse().ok();
        assert_eq!(origin("Serving HTTP on http://127.0.0.1:4711/\n"), expect);
        assert_eq!(origin("INFO: Uvicorn running on http://127.0.0.1:4711 (Press CTRL+C to quit)\n"), expect);
        assert_eq!(origin("http://127.0.0.1:4711\n"), expect);
        assert_eq!(origin("http://127.0.0.1:47"), None, "more may come");
        assert_eq!(origin("starting\n"), None);
    }

    #[test]
    fn the_kernels_tables_are_read() {
        assert_eq!(cpu_ticks("7 (a (b) c) S 1 7 7 0 -1 4194560 9 0 0 0 31 11 0 0 20 0 1 0 5 6 7"), Some(42.0));
        let status = "VmPeak:\t 9 kB\nVmHWM:\t  2048 kB\nVmRSS:\t 1024 kB\n";
        assert_eq!((kibibytes(status, "VmHWM"), kibibytes(status, "Vm")), (Some(2048.0), None));
    }

    #[test]
    fn a_server_stops_on_drop() {
        let logs = std::env::temp_dir().join(format!("bench-{}", std::process::id()));
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let announce = format!("echo http://{}/; exec sleep 60", listener.local_addr().unwrap());
        let server = Server::start(&logs, "sleeper", &["sh", "-c", &announce], &[]).unwrap();
        assert_eq!(server.address, listener.local_addr().unwrap());
        let process = format!("/proc/{}", server.pid);
        assert!(Path::new(&process).exists());
        drop(server);
        assert!(!Path::new(&process).exists());
        let error = Server::start(&logs, "nobody", &["sh", "-c"], &[]).err().map(|error| format!("{error:#}"));
        assert!(error.is_some_and(|error| error.contains("nobody did not start")));
        fs::remove_dir_all(logs).ok();
    }
}
