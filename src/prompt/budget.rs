//! Fitting a conversation into a model's context: its oldest end goes first, the instructions never.

/// Tokens that a text takes at most, for the tokenizers of Mistral and Llama families.
///
/// Three plain letters, digits or spaces a token, everything else a token a byte pair: above what these
/// tokenizers need for French, English and code, so that a prompt that fits by this count fits in fact.
///
/// ```
/// use support_ticket_ai::prompt::estimate_tokens;
/// assert_eq!(estimate_tokens("Bonjour"), 3);
/// assert!(estimate_tokens("éàü😀") >= 4);
/// ```
pub fn estimate_tokens(text: &str) -> usize {
    let plain: usize = text.bytes().map(|byte| usize::from(is_plain(byte))).sum();
    plain.div_ceil(3) + (text.len() - plain).div_ceil(2)
}

/// Whether a byte is a plain letter, a digit or a blank.
const fn is_plain(byte: u8) -> bool {
    // Without a branch a byte: prompts are thousands of them.
    ((byte | 0x20).wrapping_sub(b'a') < 26) | (byte.wrapping_sub(b'0') < 10) | (byte == b' ')
}

/// The newest turns that fit `room` tokens, in order.
pub(super) fn newest(turns: &[String], room: usize) -> &[String] {
    let mut used = 0;
    let mut start = turns.len();
    for (index, turn) in turns.iter().enumerate().rev() {
        used += estimate_tokens(turn);
        if used > room {
            break;
        }
        start = index;
    }
    turns.get(start..).unwrap_or_default()
}

/// Cuts two texts from their ends until both fit `room` tokens: what a tiny context leaves of one long message.
pub(super) fn shorten<'a>(first: &'a str, last: &'a str, room: usize) -> (&'a str, &'a str) {
    if estimate_tokens(first) + estimate_tokens(last) <= room {
        return (first, last);
    }
    let half = room / 2;
    let first = cut(first, half);
    (first, cut(last, room.saturating_sub(estimate_tokens(first))))
}

fn cut(text: &str, room: usize) -> &str {
    let mut bytes = 0;
    let mut halves = 0;
    for c in text.chars() {
        // In sixths of a token, so that the sum stays a whole number.
        halves += if u8::try_from(c).is_ok_and(is_plain) { 2 } else { 3 * c.len_utf8() };
        if halves > room.saturating_mul(6) {
            break;
        }
        bytes += c.len_utf8();
    }
    text.get(..bytes).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_oldest_turns_go_first() {
        let turns = ["un deux trois", "quatre", "cinq"].map(str::to_owned);
        assert_eq!(newest(&turns, 100).len(), 3);
        assert_eq!(newest(&turns, estimate_tokens("quatre") + estimate_tokens("cinq")), &turns[1..]);
        assert!(newest(&turns, 0).is_empty());
    }

    proptest! {
        #[test]
        fn what_is_cut_fits(text in ".{0,200}", other in ".{0,200}", room in 0_usize..150) {
            let (first, last) = shorten(&text, &other, room);
            prop_assert!(text.starts_with(first) && other.starts_with(last));
            prop_assert!(estimate_tokens(first) + estimate_tokens(last) <= room + 4);
        }
    }
}
