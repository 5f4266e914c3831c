//! Whether a question asks a customer to give something confidential away.
//!
//! Speaking of a password is fine (« Avez-vous oublié votre mot de passe ? »), asking for it never is. A mention passes
//! only if no request reaches it **and** something says what else is asked about it; in doubt the question falls.

use crate::text::{fold, is_typo};
use crate::ticket::words::words;

/// What must not be asked for, folded, in singular and plural.
#[rustfmt::skip]
const SECRETS: &[&str] = &[
    "2fa", "access key", "answer to your secret", "api key", "api keys", "authenticator", "backup code", "bank account", "bank card", "bank details",
    "carte bancaire", "carte bleue", "carte de credit", "carte de debit", "carte de paiement", "cartes bancaires", "cb",
    "cle api", "cle d api", "cle de recuperation", "cle du wifi", "cle privee", "cle secrete", "cle wifi", "cles api", "compte bancaire", "contrasena",
    "coordonnees bancaires", "credentials", "credit card", "cryptogramme", "cvc", "cvv", "cvv2", "debit card",
    "donnees de connexion", "iban", "identifiants", "infos de connexion", "informations de connexion", "jeton", "jetons",
    "login details", "login information", "maiden name", "mdp", "mfa", "mot de passe", "mot passe", "mot secret", "mots de passe",
    "nom de jeune fille", "otp", "pass phrase", "pass word", "passcode", "passphrase", "passwd", "password", "passwords", "passwort",
    "payment card", "phrase de passe", "phrase de recuperation", "phrase secrete", "pin", "pins", "private key", "pwd",
    "question de securite", "question secrete", "recovery code", "recovery key", "recovery phrase", "reponse de securite",
    "reponse secrete", "rib", "secret answer", "secret key", "secret question", "secret word", "securite sociale", "security answer",
    "security question", "security questions", "seed phrase", "social security", "ssn", "token", "tokens", "totp",
];
/// Secrets long enough to be told by one typing mistake.
const MISSPELT: &[&str] = &["credentials", "cryptogramme", "passphrase", "password", "passwords"];
/// The same run together, as they stand where something keeps their letters apart: « m.o.t d.e p.a.s.s.e ».
#[rustfmt::skip]
const RUN_TOGETHER: &[&str] = &[
    "bankaccount", "cardnumber", "cartebancaire", "cartebleue", "cartedecredit", "codedesecurite", "codedevalidation",
    "codedeverification", "codepin", "codesecret", "comptebancaire", "creditcard", "cryptogramme", "debitcard",
    "maidenname", "mot2passe", "motdepasse", "motpasse", "onetimecode", "passcode", "passphrase", "password", "privatekey",
    "securitesociale", "securitycode", "socialsecurity", "verificationcode",
];

/// Words after « code » or before "code" that make it an ordinary one.
#[rustfmt::skip]
const ORDINARY_CODES: &[&str] = &[
    "affaire", "agence", "analytique", "ape", "area", "article", "bar", "barre", "barres", "billing", "client", "commande",
    "country", "couleur", "defaut", "department", "departement", "dossier", "erreur", "erreurs", "error", "etat", "exit",
    "fault", "http", "imputation", "incident", "item", "naf", "order", "panne", "part", "pays", "postal", "postaux", "produit",
    "product", "project", "projet", "qr", "retour", "return", "site", "source", "status", "statut", "stop", "suivi",
    "tracking", "zip",
];
/// Words that show a code to be one that a screen shows of itself.
const SHOWN: &[&str] = &["affiche", "affichent", "apparait", "appears", "displayed", "displays", "shown", "shows"];
/// Words that show a code to be a secret wherever it is shown.
#[rustfmt::skip]
const AUTHENTICATION: &[&str] = &[
    "auth", "authentication", "authenticator", "authentification", "bank", "banque", "confidentiel", "double", "factor",
    "facteur", "login", "mfa", "phone", "secret", "securite", "security", "sms", "telephone", "unique", "validation",
    "verification",
];
/// Words that make a card one that pays, where one of [`HARDWARE`] does not make it a part of a computer.
#[rustfmt::skip]
const CARD_DETAILS: &[&str] = &[
    "chiffre", "chiffres", "date", "digits", "dos", "expiration", "expiry", "number", "numbers", "numero", "numeros", "back", "verso",
];
/// Words that make digits those of a code that was sent.
#[rustfmt::skip]
const SENT: &[&str] = &[
    "app", "appli", "application", "envoye", "envoyes", "received", "recevoir", "recu", "recus", "sent", "sms", "texted", "texto",
];
#[rustfmt::skip]
const HARDWARE: &[&str] = &[
    "acces", "access", "badge", "fidelite", "graphics", "graphique", "memoire", "memory", "mere", "network", "reseau",
    "sd", "sim", "son", "sound", "video",
];

/// Words that ask for what follows.
#[rustfmt::skip]
const REQUESTS: &[&str] = &[
    "besoin", "communiquer", "communiquez", "confirm", "confirmer", "confirmez", "connaitre",
    "copier", "copiez", "copy", "dire", "disclose", "dis", "dites", "donne", "donner", "donnez", "ecrire",
    "ecrivez", "enter", "entrer", "entrez", "envoie", "envoyer", "envoyez", "epeler", "epelez", "faut", "fournir",
    "fournissez", "get", "give", "have", "indicate", "indiquer", "indiquez", "joindre", "joignez", "know", "lire", "lisez",
    "livrer", "montrer", "montrez", "need", "note", "noter", "notez", "obtenir", "partager", "partagez", "parvenir", "paste",
    "precise", "preciser", "precisez", "provide", "rappeler", "rappelez", "read", "remind", "renseigner", "renseignez",
    "repeat", "repeter", "repetez", "reply", "require", "reveal", "reveler", "saisir", "saisissez", "savoir", "send", "share",
    "show", "specify", "spell", "state", "submit", "supply", "taper", "tapez", "tell", "text", "transmettre", "transmettez",
    "type", "verifier", "verify", "write",
];
/// Words that turn a request to something else than what follows them.
#[rustfmt::skip]
const SHIELDS: &[&str] = &[
    "about", "after", "apres", "avant", "before", "comment", "concernant", "depuis", "how", "if", "lorsqu", "lorsque",
    "pourquoi", "qu", "quand", "que", "si", "since", "that", "when", "whether", "why",
];
/// Things to ask for instead, as « le message » and not « par message ».
const SHIELDING_THINGS: &[&str] = &["erreur", "error", "issue", "message", "problem", "probleme"];
const INTERROGATIVES: &[&str] =
    &["laquelle", "lequel", "lesquels", "quel", "quelle", "quelles", "quels", "quoi", "what", "which", "whats"];
/// Words that lead from an interrogative to its noun and say nothing else.
#[rustfmt::skip]
const SMALL: &[&str] = &[
    "a", "actual", "actuel", "actuelle", "actuels", "ancien", "are", "as", "ce", "ces", "cet", "cette", "comme", "complet",
    "complete", "current", "d", "de", "des", "donc", "du", "est", "etait", "exact", "for", "full", "is", "l", "la", "le", "les",
    "leur", "ma", "mon", "new", "nom", "nouveau", "nouvelle", "number", "numero", "of", "old", "on", "personnel", "pour",
    "precedent", "previous", "s", "sa", "sera", "serait", "son", "sont", "sur", "ta", "temporaire", "temporary", "the",
    "ton", "un", "une", "user", "utilisateur", "value", "valeur", "vos", "votre", "was", "were", "will", "with", "avec", "your",
];
/// Words that end what a verb or a state may be about.
const BARRIERS: &[&str] = &["afin", "and", "because", "car", "et", "for", "or", "ou", "pour", "to"];

/// What happens to a secret, after it: « est-il refusé », "has expired".
#[rustfmt::skip]
const STATES: &[&str] = &[
    "accepte", "accepted", "affiche", "arrive", "arrived", "arrives", "asked", "blocked", "bloque", "bloquee", "change",
    "changed", "compromis", "compromised", "declined", "demande", "demandee", "denied", "erronee", "errone", "expire",
    "expired", "expires", "fail", "failing", "fonctionne", "forgotten", "incorrect", "incorrecte", "invalid", "invalide",
    "locked", "lost", "marche", "modifie", "oublie", "perdu", "perdue", "reconnu", "reconnue", "recognised",
    "recognized", "recu", "recue", "received", "refuse", "refusee", "refuses", "refusees", "reinitialise", "rejected",
    "rejete", "rejetee", "requested", "reset", "stolen", "valable", "valid", "valide", "verrouille", "vole", "volee",
    "work", "working", "works", "wrong",
];
/// What people and programs do with a secret without telling it: « avez-vous oublié », "asks for".
#[rustfmt::skip]
const DEEDS: &[&str] = &[
    "asked", "asking", "asks", "change", "changed", "demande", "demandent", "expired", "forget", "forgot", "forgotten",
    "get", "got", "lost", "modifie", "oublie", "perdu", "receive", "received", "recevez", "recu", "refuse", "rejected", "rejects", "reinitialise",
    "requests", "reset", "resetting",
];
/// Who asks, where the one who asks is the service itself.
const OURSELVES: &[&str] = &["i", "j", "je", "nous", "we"];
/// Entering a secret, where a question asks what happens then.
#[rustfmt::skip]
const ENTERING: &[&str] = &[
    "change", "changed", "changement", "changez", "changing", "enter", "entered", "entering", "entre", "entrez", "met", "mis",
    "mettez", "modifie", "saisi", "saisie", "saisir", "saisissez", "tape", "tapez", "type", "typed", "typing", "use",
    "using", "utilisez",
];
#[rustfmt::skip]
const WHEN: &[&str] = &[
    "after", "apres", "avant", "before", "chaque", "each", "every", "fois", "lors", "lorsque", "lorsqu", "quand", "since",
    "depuis", "time", "when", "while",
];
/// What a secret may belong to, right before or after it: « le problème de mot de passe », "password manager".
#[rustfmt::skip]
const MATTERS: &[&str] = &[
    "champ", "changement", "difficulte", "difficultes", "ecran", "erreur", "error", "field", "gestionnaire",
    "gestionnaires", "issue", "issues", "lecteur", "lien", "link", "manager", "message", "oubli", "page", "policy",
    "politique", "problem", "probleme", "problemes", "problems", "prompt", "reader", "reinitialisation", "renouvellement",
    "reset", "screen", "souci", "terminal",
];

struct Word<'a> {
    text: &'a str,
    /// Which clause of the question it stands in.
    clause: usize,
}

/// Whether a question asks for a password, a code, a card, an account or another secret.
pub(super) fn asks_for_secret(question: &str) -> bool {
    let plain = undisguised(&fold(question));
    let words: Vec<Word<'_>> = plain
        .split([',', ';', ':', '.', '?', '!', '(', ')', '"'])
        .enumerate()
        .flat_map(|(clause, text)| words(text).map(move |text| Word { text, clause }))
        .collect();
    let mentions = mentions(&words);
    let mut rest = String::new();
    for (at, word) in words.iter().enumerate() {
        rest.push_str(if mentions.iter().any(|mention| mention.contains(&at)) { "|" } else { word.text });
    }
    // « m.d.p », "p i n"
    let spelt = words.chunk_by(|a, b| a.text.len() == 1 && b.text.len() == 1).filter(|letters| letters.len() > 2);
    let mut spelt = spelt.map(|letters| letters.iter().map(|letter| letter.text).collect::<String>());
    RUN_TOGETHER.iter().any(|secret| rest.contains(secret))
        || spelt.any(|spelt| SECRETS.contains(&spelt.as_str()))
        || mentions.iter().any(|mention| is_requested(&words, mention) || !is_discussed(&words, mention))
}

/// Letters again where digits and signs stand for them within a word: `p@ssw0rd`.
fn undisguised(folded: &str) -> String {
    let chars: Vec<char> = folded.chars().collect();
    let is_letter = |at: Option<usize>| at.and_then(|at| chars.get(at)).is_some_and(char::is_ascii_lowercase);
    let plain = |(at, c): (usize, &char)| match c {
        _ if !is_letter(at.checked_sub(1)) && !is_letter(Some(at + 1)) => *c,
        '@' | '4' => 'a',
        '$' | '5' => 's',
        '0' => 'o',
        '1' => 'i',
        '3' => 'e',
        '7' => 't',
        c => *c,
    };
    chars.iter().enumerate().map(plain).collect()
}

/// Where secrets are mentioned, as ranges of words.
fn mentions(words: &[Word<'_>]) -> Vec<std::ops::Range<usize>> {
    let text = |at: usize| words.get(at).map_or("", |word| word.text);
    let has = |list: &[&str]| words.iter().any(|word| list.contains(&word.text));
    let is_shown = has(SHOWN) && !has(AUTHENTICATION);
    let is_owned = |at: usize| matches!(at.checked_sub(1).map_or("", text), "votre" | "vos" | "ta" | "your");
    let is_card = |at: usize| !has(HARDWARE) && (has(CARD_DETAILS) || is_owned(at));
    let mut found = Vec::new();
    for at in 0..words.len() {
        let named = SECRETS.iter().find_map(|secret| {
            let length = secret.split(' ').count();
            secret.split(' ').zip(at..).all(|(part, at)| part == text(at)).then_some(length)
        });
        let word = text(at);
        let length = match word {
            _ if named.is_some() => named,
            "mot" | "mots" if is_passe(text(at + 2)) && matches!(text(at + 1), "de" | "d") => Some(3),
            "carte" | "cartes" | "card" | "cards" if is_card(at) => Some(1),
            "chiffre" | "chiffres" | "digit" | "digits" if has(SENT) => Some(1),
            "code" | "codes" if !is_shown && !is_ordinary_code(at, &text) => Some(1),
            _ if word.len() >= 7 && MISSPELT.iter().any(|secret| is_typo(word, secret)) => Some(1),
            _ => None,
        };
        found.extend(length.map(|length| at..at + length));
    }
    found
}

/// « passe » with at most one typing mistake.
fn is_passe(word: &str) -> bool {
    word.len() >= 4 && word.starts_with('p') && strsim::osa_distance(word, "passe") <= 1
}

/// Whether the « code » at a word is that of an error, a post office, a product.
fn is_ordinary_code<'a>(at: usize, text: &impl Fn(usize) -> &'a str) -> bool {
    let after = (at + 1..at + 4)
        .map(text)
        .find(|word| !matches!(*word, "d" | "de" | "des" | "du" | "l" | "la" | "le" | "of" | "the"));
    let before = at.checked_sub(1).map_or("", text);
    after.is_some_and(|word| ORDINARY_CODES.contains(&word)) || ORDINARY_CODES.contains(&before)
}

/// Whether something in the question asks for the mention itself.
fn is_requested(words: &[Word<'_>], mention: &std::ops::Range<usize>) -> bool {
    let text = |at: usize| words.get(at).map_or("", |word| word.text);
    // What the nearest request or shield before it is.
    for at in (0..mention.start).rev() {
        let word = text(at);
        let before = at.checked_sub(1).map_or("", text);
        let is_the =
            matches!(before, "d" | "de" | "l" | "la" | "le" | "les" | "quel" | "quelle" | "the" | "what" | "which");
        if SHIELDS.contains(&word) || (is_the && SHIELDING_THINGS.contains(&word)) {
            break;
        }
        // « Qu'avez-vous comme mot de passe ? »
        if matches!(word, "comme" | "as") && mention.start - at <= 2 {
            return true;
        }
        if REQUESTS.contains(&word) && !is_deed_of_the_customer(word, before, at.checked_sub(2).map_or("", text)) {
            return true;
        }
        if INTERROGATIVES.contains(&word) && (at + 1..mention.start).all(|at| SMALL.contains(&text(at))) {
            return true;
        }
    }
    let after: Vec<&str> = (mention.end..words.len()).map(text).collect();
    after.last() == Some(&"to")
        || words.iter().any(|word| matches!(word.text, "quoi" | "chiffre" | "chiffres" | "digit" | "digits"))
        || (0..after.len()).any(|at| tells_of_it(&after, at))
}

/// Whether the word at `at` asks for what was mentioned before: « … : pouvez-vous le donner ? », « …, quel est-il ? »
fn tells_of_it(after: &[&str], at: usize) -> bool {
    let text = |at: Option<usize>| at.and_then(|at| after.get(at)).copied().unwrap_or_default();
    let (word, next, third) = (text(Some(at)), text(Some(at + 1)), text(Some(at + 2)));
    let (before, first) = (text(at.checked_sub(1)), text(at.checked_sub(2)));
    if matches!(word, "dit" | "say" | "says" | "vaut") {
        return true;
    }
    if INTERROGATIVES.contains(&word) {
        return matches!(next, "est" | "is" | "sont" | "s" | "are" | "")
            && matches!(third, "" | "ce" | "elle" | "elles" | "il" | "ils" | "it" | "its" | "ses" | "they");
    }
    REQUESTS.contains(&word)
        && !is_deed_of_the_customer(word, before, first)
        // Its object is a pronoun, is left out, or is « le nouveau ».
        && (matches!(before, "l" | "la" | "le" | "les")
            || matches!(next, "it" | "me" | "moi" | "nous" | "them" | "us")
            || matches!(next, "" | "afin" | "below" | "by" | "ci" | "dans" | "for" | "here" | "ici" | "in" | "maintenant")
            || matches!(next, "now" | "par" | "please" | "pour")
            || (matches!(next, "la" | "le" | "les") && third.is_empty())
            || (at + 1..at + 4).any(|at| {
                matches!(text(Some(at)), "celle" | "celui" | "new" | "nouveau" | "nouvelle" | "one" | "valeur" | "value")
            }))
}

/// « vous saisissez », "you enter", but not "could you enter"; "have you".
fn is_deed_of_the_customer(word: &str, before: &str, first: &str) -> bool {
    let of_you = matches!(before, "vous" | "you")
        && !matches!(
            first,
            "can" | "could" | "may" | "might" | "please" | "pourriez" | "pouvez" | "voulez" | "will" | "would"
        );
    let auxiliary = word == "have" && !matches!(before, "i" | "we" | "to" | "us" | "me");
    of_you || auxiliary
}

/// Whether the mention's own clause says what else is asked about it.
fn is_discussed(words: &[Word<'_>], mention: &std::ops::Range<usize>) -> bool {
    let clause = words.get(mention.start).map(|word| word.clause);
    let text = |at: &usize| words.get(*at).filter(|word| Some(word.clause) == clause).map(|word| word.text);
    let near: Vec<&str> = (0..mention.start).rev().map_while(|at| text(&at)).collect();
    let after: Vec<&str> = (mention.end..words.len()).map_while(|at| text(&at)).collect();
    let until_barrier = |words: &[&str]| words.iter().position(|word| BARRIERS.contains(word)).unwrap_or(words.len());
    let before = near.get(..until_barrier(&near)).unwrap_or_default();
    let follows = after.get(..until_barrier(&after)).unwrap_or_default();
    let is_by_us = near.iter().any(|word| OURSELVES.contains(word));
    let deeds = near.iter().take_while(|word| **word == "for" || !BARRIERS.contains(word));
    let nearest = near.iter().find(|word| !SMALL.contains(word));
    follows.iter().any(|word| STATES.contains(word))
        || (!is_by_us && deeds.into_iter().any(|word| DEEDS.contains(word)))
        || (near.iter().any(|word| WHEN.contains(word)) && before.iter().any(|word| ENTERING.contains(word)))
        || nearest.is_some_and(|word| MATTERS.contains(word))
        || after.first().is_some_and(|word| MATTERS.contains(word))
}
