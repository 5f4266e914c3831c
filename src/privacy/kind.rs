//! The kinds of data that never leave, and the name each bears in a placeholder.

/// Writes the list of kinds once: a kind that was left out of `ALL` would be replaced and never put back.
macro_rules! kinds {
    ($($(#[$says:meta])* $kind:ident = $name:literal,)*) => {
        /// What a placeholder stands for.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Kind {
            $($(#[$says])* $kind,)*
        }

        impl Kind {
            /// All kinds.
            pub const ALL: &[Self] = &[$(Self::$kind,)*];

            /// The name in a placeholder: upper-case ASCII letters, none the beginning of another.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$kind => $name,)*
                }
            }
        }
    };
}

kinds! {
    /// An e-mail address.
    Email = "EMAIL",
    /// A telephone number, French or international.
    Phone = "TELEPHONE",
    /// A bank account (IBAN, ISO 13616).
    Iban = "IBAN",
    /// A payment card's number.
    Card = "CARTE",
    /// A French social-security number, key included.
    Nir = "NIR",
    /// An IPv4 or IPv6 address.
    Ip = "IP",
    /// Text by the caller that reads like a placeholder.
    Typed = "TEXTE",
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
