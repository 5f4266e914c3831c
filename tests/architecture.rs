//! The structure described in ARCHITECTURE.md, compared with the code.
#![cfg(test)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The cells of each row of the table under a heading, without the table's head.
fn table(heading: &str) -> Vec<Vec<String>> {
    let document = fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    let section = document.split(&format!("\n## {heading}\n")).nth(1).unwrap_or_else(|| panic!("no '{heading}'"));
    let rows = section.split("\n## ").next().unwrap_or_default().lines().filter(|line| line.starts_with("| "));
    let cells = |row: &str| row.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect();
    rows.skip(2).map(cells).collect()
}

/// The code spans of a text.
fn code(text: &str) -> BTreeSet<String> {
    text.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

/// A file of the crate.
struct Source {
    path: PathBuf,
    /// Its top-level module.
    module: String,
    /// Without comments.
    code: String,
}

impl Source {
    fn is_test(&self) -> bool {
        self.path.iter().any(|part| part == "tests" || part == "tests.rs")
    }

    /// The code without its inline tests.
    fn shipped(&self) -> &str {
        self.code.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default()
    }

    /// Whether it contains a word or a path of several words.
    fn names(&self, name: &str) -> bool {
        if name.contains("::") { self.shipped().contains(name) } else { words(self.shipped()).any(|word| word == name) }
    }
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '_')
}

fn sources() -> Vec<Source> {
    let (src, mut found, mut folders) = (root().join("src"), Vec::new(), vec![PathBuf::new()]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(src.join(&folder)).unwrap().map(Result::unwrap) {
            let path = folder.join(entry.file_name());
            if entry.file_type().unwrap().is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(src.join(&path)).unwrap();
                let code = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>();
                let module = path.iter().next().unwrap().to_str().unwrap().trim_end_matches(".rs").to_owned();
                found.push(Source { path, module, code: code.join("\n") });
            }
        }
    }
    assert!(found.len() > 100, "{} files", found.len());
    found
}

/// All files except tests.
fn shipped() -> impl Iterator<Item = Source> {
    sources().into_iter().filter(|source| !source.is_test())
}

#[test]
fn modules_name_only_those_below_them() {
    let mut named: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for source in sources().iter().filter(|source| source.module != "lib") {
        assert!(!source.code.contains("crate::{"), "{}: one path a line, for this test", source.path.display());
        let module = named.entry(source.module.clone()).or_default();
        let others = source.code.split("crate::").skip(1).filter_map(|rest| words(rest).next());
        module.extend(others.filter(|other| *other != source.module).map(str::to_owned));
        // `super` stays within a top-level module; other modules need `crate`.
        let depth = source.path.iter().count() - usize::from(source.path.ends_with("mod.rs"));
        let is_inline = |line: &str| line.starts_with(' ');
        for line in source.code.lines().filter(|line| !is_inline(line)) {
            assert!(line.matches("super::").count() < depth || !line.starts_with("use "), "{line}");
        }
    }
    let rows = table("Who uses whom");
    let listed: BTreeMap<String, BTreeSet<String>> =
        rows.iter().map(|row| (code(&row[0]).pop_first().unwrap(), code(&row[1]))).collect();
    assert_eq!(named, listed, "left: the code, right: ARCHITECTURE.md");
    let mut below = BTreeSet::new();
    for row in &rows {
        let (module, others) = (code(&row[0]).pop_first().unwrap(), code(&row[1]));
        assert!(others.is_subset(&below), "{module} uses a module below it in the table");
        below.insert(module);
    }
}

#[test]
fn each_vocabulary_stays_in_its_modules() {
    // Words, and the only modules that may use them.
    let cases: [(&[&str], &[&str]); 5] = [
        (&["spin_sdk", "wasip3", "wit_bindgen"], &["host"]),
        // The log adds timestamps; all other modules get the time as an argument.
        (&["Instant", "SystemTime::now"], &["host", "log"]),
        (&["http::", "HeaderMap", "StatusCode"], &["body", "host", "model", "service", "http"]),
        (&["async", "await"], &["body", "host", "service", "http"]),
        (&["unsafe"], &[]),
    ];
    for (vocabulary, modules) in cases {
        let mut users = BTreeSet::new();
        for source in shipped().filter(|source| vocabulary.iter().any(|word| source.names(word))) {
            let is_lib = source.module == "lib";
            assert!(is_lib || modules.contains(&source.module.as_str()), "{vocabulary:?}: {}", source.path.display());
            users.insert(source.module);
        }
        assert!(modules.is_empty() || !users.is_empty(), "no module uses {vocabulary:?}");
    }
}

#[test]
fn only_its_file_names_a_model_server() {
    let servers = files_in("src/model/servers");
    // The default backend; examples of errors, which a test compares with real ones.
    let others = ["config/variables.rs", "http/problem.rs"];
    for source in shipped() {
        let path = source.path.to_str().unwrap();
        if !path.starts_with("model/servers/") && !others.contains(&path) {
            let code = source.shipped().to_lowercase();
            let named: Vec<&String> = servers.iter().filter(|server| code.contains(server.as_str())).collect();
            assert!(named.is_empty(), "{path} names {named:?}");
        }
    }
}

/// The names of the files in a folder, without their ending; not `mod` and `tests`.
fn files_in(folder: &str) -> BTreeSet<String> {
    let files = fs::read_dir(root().join(folder)).unwrap().map(|entry| entry.unwrap().path());
    let mut names: BTreeSet<String> =
        files.map(|file| file.file_stem().unwrap().to_str().unwrap().to_owned()).collect();
    names.retain(|name| name != "mod" && name != "tests");
    assert!(names.len() > 1, "{folder}");
    names
}

#[test]
fn only_its_folder_matches_on_a_kind_of_field() {
    let kinds = files_in("src/ticket/kinds");
    for source in shipped().filter(|source| !source.path.starts_with("ticket/kinds")) {
        let code = source.shipped().to_lowercase();
        let named: Vec<&String> = kinds.iter().filter(|kind| code.contains(&format!("kind::{kind}("))).collect();
        assert!(named.is_empty(), "{} names {named:?}", source.path.display());
    }
}

#[test]
fn statics_are_those_that_are_listed() {
    let mut found = BTreeSet::new();
    for source in shipped() {
        assert!(!source.names("thread_local"), "{}", source.path.display());
        for rest in source.shipped().split("static ").skip(1) {
            let name = words(rest).next().unwrap_or_default();
            if !name.is_empty() && name.chars().all(|c| c.is_ascii_uppercase() || c == '_') {
                found.insert(format!("{name} {}", source.path.display()));
            }
        }
    }
    let listed = table("Statics").into_iter().map(|row| {
        let cells: Vec<String> = row[..2].iter().map(|cell| cell.replace('`', "")).collect();
        cells.join(" ")
    });
    assert_eq!(found, listed.collect(), "left: the code, right: ARCHITECTURE.md");
}

#[test]
fn every_invariant_names_a_check_that_exists() {
    let makefile = fs::read_to_string(root().join("Makefile")).unwrap();
    let rows = table("Invariants and their checks");
    assert!(rows.len() > 15, "{}", rows.len());
    for row in rows {
        let exists = |name: &String| match name.strip_prefix("make ") {
            Some(target) => makefile.contains(&format!("\n{target}:")),
            // `…/tests*` and `…/{a,b}.rs` match several files.
            None => [root().to_owned(), root().join("src")].iter().any(|folder| {
                let stem = name.split(['*', '{']).next().unwrap_or_default();
                folder.join(name).exists()
                    || stem != name && {
                        let (parent, start) = stem.rsplit_once('/').unwrap_or(("", stem));
                        let entries = fs::read_dir(folder.join(parent)).into_iter().flatten().flatten();
                        entries.into_iter().any(|entry| entry.file_name().to_string_lossy().starts_with(start))
                    }
            }),
        };
        let checks: Vec<String> = code(&row[1]).into_iter().filter(|name| name.contains(['/', '.', ' '])).collect();
        assert!(!checks.is_empty(), "'{}' has no check", row[0]);
        for check in checks {
            assert!(exists(&check), "'{}' names {check}, which does not exist", row[0]);
        }
    }
}
