//! Filling in `{{word}}` in a text, in one pass: replacements are not searched again.

/// Replaces each `{{word}}` that is among `words`.
pub(super) fn fill(template: &str, words: &[(&str, &str)]) -> String {
    let mut out = String::with_capacity(template.len() * 2);
    let mut rest = template;
    while let Some((before, from)) = rest.split_once("{{") {
        out.push_str(before);
        let known = from
            .split_once("}}")
            .and_then(|(word, after)| words.iter().find(|(name, _)| *name == word).map(|(_, text)| (*text, after)));
        if let Some((text, after)) = known {
            out.push_str(text);
            rest = after;
        } else {
            out.push_str("{{");
            rest = from;
        }
    }
    out.push_str(rest);
    out.truncate(out.trim_end().len());
    out
}

#[cfg(test)]
mod tests {
    use super::fill;

    #[test]
    fn fills_each_word_once() {
        assert_eq!(fill("{{a}} et {{b}}\n", &[("a", "{{b}}"), ("b", "2")]), "{{b}} et 2");
        assert_eq!(fill("{{c}} {{", &[("a", "1")]), "{{c}} {{");
    }
}
