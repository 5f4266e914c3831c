//! The systemd unit, compared with the code and checked by systemd if it is installed.

use std::process::Command;

use super::*;

/// The values of a key in the unit, in order.
fn unit_values<'a>(unit: &'a str, key: &str) -> Vec<&'a str> {
    unit.lines().filter_map(|line| line.strip_prefix(key)?.strip_prefix('=')).collect()
}

#[test]
fn the_unit_is_sandboxed_and_allows_the_compiler() {
    let unit = read("deploy/support-ticket-ai.service");
    for (key, value) in [
        ("DynamicUser", "yes"),
        ("ProtectSystem", "strict"),
        ("ProtectHome", "yes"),
        ("NoNewPrivileges", "yes"),
        ("CapabilityBoundingSet", ""),
        ("RestrictAddressFamilies", "AF_INET AF_INET6 AF_UNIX"),
        ("MemoryDenyWriteExecute", "no"),
        // wasmtime needs a writable cache, which ProtectSystem allows only here.
        ("CacheDirectory", "support-ticket-ai"),
    ] {
        assert_eq!(unit_values(&unit, key), [value], "{key}");
    }
    assert!(unit_values(&unit, "LimitNOFILE")[0].parse::<u64>().unwrap() >= open_files());
    assert!(unit_values(&unit, "Environment").contains(&"XDG_CACHE_HOME=%C/support-ticket-ai"));
    let start = unit_values(&unit, "ExecStart")[0];
    assert_eq!(start.replace("/opt/support-ticket-ai/", ""), "deploy/serve.sh dist/support-ticket-ai.wasi.wasm");
}

/// The output of `systemd-analyze`; `None` if systemd is not installed.
fn systemd_analyze(arguments: &[&str]) -> Option<String> {
    let output = Command::new("systemd-analyze").args(arguments).arg(path("deploy/support-ticket-ai.service")).output();
    let Ok(output) = output else {
        eprintln!("systemd-analyze is not installed: the unit was not checked");
        return None;
    };
    Some(String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap())
}

#[test]
fn systemd_knows_every_key_of_the_unit() {
    let Some(output) = systemd_analyze(&["verify"]) else { return };
    // The program exists only where the unit is installed.
    let warnings: Vec<&str> = output.lines().filter(|line| !line.contains("serve.sh is not executable")).collect();
    assert_eq!(warnings, [""; 0]);
}

#[test]
fn systemd_rates_the_unit_as_documented() {
    let Some(output) = systemd_analyze(&["security", "--offline=yes"]) else { return };
    let rated = output.split("Overall exposure level").nth(1).and_then(|rest| rest.split(": ").nth(1)).unwrap();
    let rated: f32 = rated.split(' ').next().unwrap().parse().unwrap();
    let page = read("deploy/README.md");
    let claimed = page.split("security` rates it ").nth(1).unwrap().split_whitespace().next().unwrap();
    let claimed: f32 = claimed.trim_end_matches('.').parse().unwrap();
    // The rating differs slightly between releases of systemd.
    assert!((rated - claimed).abs() < 0.35, "systemd-analyze says {rated}, the page {claimed}");
}
