//! What the repository says of itself, held against the code.
#![cfg(test)]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use support_ticket_ai::config::VARIABLES;
use support_ticket_ai::http::problem::Problem;

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
    let origins = VARIABLES.iter().map(|variable| variable.name).filter(|name| name.ends_with("_origin"));
    assert_eq!(hosts, origins.map(|name| format!("{{{{ {name} }}}}")).collect::<Vec<_>>());
    assert_eq!(component["key_value_stores"].as_array().unwrap().len(), 1);
    assert_eq!(manifest["application"]["version"].as_str(), Some(env!("CARGO_PKG_VERSION")));
    assert_eq!(manifest["spin_manifest_version"].as_integer(), Some(2));
}

/// The first cells of the rows of every table under a heading, up to the next heading.
fn first_cells(text: &str, heading: &str) -> Vec<String> {
    let section = text.split(&format!("\n{heading}\n")).nth(1).unwrap_or_else(|| panic!("no heading {heading}"));
    let section = section.split("\n#").next().unwrap_or_default();
    let rows = section.lines().filter_map(|line| line.strip_prefix("| ")).filter(|row| !row.starts_with("---"));
    rows.skip(1).map(|row| row.split(" | ").next().unwrap_or_default().replace('`', "")).collect()
}

#[test]
fn the_readmes_variables_are_those_of_the_code() {
    let names: Vec<&str> = VARIABLES.iter().map(|variable| variable.name).collect();
    assert_eq!(first_cells(&read("README.md"), "## Configuration"), names);
}

#[test]
fn the_readmes_keywords_are_those_of_the_code() {
    let parser = read("src/ticket/schema/parse.rs");
    let read_by_code: BTreeSet<&str> =
        parser.split("get(\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    let keywords: BTreeSet<&str> = read_by_code.into_iter().filter(|key| key.starts_with("x-")).collect();
    let listed = first_cells(&read("README.md"), "### Your own fields");
    assert_eq!(listed.iter().map(String::as_str).collect::<BTreeSet<_>>(), keywords);
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
fn the_readmes_statuses_and_codes_are_those_of_the_code() {
    let pairs: Vec<(String, String)> = Problem::examples()
        .iter()
        .map(|problem| problem.status_and_code())
        .map(|(status, code)| (status.as_str().to_owned(), code.to_owned()))
        .collect();
    let readme = read("README.md");
    let rows = readme.lines().filter_map(|line| line.strip_prefix("| ")?.split_once(" | `"));
    let listed: Vec<(String, String)> = rows
        .filter(|(status, _)| status.len() == 3 && status.chars().all(|c| c.is_ascii_digit()))
        .map(|(status, rest)| (status.to_owned(), rest.split('`').next().unwrap_or_default().to_owned()))
        .collect();
    assert_eq!(listed, pairs);
}

/// Documents for people, apart from what others wrote.
const DOCUMENTS: [&str; 11] = [
    "README.md",
    "README.fr.md",
    "ARCHITECTURE.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "deploy/README.md",
    "docs/confidence.md",
    "docs/threat-model.md",
    "fuzz/README.md",
    "src/prompt/templates/README.md",
];

/// Words of letters, digits and underscores.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '_')
}

/// Every word of every file that something reads: code, scripts, manifests, data; no documents.
fn words_of_the_code() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap().map(Result::unwrap) {
            let name = entry.file_name().into_string().unwrap();
            if entry.file_type().unwrap().is_dir() {
                if !matches!(name.as_str(), "target" | "dist" | "node_modules" | ".git") {
                    folders.push(entry.path());
                }
            } else if !name.ends_with(".md")
                // This list is no use of what it names.
                && name != "repository.rs"
                && let Ok(text) = fs::read_to_string(entry.path())
            {
                found.extend(words(&text).map(str::to_owned));
            }
        }
    }
    found
}

/// What the documents name of others' things: OpenTelemetry's setting, an argument of httpx.
const OTHERS: [&str; 2] = ["OTEL_EXPORTER_OTLP_ENDPOINT", "base_url"];

#[test]
fn documents_name_nothing_that_the_code_does_not_know() {
    let mut known = words_of_the_code();
    for variable in VARIABLES {
        let upper = variable.name.to_ascii_uppercase();
        known.extend([format!("SPIN_VARIABLE_{upper}"), upper]);
    }
    let statuses: BTreeSet<String> =
        Problem::examples().iter().map(|problem| problem.status_and_code().0.as_str().to_owned()).collect();
    let (mut seen, mut unknown) = (0, Vec::new());
    for document in DOCUMENTS {
        let text = read(document);
        // A name of several words, such as a variable, a code or a file, in prose as in examples.
        for word in words(&text).filter(|word| word.trim_matches('_').contains('_')) {
            if !known.contains(word) && !OTHERS.contains(&word) {
                unknown.push(format!("{document}: {word}"));
            }
            seen += 1;
        }
        let prose = text.split("```").step_by(2).flat_map(words);
        for status in prose.filter(|word| word.len() == 3 && word.starts_with(['4', '5'])) {
            let is_status = status.chars().all(|c| c.is_ascii_digit()) && document.starts_with("README");
            assert!(!is_status || statuses.contains(status), "{document} speaks of {status}: no answer has it");
        }
    }
    assert_eq!(unknown, [""; 0], "nothing here knows these");
    assert!(seen > 200, "{seen}");
}

#[test]
fn the_changelog_is_one() {
    let changelog = read("CHANGELOG.md");
    let sections = headings(&changelog);
    assert_eq!(sections.first(), Some(&(1, "Changelog")));
    assert_eq!(sections.get(1), Some(&(2, "[Unreleased]")));
    for (level, heading) in &sections[2..] {
        let is_right = match level {
            3 => ["Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"].contains(heading),
            2 => heading.strip_prefix('[').and_then(|rest| rest.split_once("] - ")).is_some_and(|(version, date)| {
                version.split('.').count() == 3 && date.len() == 10 && date.split('-').count() == 3
            }),
            _ => false,
        };
        assert!(is_right, "{heading:?} is no heading of Keep a Changelog");
    }
}

/// The targets of a document's links.
fn links(text: &str) -> impl Iterator<Item = &str> {
    text.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(link, _)| link)
}

#[test]
fn documents_link_to_files_that_exist() {
    for document in DOCUMENTS {
        let own = Path::new(env!("CARGO_MANIFEST_DIR")).join(document);
        let text = read(document);
        for link in links(&text).filter(|link| !link.contains("://")) {
            let (file, anchor) = link.split_once('#').unwrap_or((link, ""));
            let target = if file.is_empty() { own.clone() } else { own.parent().unwrap().join(file) };
            assert!(target.exists(), "{document} links to {file}, which does not exist");
            if !anchor.is_empty() {
                let page = fs::read_to_string(target).unwrap();
                assert!(anchors(&page).any(|heading| heading == anchor), "{document} links to {link}: no such heading");
            }
        }
    }
}

/// The headings of a document as their level and text; none of what stands in code.
fn headings(text: &str) -> Vec<(usize, &str)> {
    let prose = text.split("```").step_by(2).flat_map(str::lines);
    prose
        .filter_map(|line| line.split_once(' '))
        .filter(|(marks, _)| !marks.is_empty() && marks.chars().all(|c| c == '#'))
        .map(|(marks, heading)| (marks.len(), heading))
        .collect()
}

/// What a heading is linked to by.
fn anchors(text: &str) -> impl Iterator<Item = String> {
    headings(text).into_iter().map(|(_, heading)| {
        let kept = heading.to_lowercase().replace(' ', "-");
        kept.chars().filter(|c| c.is_alphanumeric() || matches!(c, '-' | '_')).collect()
    })
}

/// A document's fenced code blocks, with the comment that marks one as a snippet.
fn code_blocks(text: &str) -> Vec<String> {
    let parts: Vec<&str> = text.split("```").collect();
    assert_eq!(parts.len() % 2, 1, "every fence is closed");
    parts
        .chunks_exact(2)
        .map(|pair| match pair {
            [before, block] => format!("{}\n{block}", before.lines().last().unwrap_or_default()),
            _ => String::new(),
        })
        .map(|block| if block.starts_with("<!--") { block } else { block.split_once('\n').unwrap().1.to_owned() })
        .collect()
}

/// What every translation keeps of a table's row: how many cells it has, and the code in them in any order.
fn rows(text: &str) -> Vec<(usize, Vec<&str>)> {
    let prose = text.split("```").step_by(2).flat_map(str::lines);
    prose
        .filter(|line| line.starts_with('|'))
        .map(|line| {
            let mut code: Vec<&str> = line.split('`').skip(1).step_by(2).collect();
            code.sort_unstable();
            (line.matches('|').count(), code)
        })
        .collect()
}

#[test]
fn the_french_page_says_what_the_english_page_says() {
    let (english, french) = (read("README.md"), read("README.fr.md"));
    assert_eq!(code_blocks(&english), code_blocks(&french));
    assert_eq!(rows(&english), rows(&french));
    let levels = |text| headings(text).into_iter().map(|(level, _)| level).collect::<Vec<_>>();
    assert_eq!(levels(&english), levels(&french));
    let targets = |text| links(text).filter(|link| !link.starts_with("README")).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(targets(&english), targets(&french));
    assert!(links(&english).next() == Some("README.fr.md") && links(&french).next() == Some("README.md"));
    let lists = |text: &str| text.lines().filter(|line| line.starts_with("- ")).count();
    assert_eq!(lists(&english), lists(&french));
}
