//! French social-security numbers (NIR): sex, year, month, place of birth, order, and a two-digit key.

use super::checksum::mod_97;
use super::context::is_glued;
use super::number::{continues_left, continues_right, separator};
use super::scan::Match;
use super::view::View;

/// Number and key.
const LENGTH: usize = 15;

/// Reads a social-security number with its key at `index`, grouped in any way.
pub(super) fn nir(view: &View, index: usize) -> Option<Match> {
    let begins =
        matches!(view.at(index), '1'..='4' | '7' | '8') && (!continues_left(view, index) || is_glued(view, index));
    if !begins {
        return None;
    }
    let (mut characters, mut end, mut next) = (Vec::with_capacity(LENGTH), index, index);
    while characters.len() < LENGTH {
        let c = u8::try_from(view.at(next)).ok()?.to_ascii_uppercase();
        // Corsica's departments are 2A and 2B.
        let fits = c.is_ascii_digit() || (characters.len() == 6 && matches!(c, b'A' | b'B'));
        if !fits {
            return None;
        }
        characters.push(c);
        end = next + 1;
        next = separator(view, end).map_or(end, |(_, next)| next);
        if characters.len() == LENGTH - 2 {
            next = announced_key(view, next).unwrap_or(next);
        }
    }
    (is_valid(&characters) && !continues_right(view, end)).then(|| Match {
        start: index,
        end,
        key: characters.into_iter().map(char::from).collect(),
    })
}

/// Where the key begins that the word « clé » at `index` announces.
fn announced_key(view: &View, index: usize) -> Option<usize> {
    let after = ["clé", "cle", "key"].iter().find_map(|word| view.skip(index, word))?;
    (after..after + 4).find(|at| !matches!(view.at(*at), ' ' | ':'))
}

/// Whether month and department exist and the key is right.
fn is_valid(characters: &[u8]) -> bool {
    let (Some((number, key)), Some(month), Some(department)) =
        (characters.split_at_checked(13), two_digits(characters, 3), characters.get(5..7))
    else {
        return false;
    };
    // Months above 12 stand for a birth date that is unknown or was registered late (INSEE).
    let month_exists = matches!(month, 1..=12 | 20 | 30..=42 | 50..=99);
    let department_digits = match department {
        b"2A" => *b"19",
        b"2B" => *b"18",
        b"00" => return false,
        [tens @ b'0'..=b'9', units @ b'0'..=b'9'] => [*tens, *units],
        _ => return false,
    };
    let digits = number.iter().take(5).chain(&department_digits).chain(number.iter().skip(7)).copied();
    month_exists && two_digits(key, 0) == Some(97 - mod_97(digits))
}

fn two_digits(characters: &[u8], at: usize) -> Option<u32> {
    let digit = |at: usize| characters.get(at).map(|c| u32::from(c.saturating_sub(b'0')));
    Some(digit(at)? * 10 + digit(at + 1)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<String> {
        nir(&View::new(text), 0).map(|found| found.key)
    }

    #[test]
    fn reads_numbers_with_the_right_key() {
        let cases = [
            ("255081416802538", "255081416802538"),
            ("2 55 08 14 168 025 38", "255081416802538"),
            ("2.55.08.14.168.025 / 38.", "255081416802538"),
            ("2 55 08 14 168 025 clé : 38", "255081416802538"),
            ("1 85 05 2A 006 084 35", "185052A00608435"),
            ("1 85 05 2b 006 084 62", "185052B00608462"),
        ];
        for (text, number) in cases {
            assert_eq!(read(text).as_deref(), Some(number), "{text}");
        }
    }

    #[test]
    fn leaves_numbers_that_fail() {
        for text in ["255081416802539", "255131416802538", "555081416802538", "2550814168025380", "2 55 08 14 168 025"]
        {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
