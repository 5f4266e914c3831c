//! Long numbers as people write them: digits in groups.

use super::context::is_glued;
use super::view::View;

/// A separator of two groups of digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Separator {
    /// One or two spaces or line breaks.
    Space,
    /// `.`, with or without spaces.
    Dot,
    /// `-`, with or without spaces.
    Dash,
    /// `/`, with or without spaces.
    Slash,
    /// `,` or `_` between two digits.
    Tight,
}

/// Glyphs of the longest separator.
pub(super) const MAX_SEPARATOR: usize = 5;

/// The separator at `index` and where it ends: at most one mark, with at most two spaces before and after it.
pub(super) fn separator(view: &View, index: usize) -> Option<(Separator, usize)> {
    let spaces = |from: usize| (0..2).take_while(|k| matches!(view.at(from + k), ' ' | '\n' | '\r')).count();
    let mark = index + spaces(index);
    let separator = match view.at(mark) {
        '.' => Separator::Dot,
        '-' => Separator::Dash,
        '/' => Separator::Slash,
        ',' | '_' if mark == index && view.at(mark + 1).is_ascii_digit() => return Some((Separator::Tight, mark + 1)),
        _ if mark > index => return Some((Separator::Space, mark)),
        _ => return None,
    };
    Some((separator, mark + 1 + spaces(mark + 1)))
}

/// Where a separator at `index` ends; `index` without one.
pub(super) fn after_separator(view: &View, index: usize) -> usize {
    separator(view, index).map_or(index, |(_, next)| next)
}

/// Reads `count` letters and digits in groups, if `fits` accepts each at its position: them in upper case, and the glyph
/// after the last one.
pub(super) fn characters(
    view: &View,
    index: usize,
    count: usize,
    fits: impl Fn(usize, u8) -> bool,
) -> Option<(Vec<u8>, usize)> {
    let (mut characters, mut end, mut next) = (Vec::with_capacity(count), index, index);
    while characters.len() < count {
        let c = u8::try_from(view.at(next)).ok()?.to_ascii_uppercase();
        if !fits(characters.len(), c) {
            return None;
        }
        characters.push(c);
        end = next + 1;
        next = after_separator(view, end);
    }
    Some((characters, end))
}

/// Digits in groups.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Row {
    /// All digits, in ASCII.
    pub(super) digits: Vec<u8>,
    pub(super) groups: Vec<Group>,
}

/// A group of digits without a break.
#[derive(Debug, PartialEq)]
pub(super) struct Group {
    /// The separator before it; `None` for the first group.
    pub(super) separator: Option<Separator>,
    /// Number of digits.
    pub(super) size: usize,
    /// The glyph after its last digit.
    pub(super) end: usize,
}

impl Row {
    /// Reads at most `max` digits at `index`.
    pub(super) fn read(view: &View, index: usize, max: usize) -> Self {
        let mut row = Self::default();
        let (mut separator_before, mut start) = (None, index);
        loop {
            let known = row.digits.len();
            row.digits.extend((start..start + max - known).map_while(|at| digit(view.at(at))));
            let size = row.digits.len() - known;
            if size == 0 {
                return row;
            }
            row.groups.push(Group { separator: separator_before, size, end: start + size });
            match separator(view, start + size) {
                Some((found, next)) => (separator_before, start) = (Some(found), next),
                None => return row,
            }
        }
    }

    /// The sizes of the groups.
    pub(super) fn sizes(&self) -> Vec<usize> {
        self.groups.iter().map(|group| group.size).collect()
    }

    /// The glyph after the last digit; `None` without digits.
    pub(super) fn end(&self) -> Option<usize> {
        self.groups.last().map(|group| group.end)
    }
}

/// An ASCII digit as a byte.
pub(super) fn digit(c: char) -> Option<u8> {
    u8::try_from(c).ok().filter(u8::is_ascii_digit)
}

/// The value of ASCII digits, at most nine.
pub(super) fn value(digits: &[u8]) -> u32 {
    digits.iter().fold(0, |value, digit| value * 10 + u32::from(digit.saturating_sub(b'0')))
}

/// Whether a number may start at `index`: it is not within a longer number or a word, but a label may be glued to it.
pub(super) fn starts_number(view: &View, index: usize) -> bool {
    !continues_left(view, index) || is_glued(view, index)
}

/// Whether a number at `index` is the end of a longer number or word (`1.12`, `3-12`, `A12`).
pub(super) fn continues_left(view: &View, index: usize) -> bool {
    match view.before(index, 1) {
        '.' | '-' => view.before(index, 2).is_ascii_digit(),
        // Decimals: `0,0612345678`.
        ',' => view.before(index, 2) == '0' && !view.before(index, 3).is_alphanumeric(),
        // `_0639980123_` is emphasis, `A_12` is a name.
        '_' => view.before(index, 2).is_alphanumeric(),
        _ => !view.starts_word(index),
    }
}

/// Whether a number before `index` is the start of a longer number or word (`12.1`, `12-1`, `12A`).
pub(super) fn continues_right(view: &View, index: usize) -> bool {
    match view.at(index) {
        '.' | '-' => view.at(index + 1).is_ascii_digit(),
        '_' => view.at(index + 1).is_alphanumeric(),
        _ => !view.ends_word(index),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_groups_up_to_a_limit() {
        let view = View::new("06 39.98 - 01/2\n3,4_5 , 6");
        let row = Row::read(&view, 0, 99);
        let read: Vec<_> = row.groups.iter().map(|group| (group.separator, group.size, group.end)).collect();
        let expected = [
            (None, 2, 2),
            (Some(Separator::Space), 2, 5),
            (Some(Separator::Dot), 2, 8),
            (Some(Separator::Dash), 2, 13),
            (Some(Separator::Slash), 1, 15),
            (Some(Separator::Space), 1, 17),
            (Some(Separator::Tight), 1, 19),
            (Some(Separator::Tight), 1, 21),
        ];
        assert_eq!(read, expected);
        assert_eq!(row.digits, b"063998012345");
        assert_eq!(Row::read(&view, 0, 3).end(), Some(4));
    }

    #[test]
    fn a_number_may_be_part_of_a_longer_one() {
        for (text, at) in [("1.23", 2), ("a12", 1), ("3-12", 2), ("a_12", 2), ("0,12", 2)] {
            assert!(continues_left(&View::new(text), at), "{text}");
        }
        for (text, at) in [
            ("tél.12", 4),
            ("a 12", 2),
            (":12", 1),
            ("- 12", 2),
            ("34/12", 3),
            ("CB-12", 3),
            ("#12", 1),
            ("1,12", 2),
            (" _12", 2),
        ] {
            assert!(!continues_left(&View::new(text), at), "{text}");
        }
        assert!(continues_right(&View::new("1.2"), 1) && continues_right(&View::new("1-2"), 1));
        assert!(!continues_right(&View::new("1."), 1) && !continues_right(&View::new("1, 2"), 1));
    }
}
