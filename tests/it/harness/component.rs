//! Where the built component and its host are, and the component compiled once for every server of a run.

use std::env;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// What the host must be told to compile and to serve a WASI 0.3 component.
pub const WASM_FLAGS: [&str; 2] = ["-W", "component-model-async"];

const WASMTIME: &str = "support-ticket-ai/wasmtime-48.0.8/bin/wasmtime";

/// The host: `SUPPORT_TICKET_WASMTIME`, else the one in the tool cache.
pub fn wasmtime_path() -> PathBuf {
    let cache = || {
        env::var_os("XDG_CACHE_HOME")
            .map(PathBuf::from)
            .filter(|path| path.is_absolute())
            .unwrap_or_else(|| PathBuf::from(env::var_os("HOME").expect("HOME is set")).join(".cache"))
    };
    built(env::var_os("SUPPORT_TICKET_WASMTIME").map_or_else(|| cache().join(WASMTIME), PathBuf::from))
}

/// The component that imports only `wasi:*`: `SUPPORT_TICKET_COMPONENT`, else the one that `make build` writes.
pub fn composed_path() -> PathBuf {
    artifact("SUPPORT_TICKET_COMPONENT", "support-ticket-ai.wasi.wasm")
}

/// The component for Spin: `SUPPORT_TICKET_SPIN_COMPONENT`, else the one that `make build` writes.
pub fn spin_path() -> PathBuf {
    artifact("SUPPORT_TICKET_SPIN_COMPONENT", "support-ticket-ai.wasm")
}

fn artifact(variable: &str, file: &str) -> PathBuf {
    let default = || Path::new(env!("CARGO_MANIFEST_DIR")).join("dist").join(file);
    built(env::var_os(variable).map_or_else(default, PathBuf::from))
}

fn built(path: PathBuf) -> PathBuf {
    assert!(path.is_file(), "{} is missing: run `make build`", path.display());
    path
}

/// The component as machine code of this host: compiled by the first server of a run, found again by later runs of
/// the same bytes. A start takes milliseconds then instead of seconds.
pub fn precompiled() -> &'static Path {
    // Unlike a `LazyLock`, it is not poisoned by a failure: each test says what is missing.
    static PRECOMPILED: OnceLock<PathBuf> = OnceLock::new();
    PRECOMPILED.get_or_init(|| {
        let (host, component) = (wasmtime_path(), composed_path());
        let mut hasher = DefaultHasher::new();
        fs::read(&component).expect("the component is readable").hash(&mut hasher);
        host.hash(&mut hasher);
        fs::metadata(&host).and_then(|host| host.modified()).expect("the host is readable").hash(&mut hasher);
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("it");
        let target = folder.join(format!("{:016x}.cwasm", hasher.finish()));
        if !target.is_file() {
            compile(&host, &component, &folder, &target);
        }
        target
    })
}

/// Compiles beside `target` and renames, so that no other run reads half a file.
fn compile(host: &Path, component: &Path, folder: &Path, target: &Path) {
    fs::create_dir_all(folder).expect("the target folder is writable");
    let stale = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    stale.filter(|path| path.extension().is_some_and(|end| end == "cwasm")).for_each(|path| {
        // Whoever serves it keeps it open; a file that is gone already is no loss.
        let _ = fs::remove_file(path);
    });
    let partial = folder.join(format!("{}.partial", std::process::id()));
    let output = Command::new(host).arg("compile").args(WASM_FLAGS).arg(component).arg("-o").arg(&partial).output();
    let output = output.expect("the host starts");
    assert!(output.status.success(), "`wasmtime compile` failed: {}", String::from_utf8_lossy(&output.stderr));
    fs::rename(&partial, target).expect("the compiled component can be moved");
}
