//! What the words before a number say it is.

use super::view::View;
use crate::text::fold;

/// How far back a label is looked for, in characters.
const REACH: usize = 48;

/// Words after which four numbers are a version or a section, folded and sorted.
#[rustfmt::skip]
const VERSION: &[&str] = &[
    "annexe", "article", "bios", "build", "chapitre", "chapter", "driver", "firmware", "fw", "maj", "micrologiciel",
    "paragraphe", "patch", "pilote", "release", "rev", "revision", "section", "update", "upgrade", "v", "ver", "version",
];

/// Programs, right after whose name a version stands, folded and sorted.
#[rustfmt::skip]
const PRODUCTS: &[&str] = &[
    "acrobat", "anyconnect", "anydesk", "chrome", "chromium", "citrix", "edge", "excel", "firefox", "forticlient", "java",
    "libreoffice", "office", "onedrive", "outlook", "reader", "skype", "teams", "teamviewer", "thunderbird", "vlc",
    "windows", "word", "zoom",
];

/// Words after which a number is that of a thing, not of a person, folded and sorted.
#[rustfmt::skip]
const REFERENCE: &[&str] = &[
    "article", "asset", "bl", "case", "code", "colis", "commande", "contrat", "devis", "dossier", "ean", "facture",
    "id", "identifiant", "imei", "incident", "inventaire", "invoice", "licence", "license", "lot", "matricule",
    "order", "pn", "product", "produit", "ref", "reference", "serial", "serie", "siren", "siret", "sku", "sn", "tag",
    "ticket", "tracking",
];

/// Words that end a label: what follows them is something else, folded and sorted.
#[rustfmt::skip]
const BREAK: &[&str] = &[
    "a", "address", "adresse", "appel", "appeler", "appelez", "at", "atteindre", "avec", "bloque", "by", "call",
    "chez", "contact", "contacte", "contacter", "contactez", "depuis", "dns", "fax", "from", "gateway", "host",
    "hote", "ip", "joignable", "joindre", "mobile", "ne", "not", "on", "par", "pas", "passerelle", "phone", "ping",
    "plus", "portable", "pour", "reach", "routeur", "server", "serveur", "sur", "tel", "telephone", "to", "vers",
    "via", "with",
];

/// Whether the number at `index` is announced as a version.
pub(super) fn is_version(view: &View, index: usize) -> bool {
    let update = matches!(words_before(view, index).as_slice(), [jour, a, mise, ..] if jour == "jour" && a == "a" && mise == "mise");
    update || announced(view, index, VERSION, 1) || announced(view, index, PRODUCTS, 0)
}

/// Whether the number at `index` is announced as an order's, a ticket's, a serial number.
pub(super) fn is_reference(view: &View, index: usize) -> bool {
    announced(view, index, REFERENCE, 0)
}

/// Words that say that the number after them is for calling, folded and sorted.
#[rustfmt::skip]
const PHONE: &[&str] = &[
    "appel", "appeler", "appelez", "call", "cell", "contact", "contacter", "contactez", "dial", "fax", "fixe", "gsm",
    "hotline", "joignable", "joindre", "mobile", "natel", "phone", "portable", "rappel", "rappeler", "rappelez", "reach",
    "ring", "sms", "standard", "tel", "telephone", "text", "whatsapp",
];

/// How many words back one of [`PHONE`] is looked for.
const PHONE_WORDS: usize = 4;

/// Whether the words before the number at `index` say that it is for calling.
pub(super) fn is_phone(view: &View, index: usize) -> bool {
    let words = words_before(view, index);
    let near = words.iter().take(PHONE_WORDS).map(String::as_str);
    near.take_while(|word| REFERENCE.binary_search(word).is_err()).any(|word| PHONE.binary_search(&word).is_ok())
}

/// Whether a reference is announced with the word for number: « commande n° 06 45 67 89 01 ».
pub(super) fn is_announced_reference(view: &View, index: usize) -> bool {
    let said = words_before(view, index);
    matches!(said.first().map(String::as_str), Some("n" | "no" | "num" | "numero" | "number"))
        && is_reference(view, index)
}

/// Words to which a hurried hand glues a number, folded and sorted.
#[rustfmt::skip]
const GLUED: &[&str] = &[
    "amex", "at", "au", "call", "card", "carte", "cb", "contact", "fax", "fixe", "gsm", "insee", "ip", "le", "mastercard",
    "mobile", "n", "nir", "no", "num", "numero", "ou", "perso", "phone", "portable", "pro", "secu", "sms", "ss", "tel",
    "telephone", "visa", "vitale", "whatsapp",
];

/// Whether such a word alone is glued to the number at `index`, at most a dash or an underscore between.
pub(super) fn is_glued(view: &View, index: usize) -> bool {
    let end = index - usize::from(matches!(view.before(index, 1), '-' | '_'));
    let letters = (1..=10).take_while(|count| view.before(end, *count).is_alphabetic()).count();
    letters > 0 && GLUED.binary_search(&fold(&view.lower(end - letters..end)).as_str()).is_ok()
}

/// Whether one of `labels` stands before `index` in the same clause, with at most `between` words of content after it.
fn announced(view: &View, index: usize, labels: &[&str], between: usize) -> bool {
    let mut others = 0;
    for word in words_before(view, index) {
        if BREAK.binary_search(&word.as_str()).is_ok() {
            return false;
        }
        let singular = word.strip_suffix('s').unwrap_or(&word);
        if [&word, singular].iter().any(|word| labels.binary_search(word).is_ok()) {
            return true;
        }
        match word.as_str() {
            "actuelle" | "client" | "d" | "de" | "des" | "du" | "est" | "installee" | "is" | "l" | "la" | "le"
            | "n" | "no" | "nombre" | "number" | "num" | "numero" | "of" | "the" => {}
            _ => others += 1,
        }
        if others > between {
            return false;
        }
    }
    false
}

/// The words before `index`, nearest first, folded, up to where the clause begins.
fn words_before(view: &View, index: usize) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = Vec::new();
    for count in 1..=REACH {
        let c = view.before(index, count);
        if c.is_alphanumeric() {
            word.push(c);
            continue;
        }
        // « S/N » and « P/N » are one word.
        if c == '/' && word.len() == 1 {
            continue;
        }
        if !word.is_empty() {
            words.push(fold(&word.drain(..).rev().collect::<String>()));
        }
        // « réf. 12 » is a label, « Nouvelle version. 12 » the end of a sentence.
        let letters = (count + 1..=count + 5).take_while(|count| view.before(index, *count).is_alphanumeric()).count();
        let abbreviation = c == '.' && words.is_empty() && matches!(letters, 1..=4);
        if !abbreviation && !matches!(c, ' ' | '\'' | ':' | '=' | '#' | '°' | '-' | '/' | '"' | '_' | '(') {
            break;
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at_number(text: &str, check: impl Fn(&View, usize) -> bool) -> bool {
        let index = text.chars().position(|c| c.is_ascii_digit()).unwrap();
        check(&View::new(text), index)
    }

    #[test]
    fn the_lists_are_sorted_for_the_binary_search() {
        assert!(
            PHONE.is_sorted()
                && GLUED.is_sorted()
                && VERSION.is_sorted()
                && PRODUCTS.is_sorted()
                && REFERENCE.is_sorted()
                && BREAK.is_sorted()
        );
    }

    #[test]
    fn tells_versions_by_their_label() {
        let versions = [
            "version 1",
            "Version du pilote : 1",
            "v. 1",
            "firmware Cisco 1",
            "pilotes Intel 1",
            "la version (1",
            "Teams 1",
        ];
        for text in versions {
            assert!(at_number(text, is_version), "{text}");
        }
        let addresses = [
            "la version marche sur 1",
            "serveur 1",
            "pilote planté, 1",
            "firmware du routeur 1",
            "Nouvelle version. 1",
            "version ne marche plus 1",
            "mise à jour vers 1",
            "driver cannot reach 1",
            "1",
        ];
        for text in addresses {
            assert!(!at_number(text, is_version), "{text}");
        }
    }

    #[test]
    fn tells_references_by_their_label() {
        for text in [
            "commande 1",
            "commande n° 1",
            "Réf. : 1",
            "numéro de série 1",
            "?id=1",
            "serial number: 1",
            "SN:1",
            "S/N 1",
        ] {
            assert!(at_number(text, is_reference), "{text}");
        }
        for text in [
            "pour ma commande appelez le 1",
            "mon dossier, 1",
            "tel 1",
            "le 1",
            "ticket : tel 1",
            "ticket rappeler 1",
            "rappeler le client 1",
        ] {
            assert!(!at_number(text, is_reference), "{text}");
        }
    }
}
