//! One line of the customer, read once: words, phrases, clauses, and dismissals (what is said not to be the problem).

use std::ops::Range;

use crate::text::{Gap, Words};

use super::lexicon::{Hit, Lexicon, NO_WORD, WordId};
use super::vocabulary::mark::{self, Marks};
use super::vocabulary::{Cue, List, Role, is_in};

/// Most words that « ce n'est pas … » dismisses.
const DISMISSED_WORDS: usize = 6;

/// A line with everything that extraction needs to know.
#[derive(Debug)]
pub(super) struct Reading<'t> {
    /// Its words.
    pub words: Words<'t>,
    /// The phrases found, without those inside idioms.
    pub hits: Vec<Hit>,
    /// The hits that are names of fields.
    pub labels: Vec<Hit>,
    /// Whether most of its function words are of a language that puts the main noun of a compound last.
    pub head_last: bool,
    /// For each word: the first hit that starts there or later.
    first_hits: Vec<usize>,
    facts: Vec<Facts>,
}

/// Facts about a word.
#[derive(Clone, Copy, Debug, Default)]
struct Facts {
    marks: Marks,
    clause: usize,
    sentence: usize,
    dismissed: bool,
    problem: bool,
}

impl<'t> Reading<'t> {
    /// Reads `text`.
    pub fn new(lexicon: &Lexicon, text: &'t str) -> Self {
        let words = Words::new(text);
        let mut ids = lexicon.resolve(&words);
        ignore_addresses(text, &words, &mut ids);
        let mut hits = lexicon.scan(&words, &ids);
        drop_idioms(&mut hits);
        let mut facts = facts(lexicon, &words, &ids);
        let count = |bit| facts.iter().filter(|f| f.marks & bit != 0).count();
        let head_last = count(mark::HEAD_LAST) > count(mark::HEAD_FIRST);
        mark_problems(&mut facts, &hits);
        let contrasts: Vec<bool> = contrasts(words.len(), &hits);
        dismiss(&mut facts, &words, &hits, &contrasts);
        dismiss_working(&mut facts, &words, &hits, &contrasts);
        let first_hits = first_hits(words.len(), &hits);
        let labels = hits.iter().filter(|hit| matches!(hit.role, Role::Label { .. })).copied().collect();
        Self { words, hits, labels, head_last, first_hits, facts }
    }

    /// The marks of the word at `index`; none past the end.
    pub fn marks(&self, index: usize) -> Marks {
        self.fact(index).marks
    }

    /// Whether the word at `index` has one of the marks in `bits`.
    pub fn is(&self, index: usize, bits: Marks) -> bool {
        self.marks(index) & bits != 0
    }

    /// Whether the word before `index` has one of the marks in `bits`.
    pub fn is_before(&self, index: usize, bits: Marks) -> bool {
        index.checked_sub(1).is_some_and(|before| self.is(before, bits))
    }

    /// Whether the word at `index` is in a list of any language.
    pub fn is_in(&self, index: usize, list: List) -> bool {
        is_in(self.words.folded(index), list)
    }

    /// Whether the word before `index` is in a list of any language.
    pub fn follows(&self, index: usize, list: List) -> bool {
        index.checked_sub(1).is_some_and(|before| self.is_in(before, list))
    }

    /// The number of the word's clause.
    pub fn clause(&self, index: usize) -> usize {
        self.fact(index).clause
    }

    /// The number of the word's sentence.
    pub fn sentence(&self, index: usize) -> usize {
        self.fact(index).sentence
    }

    /// Whether the customer says that this is not the problem, or that it works.
    pub fn is_dismissed(&self, index: usize) -> bool {
        self.fact(index).dismissed
    }

    /// Whether the word's sentence states a problem or a request.
    pub fn in_problem(&self, index: usize) -> bool {
        self.fact(index).problem
    }

    /// The nearest word before `index` in the same clause that is neither a determiner nor a filler.
    pub fn governor(&self, index: usize) -> Option<usize> {
        let mut at = index;
        while self.words.gap(at) < Gap::Clause {
            at = at.checked_sub(1)?;
            if !self.is(at, mark::DETERMINER | mark::FILLER) || self.is(at, mark::OF | mark::TO | mark::AT) {
                return Some(at);
            }
        }
        None
    }

    /// The phrases that start at `index`.
    pub fn hits_at(&self, index: usize) -> impl Iterator<Item = &Hit> {
        let from = self.first_hits.get(index).and_then(|from| self.hits.get(*from..)).unwrap_or_default();
        from.iter().take_while(move |hit| hit.start == index)
    }

    /// The cues of one kind, in order.
    pub fn cues(&self, cue: Cue) -> impl Iterator<Item = &Hit> {
        self.hits.iter().filter(move |hit| hit.role == Role::Cue(cue))
    }

    /// Whether the line has only courtesies, and perhaps a name.
    pub fn is_courtesy(&self) -> bool {
        let small = mark::COURTESY | mark::FUNCTION_WORD;
        let others = (0..self.words.len()).filter(|at| !self.is(*at, small)).count();
        let greets = (0..self.words.len()).any(|at| self.is(at, mark::COURTESY));
        others == 0 || (others == 1 && greets && self.words.len() <= 4 && self.hits.is_empty())
    }

    fn fact(&self, index: usize) -> Facts {
        self.facts.get(index).copied().unwrap_or_default()
    }
}

/// The longest hits with a role that `is_wanted` accepts, without overlap, from the left.
pub(super) fn longest(hits: &[Hit], is_wanted: impl Fn(Role) -> bool) -> Vec<Hit> {
    let mut kept: Vec<Hit> = Vec::new();
    for hit in hits.iter().copied().filter(|hit| is_wanted(hit.role)) {
        match kept.last_mut() {
            Some(last) if last.start == hit.start && hit.end > last.end => *last = hit,
            Some(last) if hit.start < last.end => {}
            _ => kept.push(hit),
        }
    }
    kept
}

/// Makes the words of e-mail and web addresses unknown.
fn ignore_addresses(text: &str, words: &Words<'_>, ids: &mut [WordId]) {
    if !text.bytes().any(|byte| matches!(byte, b'@' | b':' | b'w')) {
        return;
    }
    let mut words = words.iter().zip(ids).peekable();
    let mut done = 0;
    for (at, sign) in addresses(text) {
        if at < done {
            continue;
        }
        // From the blank before the sign to the blank after it.
        let head = text.get(..at).unwrap_or_default();
        let start = head.rfind(char::is_whitespace).map_or(0, |blank| blank + 1);
        let rest = text.get(at + sign..).unwrap_or_default();
        let end = at + sign + rest.find(char::is_whitespace).unwrap_or(rest.len());
        done = end;
        while let Some((word, id)) = words.next_if(|(word, _)| word.span.start < end) {
            if word.span.start >= start {
                *id = NO_WORD;
            }
        }
    }
}

/// The signs of addresses: their positions and lengths.
fn addresses(text: &str) -> impl Iterator<Item = (usize, usize)> {
    text.char_indices().filter_map(|(at, c)| {
        let rest = || text.get(at..).unwrap_or_default();
        match c {
            '@' => Some((at, 1)),
            ':' if rest().starts_with("://") => Some((at, 3)),
            'w' if rest().starts_with("www.") => Some((at, 4)),
            _ => None,
        }
    })
}

/// Drops idioms (« en ligne ») and every phrase inside one.
fn drop_idioms(hits: &mut Vec<Hit>) {
    let idioms = longest(hits, |role| role == Role::Cue(Cue::Idiom));
    let mut spans = idioms.iter().peekable();
    hits.retain(|hit| {
        while spans.next_if(|span| span.end <= hit.start).is_some() {}
        // The schema's own words stay: a field may ask for « contact : par e-mail ».
        let own = matches!(hit.role, Role::Choice { category: false, .. } | Role::Known { .. } | Role::Label { .. });
        own || !spans.peek().is_some_and(|span| span.start <= hit.start && hit.end <= span.end)
    });
}

fn first_hits(words: usize, hits: &[Hit]) -> Vec<usize> {
    let mut passed = 0;
    let first = |word| {
        passed += hits.get(passed..).unwrap_or_default().iter().take_while(|hit| hit.start < word).count();
        passed
    };
    (0..words).map(first).collect()
}

fn facts(lexicon: &Lexicon, words: &Words<'_>, ids: &[WordId]) -> Vec<Facts> {
    let (mut clause, mut sentence) = (0, 0);
    let fact = |(word, id): (&crate::text::Word, &WordId)| {
        clause += usize::from(word.gap >= Gap::Clause);
        sentence += usize::from(word.gap >= Gap::Sentence);
        Facts { marks: lexicon.marks_of(*id), clause, sentence, dismissed: false, problem: false }
    };
    words.iter().zip(ids).map(fact).collect()
}

fn mark_problems(facts: &mut [Facts], hits: &[Hit]) {
    let mut stated: Vec<usize> = hits
        .iter()
        .filter(|hit| matches!(hit.role, Role::Cue(Cue::Problem | Cue::Request | Cue::Need)))
        .filter_map(|hit| facts.get(hit.start).map(|fact| fact.sentence))
        .collect();
    stated.dedup();
    for fact in facts {
        fact.problem = stated.binary_search(&fact.sentence).is_ok();
    }
}

fn contrasts(length: usize, hits: &[Hit]) -> Vec<bool> {
    let mut contrasts = vec![false; length];
    for hit in hits.iter().filter(|hit| hit.role == Role::Cue(Cue::Contrast)) {
        if let Some(contrast) = contrasts.get_mut(hit.start) {
            *contrast = true;
        }
    }
    contrasts
}

/// « Ce n'est pas un problème de … » dismisses what follows, up to a comma or a contrast.
fn dismiss(facts: &mut [Facts], words: &Words<'_>, hits: &[Hit], contrasts: &[bool]) {
    for hit in longest(hits, |role| role == Role::Cue(Cue::Dismiss)) {
        // « ce n'est pas le bon … » states a problem.
        if facts.get(hit.end).is_some_and(|fact| fact.marks & mark::NO_DISMISSAL != 0) {
            continue;
        }
        for at in hit.end..hit.end + DISMISSED_WORDS {
            let stops = words.gap(at) >= Gap::Clause || contrasts.get(at).copied().unwrap_or(true);
            match facts.get_mut(at) {
                Some(fact) if !stops => fact.dismissed = true,
                _ => break,
            }
        }
    }
}

/// « Le wifi fonctionne bien » dismisses its clause.
fn dismiss_working(facts: &mut [Facts], words: &Words<'_>, hits: &[Hit], contrasts: &[bool]) {
    let mut working: Vec<Range<usize>> =
        hits.iter().filter(|hit| hit.role == Role::Cue(Cue::Works)).map(|hit| hit.start..hit.end).collect();
    let ends = |at: usize| words.gap(at) >= Gap::Clause || contrasts.get(at).copied().unwrap_or(true);
    for (at, fact) in facts.iter().enumerate() {
        // The bare verb counts at the end of its clause: « … alors que le wifi fonctionne. »
        if fact.marks & mark::WORKING_VERB != 0 && !is_in(words.folded(at), |words| words.bare_verbs) && ends(at + 1) {
            working.push(at..at + 1);
        }
    }
    for verb in working {
        let before = (0..verb.start).rev().take_while(|at| !ends(at + 1)).take(2 * DISMISSED_WORDS);
        let from = before.last().unwrap_or(verb.start);
        let is_denied = |at: usize| facts.get(at).is_some_and(|fact| fact.marks & mark::NEGATION != 0);
        let is_question = (from..verb.start).any(|at| is_in(words.folded(at), |words| words.questions));
        let is_limited = is_in(words.folded(verb.end), |words| words.limits);
        if is_question || is_limited || (from..verb.end).any(is_denied) || (is_denied(verb.end) && !ends(verb.end)) {
            continue;
        }
        let to = (verb.start + 1..words.len()).take(DISMISSED_WORDS).take_while(|at| !ends(*at)).last();
        let clause = from..to.unwrap_or(verb.start) + 1;
        facts.get_mut(clause).unwrap_or_default().iter_mut().for_each(|fact| fact.dismissed = true);
    }
}
