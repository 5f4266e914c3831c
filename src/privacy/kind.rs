//! The kinds of data that never leave, and the name each bears in a placeholder.

/// What a placeholder stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// An e-mail address.
    Email,
    /// A telephone number, French or international.
    Phone,
    /// A bank account (IBAN, ISO 13616).
    Iban,
    /// A payment card's number.
    Card,
    /// A French social-security number, key included.
    Nir,
    /// An IPv4 or IPv6 address.
    Ip,
    /// Text by the caller that reads like a placeholder.
    Typed,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Self; 7] = [Self::Email, Self::Phone, Self::Iban, Self::Card, Self::Nir, Self::Ip, Self::Typed];

    /// The name in a placeholder: upper-case ASCII letters, none the beginning of another.
    pub fn name(self) -> &'static str {
        match self {
            Self::Email => "EMAIL",
            Self::Phone => "TELEPHONE",
            Self::Iban => "IBAN",
            Self::Card => "CARTE",
            Self::Nir => "NIR",
            Self::Ip => "IP",
            Self::Typed => "TEXTE",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_begins_another() {
        for a in Kind::ALL {
            assert_eq!(Kind::ALL.iter().filter(|b| b.name().starts_with(a.name())).count(), 1, "{a:?}");
        }
    }
}
