//! The local backend's vocabulary as tables.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::error::Error;
use std::fmt::Debug;
use std::fs;
use std::path::Path;

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

/// The files in which sections say what phrases and words are; `exact` words before all others.
const FILES: [&str; 6] = ["words", "cues", "equipment", "places", "towns", "plain"];
/// Slots for each word in the hash table: half of them stay empty.
const SLOTS: usize = 2;

/// Compiles the data files in `data` to a `Tables` of `src/local/lexicon/tables.rs`, which says what each table is.
pub fn compile(data: &Path) -> Result<String, Box<dyn Error>> {
    let read = |name: &str| fs::read_to_string(data.join(name).with_extension("txt"));
    let mut vocabulary = Vocabulary::default();
    vocabulary.intern("");
    for name in FILES {
        for (header, line) in sections(&read(name)?) {
            vocabulary.read(header, line).map_err(|fault| format!("{name}.txt: [{header}]: {fault}"))?;
        }
    }
    let categories = read("categories")?;
    let mut names = Vec::new();
    for section in categories.split("[category]\n").skip(1) {
        let (header, phrases) = section.split_once('\n').ok_or("categories.txt: a section without names")?;
        let meaning = u8::try_from(role::SECTIONS.len() + names.len())?;
        for phrase in phrases.lines().flat_map(|line| line.split(", ")) {
            vocabulary.add(phrase.split(' ').map(|word| vec![word]), meaning, true);
        }
        names.push(header.split(", ").collect::<Vec<_>>());
    }
    vocabulary.tables(&names)
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

/// What was read: words by number, phrases by the numbers of their words.
#[derive(Default)]
struct Vocabulary {
    stems: Vec<String>,
    numbers: HashMap<String, usize>,
    marks: Vec<mark::Marks>,
    corrected: BTreeSet<usize>,
    phrases: BTreeMap<Vec<usize>, Vec<u8>>,
}

impl Vocabulary {
    fn read(&mut self, header: &str, line: &str) -> Result<(), &'static str> {
        if let Some(section) = role::SECTIONS.iter().position(|(name, _)| *name == header) {
            let meaning = u8::try_from(section).map_err(|_| "too many sections")?;
            let corrected = role::SECTIONS.get(section).is_some_and(|(_, role)| is_corrected(*role));
            for phrase in line.split(',') {
                self.add(phrase.split_ascii_whitespace().map(|slot| slot.split('|').collect()), meaning, corrected);
            }
        } else if header == "exact" {
            for word in line.split_ascii_whitespace() {
                if self.find(word).is_none() {
                    self.intern(word);
                }
            }
        } else {
            let mut marks = 0;
            for word in header.split(' ').filter(|word| *word != "plain") {
                marks |= mark::SECTIONS.iter().find(|(name, _)| *name == word).ok_or("no such section")?.1;
            }
            for word in line.split_ascii_whitespace() {
                let number = self.word(word);
                if let Some(of_word) = self.marks.get_mut(number) {
                    *of_word |= marks;
                }
            }
        }
        Ok(())
    }

    /// Adds every phrase that has one of each slot's words.
    fn add<'w>(&mut self, slots: impl Iterator<Item = Vec<&'w str>>, meaning: u8, corrected: bool) {
        let mut phrases = vec![Vec::new()];
        for slot in slots {
            let words: Vec<usize> = slot.iter().map(|word| self.word(word)).collect();
            for (word, number) in slot.into_iter().zip(&words) {
                if corrected && is_correctable(word, stem(word)) {
                    self.corrected.insert(*number);
                }
            }
            phrases =
                phrases.iter().flat_map(|phrase| words.iter().map(|word| [&phrase[..], &[*word]].concat())).collect();
        }
        for phrase in phrases.into_iter().filter(|phrase| !phrase.is_empty()) {
            let meanings = self.phrases.entry(phrase).or_default();
            if !meanings.contains(&meaning) {
                meanings.push(meaning);
            }
        }
    }

    fn find(&self, word: &str) -> Option<usize> {
        self.numbers.get(word).or_else(|| self.numbers.get(stem(word))).copied()
    }

    fn word(&mut self, word: &str) -> usize {
        self.find(word).unwrap_or_else(|| self.intern(stem(word)))
    }

    fn intern(&mut self, stem: &str) -> usize {
        self.numbers.insert(stem.to_owned(), self.stems.len());
        self.stems.push(stem.to_owned());
        self.marks.push(0);
        self.stems.len() - 1
    }

    /// The tables as Rust.
    fn tables(self, categories: &[Vec<&str>]) -> Result<String, Box<dyn Error>> {
        // Words that begin phrases come first, so that each has the number of its node.
        let first: BTreeSet<usize> = self.phrases.keys().filter_map(|phrase| phrase.first()).copied().collect();
        let others = (1..self.stems.len()).filter(|word| !first.contains(word));
        let order: Vec<usize> = std::iter::once(0).chain(first.iter().copied()).chain(others).collect();
        let renumbered: HashMap<usize, usize> = order.iter().enumerate().map(|(new, old)| (*old, new)).collect();
        let stems: Vec<&str> = order.iter().map(|old| self.stems[*old].as_str()).collect();

        let mut mark_sets = vec![0];
        let marks: Vec<usize> = order.iter().map(|old| number_of(&mut mark_sets, self.marks[*old])).collect();

        let phrases: BTreeMap<Vec<usize>, Vec<u8>> = self
            .phrases
            .into_iter()
            .map(|(phrase, meanings)| (phrase.iter().map(|word| renumbered[word]).collect(), meanings))
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

        let mut slots = vec![0; (stems.len() * SLOTS).next_power_of_two()];
        for (number, stem) in stems.iter().enumerate().skip(1) {
            let home = hash(stem) as usize;
            let probe = (home..).map(|slot| slot & (slots.len() - 1)).find(|slot| slots[*slot] == 0);
            slots[probe.ok_or("a full table")?] = number;
        }
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
        let categories = slices(categories);
        Ok(format!(
            "Tables {{ letters: {:?}, stems: &{offsets:?}, slots: &{slots:?}, marks: &{marks:?}, mark_sets: \
             &{mark_sets:?}, words: &{words:?}, children: &{children:?}, meanings: &{meanings:?}, meaning_sets: \
             {meaning_sets}, starts: &{starts:?}, by_start: &{by_start:?}, ends: &{ends:?}, by_end: &{by_end:?}, categories: {categories} }}",
            stems.concat()
        ))
    }
}

/// Mistakes in what the problem is about are corrected; turns of phrase and towns are too close to other words.
fn is_corrected(role: Role) -> bool {
    matches!(role, Role::Equipment(_) | Role::Place(_) | Role::Cue(Cue::Urgent | Cue::Stuck))
}

/// Words in the order of a bigram of theirs, and where those of each bigram start.
fn by_bigram(words: &[usize], of: impl Fn(usize) -> [u8; 2]) -> (Vec<usize>, Vec<usize>) {
    let mut sorted: Vec<(Option<usize>, usize)> = words.iter().map(|word| (bigram(of(*word)), *word)).collect();
    sorted.sort_unstable();
    let starts = (0..=BIGRAMS).map(|bigram| sorted.partition_point(|(of, _)| *of < Some(bigram))).collect();
    (starts, sorted.into_iter().map(|(_, word)| word).collect())
}

/// The place of a value among the distinct ones.
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
