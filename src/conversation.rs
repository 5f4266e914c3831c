//! What the caller sent: who said what.

/// Who wrote a turn of the history.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Speaker {
    /// The customer (`user`, or a bare string).
    Customer,
    /// The support desk's own earlier question (`assistant`).
    Desk,
}

/// One entry of the history.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Turn {
    /// Who wrote it.
    pub speaker: Speaker,
    /// What they wrote.
    pub text: String,
}

impl Turn {
    /// A line of the customer's.
    pub fn customer(text: impl Into<String>) -> Self {
        Self { speaker: Speaker::Customer, text: text.into() }
    }
}

/// The customer's own lines, oldest first.
pub fn customer_lines(turns: &[Turn]) -> impl Iterator<Item = &str> {
    turns.iter().filter(|turn| turn.speaker == Speaker::Customer).map(|turn| turn.text.as_str())
}
