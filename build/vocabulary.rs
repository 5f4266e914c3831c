//! Compiles the local backend's vocabulary to constant tables.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::error::Error;
use std::fmt::Debug;
use std::fs;
use std::path::{Path, PathBuf};

#[expect(dead_code, reason = "the crate uses the rest")]
#[path = "../src/local/vocabulary/mark.rs"]
mod mark;
#[expect(dead_code, reason = "the crate uses the rest")]
#[path = "../src/local/vocabulary/role.rs"]
mod role;
#[expect(dead_code, reason = "the crate uses the rest")]
#[path = "../src/local/lexicon/spelling.rs"]
mod spelling;
#[path = "../src/text/stem.rs"]
mod stem;

use role::{Cue, Role};
use spelling::{BIGRAMS, bigram, first_two, hash, is_correctable, last_two};
use stem::stem;

/// Slots per word in the hash table: half of them stay empty.
const SLOTS: usize = 2;

/// The folder of names, and of words that several languages share.
const SHARED: &str = "shared";

/// Compiles the vocabulary of every folder in `languages` to a `Tables` of `src/local/lexicon/tables.rs`.
///
/// The result depends neither on the names nor on the order of files, sections and lines.
pub fn compile(languages: &Path) -> Result<String, Box<dyn Error>> {
    let mut files = Vec::new();
    for folder in folders(languages)? {
        let texts = texts(&folder)?;
        if !folder.ends_with(SHARED) {
            check_sections(&texts).map_err(|missing| format!("{}: no section [{missing}]", folder.display()))?;
        }
        files.extend(texts);
    }
    let lines: Vec<(&Path, &str, &str)> = files
        .iter()
        .flat_map(|(path, text)| sections(text).map(|(header, line)| (path.as_path(), header, line)))
        .collect();
    let mut vocabulary = Vocabulary::new(lines.iter().map(|(_, header, line)| (*header, *line)));
    for (path, header, line) in &lines {
        vocabulary.read(header, line).map_err(|error| format!("{}: [{header}]: {error}", path.display()))?;
    }
    vocabulary.tables()
}

/// The folder of each language, in the order of their names.
pub fn languages(languages: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut folders = folders(languages)?;
    folders.retain(|folder| !folder.ends_with(SHARED));
    folders.sort();
    Ok(folders)
}

fn folders(languages: &Path) -> std::io::Result<Vec<PathBuf>> {
    let paths = fs::read_dir(languages)?.map(|entry| entry.map(|entry| entry.path()));
    paths.filter(|path| path.as_ref().map_or(true, |path| path.is_dir())).collect()
}

/// The text files of a folder.
fn texts(folder: &Path) -> std::io::Result<Vec<(PathBuf, String)>> {
    let paths = fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path()));
    let is_text = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "txt");
    paths
        .filter(|path| path.as_ref().map_or(true, is_text))
        .map(|path| path.and_then(|path| fs::read_to_string(&path).map(|text| (path, text))))
        .collect()
}

/// Checks that a language has phrases for every role and category; towns are names, which all languages share.
fn check_sections(texts: &[(PathBuf, String)]) -> Result<(), String> {
    let present: BTreeSet<&str> = texts.iter().flat_map(|(_, text)| sections(text)).map(|(header, _)| header).collect();
    let roles = role::SECTIONS.iter().filter(|(_, role)| !matches!(role, Role::Town { .. }));
    let categories = role::CATEGORIES.iter().flat_map(|name| [format!("category {name}"), format!("names of {name}")]);
    let mut needed = roles.map(|(name, _)| (*name).to_owned()).chain(categories);
    needed.find(|name| !present.contains(name.as_str())).map_or(Ok(()), Err)
}

/// The lines of a data file, each with its section's header.
fn sections(file: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut header = "";
    file.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).filter_map(move |line| {
        match line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            Some(name) => {
                header = name;
                None
            }
            None => Some((header, line)),
        }
    })
}

/// Words by number, phrases by the numbers of their words.
struct Vocabulary {
    stems: Vec<String>,
    numbers: HashMap<String, usize>,
    marks: Vec<mark::Marks>,
    corrected: BTreeSet<usize>,
    phrases: BTreeMap<Vec<usize>, BTreeSet<u8>>,
    /// The names of each category.
    categories: Vec<BTreeSet<String>>,
}

impl Vocabulary {
    /// A vocabulary of the words of all lines, without phrases.
    ///
    /// All words are known before a phrase asks for one: a word may be spelled like the stem of another.
    fn new<'l>(lines: impl Iterator<Item = (&'l str, &'l str)>) -> Self {
        let mut vocabulary = Self {
            stems: Vec::new(),
            numbers: HashMap::new(),
            marks: Vec::new(),
            corrected: BTreeSet::new(),
            phrases: BTreeMap::new(),
            categories: vec![BTreeSet::new(); role::CATEGORIES.len()],
        };
        let words: Vec<(bool, &str)> = lines
            .filter(|(header, _)| !header.starts_with("names of "))
            .flat_map(|(header, line)| line.split([' ', ',', '|']).map(move |word| (header == "exact", word)))
            .filter(|(_, word)| !word.is_empty())
            .collect();
        let known: BTreeSet<&str> = words.iter().map(|(exact, word)| if *exact { word } else { stem(word) }).collect();
        vocabulary.intern("");
        for (_, word) in &words {
            vocabulary.intern(if known.contains(word) { word } else { stem(word) });
        }
        vocabulary
    }

    /// Reads a line of a section.
    fn read(&mut self, header: &str, line: &str) -> Result<(), &'static str> {
        let category_number =
            |name: &str| role::CATEGORIES.iter().position(|category| *category == name).ok_or("no such category");
        if let Some(section) = role::SECTIONS.iter().position(|(name, _)| *name == header) {
            let corrected = role::SECTIONS.get(section).is_some_and(|(_, role)| is_corrected(*role));
            self.add_phrases(line, section, corrected)?;
        } else if let Some(category) = header.strip_prefix("category ") {
            let category = category_number(category)?;
            self.add_phrases(line, role::SECTIONS.len() + category, true)?;
        } else if let Some(name) = header.strip_prefix("names of ") {
            let names = self.categories.get_mut(category_number(name)?).ok_or("no such category")?;
            names.extend(line.split(", ").map(str::to_owned));
        } else if header != "exact" {
            let mut marks = 0;
            for word in header.split(' ').filter(|word| *word != "lookalike") {
                marks |= mark::SECTIONS.iter().find(|(name, _)| *name == word).ok_or("no such section")?.1;
            }
            for word in line.split_ascii_whitespace() {
                let number = self.number(word);
                if let Some(of_word) = self.marks.get_mut(number) {
                    *of_word |= marks;
                }
            }
        }
        Ok(())
    }

    /// Adds the phrases of a line, with commas between them and `a|b` for either word.
    fn add_phrases(&mut self, line: &str, meaning: usize, corrected: bool) -> Result<(), &'static str> {
        let meaning = u8::try_from(meaning).map_err(|_| "too many sections")?;
        for phrase in line.split(',') {
            self.add(phrase.split_ascii_whitespace().map(|slot| slot.split('|').collect()), meaning, corrected);
        }
        Ok(())
    }

    /// Adds every phrase that has one of each slot's words.
    fn add<'w>(&mut self, slots: impl Iterator<Item = Vec<&'w str>>, meaning: u8, corrected: bool) {
        let mut phrases = vec![Vec::new()];
        for slot in slots {
            let words: Vec<usize> = slot.iter().map(|word| self.number(word)).collect();
            for (word, number) in slot.into_iter().zip(&words) {
                if corrected && is_correctable(word, stem(word)) {
                    self.corrected.insert(*number);
                }
            }
            phrases =
                phrases.iter().flat_map(|phrase| words.iter().map(|word| [&phrase[..], &[*word]].concat())).collect();
        }
        for phrase in phrases.into_iter().filter(|phrase| !phrase.is_empty()) {
            self.phrases.entry(phrase).or_default().insert(meaning);
        }
    }

    /// The number of a word, as `Lexicon::find` finds it in a text.
    fn number(&self, word: &str) -> usize {
        self.numbers.get(word).or_else(|| self.numbers.get(stem(word))).copied().unwrap_or_default()
    }

    fn intern(&mut self, word: &str) {
        self.numbers.entry(word.to_owned()).or_insert_with(|| {
            self.stems.push(word.to_owned());
            self.marks.push(0);
            self.stems.len() - 1
        });
    }

    /// The tables as Rust.
    fn tables(self) -> Result<String, Box<dyn Error>> {
        // Words that begin phrases come first, so that each has the number of its node.
        let first: BTreeSet<usize> = self.phrases.keys().filter_map(|phrase| phrase.first()).copied().collect();
        let mut order: Vec<usize> = (0..self.stems.len()).collect();
        order.sort_by_key(|word| (*word != 0, !first.contains(word), &self.stems[*word]));
        let renumbered: HashMap<usize, usize> = order.iter().enumerate().map(|(new, old)| (*old, new)).collect();
        let stems: Vec<&str> = order.iter().map(|old| self.stems[*old].as_str()).collect();

        let mut mark_sets = vec![0];
        let marks: Vec<usize> = order.iter().map(|old| number_of(&mut mark_sets, self.marks[*old])).collect();

        let phrases: BTreeMap<Vec<usize>, Vec<u8>> = self
            .phrases
            .into_iter()
            .map(|(phrase, meanings)| {
                (phrase.iter().map(|word| renumbered[word]).collect(), meanings.into_iter().collect())
            })
            .collect();
        let mut following: HashMap<&[usize], BTreeSet<usize>> = HashMap::new();
        for phrase in phrases.keys() {
            for (at, word) in phrase.iter().enumerate() {
                following.entry(&phrase[..at]).or_default().insert(*word);
            }
        }
        let mut meaning_sets = vec![Vec::new()];
        let mut nodes: Vec<Vec<usize>> = vec![Vec::new()];
        let (mut words, mut children, mut meanings) = (Vec::new(), Vec::new(), Vec::new());
        // Breadth first: the children of one node lie side by side, and before those of the next.
        let mut at = 0;
        while let Some(node) = nodes.get(at).cloned() {
            words.push(node.last().copied().unwrap_or_default());
            children.push(nodes.len());
            meanings.push(number_of(&mut meaning_sets, phrases.get(&node).cloned().unwrap_or_default()));
            for word in following.get(&node[..]).into_iter().flatten() {
                nodes.push([&node[..], &[*word]].concat());
            }
            at += 1;
        }
        children.push(nodes.len());

        let slots = hash_table(&stems)?;
        let corrected: Vec<usize> = self.corrected.iter().map(|old| renumbered[old]).collect();
        let (starts, by_start) = by_bigram(&corrected, |word| first_two(stems[word]));
        let (ends, by_end) = by_bigram(&corrected, |word| last_two(stems[word]));

        let mut offsets = vec![0];
        offsets.extend(stems.iter().scan(0, |end, stem| {
            *end += stem.len();
            Some(*end)
        }));
        u16::try_from(offsets.len().max(nodes.len()).max(offsets.last().copied().unwrap_or_default()))?;
        let meaning_sets = slices(&meaning_sets);
        let categories = slices(&self.categories.into_iter().map(Vec::from_iter).collect::<Vec<_>>());
        Ok(format!(
            "Tables {{ letters: {:?}, stems: &{offsets:?}, slots: &{slots:?}, marks: &{marks:?}, mark_sets: \
             &{mark_sets:?}, words: &{words:?}, children: &{children:?}, meanings: &{meanings:?}, meaning_sets: \
             {meaning_sets}, starts: &{starts:?}, by_start: &{by_start:?}, ends: &{ends:?}, by_end: &{by_end:?}, categories: {categories} }}",
            stems.concat()
        ))
    }
}

/// The numbers of stems by their hash, with linear probing; 0 is an empty slot.
fn hash_table(stems: &[&str]) -> Result<Vec<usize>, &'static str> {
    let mut slots = vec![0; (stems.len() * SLOTS).next_power_of_two()];
    for (number, stem) in stems.iter().enumerate().skip(1) {
        let home = hash(stem) as usize;
        let probe = (home..).map(|slot| slot & (slots.len() - 1)).find(|slot| slots[*slot] == 0);
        slots[probe.ok_or("a full table")?] = number;
    }
    Ok(slots)
}

/// Whether typing mistakes in a role's phrases are corrected: most turns of phrase, and towns, are too close to other words.
fn is_corrected(role: Role) -> bool {
    matches!(role, Role::Equipment(_) | Role::Place(_) | Role::Cue(Cue::Urgent | Cue::Stuck))
}

/// Words in the order of one of their bigrams, and where those of each bigram start.
fn by_bigram(words: &[usize], of: impl Fn(usize) -> [u8; 2]) -> (Vec<usize>, Vec<usize>) {
    let mut sorted: Vec<(Option<usize>, usize)> = words.iter().map(|word| (bigram(of(*word)), *word)).collect();
    sorted.sort_unstable();
    let starts = (0..=BIGRAMS).map(|bigram| sorted.partition_point(|(of, _)| *of < Some(bigram))).collect();
    (starts, sorted.into_iter().map(|(_, word)| word).collect())
}

/// The position of a value among the distinct ones.
fn number_of<T: PartialEq>(distinct: &mut Vec<T>, value: T) -> usize {
    distinct.iter().position(|known| *known == value).unwrap_or_else(|| {
        distinct.push(value);
        distinct.len() - 1
    })
}

/// Lists as a slice of slices.
fn slices<T: Debug>(lists: &[Vec<T>]) -> String {
    let lists: Vec<String> = lists.iter().map(|list| format!("&{list:?}")).collect();
    format!("&[{}]", lists.join(", "))
}
