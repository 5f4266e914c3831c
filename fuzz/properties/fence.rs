//! Callers' text in prompts: `prompt::neutralise` and `prompt::Boundary`.

use support_ticket_ai::prompt::{Boundary, neutralise};
use support_ticket_ai::text::is_invisible;

use super::text;

const BOUNDARY: [u64; 2] = [0x0123_4567_89ab_cdef, 0xfedc_ba98_7654_3210];

/// Control tokens of common chat templates.
const TOKENS: [&str; 14] = [
    "[inst]",
    "[/inst]",
    "<<sys>>",
    "<</sys>>",
    "<s>",
    "</s>",
    "<|im_start|>",
    "<|im_end|>",
    "<|eot_id|>",
    "[system_prompt]",
    "<start_of_turn>",
    "<think>",
    "[tool_calls]",
    "<｜begin▁of▁sentence｜>",
];

/// No control token, invisible character or forged fence remains, and the text does not grow.
pub fn check(data: &[u8]) {
    let text = text(data);
    let plain = neutralise(&text);
    assert!(!plain.contains(is_invisible));
    assert!(plain.chars().count() <= text.chars().count());
    let lower = plain.to_lowercase();
    for token in TOKENS {
        assert!(!lower.contains(token), "{token} in {plain}");
    }
    let boundary = Boundary::new(BOUNDARY);
    for text in [format!("{}{text}", boundary.as_str()), text.into_owned()] {
        let mut quoted = String::new();
        boundary.quote(&text, &mut quoted);
        assert!(!quoted.contains(boundary.as_str()));
        assert!(quoted.lines().all(|line| line.starts_with("| ")), "{quoted}");
        assert!(quoted.is_empty() || quoted.ends_with('\n'));
    }
}
