//! Which language a customer writes in.

use super::fold;
use crate::language::{Language, key};

/// The language that most of the text's everyday words belong to; `None` if no language leads.
///
/// ```
/// use support_ticket_ai::{language::Language, text};
/// assert_eq!(text::detect("Mon imprimante ne marche plus"), Some(Language::Fr));
/// assert_eq!(text::detect("My printer is not working"), Some(Language::En));
/// assert_eq!(text::detect("HP M404"), None);
/// ```
pub fn detect(text: &str) -> Option<Language> {
    let mut counts = Language::ALL.map(|language| (0_u32, language));
    for word in fold(text).split(|c: char| !c.is_alphanumeric() && c != '\'') {
        let elided = word.split_once('\'').map(|(head, _)| head);
        let key = key(word);
        for (count, language) in &mut counts {
            let words = &language.texts().text;
            let is_own = words.everyday.has(key) || elided.is_some_and(|head| words.elisions.has(head));
            *count += u32::from(is_own);
        }
    }
    let (most, language) = counts.into_iter().max_by_key(|(count, _)| *count)?;
    (counts.iter().filter(|(count, _)| *count == most).count() == 1).then_some(language)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distinguishes_french_from_english() {
        let cases = [
            ("J'ai un souci avec l'accès VPN", Some(Language::Fr)),
            ("Can't log in to Outlook since this morning", Some(Language::En)),
            ("Impossible de me connecter au VPN", Some(Language::Fr)),
            ("The VPN is down for the whole office", Some(Language::En)),
            ("", None),
            ("???", None),
        ];
        for (text, language) in cases {
            assert_eq!(detect(text), language, "{text:?}");
        }
    }
}
