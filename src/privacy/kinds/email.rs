//! E-mail addresses, plain and disguised (« jean (at) exemple point fr »).

use crate::language::{in_any, of_all};
use crate::privacy::scan::Match;
use crate::privacy::view::View;

pub(super) const NAME: &str = "EMAIL";

/// Extensions of file names such as `icon@2x.png`, which are no top-level domains.
const FILE_ENDINGS: &[&str] =
    &["bmp", "css", "gif", "html", "ico", "jpeg", "jpg", "js", "json", "pdf", "png", "svg", "webp"];

/// Top-level domains of disguised addresses.
#[rustfmt::skip]
const COMMON_DOMAINS: &[&str] = &[
    "be", "biz", "ca", "ch", "co", "com", "de", "dev", "es", "eu", "example", "fr", "gouv", "info", "invalid", "io", "it",
    "lu", "net", "nl", "org", "paris", "pro", "re", "test", "tech", "uk",
];

/// Most spoken dots before a disguised at-sign: without a limit a row of them takes quadratic time.
const MAX_SPOKEN_DOTS: usize = 4;

/// The form of an at-sign.
#[derive(Clone, Copy, PartialEq)]
enum At {
    /// `@`.
    Sign,
    /// `(at)`, `[arobase]` and the like.
    Bracketed,
    /// « arobase » between spaces.
    Arobase,
    /// « at » between spaces: also a common word.
    Word,
}

/// Reads an e-mail address that begins at `index`.
pub(super) fn find(view: &View, index: usize) -> Option<Match> {
    if !is_local(view.at(index)) || is_local(view.before(index, 1)) {
        return None;
    }
    let start = local_start(view, index);
    let local_end = run(view, start, is_local)?;
    let (local, at, domain_start) = match at_sign(view, local_end) {
        Some((at, domain_start)) => (view.lower(start..local_end), at, domain_start),
        None => spoken_local(view, start, local_end)?,
    };
    let (domain, end, spoken) = domain(view, domain_start, at != At::Sign)?;
    let top = domain.rsplit('.').next().unwrap_or_default();
    let credible = match at {
        At::Sign => !FILE_ENDINGS.contains(&top),
        At::Bracketed | At::Arobase => COMMON_DOMAINS.contains(&top),
        At::Word => spoken && COMMON_DOMAINS.contains(&top),
    };
    credible.then(|| Match { start, end, key: format!("{local}@{domain}") })
}

fn is_local(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '.' | '_' | '%' | '+' | '-' | '\'' | '~' | '&')
}

/// The start of the local part in the run at `index`: after a dash, a quote or an elision (« d'alice@… »).
fn local_start(view: &View, index: usize) -> usize {
    let mut start = index;
    while matches!(view.at(start), '.' | '-' | '\'' | '&' | '%' | '~') {
        start += 1;
    }
    let is_elided = |end: &usize| {
        view.at(*end) == '\''
            && is_local(view.at(end + 1))
            && in_any(&view.lower(start..*end), |texts| texts.text.elisions)
    };
    run(view, start, char::is_alphanumeric).filter(is_elided).map_or(start, |end| end + 1)
}

/// The end of the characters at `index` that `belongs` accepts; `None` if it accepts none.
fn run(view: &View, index: usize, belongs: impl Fn(char) -> bool) -> Option<usize> {
    let len = (index..).take_while(|at| belongs(view.at(*at))).count();
    (len > 0).then_some(index + len)
}

/// Reads « jean point dupont arobase … », whose first word is `start..end`: the local part, the at-sign and its end.
fn spoken_local(view: &View, start: usize, end: usize) -> Option<(String, At, usize)> {
    let (mut from, mut end, mut words) = (start, end, Vec::new());
    for _ in 0..MAX_SPOKEN_DOTS {
        words.push(from..end);
        from = spoken_dot(view, end)?;
        end = run(view, from, is_local)?;
        match at_sign(view, end) {
            Some((At::Sign, _)) | None => {}
            Some((at, domain_start)) => {
                words.push(from..end);
                let words: Vec<String> = words.into_iter().map(|word| view.lower(word)).collect();
                return Some((words.join("."), at, domain_start));
            }
        }
    }
    None
}

/// The form of an at-sign at `index` and its end, with the blanks around it.
fn at_sign(view: &View, index: usize) -> Option<(At, usize)> {
    if view.at(index) == '@' {
        // `jean@ exemple.fr` is a typing error; `@support` after a space is a mention.
        return Some((At::Sign, blank(view, index + 1)));
    }
    let inner = blank(view, index);
    if view.at(inner) == '@' && inner > index && view.at(inner + 1) == ' ' {
        return Some((At::Sign, inner + 2));
    }
    // « choix (a) » is a list item, `jean(a)exemple.fr` is not.
    let glued = if inner == index { bracketed(view, inner, || ["a"]) } else { None };
    let (signs, words) = (|| of_all(|texts| texts.privacy.at_signs), || of_all(|texts| texts.privacy.at_words));
    if let Some(end) = glued.or_else(|| bracketed(view, inner, || signs().chain(words()).chain(["@"]))) {
        return Some((At::Bracketed, blank(view, end)));
    }
    if inner == index {
        return None;
    }
    let spaced = |word| view.skip(inner, word).filter(|end| view.at(*end) == ' ').map(|end| end + 1);
    let sign = signs().find_map(spaced).map(|end| (At::Arobase, end));
    sign.or_else(|| words().find_map(spaced).map(|end| (At::Word, end)))
}

/// The end of one of `words` at `index`, in brackets of any kind.
fn bracketed<'w, W: IntoIterator<Item = &'w str>>(view: &View, index: usize, words: impl Fn() -> W) -> Option<usize> {
    let close = match view.at(index) {
        '(' => ')',
        '[' => ']',
        '{' => '}',
        '<' => '>',
        _ => return None,
    };
    words().into_iter().find_map(|word| {
        let end = blank(view, view.skip(blank(view, index + 1), word)?);
        (view.at(end) == close).then_some(end + 1)
    })
}

/// Where a dot, or a word for it, in brackets at `index` ends.
fn bracketed_dot(view: &View, index: usize) -> Option<usize> {
    bracketed(view, index, || of_all(|texts| texts.privacy.dots).chain(["."]))
}

/// The end of a dot written as a word at `index`, with the blanks around it.
fn spoken_dot(view: &View, index: usize) -> Option<usize> {
    let inner = blank(view, index);
    if let Some(end) = bracketed_dot(view, inner) {
        return Some(blank(view, end));
    }
    if inner == index {
        return None;
    }
    of_all(|texts| texts.privacy.dots)
        .find_map(|word| view.skip(inner, word).filter(|end| view.at(*end) == ' ').map(|end| end + 1))
}

fn blank(view: &View, index: usize) -> usize {
    if view.at(index) == ' ' { index + 1 } else { index }
}

/// Reads a domain at `index`: its text, its end, and whether it has a dot written as a word.
///
/// It ends with the last possible top-level domain: `exemple.fr-Paris` and `exemple.fr.2` end with `fr`.
fn domain(view: &View, index: usize, disguised: bool) -> Option<(String, usize, bool)> {
    let is_label = |c: char| c.is_alphanumeric() || c == '-';
    let mut end = run(view, index, is_label)?;
    let mut domain = view.lower(index..end);
    let (mut spoken, mut longest) = (false, None);
    loop {
        let after_dot = (view.at(end) == '.').then_some(end + 1);
        let after_word = if disguised { spoken_dot(view, end) } else { bracketed_dot(view, end) };
        let Some(start) = after_dot.or(after_word) else { break };
        let Some(label_end) = run(view, start, is_label) else { break };
        let label = view.lower(start..label_end);
        spoken |= after_dot.is_none();
        domain.push('.');
        let top = top_level(&label);
        if top > 0 {
            let bytes: usize = label.chars().take(top).map(char::len_utf8).sum();
            longest = Some((domain.len() + bytes, start + top, spoken));
        }
        domain.push_str(&label);
        end = label_end;
    }
    let (len, end, spoken) = longest?;
    domain.truncate(len);
    Some((domain, end, spoken))
}

/// Length of the top-level domain at the start of `label`; 0 if there is none.
fn top_level(label: &str) -> usize {
    let letters = label.chars().take_while(|c| c.is_alphabetic()).count();
    match letters {
        _ if label.starts_with("xn--") => label.chars().count(),
        0 | 1 => 0,
        letters => letters,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::privacy::kinds::first;

    /// The first address of `text`, and its text.
    fn read(text: &str) -> Option<(String, String)> {
        first(text, find)
    }

    #[test]
    fn reads_plain_addresses_to_their_end() {
        let cases = [
            ("Jean.Dupont+it@Exemple.FR.", "Jean.Dupont+it@Exemple.FR"),
            ("<jean@exemple.fr>", "jean@exemple.fr"),
            ("mailto:jean@mail.exemple.co.uk?x", "jean@mail.exemple.co.uk"),
            ("écrire à l'adresse d'alice@exemple.fr", "alice@exemple.fr"),
            ("o'brien@example.com", "o'brien@example.com"),
            ("- jean@exemple.fr-Paris", "jean@exemple.fr"),
            ("0639980123@exemple.fr", "0639980123@exemple.fr"),
            ("rené@société.fr", "rené@société.fr"),
            ("a@b@c.fr", "b@c.fr"),
            ("jean@xn--socit-esab.fr", "jean@xn--socit-esab.fr"),
        ];
        for (text, address) in cases {
            assert_eq!(read(text).map(|(_, taken)| taken).as_deref(), Some(address), "{text}");
        }
    }

    #[test]
    fn reads_disguised_addresses() {
        let cases = [
            "jean.dupont(at)exemple.fr",
            "jean.dupont [at] exemple [dot] fr",
            "jean.dupont arobase exemple point fr",
            "jean point dupont arobase exemple point fr",
            "jean.dupont at exemple dot fr",
            "jean.dupont @ exemple.fr",
            "jean.dupont@ exemple.fr",
            "jean.dupont{arobase}exemple.fr",
            "jean(point)dupont(a)exemple(point)fr",
            "jean.dupont@exemple[.]fr",
            "jean.du\u{200b}pont＠exemple．fr",
        ];
        for text in cases {
            assert_eq!(read(text).map(|(key, _)| key).as_deref(), Some("jean.dupont@exemple.fr"), "{text}");
        }
    }

    #[test]
    fn ignores_other_text_with_at_signs() {
        let cases = [
            "@support",
            "merci @jean.dupont",
            "icon@2x.png",
            "user@host",
            "lodash@4.17.21",
            "I work at example.com",
            "look at this point carefully",
            "12 @ 3,50",
            "jean@",
            "voir (a) exemple.fr",
            "la touche arobase ne marche pas",
            "@@@...",
        ];
        for text in cases {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
