//! The meaning of a number according to the words before it.

use super::view::View;
use crate::language::{PrivacyWords, WordList, in_any, of_all};
use crate::text::fold;

/// Most characters between a number and its label.
const REACH: usize = 48;

/// Programs: the number after their name is a version. Folded and sorted.
#[rustfmt::skip]
const PRODUCTS: &[&str] = &[
    "acrobat", "anyconnect", "anydesk", "chrome", "chromium", "citrix", "edge", "excel", "firefox", "forticlient", "java",
    "libreoffice", "office", "onedrive", "outlook", "reader", "skype", "teams", "teamviewer", "thunderbird", "vlc",
    "windows", "word", "zoom",
];

/// Whether a label before `index` announces a version.
pub(super) fn is_version(view: &View, index: usize) -> bool {
    let before = words_before(view, index);
    let is_update = |phrase: &str| {
        let words = phrase.split(' ').rev();
        words.clone().eq(before.iter().take(words.count()).map(String::as_str))
    };
    of_all(|texts| texts.privacy.updates).any(is_update)
        || announced(&before, |word| is_in(word, |words| words.versions), 1)
        || announced(&before, |word| PRODUCTS.binary_search(&word).is_ok(), 0)
}

/// Whether a label before `index` announces the number of an order, a ticket, a device and so on.
pub(super) fn is_reference(view: &View, index: usize) -> bool {
    announced(&words_before(view, index), is_reference_word, 0)
}

/// Most words between a telephone number and its label.
const PHONE_WORDS: usize = 4;

/// Whether a label before `index` announces a telephone number.
pub(super) fn is_phone(view: &View, index: usize) -> bool {
    let words = words_before(view, index);
    let mut near = words.iter().take(PHONE_WORDS).take_while(|word| !is_reference_word(word));
    near.any(|word| is_in(word, |words| words.phones))
}

/// Whether the label of a reference and a word for number precede `index`: « commande n° 06 45 67 89 01 ».
pub(super) fn is_announced_reference(view: &View, index: usize) -> bool {
    let words = words_before(view, index);
    words.first().is_some_and(|word| is_in(word, |words| words.numbers)) && announced(&words, is_reference_word, 0)
}

/// Whether a label is glued to the number at `index`, with at most a dash or an underscore between them.
pub(super) fn is_glued(view: &View, index: usize) -> bool {
    let end = index - usize::from(matches!(view.before(index, 1), '-' | '_'));
    let letters = (1..=10).take_while(|count| view.before(end, *count).is_alphabetic()).count();
    letters > 0 && is_in(&fold(&view.lower(end - letters..end)), |words| words.glued)
}

fn is_in(word: &str, list: impl Fn(&PrivacyWords) -> WordList) -> bool {
    in_any(word, |texts| list(&texts.privacy))
}

fn is_reference_word(word: &str) -> bool {
    is_in(word, |words| words.references)
}

/// Whether a label, in singular or plural, is among the words before a number, which are given nearest first. At most
/// `between` other words may follow it, fillers aside.
fn announced(words: &[String], is_label: impl Fn(&str) -> bool, between: usize) -> bool {
    let mut others = 0;
    for word in words {
        if is_in(word, |words| words.breaks) {
            return false;
        }
        if is_label(word) || is_label(word.strip_suffix('s').unwrap_or(word)) {
            return true;
        }
        others += usize::from(!is_in(word, |words| words.fillers));
        if others > between {
            return false;
        }
    }
    false
}

/// The folded words of the clause before `index`, nearest first.
fn words_before(view: &View, index: usize) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = Vec::new();
    for count in 1..=REACH {
        let c = view.before(index, count);
        if c.is_alphanumeric() {
            word.push(c);
            continue;
        }
        // « S/N » and « P/N » are one word.
        if c == '/' && word.len() == 1 {
            continue;
        }
        if !word.is_empty() {
            words.push(fold(&word.drain(..).rev().collect::<String>()));
        }
        // « réf. 12 » is a label, « Nouvelle version. 12 » ends a sentence.
        let letters = (count + 1..=count + 5).take_while(|count| view.before(index, *count).is_alphanumeric()).count();
        let abbreviation = c == '.' && words.is_empty() && matches!(letters, 1..=4);
        if !abbreviation && !matches!(c, ' ' | '\'' | ':' | '=' | '#' | '°' | '-' | '/' | '"' | '_' | '(') {
            break;
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at_number(text: &str, check: impl Fn(&View, usize) -> bool) -> bool {
        let index = text.chars().position(|c| c.is_ascii_digit()).unwrap();
        check(&View::new(text), index)
    }

    #[test]
    fn products_are_sorted() {
        assert!(PRODUCTS.is_sorted());
    }

    #[test]
    fn recognizes_versions_by_their_label() {
        let versions = [
            "version 1", "Version du pilote : 1", "v. 1", "firmware Cisco 1", "pilotes Intel 1", "la version (1",
            "Teams 1",
        ];
        for text in versions {
            assert!(at_number(text, is_version), "{text}");
        }
        let addresses = [
            "la version marche sur 1",
            "serveur 1",
            "pilote planté, 1",
            "firmware du routeur 1",
            "Nouvelle version. 1",
            "version ne marche plus 1",
            "mise à jour vers 1",
            "driver cannot reach 1",
            "1",
        ];
        for text in addresses {
            assert!(!at_number(text, is_version), "{text}");
        }
    }

    #[test]
    fn recognizes_references_by_their_label() {
        for text in [
            "commande 1", "commande n° 1", "Réf. : 1", "numéro de série 1", "?id=1", "serial number: 1", "SN:1",
            "S/N 1",
        ] {
            assert!(at_number(text, is_reference), "{text}");
        }
        for text in [
            "pour ma commande appelez le 1",
            "mon dossier, 1",
            "tel 1",
            "le 1",
            "ticket : tel 1",
            "ticket rappeler 1",
            "rappeler le client 1",
        ] {
            assert!(!at_number(text, is_reference), "{text}");
        }
    }
}
