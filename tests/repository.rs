//! What the repository says of itself, held against the code.
#![cfg(test)]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use support_ticket_ai::config::VARIABLES;

fn read(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

fn manifest() -> toml::Table {
    read("spin.toml").parse().expect("spin.toml is TOML")
}

#[test]
fn the_manifest_declares_every_variable_with_the_codes_default() {
    let manifest = manifest();
    let declared = manifest["variables"].as_table().unwrap();
    let given = manifest["component"]["support-ticket-ai"]["variables"].as_table().unwrap();
    let names: BTreeSet<&str> = VARIABLES.iter().map(|variable| variable.name).collect();
    assert_eq!(declared.keys().map(String::as_str).collect::<BTreeSet<_>>(), names);
    assert_eq!(given.keys().map(String::as_str).collect::<BTreeSet<_>>(), names);
    for variable in VARIABLES {
        let entry = &declared[variable.name];
        assert_eq!(entry["default"].as_str(), Some(variable.default), "{}", variable.name);
        let secret = entry.get("secret").and_then(toml::Value::as_bool).unwrap_or(false);
        assert_eq!(secret, variable.secret, "{}", variable.name);
        let template = format!("{{{{ {} }}}}", variable.name);
        assert_eq!(given[variable.name].as_str(), Some(template.as_str()));
    }
}

#[test]
fn the_manifest_reaches_the_model_servers_and_nothing_else() {
    let manifest = manifest();
    let component = &manifest["component"]["support-ticket-ai"];
    let hosts: Vec<&str> =
        component["allowed_outbound_hosts"].as_array().unwrap().iter().filter_map(toml::Value::as_str).collect();
    assert_eq!(hosts, ["{{ ollama_origin }}", "{{ mistral_origin }}"]);
    assert_eq!(component["key_value_stores"].as_array().unwrap().len(), 1);
    assert_eq!(manifest["application"]["version"].as_str(), Some(env!("CARGO_PKG_VERSION")));
    assert_eq!(manifest["spin_manifest_version"].as_integer(), Some(2));
}

#[test]
fn the_readme_has_every_variable_with_its_default() {
    let readme = read("README.md");
    for variable in VARIABLES {
        let row = readme
            .lines()
            .find(|line| line.starts_with(&format!("| `{}` |", variable.name)))
            .unwrap_or_else(|| panic!("README.md has no row for {}", variable.name));
        let default = row.split('|').nth(2).unwrap_or_default();
        let says = if variable.default.is_empty() {
            default.contains("empty")
        } else {
            default.contains(&format!("`{}`", variable.default))
        };
        assert!(says, "{}: README.md says {default}, the code {:?}", variable.name, variable.default);
    }
}

#[test]
fn the_readme_has_every_status_and_code() {
    let readme = read("README.md");
    for problem in support_ticket_ai::web::problem::Problem::examples() {
        let (status, code) = problem.status_and_code();
        let is_listed = readme
            .lines()
            .any(|line| line.starts_with('|') && line.contains(&format!("`{code}`")) && line.contains(status.as_str()));
        assert!(is_listed, "README.md has no row for {} {code}", status.as_u16());
    }
}

#[test]
fn documents_link_to_files_that_exist() {
    for document in ["README.md", "ARCHITECTURE.md", "CHANGELOG.md", "SECURITY.md"] {
        for link in read(document).split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(link, _)| link) {
            let file = link.split('#').next().unwrap_or_default();
            if file.is_empty() || file.contains("://") {
                continue;
            }
            let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
            assert!(path.exists(), "{document} links to {file}, which does not exist");
        }
    }
}
