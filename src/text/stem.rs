//! Light stemming: plurals, feminines and the endings of participles, in French and English alike.

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
    if let Some(stem) = drop(word, "ie", 5).or_else(|| drop(word, "y", 4)) {
        return stem;
    }
    let word = drop(word, "ing", 4).or_else(|| drop(word, "ed", 4)).unwrap_or(word);
    // « connectée » loses two: one of the participle, one of the feminine.
    let word = drop(word, "e", 4).unwrap_or(word);
    let word = drop(word, "e", 4).unwrap_or(word);
    if word.ends_with("al") { drop(word, "l", 4).unwrap_or(word) } else { word }
}

fn without_plural(word: &str) -> &str {
    if word.ends_with("eaux") {
        drop(word, "x", 3).unwrap_or(word)
    } else if let Some(stem) = drop(word, "aux", 3) {
        // « journaux » becomes « journa », as « journal » does below.
        word.get(..stem.len() + 1).unwrap_or(word)
    } else if word.ends_with("ux") {
        drop(word, "x", 3).unwrap_or(word)
    } else if word.ends_with("ss") {
        word
    } else {
        drop(word, "s", 3).unwrap_or(word)
    }
}

/// `word` without `ending`, if at least `least` bytes remain.
fn drop<'w>(word: &'w str, ending: &str, least: usize) -> Option<&'w str> {
    word.strip_suffix(ending).filter(|stem| stem.len() >= least)
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
