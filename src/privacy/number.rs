//! Digits in groups, as people write long numbers.

use super::view::View;

/// What stands between two groups of digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Separator {
    /// One or two spaces.
    Space,
    /// `.`, with or without spaces.
    Dot,
    /// `-`, with or without spaces.
    Dash,
    /// `/`, with or without spaces.
    Slash,
}

/// Where a separator at `index` ends and which it is.
///
/// At most one mark, with at most two spaces before it and two after.
pub(super) fn separator(view: &View, index: usize) -> Option<(Separator, usize)> {
    let spaces = |from: usize| (0..2).take_while(|k| view.at(from + k) == ' ').count();
    let mark = index + spaces(index);
    let separator = match view.at(mark) {
        '.' => Separator::Dot,
        '-' => Separator::Dash,
        '/' => Separator::Slash,
        _ if mark > index => return Some((Separator::Space, mark)),
        _ => return None,
    };
    Some((separator, mark + 1 + spaces(mark + 1)))
}

/// A group of digits without a break.
#[derive(Debug)]
pub(super) struct Group {
    /// What stands before it; `None` for the first.
    pub(super) separator: Option<Separator>,
    pub(super) digits: Vec<u8>,
    /// The glyph after its last digit.
    pub(super) end: usize,
}

/// The groups of digits that begin at `index`, cut off after `max` digits.
pub(super) fn groups(view: &View, index: usize, max: usize) -> Vec<Group> {
    let mut groups = Vec::new();
    let (mut separator_before, mut start, mut left) = (None, index, max);
    loop {
        let digits: Vec<u8> = (start..start + left).map_while(|at| digit(view.at(at))).collect();
        if digits.is_empty() {
            return groups;
        }
        left -= digits.len();
        let end = start + digits.len();
        groups.push(Group { separator: separator_before, digits, end });
        match separator(view, end) {
            Some((found, next)) => (separator_before, start) = (Some(found), next),
            None => return groups,
        }
    }
}

/// An ASCII digit as a byte.
pub(super) fn digit(c: char) -> Option<u8> {
    u8::try_from(c).ok().filter(u8::is_ascii_digit)
}

/// Whether a number that begins at `index` is the tail of a longer number or word there (`1.12`, `3-12`, `A12`).
pub(super) fn continues_left(view: &View, index: usize) -> bool {
    match view.before(index, 1) {
        '.' | '-' => view.before(index, 2).is_ascii_digit(),
        _ => !view.starts_word(index),
    }
}

/// Whether a number that ends before `index` goes on there (`12.1`, `12-1`, `12A`).
pub(super) fn continues_right(view: &View, index: usize) -> bool {
    match view.at(index) {
        '.' | '-' => view.at(index + 1).is_ascii_digit(),
        _ => !view.ends_word(index),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_groups_up_to_a_limit() {
        let view = View::new("06 39.98 - 01/2 , 3");
        let read: Vec<_> = groups(&view, 0, 9).iter().map(|g| (g.separator, g.digits.clone(), g.end)).collect();
        let expected = [
            (None, b"06".to_vec(), 2),
            (Some(Separator::Space), b"39".to_vec(), 5),
            (Some(Separator::Dot), b"98".to_vec(), 8),
            (Some(Separator::Dash), b"01".to_vec(), 13),
            (Some(Separator::Slash), b"2".to_vec(), 15),
        ];
        assert_eq!(read, expected);
        assert_eq!(groups(&view, 0, 3).last().map(|group| group.end), Some(4));
    }

    #[test]
    fn knows_the_middle_of_a_longer_number() {
        for (text, at) in [("1.23", 2), ("a12", 1), ("3-12", 2)] {
            assert!(continues_left(&View::new(text), at), "{text}");
        }
        for (text, at) in
            [("tél.12", 4), ("a 12", 2), (":12", 1), ("- 12", 2), ("34/12", 3), ("CB-12", 3), ("#12", 1), ("1,12", 2)]
        {
            assert!(!continues_left(&View::new(text), at), "{text}");
        }
        assert!(continues_right(&View::new("1.2"), 1) && continues_right(&View::new("1-2"), 1));
        assert!(!continues_right(&View::new("1."), 1) && !continues_right(&View::new("1, 2"), 1));
    }
}
