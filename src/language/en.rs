//! English.

use super::list::{Keys, WordList, key, keys};
use super::{LocalWords, Messages, PrivacyWords, QuestionWords, SecretWords, TextWords, Texts, ValueWords};

pub(super) const TEXTS: Texts = Texts {
    tag: "en",
    name_in_prompts: "anglais",
    ask_for: |field| format!("Could you tell us: {field}?"),
    messages: Messages {
        ticket_analysed: "Ticket analysed successfully",
        question_ready: "Follow-up question ready",
        ticket_complete: "The ticket is complete",
        invalid_json: "The request body is not valid JSON.",
        unauthorized: "A valid API key is required.",
        not_found: "This address does not exist.",
        method_not_allowed: "This address does not accept this method.",
        request_timeout: "The request body did not arrive in time.",
        body_too_large: "The request body is too large.",
        unsupported_media_type: "The request body must be JSON (application/json, UTF-8).",
        validation_error: "Request validation failed.",
        rate_limited: "The AI model is overloaded; try again later.",
        invalid_configuration: "The service is misconfigured.",
        internal: "The service encountered an internal error.",
        upstream_error: "The AI model could not respond.",
        upstream_invalid_output: "The AI model gave no usable answer.",
        outbound_denied: "The platform does not allow the call to the model server.",
        backend_not_configured: "The AI model is not configured.",
        upstream_timeout: "The AI model did not respond in time.",
    },
    text: TEXT,
    values: VALUES,
    questions: QUESTIONS,
    secrets: SECRETS,
    privacy: PRIVACY,
    local: LOCAL,
};

#[rustfmt::skip]
const TEXT: TextWords = TextWords {
    everyday: keys![
        "a", "am", "an", "and", "any", "anymore", "are", "at", "be", "been", "broken", "but", "by", "can", "can't",
        "cannot", "computer", "could", "do", "does", "doesn't", "don't", "down", "for", "from", "get", "had", "has",
        "have", "hello", "help", "hi", "how", "i", "i'm", "in", "is", "isn't", "issue", "it", "it's", "its", "me",
        "my", "need", "not", "of", "office", "our", "please", "printer", "room", "since", "so", "some", "still",
        "thank", "thanks", "that", "the", "there", "they", "this", "to", "today", "unable", "up", "us", "was", "we",
        "what", "when", "will", "with", "won't", "work", "working", "would", "yesterday", "you", "your",
    ],
    elisions: WordList::new(&[]),
    abbreviations: WordList::new(&[
        "apt", "bldg", "dr", "ext", "mr", "mrs", "ms", "no", "ref", "rm", "st", "tel", "vs",
    ]),
    stop_words: WordList::new(&[
        "a", "all", "an", "and", "are", "as", "at", "be", "been", "but", "by", "customer", "does", "for", "from",
        "had", "has", "have", "he", "i", "in", "is", "it", "its", "my", "no", "not", "of", "on", "or", "our", "s",
        "she", "t", "that", "the", "their", "there", "they", "this", "to", "user", "was", "we", "were", "with", "you",
        "your",
    ]),
};

#[rustfmt::skip]
const VALUES: ValueWords = ValueWords {
    unknown_marks: WordList::new(&["[unknown]"]),
    unknown: WordList::new(&[
        "n.a", "n/a", "nil", "no information", "none", "null", "tbd", "to be determined", "undefined", "undetermined",
        "unknown", "unspecified",
    ]),
    unknown_stems: WordList::new(&[]),
    unstated: WordList::new(&[
        "applicabl", "availabl", "determined", "given", "known", "mentioned", "provided", "specified", "stated",
    ]),
    not: WordList::new(&["non", "not"]),
    information: WordList::new(&["information"]),
    negations: WordList::new(&["except", "never", "no", "nor", "not", "without"]),
    yes: WordList::new(&["true", "yes"]),
    no: WordList::new(&["false", "no"]),
    yes_initials: WordList::new(&["y"]),
    no_initials: WordList::new(&["n"]),
    and: WordList::new(&["and"]),
    reference_labels: WordList::new(&[
        "billing", "case", "contract", "customer", "id", "incident", "invoice", "nr", "number", "order", "parcel",
        "quote", "ref", "reference", "references", "request", "serial", "sn", "ticket", "tracking",
    ]),
    error_labels: WordList::new(&["code", "error"]),
    agreed: WordList::new(&["ok"]),
    denied: WordList::new(&["not"]),
};

#[rustfmt::skip]
const QUESTIONS: QuestionWords = QuestionWords {
    labels: WordList::new(&[
        "agent", "ai", "answer", "assistant", "bot", "chatbot", "q", "question", "response", "support",
    ]),
    never_labels: WordList::new(&["what", "which", "you"]),
    requests: WordList::new(&[
        "can you", "could you", "describe", "explain", "how", "let us know", "please", "specify", "tell me",
        "tell us", "what", "where", "which", "would you",
    ]),
    thanks: WordList::new(&["thank", "thanks"]),
    thanks_in_advance: WordList::new(&[]),
    distinctive: WordList::new(&[
        "could", "describe", "did", "do", "does", "how", "please", "tell", "what", "when", "where", "which", "who",
        "you", "your",
    ]),
    generic: WordList::new(&[
        "affected", "because", "can", "concern", "could", "do", "how", "just", "keep", "occur", "other", "others",
        "please", "problem", "tell", "too", "us", "what", "which", "who", "would",
    ]),
    homographs: &[],
    synonyms: &[
        ("alone", "personne"), ("equipment", "equipement"), ("make", "marque"), ("people", "personne"),
        ("several", "plusieurs"), ("type", "equipement"), ("working", "travailler"),
    ],
};

#[rustfmt::skip]
const SECRETS: SecretWords = SecretWords {
    named: WordList::new(&[
        "2fa", "access key", "answer to your secret", "api key", "api keys", "authenticator", "backup code",
        "bank account", "bank card", "bank details", "contrasena", "credentials", "credit card", "cvc", "cvv", "cvv2",
        "debit card", "digit", "digits", "iban", "login details", "login information", "maiden name", "mfa", "otp",
        "pass phrase", "pass word", "passcode", "passphrase", "passwd", "password", "passwords", "passwort",
        "payment card", "pin", "pins", "private key", "pwd", "recovery code", "recovery key", "recovery phrase",
        "secret answer", "secret key", "secret question", "secret word", "security answer", "security question",
        "security questions", "seed phrase", "social security", "ssn", "token", "tokens", "totp",
    ]),
    misspelt: WordList::new(&["credentials", "passphrase", "password", "passwords"]),
    joined: WordList::new(&[
        "bankaccount", "cardnumber", "creditcard", "debitcard", "maidenname", "onetimecode", "passcode", "passphrase",
        "password", "privatekey", "securitycode", "socialsecurity", "verificationcode",
    ]),
    codes: WordList::new(&["code", "codes"]),
    ordinary_codes: WordList::new(&[
        "area", "article", "bar", "billing", "client", "country", "department", "error", "exit", "fault", "http",
        "incident", "item", "order", "part", "product", "project", "qr", "return", "site", "source", "status", "stop",
        "tracking", "zip",
    ]),
    shown: WordList::new(&["appears", "displayed", "displays", "shown", "shows"]),
    authentication: WordList::new(&[
        "auth", "authentication", "authenticator", "bank", "factor", "login", "mfa", "phone", "secret", "security",
        "sms", "unique", "validation", "verification",
    ]),
    cards: WordList::new(&["card", "cards"]),
    hardware: WordList::new(&["access", "badge", "graphics", "memory", "network", "sd", "sim", "sound", "video"]),
    revealing: WordList::new(&["digit", "digits"]),
    interrogatives: WordList::new(&["as", "say", "says", "what", "whats", "which"]),
    requests: WordList::new(&[
        "confirm", "copy", "disclose", "enter", "get", "give", "i have", "indicate", "know", "me have", "need",
        "note", "paste", "provide", "read", "remind", "repeat", "reply", "require", "reveal", "send", "share", "show",
        "specify", "spell", "state", "submit", "supply", "tell", "text", "to have", "type", "us have", "verify",
        "we have", "write",
    ]),
    you: WordList::new(&["you"]),
    modals: WordList::new(&["can", "could", "may", "might", "please", "will", "would"]),
    requests_at_end: WordList::new(&["to"]),
    shields: WordList::new(&["about", "after", "before", "how", "if", "since", "that", "when", "whether", "why"]),
    barriers: WordList::new(&["and", "because", "for", "or", "to"]),
    purposes: WordList::new(&["for"]),
    states: WordList::new(&[
        "accepted", "arrived", "arrives", "asked", "blocked", "change", "changed", "compromised", "declined",
        "denied", "expire", "expired", "expires", "fail", "failing", "forgotten", "incorrect", "invalid", "locked",
        "lost", "received", "recognised", "recognized", "refuse", "refuses", "rejected", "requested", "reset",
        "stolen", "valid", "work", "working", "works", "wrong",
    ]),
    actions: WordList::new(&[
        "asked", "asking", "asks", "change", "changed", "expired", "forget", "forgot", "forgotten", "get", "got",
        "lost", "receive", "received", "rejected", "rejects", "requests", "reset", "resetting",
    ]),
    ourselves: WordList::new(&["i", "we"]),
    entering: WordList::new(&[
        "change", "changed", "changing", "enter", "entered", "entering", "type", "typed", "typing", "use", "using",
    ]),
    moments: WordList::new(&["after", "before", "each", "every", "since", "time", "when", "while"]),
    matters: WordList::new(&[
        "error", "field", "issue", "issues", "link", "manager", "message", "page", "policy", "problem", "problems",
        "prompt", "reader", "reset", "screen", "terminal",
    ]),
    articles: WordList::new(&["of", "the"]),
    companions: WordList::new(&["with", "your"]),
};

#[rustfmt::skip]
const PRIVACY: PrivacyWords = PrivacyWords {
    versions: WordList::new(&[
        "article", "bios", "build", "chapter", "driver", "firmware", "fw", "patch", "release", "rev", "revision",
        "section", "update", "upgrade", "v", "ver", "version",
    ]),
    updates: WordList::new(&[]),
    references: WordList::new(&[
        "article", "asset", "case", "code", "ean", "id", "imei", "incident", "invoice", "licence", "license", "lot",
        "order", "pn", "product", "ref", "reference", "serial", "sku", "sn", "tag", "ticket", "tracking",
    ]),
    phones: WordList::new(&[
        "call", "cell", "contact", "dial", "fax", "gsm", "hotline", "mobile", "phone", "reach", "ring", "sms", "tel",
        "telephone", "text", "whatsapp",
    ]),
    breaks: WordList::new(&[
        "a", "address", "at", "by", "call", "contact", "dns", "fax", "from", "gateway", "host", "ip", "mobile", "not",
        "on", "phone", "ping", "reach", "server", "tel", "telephone", "to", "via", "with",
    ]),
    fillers: WordList::new(&["is", "no", "number", "of", "the"]),
    numbers: WordList::new(&["no", "number"]),
    at_signs: WordList::new(&[]),
    at_words: WordList::new(&["at"]),
    dots: WordList::new(&["dot"]),
    joiners: WordList::new(&["and", "or", "to"]),
    check_keys: WordList::new(&["key"]),
    units: WordList::new(&["bytes", "eur", "euro", "euros", "rows", "usd"]),
    glued: WordList::new(&[
        "amex", "at", "call", "card", "contact", "fax", "gsm", "ip", "mastercard", "mobile", "no", "phone", "sms",
        "tel", "telephone", "visa", "whatsapp",
    ]),
};

const LOCAL: LocalWords = LocalWords {
    title_fields: WordList::new(&["subject", "summary", "title"]),
    description_fields: WordList::new(&["description", "detail", "details"]),
    place_fields: WordList::new(&["location", "place", "site"]),
    equipment_fields: WordList::new(&["device", "equipment"]),
    priority_fields: WordList::new(&["priority", "urgency"]),
    low_levels: WordList::new(&["low", "minor"]),
    normal_levels: WordList::new(&["medium", "normal", "standard"]),
    high_levels: WordList::new(&["high", "major", "urgent"]),
    critical_levels: WordList::new(&["blocking", "critical"]),
    place_nouns: WordList::new(&[
        "branch", "building", "campus", "center", "centre", "depot", "factory", "floor", "office", "plant", "room",
        "site", "store", "warehouse",
    ]),
    value_links: WordList::new(&["equals", "is", "n", "no", "number", "of"]),
    bare_verbs: WordList::new(&["march", "work", "working"]),
    questions: WordList::new(&["did", "do", "does", "how", "make", "should", "to"]),
    limits: WordList::new(&["badly", "only"]),
    clock_units: WordList::new(&["am", "h", "min", "pm"]),
    duration_units: WordList::new(&["h", "hour", "hours", "hr", "min", "mins", "minute", "minutes"]),
    quantity_units: WordList::new(&["cm", "gb", "h", "mb", "min", "mm"]),
    countdowns: WordList::new(&["in", "within"]),
    small_numbers: WordList::new(&["an", "half", "less", "one", "ten", "two"]),
    deadlines: WordList::new(&["at", "before", "by"]),
    number_signs: WordList::new(&["n", "no", "nr", "num", "number"]),
    letter_words: WordList::new(&["a", "d", "i", "m", "s", "t"]),
    ordinal_endings: WordList::new(&["nd", "rd", "th"]),
    inside: WordList::new(&["in"]),
    town_prepositions: WordList::new(&["at", "from", "in", "near", "our", "to"]),
    head_last_places: WordList::new(&["at", "in"]),
    web_nouns: WordList::new(&["site"]),
    department_prepositions: WordList::new(&["at", "in"]),
    department_origins: WordList::new(&["from"]),
    home_prepositions: WordList::new(&["at", "from"]),
    purpose_links: WordList::new(&[]),
    definite_links: WordList::new(&[]),
    verb_subjects: WordList::new(&["and", "can", "cannot", "cant", "i", "please", "they", "to", "we", "will", "you"]),
    surfaces: WordList::new(&["on"]),
};
