//! Words without case and accents.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The words of a text, folded.
pub fn words(text: &str) -> Vec<String> {
    let folded: String = text.nfd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).collect();
    let words = folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_owned).collect()
}

/// Whether the text contains one of these words, singular or plural.
pub fn has_one_of(text: &str, wanted: &[String]) -> bool {
    let singular = |word: &str| word.strip_suffix('s').unwrap_or(word).to_owned();
    let said: Vec<String> = words(text).iter().map(|word| singular(word)).collect();
    wanted.iter().flat_map(|word| words(word)).any(|word| said.contains(&singular(&word)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_folded() {
        assert_eq!(words("L'Écran, n° 2 !"), ["l", "ecran", "n", "2"]);
        assert!(has_one_of("Les écrans", &["écran".to_owned()]));
        assert!(!has_one_of("Les écrans", &["clavier".to_owned()]));
    }
}
