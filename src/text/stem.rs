//! Light stemming: plurals, feminines and the endings of participles, in French and English alike.

/// The part of a folded word that its plural, feminine and participle share with it.
///
/// Only endings fall off, never so many that fewer than three letters stay. It knows no language: what French and
/// English endings have in common keeps both apart well enough, since both sides of a comparison go through it.
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
    let word = singular(word);
    // "battery", « batterie »: one word to the ear.
    if let Some(stem) = drop(word, "ie", 5).or_else(|| drop(word, "y", 4)) {
        return stem;
    }
    let word = drop(word, "ing", 4).or_else(|| drop(word, "ed", 4)).unwrap_or(word);
    // « connectée » loses two: the participle's and the feminine's.
    let word = drop(word, "e", 4).unwrap_or(word);
    let word = drop(word, "e", 4).unwrap_or(word);
    if word.ends_with("al") { drop(word, "l", 4).unwrap_or(word) } else { word }
}

fn singular(word: &str) -> &str {
    if word.ends_with("eaux") {
        drop(word, "x", 3).unwrap_or(word)
    } else if let Some(stem) = drop(word, "aux", 3) {
        // « journaux » meets « journal », which loses its « l » below.
        word.get(..stem.len() + 1).unwrap_or(word)
    } else if word.ends_with("ux") {
        drop(word, "x", 3).unwrap_or(word)
    } else if word.ends_with("ss") {
        word
    } else {
        drop(word, "s", 3).unwrap_or(word)
    }
}

/// `word` without `ending`, where at least `least` bytes stay.
fn drop<'w>(word: &'w str, ending: &str, least: usize) -> Option<&'w str> {
    word.strip_suffix(ending).filter(|stem| stem.len() >= least)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_a_word_meet() {
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
    fn other_words_stay_apart() {
        for (a, b) in [("souris", "souci"), ("imprimer", "imprimante"), ("port", "poste"), ("router", "route")] {
            assert_ne!(stem(a), stem(b), "{a} and {b}");
        }
    }

    #[test]
    fn short_words_stay_whole() {
        for word in ["", "s", "as", "pas", "les", "pc", "é"] {
            assert_eq!(stem(word), word);
        }
    }
}
