//! Sections of the manifest, of the systemd unit and of documents that are written from the code:
//! `UPDATE=1 cargo test --test repository`.

use std::fmt::Write;

use support_ticket_ai::config::{Meaning, VARIABLES, Variable};
use support_ticket_ai::http::endpoints;
use support_ticket_ai::http::problem::Problem;
use support_ticket_ai::language::Language;
use support_ticket_ai::ticket::{Kind, Schema};

use super::{path, read};

/// One README, and the words of its tables. Answers may be in more languages.
struct Readme {
    file: &'static str,
    language: Language,
    endpoints: &'static str,
    variables: &'static str,
    errors: &'static str,
    empty: &'static str,
    or: &'static str,
    meaning: fn(Meaning) -> String,
}

const ENGLISH: Readme = Readme {
    file: "README.md",
    language: Language::En,
    endpoints: "| request | body | `data` in the response |",
    variables: "| variable | default | meaning |",
    errors: "| status | `error.code` | `message`, in English |",
    empty: "empty",
    or: "or",
    meaning: |meaning| meaning.en.to_owned(),
};

const FRENCH: Readme = Readme {
    file: "README.fr.md",
    language: Language::Fr,
    endpoints: "| requête | corps | `data` de la réponse |",
    variables: "| variable | défaut | signification |",
    errors: "| statut | `error.code` | `message`, en français |",
    empty: "vide",
    or: "ou",
    meaning: |meaning| no_break_spaces(meaning.fr),
};

#[test]
fn generated_sections_are_up_to_date() {
    let manifest = [("variables", declarations()), ("hosts", hosts()), ("values", values())];
    let (start, end) = ("# generated: NAME\n", "# end of NAME\n");
    let mut files = vec![
        ("spin.toml", start, end, Vec::from(manifest)),
        ("deploy/support-ticket-ai.service", start, end, vec![("credentials", credentials())]),
    ];
    let mut documents = vec![("docs/confidence.md", vec![("kinds", evidence())])];
    for readme in [ENGLISH, FRENCH] {
        let sections = vec![
            ("endpoints", endpoints(&readme)),
            ("variables", variables(&readme)),
            ("errors", errors(&readme)),
            ("kinds", example_schema()),
        ];
        documents.push((readme.file, sections));
    }
    let in_markdown = |(file, sections)| (file, "<!-- generated: NAME -->\n", "<!-- end of NAME -->\n", sections);
    files.extend(documents.into_iter().map(in_markdown));
    let mut outdated = Vec::new();
    for (file, start, end, sections) in files {
        let old = read(file);
        let new = sections.iter().fold(old.clone(), |text, (name, content)| {
            replace_between(&text, &start.replace("NAME", name), &end.replace("NAME", name), content)
        });
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(path(file), new).unwrap();
        } else if new != old {
            outdated.push(file);
        }
    }
    assert_eq!(outdated, [""; 0], "run `UPDATE=1 cargo test --test repository`");
}

/// Replaces the lines between two marker lines.
fn replace_between(text: &str, start: &str, end: &str, content: &str) -> String {
    let parts = text.split_once(start).and_then(|(before, rest)| Some((before, rest.split_once(end)?.1)));
    let (before, after) = parts.unwrap_or_else(|| panic!("no lines {start:?} and {end:?}"));
    format!("{before}{start}{content}{end}{after}")
}

/// One line for each variable.
fn lines(line: impl Fn(&Variable) -> String) -> String {
    VARIABLES.iter().map(|variable| line(variable) + "\n").collect()
}

fn declarations() -> String {
    lines(|Variable { name, default, secret, .. }| {
        format!("{name} = {{ default = \"{default}\"{} }}", if *secret { ", secret = true" } else { "" })
    })
}

fn values() -> String {
    lines(|Variable { name, .. }| format!("{name} = \"{{{{ {name} }}}}\""))
}

/// Spin allows calls to the model servers' origins only.
fn hosts() -> String {
    let origins = VARIABLES.iter().map(|variable| variable.name).filter(|name| name.ends_with("_origin"));
    let hosts: Vec<String> = origins.map(|name| format!("\"{{{{ {name} }}}}\"")).collect();
    format!("allowed_outbound_hosts = [{}]\n", hosts.join(", "))
}

/// systemd hands each secret to the service as a file.
fn credentials() -> String {
    let secrets = VARIABLES.iter().filter(|variable| variable.secret).map(|variable| variable.name);
    secrets.map(|name| format!("LoadCredential={name}:/etc/support-ticket-ai/{name}\n")).collect()
}

/// The row of each endpoint's `readme.md` in this language.
fn endpoints(readme: &Readme) -> String {
    let mut table = format!("{}\n| --- | --- | --- |\n", readme.endpoints);
    let start = format!("| {} ", readme.language.tag());
    for name in endpoints::names() {
        let file = format!("src/http/endpoints/{name}/readme.md");
        let rows = read(&file);
        let row = rows.lines().find_map(|row| row.strip_prefix(&start));
        writeln!(table, "{}", row.unwrap_or_else(|| panic!("{file} has no row '{start}'"))).unwrap();
    }
    table
}

fn variables(readme: &Readme) -> String {
    let servers: Vec<String> =
        VARIABLES.iter().filter_map(|variable| Some(format!("`{}`", variable.name.strip_suffix("_origin")?))).collect();
    let rows = lines(|Variable { name, default, secret, meaning }| {
        let default = if default.is_empty() { readme.empty.to_owned() } else { format!("`{default}`") };
        let meaning = (readme.meaning)(*meaning)
            .replace("{languages}", &Language::tags('`', readme.or))
            .replace("{backends}", &format!("{} {} `local`", servers.join(", "), readme.or));
        format!("| `{name}` | {default}{} | {meaning} |", if *secret { " (secret)" } else { "" })
    });
    format!("{}\n| --- | --- | --- |\n{rows}", readme.variables)
}

/// French has a no-break space before these marks.
fn no_break_spaces(text: &str) -> String {
    let text = text.replace("« ", "«\u{a0}");
    [";", ":", "!", "?", "»"]
        .iter()
        .fold(text, |text, mark| text.replace(&format!(" {mark}"), &format!("\u{a0}{mark}")))
}

fn errors(readme: &Readme) -> String {
    let mut table = format!("{}\n| --- | --- | --- |\n", readme.errors);
    for problem in Problem::examples() {
        let (status, code) = problem.status_and_code();
        writeln!(table, "| {} | `{code}` | {} |", status.as_str(), problem.message(readme.language)).unwrap();
    }
    table
}

/// A schema with fields of every kind.
fn example_schema() -> String {
    let examples = Kind::DOCS.iter().flat_map(|docs| docs.examples);
    let fields: Vec<String> = examples.map(|(name, property)| format!("    \"{name}\": {property}")).collect();
    let schema = format!("{{\n  \"type\": \"object\",\n  \"properties\": {{\n{}\n  }}\n}}\n", fields.join(",\n"));
    Schema::parse(&schema).unwrap();
    format!("```json\n{schema}```\n")
}

/// The evidence for the confidence of each kind.
fn evidence() -> String {
    let rows = Kind::DOCS.iter().map(|docs| format!("| {} | {} |\n", docs.name, docs.confidence.join(" | ")));
    format!("| field | high | medium | low |\n| --- | --- | --- | --- |\n{}", rows.collect::<String>())
}

#[test]
fn the_manifest_serves_what_its_build_command_makes() {
    let manifest: toml::Table = read("spin.toml").parse().unwrap();
    assert_eq!(manifest["spin_manifest_version"].as_integer(), Some(2));
    assert_eq!(manifest["application"]["version"].as_str(), Some(env!("CARGO_PKG_VERSION")));
    let component = &manifest["component"][manifest["trigger"]["http"][0]["component"].as_str().unwrap()];
    assert_eq!(component["source"].as_str(), Some("target/wasm32-wasip2/release/support_ticket_ai.wasm"));
    let command = component["build"]["command"].as_str().unwrap();
    assert!(command.contains("--target wasm32-wasip2 --release"), "{command}");
    assert_eq!(component["key_value_stores"].as_array().unwrap().len(), 1);
}
