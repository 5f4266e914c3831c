//! Folding: one form for texts that differ only in case, accents and typography.

/// Lower-cases, removes accents and ligatures, straightens apostrophes and dashes, drops invisible characters.
///
/// Covers Latin-1 and Latin Extended-A, which hold French and its neighbours, combining marks, and what [`plain`] does.
///
/// ```
/// assert_eq!(support_ticket_ai::text::fold("Matériel À L’ŒUVRE"), "materiel a l'oeuvre");
/// ```
pub fn fold(text: &str) -> String {
    fold_by(text, fold_into)
}

/// As [`fold`], but the signs for « numéro » and « degré » separate words.
///
/// ```
/// assert_eq!(support_ticket_ai::text::fold_words("N°12, №3"), "n 12,  3");
/// ```
pub fn fold_words(text: &str) -> String {
    fold_by(text, |c, folded| if is_sign(c) { folded.push(' ') } else { fold_into(c, folded) })
}

/// Whether a character stands for « numéro » or « degré ».
pub const fn is_sign(c: char) -> bool {
    matches!(c, '°' | 'º' | '№')
}

/// Folds a text; `fold_other` folds the characters that are not ASCII.
fn fold_by(text: &str, fold_other: impl Fn(char, &mut String)) -> String {
    let mut folded = String::with_capacity(text.len());
    let mut rest = text;
    // Most text is ASCII: copied run by run.
    while let Some((plain, other)) =
        rest.bytes().position(|byte| !byte.is_ascii()).and_then(|at| rest.split_at_checked(at))
    {
        folded.push_str(plain);
        let mut chars = other.chars();
        if let Some(c) = chars.next() {
            fold_other(c, &mut folded);
        }
        rest = chars.as_str();
    }
    folded.push_str(rest);
    // The folded forms of other characters are already in lower case.
    folded.make_ascii_lowercase();
    folded
}

pub(super) fn fold_into(c: char, out: &mut String) {
    match c {
        'À'..='Å' | 'à'..='å' | 'Ā'..='ą' => out.push('a'),
        'Æ' | 'æ' => out.push_str("ae"),
        'Ç' | 'ç' | 'Ć'..='č' => out.push('c'),
        'Ď'..='đ' | 'Ð' | 'ð' => out.push('d'),
        'È'..='Ë' | 'è'..='ë' | 'Ē'..='ě' => out.push('e'),
        'Ĝ'..='ģ' => out.push('g'),
        'Ĥ'..='ħ' => out.push('h'),
        'Ì'..='Ï' | 'ì'..='ï' | 'Ĩ'..='ı' => out.push('i'),
        'Ĵ' | 'ĵ' => out.push('j'),
        'Ķ' | 'ķ' | 'ĸ' => out.push('k'),
        'Ĺ'..='ł' => out.push('l'),
        'Ñ' | 'ñ' | 'Ń'..='ŋ' => out.push('n'),
        'Ò'..='Ö' | 'Ø' | 'ò'..='ö' | 'ø' | 'Ō'..='ő' => out.push('o'),
        'Œ' | 'œ' => out.push_str("oe"),
        'Ŕ'..='ř' => out.push('r'),
        'Ś'..='š' => out.push('s'),
        'ß' => out.push_str("ss"),
        'Ţ'..='ŧ' => out.push('t'),
        'Ù'..='Ü' | 'ù'..='ü' | 'Ũ'..='ų' => out.push('u'),
        'Ŵ' | 'ŵ' => out.push('w'),
        'Ý' | 'ý' | 'ÿ' | 'Ŷ'..='Ÿ' => out.push('y'),
        'Ź'..='ž' => out.push('z'),
        '’' | '‘' | 'ʼ' | '´' => out.push('\''),
        '“' | '”' | '«' | '»' => out.push('"'),
        '‐'..='―' | '−' => out.push('-'),
        '\u{a0}' | '\u{2007}' | '\u{202f}' => out.push(' '),
        '…' => out.push_str("..."),
        '°' | 'º' => out.push('o'),
        '\u{300}'..='\u{36f}' => {}
        c if is_invisible(c) => {}
        c => out.extend(plain(c).to_lowercase()),
    }
}

/// The plain form of a full-width or mathematical letter, digit or sign, of a circled letter and of a full stop of other
/// scripts; any other character itself.
///
/// Readers, telephones and browsers take them as equal, so they must not hide anything.
///
/// ```
/// use support_ticket_ai::text::plain;
/// assert_eq!("ｅｖｉｌ。ｃｏｍ／𝐚𝟏ⓑ é".chars().map(plain).collect::<String>(), "evil.com/a1b é");
/// ```
pub fn plain(c: char) -> char {
    // Nothing before the Arabic digits has another form.
    if c < '\u{660}' {
        return c;
    }
    let code = u32::from(c);
    // Blocks in the order of ASCII from a first character on; mathematical ones repeat the alphabet in every style.
    let code = match c {
        '！'..='～' => code - 0xff01 + 0x21,
        '。' | '｡' | '․' => u32::from('.'),
        '\u{3000}' => u32::from(' '),
        'Ⓐ'..='Ⓩ' => code - u32::from('Ⓐ') + u32::from('A'),
        'ⓐ'..='ⓩ' => code - u32::from('ⓐ') + u32::from('a'),
        '\u{1d400}'..='\u{1d6a3}' => match (code - 0x1d400) % 52 {
            upper @ 0..26 => upper + u32::from('A'),
            lower => lower - 26 + u32::from('a'),
        },
        // Arabic and Persian digits are on telephones' keys.
        '٠'..='٩' => code - u32::from('٠') + u32::from('0'),
        '۰'..='۹' => code - u32::from('۰') + u32::from('0'),
        '\u{1d7ce}'..='\u{1d7ff}' => (code - 0x1d7ce) % 10 + u32::from('0'),
        _ => code,
    };
    char::from_u32(code).unwrap_or(c)
}

/// Whether a character is invisible and may hide something: zero-width, bidirectional controls, tags,
/// variation selectors, C0 and C1 controls other than tab and line breaks.
pub fn is_invisible(c: char) -> bool {
    match c {
        '\t' | '\n' | '\r' | ' '..='~' | '\u{ae}'..='\u{34e}' => false,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' => true,
        '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' => true,
        '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' => true,
        '\u{fff0}'..='\u{fffb}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}' => true,
        c => c.is_control(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folds_to_plain_letters() {
        let cases = [
            ("Matériel", "materiel"),
            ("TÉLÉPHONIE", "telephonie"),
            ("cœur Ærø ß", "coeur aero ss"),
            ("l’été — 3e", "l'ete - 3e"),
            ("e\u{301}te\u{301}", "ete"),
            ("im\u{200b}pri\u{ad}mante", "imprimante"),
            ("日本", "日本"),
            ("ｍｏｔ　ｄｅ ＰＡＳＳＥ", "mot de passe"),
            ("𝐌𝑜𝒕 𝕯ⓔ 𝚙Ⓐss𝖾 𝟎𝟗 ٠٦۰۶", "mot de passe 09 0606"),
        ];
        for (text, folded) in cases {
            assert_eq!(fold(text), folded, "{text:?}");
        }
    }

    #[test]
    fn line_breaks_are_visible_tags_are_invisible() {
        assert!(!is_invisible('\n') && !is_invisible('é') && !is_invisible(' '));
        assert!(['\u{200b}', '\u{202e}', '\u{e0041}', '\u{7}', '\u{feff}'].into_iter().all(is_invisible));
    }
}
