//! Check digits of cards, bank accounts and social-security numbers.

/// Whether ASCII digits pass Luhn's check (ISO/IEC 7812-1, annex B).
pub(super) fn luhn(digits: &[u8]) -> bool {
    let values = digits.iter().rev().zip([false, true].into_iter().cycle()).map(|(&digit, doubled)| {
        let value = u32::from(digit.saturating_sub(b'0'));
        match doubled {
            true if value > 4 => value * 2 - 9,
            true => value * 2,
            false => value,
        }
    });
    !digits.is_empty() && values.sum::<u32>() % 10 == 0
}

/// The remainder modulo 97 of ASCII digits and letters, where A counts as 10, B as 11 and so on (ISO/IEC 7064).
pub(super) fn mod_97(characters: impl IntoIterator<Item = u8>) -> u32 {
    characters.into_iter().fold(0, |rest, c| match c {
        b'0'..=b'9' => (rest * 10 + u32::from(c - b'0')) % 97,
        b'A'..=b'Z' => (rest * 100 + u32::from(c - b'A') + 10) % 97,
        _ => rest,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn luhn_accepts_test_cards_and_detects_a_wrong_digit() {
        for card in ["4111111111111111", "378282246310005", "30569309025904", "4222222222222"] {
            assert!(luhn(card.as_bytes()), "{card}");
        }
        assert!(!luhn(b"4111111111111112") && !luhn(b"1411111111111111") && !luhn(b""));
    }

    #[test]
    fn mod_97_counts_letters_as_two_digits() {
        // The example of the IBAN registry, its first four characters moved to the end: the remainder is 1.
        assert_eq!(mod_97(*b"WEST12345698765432GB82"), 1);
        assert_ne!(mod_97(*b"WEST12345698765423GB82"), 1);
        assert_eq!(mod_97(*b"A1Z"), (10 * 1000 + 100 + 35) % 97);
    }
}
