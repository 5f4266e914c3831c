//! The kinds of private data: one file per kind, with its name and how to find it.
//!
//! A file has `NAME`, the name in a placeholder (upper-case ASCII letters, no name a prefix of another), and
//! `find`, which reads a value at one place of a text. A new kind is a new file and two lines here: its `mod`, and its
//! entry in `kinds!`.

mod card;
mod email;
mod iban;
mod ip;
mod nir;
mod phone;
mod typed;

use super::scan::Match;
use super::view::View;

macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident => $module:ident,)*) => {
        /// A kind of private data.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Kind {
            $($(#[$doc])* $kind,)*
        }

        impl Kind {
            /// All kinds.
            pub const ALL: &[Self] = &[$(Self::$kind,)*];

            /// The name in a placeholder.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$kind => $module::NAME,)*
                }
            }
        }

        /// Reads a value at `index`, of the first kind that has one.
        pub(super) fn find(view: &View, index: usize) -> Option<(Kind, Match)> {
            None$(.or_else(|| $module::find(view, index).map(|found| (Kind::$kind, found))))*
        }
    };
}

// Of several possible kinds, the one with the strongest check comes first. `Typed` is last: `email_1@exemple.fr` is an
// address.
kinds! {
    /// An e-mail address.
    Email => email,
    /// An IPv4 or IPv6 address.
    Ip => ip,
    /// A bank account (IBAN, ISO 13616).
    Iban => iban,
    /// A French social-security number, key included.
    Nir => nir,
    /// A payment card number.
    Card => card,
    /// A telephone number, French or international.
    Phone => phone,
    /// Text of the caller that looks like a placeholder.
    Typed => typed,
}

/// The first value that `find` reads in a text: its normal form, and its text.
#[cfg(test)]
fn first(text: &str, find: fn(&View, usize) -> Option<Match>) -> Option<(String, String)> {
    let view = View::new(text);
    let found = (0..view.len()).find_map(|index| find(&view, index))?;
    let bytes = view.bytes(found.start..found.end);
    Some((found.key, text.get(bytes)?.to_owned()))
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
