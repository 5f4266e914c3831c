//! Fragments of a text that identify something: addresses, numbers, references.

use std::ops::Range;

use super::REFERENCE_DIGITS;
use crate::language::in_any;
use crate::text::{fold, fold_words, is_sign, split_words};

/// A part of a model's text that must occur in the caller's texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fragment {
    /// Its bytes.
    pub(super) range: Range<usize>,
    pub(super) kind: FragmentKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FragmentKind {
    /// An e-mail address, a URL or a bare host.
    Address,
    /// Digits: a phone number, an account, a reference without letters.
    Number,
    /// Letters and digits: a reference, a serial number, an error code.
    Token,
}

/// Fewest digits of adjacent numbers that are one number, such as a phone number in pairs.
const SPACED_DIGITS: usize = 8;
/// Fewest digits of a reference that has letters too.
const TOKEN_DIGITS: usize = 3;

/// Units that may follow a quantity without a blank, folded.
#[rustfmt::skip]
const UNITS: &[&str] = &[
    "a", "cm", "dpi", "eur", "euros", "g", "gb", "gbps", "ghz", "go", "h", "hz", "j", "k", "kb", "kbps", "kg", "km", "ko",
    "kw", "m", "mb", "mbps", "mhz", "min", "mm", "mn", "mo", "ms", "p", "px", "s", "tb", "to", "v", "w",
];

/// Top-level domains of bare host names: the generic ones, and those of countries where French or English is common.
/// A host in another domain is recognised by its scheme, its `www.` or its path.
#[rustfmt::skip]
const DOMAINS: &[&str] = &[
    "ai", "app", "at", "au", "be", "biz", "ca", "ch", "club", "cloud", "cm", "cn", "co", "com", "de", "dev", "dk", "dz",
    "edu", "es", "eu", "fi", "fr", "gov", "gq", "ie", "in", "info", "int", "io", "it", "jp", "link", "live", "lu", "ma",
    "me", "mil", "mobi", "net", "nl", "no", "nz", "online", "org", "ovh", "pl", "pro", "pt", "re", "ru", "se", "shop", "site",
    "sn", "store", "support", "tech", "tk", "tn", "top", "tv", "uk", "us", "website", "xyz",
];

/// Whether a folded word only labels a reference.
pub(super) fn is_label(word: &str) -> bool {
    is_reference_label(word) || is_error_label(word)
}

fn is_reference_label(word: &str) -> bool {
    in_any(word, |texts| texts.values.reference_labels)
}

fn is_error_label(word: &str) -> bool {
    in_any(word, |texts| texts.values.error_labels)
}

/// The fragments of a text in order, without overlap. Dates, times and quantities are not among them.
pub(super) fn fragments(text: &str) -> Vec<Fragment> {
    let mut found = Vec::new();
    let mut numbers: Vec<Chunk<'_>> = Vec::new();
    let mut done = 0;
    let mut before: Option<Chunk<'_>> = None;
    for chunk in chunks(text) {
        if chunk.range.start < done {
            continue;
        }
        let gap = text.get(before.as_ref().map_or(0, |before| before.range.end)..chunk.range.start).unwrap_or_default();
        let is_number = chunk.is_number() && !chunk.is_date_or_time();
        if !(is_number && numbers.last().is_some_and(|last| joins(text, last, &chunk))) {
            flush(&mut numbers, &mut found);
        }
        if let Some(range) = chunk.address(text) {
            done = range.end;
            found.push(Fragment { range, kind: FragmentKind::Address });
        } else if is_number {
            let labelled = least_digits(before.as_ref(), gap);
            numbers.push(Chunk { least_digits: labelled.min(chunk.least_digits), ..chunk.clone() });
        } else if !chunk.is_date_or_time() {
            found.extend(chunk.tokens().map(|range| Fragment { range, kind: FragmentKind::Token }));
        }
        before = Some(chunk);
    }
    flush(&mut numbers, &mut found);
    found
}

/// Makes one fragment of adjacent numbers that are long enough together, else one of each that is long enough.
fn flush(numbers: &mut Vec<Chunk<'_>>, found: &mut Vec<Fragment>) {
    let digits: usize = numbers.iter().map(Chunk::digits).sum();
    if let (Some(first), Some(last), true) = (numbers.first(), numbers.last(), digits >= SPACED_DIGITS) {
        found.push(Fragment { range: first.range.start..last.range.end, kind: FragmentKind::Number });
    } else {
        let long = numbers.iter().filter(|number| number.digits() >= number.least_digits);
        found.extend(long.map(|number| Fragment { range: number.range.clone(), kind: FragmentKind::Number }));
    }
    numbers.clear();
}

/// Whether two numbers may be parts of one: only blanks and separators are between them.
fn joins(text: &str, first: &Chunk<'_>, second: &Chunk<'_>) -> bool {
    let gap = text.get(first.range.end..second.range.start).unwrap_or_default();
    gap.chars().count() <= 3
        && gap.chars().all(|c| matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '.' | '-' | '/' | '(' | ')'))
}

/// Fewest digits of a reference after `before` and `gap`.
fn least_digits(before: Option<&Chunk<'_>>, gap: &str) -> usize {
    let near = gap.chars().count() <= 3 && !gap.contains([',', ';', '\n', '(']);
    let label = before.filter(|_| near).map(|before| fold_words(before.text));
    // A point after a longer word than an abbreviation ends the sentence.
    let label = label
        .as_deref()
        .and_then(|folded| split_words(folded).last())
        .filter(|label| label.len() <= 3 || !gap.contains('.'));
    match label {
        _ if gap.contains(is_sign) => TOKEN_DIGITS,
        Some(label) if is_reference_label(label) => TOKEN_DIGITS,
        Some(label) if is_error_label(label) => 2,
        _ => REFERENCE_DIGITS,
    }
}

/// A part of a text between blanks, brackets, quotes and commas, without the punctuation around it.
#[derive(Clone, Debug)]
struct Chunk<'a> {
    text: &'a str,
    range: Range<usize>,
    /// Fewest digits that make it a reference, if it is a number.
    least_digits: usize,
}

fn chunks(text: &str) -> impl Iterator<Item = Chunk<'_>> {
    let is_break = |c: char| c.is_whitespace() || "<>()[]{}\"«»“”„;|,'’‘`".contains(c) || is_sign(c);
    let mut at = 0;
    text.split(is_break).filter_map(move |piece| {
        let start = at;
        let end = start + piece.len();
        at = end + text.get(end..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
        let head = piece.trim_start_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '+' | '#'));
        let body = head.trim_end_matches(|c: char| !c.is_alphanumeric());
        let start = start + piece.len() - head.len();
        let least_digits = if body.starts_with('#') { 1 } else { REFERENCE_DIGITS };
        (!body.is_empty()).then(|| Chunk { text: body, range: start..start + body.len(), least_digits })
    })
}

impl Chunk<'_> {
    fn digits(&self) -> usize {
        self.text.bytes().filter(u8::is_ascii_digit).count()
    }

    fn is_number(&self) -> bool {
        self.digits() > 0 && !self.text.contains(char::is_alphabetic)
    }

    /// Whether it is a date or a time: `12/03/2024`, `2024-03-12`, `03/2024`, `2024/2025`, `14:30`, `14h30`, `14h30-15h00`.
    fn is_date_or_time(&self) -> bool {
        self.digits() > 0
            && (self.text.split('-').all(is_time)
                || ['/', '-', '.'].into_iter().any(|separator| is_date(self.text, separator)))
    }

    /// The e-mail address, URL or host that begins in this chunk; it may end after it.
    fn address(&self, text: &str) -> Option<Range<usize>> {
        let Range { start, end } = self.range;
        if let Some((local, host)) = self.text.rsplit_once('@')
            && host.trim_matches('.').contains('.')
            && local.contains(char::is_alphanumeric)
        {
            // `mailto:`, `e-mail=`
            let label = local
                .find([':', '='])
                .filter(|at| !local.get(..*at).is_some_and(|label| label.contains(|c: char| c.is_ascii_digit())));
            let label = label.map_or(0, |at| at + 1);
            return Some(start + label..end);
        }
        is_url(self.text).then(|| {
            // A path may contain characters that end a chunk.
            let rest = text.get(end..).unwrap_or_default();
            let tail = rest.find(|c: char| c.is_whitespace() || "<>\"«»“”„".contains(c)).unwrap_or(rest.len());
            let tail = rest.get(..tail).unwrap_or_default();
            // Closing punctuation belongs to the sentence, a bracket that opens in the address to the address.
            let opens = tail.contains('(');
            let own = |c: char| c.is_alphanumeric() || c == '/' || (c == ')' && opens);
            start..end + tail.trim_end_matches(|c: char| !own(c)).len()
        })
    }

    /// The references in this chunk.
    fn tokens(&self) -> impl Iterator<Item = Range<usize>> {
        let mut at = self.range.start;
        self.text.split(['/', '=']).filter_map(move |token| {
            let start = at;
            at += token.len() + 1;
            let digits = token.bytes().filter(u8::is_ascii_digit).count();
            let least = match token {
                _ if token.starts_with('#') => 1,
                _ if token.contains(char::is_alphabetic) => TOKEN_DIGITS,
                _ => REFERENCE_DIGITS,
            };
            let is_reference = digits >= least;
            (is_reference && !token.split('-').all(is_time) && !is_quantity(token)).then(|| start..start + token.len())
        })
    }
}

/// Whether a text is a time: `14:30`, `14:30:05`, `14h`, `14h30`, `14h30min`.
fn is_time(text: &str) -> bool {
    let text = text.strip_suffix("min").or_else(|| text.strip_suffix('m')).unwrap_or(text);
    let is_pair = |pair: &str| matches!(pair.len(), 1..=2) && pair.bytes().all(|b| b.is_ascii_digit());
    match text.split_once(['h', 'H']) {
        Some((hours, minutes)) => is_pair(hours) && (minutes.is_empty() || is_pair(minutes)),
        None => matches!(text.matches(':').count(), 1..=2) && text.split(':').all(is_pair),
    }
}

fn is_date(text: &str, separator: char) -> bool {
    let mut groups = text.split(separator);
    let is_year = |group: &str| is_number(group, 4) && (group.starts_with("19") || group.starts_with("20"));
    let is_day = |group: &str| group.len() <= 2 && group.parse::<u8>().is_ok_and(|day| (1..=31).contains(&day));
    match [groups.next(), groups.next(), groups.next(), groups.next()] {
        [Some(a), Some(b), None, None] => separator != '.' && (is_year(a) || is_day(a)) && (is_year(b) || is_day(b)),
        [Some(a), Some(b), Some(c), None] => {
            is_day(b) && ((is_day(a) && (is_year(c) || is_number(c, 2))) || (is_year(a) && is_day(c)))
        }
        _ => false,
    }
}

fn is_number(text: &str, digits: usize) -> bool {
    text.len() == digits && text.bytes().all(|b| b.is_ascii_digit())
}

/// Whether a text is a number of at most four digits with its unit: `500Go`, `1080p`.
fn is_quantity(text: &str) -> bool {
    let unit = text.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | ','));
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    digits < REFERENCE_DIGITS && unit.len() < text.len() && UNITS.binary_search(&fold(unit).as_str()).is_ok()
}

/// Whether a text has a scheme, or begins with `www.`, a host in a known domain, or a host with a path.
fn is_url(text: &str) -> bool {
    if text.split_once("://").is_some_and(|(scheme, rest)| !scheme.is_empty() && !rest.is_empty()) {
        return true;
    }
    let host = text.split(['/', '?', '#', ':']).next().unwrap_or_default();
    let has_path = text.get(host.len()..).is_some_and(|rest| rest.starts_with(['/', '?']));
    let Some((name, domain)) = host.rsplit_once('.') else { return false };
    let is_host = name
        .split('.')
        .all(|label| !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_')));
    if !is_host || domain.len() < 2 || !domain.chars().all(char::is_alphabetic) {
        return false;
    }
    // `panne.Merci` is no host: one sentence ends and the next begins.
    let one_case = !domain.contains(char::is_uppercase) || !domain.contains(char::is_lowercase);
    let domain = domain.to_lowercase();
    let is_www = name.split('.').next().is_some_and(|label| label.eq_ignore_ascii_case("www"));
    is_www || (one_case && (has_path || DOMAINS.binary_search(&domain.as_str()).is_ok()))
}

/// An address in the form that all its spellings share.
pub(super) fn address_key(address: &str) -> String {
    let folded = fold(address);
    let rest = folded.split_once("://").map_or(folded.as_str(), |(_, rest)| rest);
    rest.strip_prefix("www.").unwrap_or(rest).trim_end_matches('/').to_owned()
}

/// The host of an address's key.
pub(super) fn host(key: &str) -> &str {
    let host = key.split(['/', '?', '#']).next().unwrap_or_default();
    let host = host.rsplit('@').next().unwrap_or_default();
    host.split(':').next().unwrap_or_default()
}
