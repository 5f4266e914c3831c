//! The kinds of private data and their names in placeholders.

/// Makes the enum and `ALL` from one list: a kind missing from `ALL` would be replaced and never restored.
macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident = $name:literal,)*) => {
        /// A kind of private data.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Kind {
            $($(#[$doc])* $kind,)*
        }

        impl Kind {
            /// All kinds.
            pub const ALL: &[Self] = &[$(Self::$kind,)*];

            /// The name in a placeholder: upper-case ASCII letters, no name a prefix of another.
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
    /// A payment card number.
    Card = "CARTE",
    /// A French social-security number, key included.
    Nir = "NIR",
    /// An IPv4 or IPv6 address.
    Ip = "IP",
    /// Text of the caller that looks like a placeholder.
    Typed = "TEXTE",
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_is_a_prefix_of_another() {
        for a in Kind::ALL {
            assert_eq!(Kind::ALL.iter().filter(|b| b.name().starts_with(a.name())).count(), 1, "{a:?}");
        }
    }
}
