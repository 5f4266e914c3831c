//! Bank accounts: IBAN (ISO 13616), with a check of country, length and check digits.

use crate::privacy::checksum::mod_97;
use crate::privacy::number::characters;
use crate::privacy::scan::Match;
use crate::privacy::view::{END, View};

pub(super) const NAME: &str = "IBAN";

/// Length of each country's IBANs, sorted by country (SWIFT IBAN registry).
#[rustfmt::skip]
const LENGTHS: &[(&[u8; 2], usize)] = &[
    (b"AD", 24), (b"AE", 23), (b"AL", 28), (b"AT", 20), (b"AZ", 28), (b"BA", 20), (b"BE", 16), (b"BG", 22),
    (b"BH", 22), (b"BI", 27), (b"BR", 29), (b"BY", 28), (b"CH", 21), (b"CR", 22), (b"CY", 28), (b"CZ", 24),
    (b"DE", 22), (b"DJ", 27), (b"DK", 18), (b"DO", 28), (b"EE", 20), (b"EG", 29), (b"ES", 24), (b"FI", 18),
    (b"FK", 18), (b"FO", 18), (b"FR", 27), (b"GB", 22), (b"GE", 22), (b"GI", 23), (b"GL", 18), (b"GR", 27),
    (b"GT", 28), (b"HN", 28), (b"HR", 21), (b"HU", 28), (b"IE", 22), (b"IL", 23), (b"IQ", 23), (b"IS", 26),
    (b"IT", 27), (b"JO", 30), (b"KW", 30), (b"KZ", 20), (b"LB", 28), (b"LC", 32), (b"LI", 21), (b"LT", 20),
    (b"LU", 20), (b"LV", 21), (b"LY", 25), (b"MC", 27), (b"MD", 24), (b"ME", 22), (b"MK", 19), (b"MN", 20),
    (b"MR", 27), (b"MT", 31), (b"MU", 30), (b"NI", 28), (b"NL", 18), (b"NO", 15), (b"OM", 23), (b"PK", 24),
    (b"PL", 28), (b"PS", 29), (b"PT", 25), (b"QA", 29), (b"RO", 24), (b"RS", 22), (b"RU", 33), (b"SA", 24),
    (b"SC", 31), (b"SD", 18), (b"SE", 24), (b"SI", 19), (b"SK", 24), (b"SM", 27), (b"SO", 23), (b"ST", 25),
    (b"SV", 28), (b"TL", 23), (b"TN", 24), (b"TR", 26), (b"UA", 29), (b"VA", 22), (b"VG", 24), (b"XK", 20),
    (b"YE", 30),
];

/// Least digits: every country's IBAN has more, and words have fewer.
const MIN_DIGITS: usize = 8;

/// Reads an IBAN at `index`, in any grouping and case.
pub(super) fn find(view: &View, index: usize) -> Option<Match> {
    let country = [letter(view.at(index))?, letter(view.at(index + 1))?];
    let entry = LENGTHS.binary_search_by_key(&&country, |(country, _)| country).ok()?;
    let (_, length) = LENGTHS.get(entry)?;
    if !starts(view, index) {
        return None;
    }
    let fits = |at, c: u8| if matches!(at, 2 | 3) { c.is_ascii_digit() } else { c.is_ascii_alphanumeric() };
    let (account, end) = characters(view, index, *length, fits)?;
    let digits = account.iter().filter(|c| c.is_ascii_digit()).count();
    // For the check, country and check digits move to the end.
    let rotated = account.iter().skip(4).chain(account.iter().take(4)).copied();
    (digits >= MIN_DIGITS && mod_97(rotated) == 1 && view.ends_word(end)).then(|| Match::new(index, end, &account))
}

fn letter(c: char) -> Option<u8> {
    u8::try_from(c).ok().filter(u8::is_ascii_alphabetic).map(|c| c.to_ascii_uppercase())
}

/// Whether an account can start at `index`: at most the label « IBAN » is glued to it.
fn starts(view: &View, index: usize) -> bool {
    let label = index.checked_sub(4).is_some_and(|label| {
        view.before(index, 4) != END && view.skip(label, "iban").is_some() && view.starts_word(label)
    });
    label || view.starts_word(index)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<String> {
        find(&View::new(text), 0).map(|found| found.key)
    }

    #[test]
    fn the_table_is_sorted() {
        assert!(LENGTHS.is_sorted());
    }

    #[test]
    fn reads_accounts_of_any_country_and_grouping() {
        let cases = [
            ("FR1420041010050500013M02606", "FR1420041010050500013M02606"),
            ("fr14 2004 1010 0505 0001 3m02 606", "FR1420041010050500013M02606"),
            ("GB82-WEST-1234-5698-7654-32, merci", "GB82WEST12345698765432"),
            ("DE89 3704 0044 0532 0130 00 12", "DE89370400440532013000"),
            ("NO9386011117947", "NO9386011117947"),
            ("MT84 MALT 0110 0001 2345 MTLC AST0 01S", "MT84MALT011000012345MTLCAST001S"),
        ];
        for (text, account) in cases {
            assert_eq!(read(text).as_deref(), Some(account), "{text}");
        }
    }

    #[test]
    fn ignores_invalid_accounts() {
        let cases = [
            "FR1420041010050500013M02607",
            "FR1420041010050500013M0260",
            "ZZ1420041010050500013M02606",
            "FR1420041010050500013M026061",
            "en 12 personnes attendent",
        ];
        for text in cases {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn the_label_may_be_glued_to_the_account() {
        let view = View::new("IBANFR1420041010050500013M02606 XFR1420041010050500013M02606");
        assert!(find(&view, 4).is_some() && find(&view, 33).is_none());
    }
}
