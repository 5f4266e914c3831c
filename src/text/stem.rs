//! Light stemming: plurals, feminines and the endings of participles, in French and English alike.
//!
//! Every word of a text is stemmed several times, so endings are matched as bytes: comparisons of texts cost more.

/// The part of a folded word that it shares with its plural, feminine and participle.
///
/// Removes endings only, and leaves at least three letters. It serves French and English alike: both sides of a
/// comparison are stemmed.
///
/// ```
/// use support_ticket_ai::text::stem;
/// assert_eq!(stem("imprimantes"), stem("imprimante"));
/// assert_eq!(stem("journaux"), stem("journal"));
/// assert_eq!(stem("bloquees"), stem("bloque"));
/// assert_eq!(stem("deliveries"), stem("delivery"));
/// assert_ne!(stem("access"), stem("accent"));
/// ```
pub fn stem(word: &str) -> &str {
    let word = without_plural(word);
    // "battery" and « batterie » sound the same.
    let same_sound = match word.as_bytes() {
        [.., b'i', b'e'] => without(2, word, 5),
        [.., b'y'] => without(1, word, 4),
        _ => None,
    };
    if let Some(stem) = same_sound {
        return stem;
    }
    let participle = match word.as_bytes() {
        [.., b'i', b'n', b'g'] => without(3, word, 4),
        [.., b'e', b'd'] => without(2, word, 4),
        _ => None,
    };
    let mut word = participle.unwrap_or(word);
    // « connectée » loses two: one of the participle, one of the feminine.
    for _ in 0..2 {
        if let [.., b'e'] = word.as_bytes() {
            word = without(1, word, 4).unwrap_or(word);
        }
    }
    let adjective = if let [.., b'a', b'l'] = word.as_bytes() { without(1, word, 4) } else { None };
    adjective.unwrap_or(word)
}

fn without_plural(word: &str) -> &str {
    let singular = match word.as_bytes() {
        [.., b's', b's'] => None,
        [.., b'e', b'a', b'u', b'x'] => without(1, word, 3),
        // « journaux » becomes « journa », as « journal » does above.
        [_, _, _, .., b'a', b'u', b'x'] => without(2, word, 4),
        [.., b'u', b'x'] | [.., b's'] => without(1, word, 3),
        _ => None,
    };
    singular.unwrap_or(word)
}

/// `word` without its last `letters`, which are ASCII, if at least `least` bytes remain.
fn without(letters: usize, word: &str, least: usize) -> Option<&str> {
    word.get(..word.len().checked_sub(letters)?).filter(|stem| stem.len() >= least)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_a_word_have_one_stem() {
        let cases: [&[&str]; 11] = [
            &["mot", "mots"],
            &["reseau", "reseaux"],
            &["terminal", "terminaux", "terminals"],
            &["bloque", "bloquee", "bloques", "bloquees"],
            &["facture", "factures", "facturee"],
            &["batterie", "batteries", "battery"],
            &["crash", "crashes", "crashed", "crashing"],
            &["charge", "charged", "charges", "charging"],
            &["switch", "switches"],
            &["mail", "mails"],
            &["recu", "recue", "recus"],
        ];
        for forms in cases {
            let stems: Vec<&str> = forms.iter().map(|form| stem(form)).collect();
            assert!(stems.iter().all(|s| Some(s) == stems.first()), "{forms:?} became {stems:?}");
        }
    }

    #[test]
    fn different_words_have_different_stems() {
        for (a, b) in [("souris", "souci"), ("imprimer", "imprimante"), ("port", "poste"), ("router", "route")] {
            assert_ne!(stem(a), stem(b), "{a} and {b}");
        }
    }

    #[test]
    fn short_words_stay_unchanged() {
        for word in ["", "s", "as", "pas", "les", "pc", "é"] {
            assert_eq!(stem(word), word);
        }
    }
}
