//! Documents for people: what they name exists, and both languages say the same.

use std::collections::BTreeSet;
use std::fs;

use support_ticket_ai::config::VARIABLES;
use support_ticket_ai::http::problem::Problem;

use super::{path, read};

/// Documents for people.
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

/// The text of every file under a folder: code, scripts, manifests and data, no documents.
fn sources(folder: &str) -> Vec<String> {
    let (mut found, mut folders) = (Vec::new(), vec![path(folder)]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap().map(Result::unwrap) {
            let name = entry.file_name().into_string().unwrap();
            if entry.file_type().unwrap().is_dir() {
                if !matches!(name.as_str(), "target" | "dist" | "node_modules" | ".git") {
                    folders.push(entry.path());
                }
            // This file lists names that it does not use.
            } else if !name.ends_with(".md") && name != "documents.rs" {
                found.extend(fs::read_to_string(entry.path()));
            }
        }
    }
    found
}

#[test]
fn readmes_describe_every_schema_keyword() {
    let shipped = sources("src/ticket").into_iter().map(|text| text.split("#[cfg(test)]").next().unwrap().to_owned());
    let sources: String = shipped.filter(|text| !text.contains("#[test]")).collect();
    let keywords: BTreeSet<&str> = sources.split("\"x-").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert!(keywords.len() > 3, "{keywords:?}");
    for document in ["README.md", "README.fr.md"] {
        let text = read(document);
        for keyword in keywords.iter().filter(|keyword| !keyword.is_empty()) {
            assert!(text.contains(&format!("\n| `x-{keyword}` |")), "{document} does not describe x-{keyword}");
        }
    }
}

/// Names from other projects: a setting of OpenTelemetry, an argument of httpx.
const OTHERS: [&str; 2] = ["OTEL_EXPORTER_OTLP_ENDPOINT", "base_url"];

#[test]
fn every_name_in_the_documents_exists() {
    let mut known: BTreeSet<String> =
        sources("").iter().flat_map(|text| words(text).map(str::to_owned).collect::<Vec<_>>()).collect();
    for variable in VARIABLES {
        let upper = variable.name.to_ascii_uppercase();
        known.extend([format!("SPIN_VARIABLE_{upper}"), upper]);
    }
    let statuses: BTreeSet<String> =
        Problem::examples().iter().map(|problem| problem.status_and_code().0.as_str().to_owned()).collect();
    let (mut seen, mut unknown) = (0, Vec::new());
    for document in DOCUMENTS {
        let text = read(document);
        // Names with an underscore, such as variables, codes and files, in prose and in examples.
        for word in words(&text).filter(|word| word.trim_matches('_').contains('_')) {
            if !known.contains(word) && !OTHERS.contains(&word) {
                unknown.push(format!("{document}: {word}"));
            }
            seen += 1;
        }
        let prose = text.split("```").step_by(2).flat_map(words);
        for status in prose.filter(|word| word.len() == 3 && word.starts_with(['4', '5'])) {
            let is_status = status.chars().all(|c| c.is_ascii_digit()) && document.starts_with("README");
            assert!(!is_status || statuses.contains(status), "{document} mentions {status}, which no answer has");
        }
    }
    assert_eq!(unknown, [""; 0], "no file uses these names");
    assert!(seen > 200, "{seen}");
}

#[test]
fn the_changelog_keeps_its_format() {
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
        assert!(is_right, "{heading:?} is not a heading of Keep a Changelog");
    }
}

/// The targets of a document's links.
fn links(text: &str) -> impl Iterator<Item = &str> {
    text.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(link, _)| link)
}

#[test]
fn documents_link_to_files_that_exist() {
    for document in DOCUMENTS {
        let own = path(document);
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

/// The level and text of each heading, code blocks excluded.
fn headings(text: &str) -> Vec<(usize, &str)> {
    let prose = text.split("```").step_by(2).flat_map(str::lines);
    prose
        .filter_map(|line| line.split_once(' '))
        .filter(|(marks, _)| !marks.is_empty() && marks.chars().all(|c| c == '#'))
        .map(|(marks, heading)| (marks.len(), heading))
        .collect()
}

/// The anchors of a document's headings.
fn anchors(text: &str) -> impl Iterator<Item = String> {
    headings(text).into_iter().map(|(_, heading)| {
        let kept = heading.to_lowercase().replace(' ', "-");
        kept.chars().filter(|c| c.is_alphanumeric() || matches!(c, '-' | '_')).collect()
    })
}

/// A document's fenced code blocks, each with the comment that marks it as a snippet.
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

/// What a translation keeps of each table row: the number of cells and the code in them, in any order.
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
fn both_readmes_have_the_same_structure() {
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
