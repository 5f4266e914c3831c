//! Fitting a conversation into a model's context: the oldest turns are dropped first, the instructions never.

/// An upper estimate of a text's tokens, for the tokenizers of today's models.
///
/// It counts one token for three lower-case letters or spaces, for two capitals, for a digit or a punctuation mark, and
/// for two other bytes, so that a prompt that fits by this count really fits. SmolLM2's and Gemma 3's tokenizers need
/// 0.6 to 0.98 of it for French, English and code, up to 1.07 for logs and misspelt text, and 1.2 for bare hexadecimal;
/// the overestimate of the instructions compensates for that. `make test-llm` compares it with a real tokenizer.
///
/// ```
/// use support_ticket_ai::prompt::estimate_tokens;
/// assert_eq!(estimate_tokens("bonjour"), 3);
/// assert_eq!(estimate_tokens("2026-11"), 7);
/// assert!(estimate_tokens("éàü😀") >= 4);
/// ```
pub fn estimate_tokens(text: &str) -> usize {
    text.bytes().map(sixths).sum::<usize>().div_ceil(6)
}

/// Sixths of a token for a byte: whole numbers, so that the sum is exact.
const fn sixths(byte: u8) -> usize {
    // No branch per byte: prompts have thousands of bytes.
    let letter = (byte | 0x20).wrapping_sub(b'a') < 26;
    let capital = letter & (byte & 0x20 == 0);
    6 - 4 * (letter | (byte == b' ')) as usize + capital as usize - 3 * (byte >= 0x80) as usize
}

/// The newest turns that fit `token_budget` tokens, in order.
pub(super) fn newest(turns: &[String], token_budget: usize) -> &[String] {
    let mut used = 0;
    let mut start = turns.len();
    for (index, turn) in turns.iter().enumerate().rev() {
        used += estimate_tokens(turn);
        if used > token_budget {
            break;
        }
        start = index;
    }
    turns.get(start..).unwrap_or_default()
}

/// Cuts two texts from their ends until both fit `token_budget` tokens: for a long message in a tiny context.
pub(super) fn shorten<'a>(first: &'a str, last: &'a str, token_budget: usize) -> (&'a str, &'a str) {
    if estimate_tokens(first) + estimate_tokens(last) <= token_budget {
        return (first, last);
    }
    let half = token_budget / 2;
    let first = cut(first, half);
    (first, cut(last, token_budget.saturating_sub(estimate_tokens(first))))
}

fn cut(text: &str, token_budget: usize) -> &str {
    let mut left = token_budget.saturating_mul(6);
    let fits = |c: &(usize, char)| {
        let needed: usize = c.1.encode_utf8(&mut [0; 4]).bytes().map(sixths).sum();
        let fits = needed <= left;
        left = left.saturating_sub(needed);
        fits
    };
    let end = text.char_indices().take_while(fits).last().map_or(0, |(at, c)| at + c.len_utf8());
    text.get(..end).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_oldest_turns_are_dropped_first() {
        let turns = ["un deux trois", "quatre", "cinq"].map(str::to_owned);
        assert_eq!(newest(&turns, 100).len(), 3);
        assert_eq!(newest(&turns, estimate_tokens("quatre") + estimate_tokens("cinq")), &turns[1..]);
        assert!(newest(&turns, 0).is_empty());
    }

    proptest! {
        #[test]
        fn shortened_texts_fit(text in ".{0,200}", other in ".{0,200}", token_budget in 0_usize..150) {
            let (first, last) = shorten(&text, &other, token_budget);
            prop_assert!(text.starts_with(first) && other.starts_with(last));
            prop_assert!(estimate_tokens(first) + estimate_tokens(last) <= token_budget + 4);
        }
    }
}
