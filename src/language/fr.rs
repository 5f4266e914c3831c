//! French.

use super::list::{Keys, WordList, key, keys};
use super::{LocalWords, Messages, PrivacyWords, QuestionWords, SecretWords, TextWords, Texts, ValueWords};

pub(super) const TEXTS: Texts = Texts {
    tag: "fr",
    name_in_prompts: "français",
    ask_for: |field| format!("Pouvez-vous préciser\u{a0}: {field}\u{a0}?"),
    messages: Messages {
        ticket_analysed: "Ticket analysé avec succès",
        question_ready: "Question de suivi prête",
        ticket_complete: "Le ticket est complet",
        invalid_json: "Le corps de la requête n’est pas du JSON valide.",
        unauthorized: "Une clé d’API valide est nécessaire.",
        not_found: "Cette adresse n’existe pas.",
        method_not_allowed: "Cette adresse n’accepte pas cette méthode.",
        request_timeout: "Le corps de la requête n’est pas arrivé à temps.",
        body_too_large: "Le corps de la requête est trop volumineux.",
        unsupported_media_type: "Le corps de la requête doit être du JSON (application/json, UTF-8).",
        validation_error: "Le format de la requête est incorrect.",
        rate_limited: "Le modèle d’IA est surchargé\u{a0}; réessayez plus tard.",
        invalid_configuration: "Le service est mal configuré.",
        internal: "Le service a rencontré une erreur interne.",
        upstream_error: "Le modèle d’IA n’a pas pu répondre.",
        upstream_invalid_output: "Le modèle d’IA n’a pas donné de réponse utilisable.",
        outbound_denied: "La plateforme n’autorise pas l’appel au serveur de modèles.",
        backend_not_configured: "Le modèle d’IA n’est pas configuré.",
        upstream_timeout: "Le modèle d’IA n’a pas répondu à temps.",
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
        "ai", "au", "aucun", "aux", "avec", "bonjour", "bonsoir", "bureau", "ca", "ce", "cela", "ces", "cette",
        "chez", "comme", "dans", "de", "depuis", "des", "du", "elle", "en", "est", "et", "ete", "fonctionne", "il",
        "ils", "impossible", "imprimante", "je", "jour", "la", "le", "les", "leur", "ma", "mais", "marche", "matin",
        "merci", "mes", "mon", "ne", "notre", "nous", "ordinateur", "ou", "panne", "par", "pas", "peux", "plus",
        "pour", "pouvez", "probleme", "puis", "quand", "que", "qui", "salut", "sans", "se", "ses", "si", "son",
        "sont", "suis", "sur", "tous", "tout", "tres", "un", "une", "veuillez", "vos", "votre", "vous", "y",
    ],
    elisions: WordList::new(&["c", "d", "j", "jusqu", "l", "lorsqu", "m", "n", "puisqu", "qu", "s", "t"]),
    abbreviations: WordList::new(&[
        "apt", "bat", "dr", "etg", "ext", "m", "mlle", "mme", "no", "ref", "st", "tel", "vs",
    ]),
    stop_words: WordList::new(&[
        "a", "ai", "au", "aux", "avec", "avoir", "ca", "car", "ce", "cela", "ces", "cet", "cette", "client", "d",
        "dans", "de", "des", "donc", "du", "elle", "en", "est", "et", "etait", "ete", "etre", "il", "ils", "inconnu",
        "j", "je", "l", "la", "le", "les", "leur", "leurs", "lui", "m", "ma", "mais", "mes", "mon", "n", "ne", "no",
        "non", "nos", "notre", "nous", "on", "ou", "par", "pas", "plus", "pour", "qu", "que", "qui", "s", "sa", "se",
        "ses", "si", "son", "sont", "sur", "t", "un", "une", "utilisateur", "vos", "votre", "vous", "y",
    ]),
};

#[rustfmt::skip]
const VALUES: ValueWords = ValueWords {
    unknown_marks: WordList::new(&["[inconnu]", "[inconnue]"]),
    unknown: WordList::new(&["a confirmer", "a determiner", "a preciser", "n.a", "n/a"]),
    unknown_stems: WordList::new(&["inconnu", "indetermin"]),
    unstated: WordList::new(&[
        "communiqu", "connu", "defini", "determin", "disponibl", "fourni", "indiqu", "mentionn", "preci", "renseign",
        "specifi",
    ]),
    not: WordList::new(&["non", "pas"]),
    information: WordList::new(&["information"]),
    negations: WordList::new(&["aucun", "hors", "jamais", "ni", "non", "pas", "sans", "sauf"]),
    yes: WordList::new(&["oui", "vrai"]),
    no: WordList::new(&["faux", "non"]),
    yes_initials: WordList::new(&["o"]),
    no_initials: WordList::new(&["n"]),
    and: WordList::new(&["et"]),
    reference_labels: WordList::new(&[
        "bon", "client", "colis", "commande", "contrat", "demande", "devis", "dossier", "facture", "id",
        "identifiant", "incident", "matricule", "nr", "num", "numero", "ref", "reference", "references", "serie",
        "sn", "suivi", "ticket",
    ]),
    error_labels: WordList::new(&["code", "erreur"]),
    agreed: WordList::new(&["ok"]),
    denied: WordList::new(&["pas"]),
};

#[rustfmt::skip]
const QUESTIONS: QuestionWords = QuestionWords {
    labels: WordList::new(&[
        "agent", "assistant", "bot", "chatbot", "conseiller", "ia", "q", "question", "reponse", "suivi", "support",
    ]),
    never_labels: WordList::new(&["quel", "quelle", "vous"]),
    requests: WordList::new(&[
        "combien", "comment", "confirmez", "dans quel", "dans quelle", "decrivez", "depuis quand", "dites", "donnez",
        "expliquez", "indiquez", "merci d", "merci de", "ou est", "ou se", "pourriez vous", "pouvez vous", "precisez",
        "quel", "quelle", "quelles", "quels", "s il vous plait", "sur quel", "sur quelle", "veuillez",
    ]),
    thanks: WordList::new(&["cordialement", "merci"]),
    thanks_in_advance: WordList::new(&["merci d avance", "merci de avance"]),
    distinctive: WordList::new(&[
        "avez", "combien", "comment", "dites", "etes", "indiquez", "laquelle", "lequel", "merci", "pourriez",
        "pouvez", "precisez", "quand", "quel", "quelle", "quelles", "quels", "quoi", "veuillez", "vos", "votre",
        "vous",
    ]),
    generic: WordList::new(&[
        "aussi", "autre", "autres", "avez", "comment", "concerne", "dit", "dites", "dits", "indiquer", "indiquez",
        "merci", "pourriez", "pouvez", "preciser", "precisez", "probleme", "quel", "quelle", "quelles", "quels", "tel",
        "telle", "veuillez",
    ]),
    homographs: &[("où", "where"), ("Où", "where"), ("se produit", "")],
    synonyms: &[("empeche", "travailler"), ("type", "equipement")],
};

#[rustfmt::skip]
const SECRETS: SecretWords = SecretWords {
    named: WordList::new(&[
        "2fa", "carte bancaire", "carte bleue", "carte de credit", "carte de debit", "carte de paiement",
        "cartes bancaires", "cb", "chiffre", "chiffres", "cle api", "cle d api", "cle de recuperation", "cle du wifi",
        "cle privee", "cle secrete", "cle wifi", "cles api", "compte bancaire", "coordonnees bancaires",
        "cryptogramme", "cvc", "cvv", "cvv2", "donnees de connexion", "iban", "identifiants",
        "informations de connexion", "infos de connexion", "jeton", "jetons", "mdp", "mfa", "mot de passe",
        "mot passe", "mot secret", "mots de passe", "nom de jeune fille", "otp", "phrase de passe",
        "phrase de recuperation", "phrase secrete", "pin", "question de securite", "question secrete",
        "reponse de securite", "reponse secrete", "rib", "securite sociale", "totp",
    ]),
    misspelt: WordList::new(&["cryptogramme", "mot d passe", "mot de passe", "mots d passe", "mots de passe"]),
    joined: WordList::new(&[
        "cartebancaire", "cartebleue", "cartedecredit", "codedesecurite", "codedevalidation", "codedeverification",
        "codepin", "codesecret", "comptebancaire", "cryptogramme", "mot2passe", "motdepasse", "motpasse",
        "securitesociale",
    ]),
    codes: WordList::new(&["code", "codes"]),
    ordinary_codes: WordList::new(&[
        "affaire", "agence", "analytique", "ape", "article", "bar", "barre", "barres", "client", "commande",
        "couleur", "defaut", "departement", "dossier", "erreur", "erreurs", "etat", "http", "imputation", "incident",
        "naf", "panne", "pays", "postal", "postaux", "produit", "projet", "qr", "retour", "site", "source", "statut",
        "stop", "suivi",
    ]),
    shown: WordList::new(&["affiche", "affichent", "apparait"]),
    authentication: WordList::new(&[
        "auth", "authentification", "banque", "confidentiel", "double", "facteur", "mfa", "secret", "securite", "sms",
        "telephone", "unique", "validation", "verification",
    ]),
    cards: WordList::new(&["carte", "cartes"]),
    hardware: WordList::new(&[
        "acces", "badge", "fidelite", "graphique", "memoire", "mere", "reseau", "sd", "sim", "son", "video",
    ]),
    revealing: WordList::new(&["chiffre", "chiffres", "quoi"]),
    interrogatives: WordList::new(&[
        "comme", "dit", "laquelle", "lequel", "lesquels", "quel", "quelle", "quelles", "quels", "quoi", "vaut",
    ]),
    requests: WordList::new(&[
        "besoin", "communiquer", "communiquez", "confirmer", "confirmez", "connaitre", "copier", "copiez", "dire",
        "dis", "dites", "donne", "donner", "donnez", "ecrire", "ecrivez", "entrer", "entrez", "envoie", "envoyer",
        "envoyez", "epeler", "epelez", "faut", "fournir", "fournissez", "indiquer", "indiquez", "joignez", "joindre",
        "lire", "lisez", "livrer", "montrer", "montrez", "note", "noter", "notez", "obtenir", "partager", "partagez",
        "parvenir", "precise", "preciser", "precisez", "rappeler", "rappelez", "renseigner", "renseignez", "repeter",
        "repetez", "reveler", "saisir", "saisissez", "savoir", "taper", "tapez", "transmettez", "transmettre",
        "verifier",
    ]),
    you: WordList::new(&["vous"]),
    modals: WordList::new(&["pourriez", "pouvez", "voulez"]),
    requests_at_end: WordList::new(&[]),
    shields: WordList::new(&[
        "apres", "avant", "comment", "concernant", "depuis", "lorsqu", "lorsque", "pourquoi", "qu", "quand", "que",
        "si",
    ]),
    barriers: WordList::new(&["afin", "car", "et", "ou", "pour"]),
    purposes: WordList::new(&[]),
    states: WordList::new(&[
        "accepte", "affiche", "arrive", "bloque", "bloquee", "change", "compromis", "demande", "demandee", "errone",
        "erronee", "expire", "fonctionne", "incorrect", "incorrecte", "invalide", "marche", "modifie", "oublie",
        "perdu", "perdue", "reconnu", "reconnue", "recu", "recue", "refuse", "refusee", "refusees", "refuses",
        "reinitialise", "rejete", "rejetee", "valable", "valide", "verrouille", "vole", "volee",
    ]),
    actions: WordList::new(&[
        "change", "demande", "demandent", "modifie", "oublie", "perdu", "recevez", "recu", "refuse", "reinitialise",
    ]),
    ourselves: WordList::new(&["j", "je", "nous"]),
    entering: WordList::new(&[
        "change", "changement", "changez", "entre", "entrez", "met", "mettez", "mis", "modifie", "saisi", "saisie",
        "saisir", "saisissez", "tape", "tapez", "utilisez",
    ]),
    moments: WordList::new(&["apres", "avant", "chaque", "depuis", "fois", "lors", "lorsqu", "lorsque", "quand"]),
    matters: WordList::new(&[
        "champ", "changement", "difficulte", "difficultes", "ecran", "erreur", "gestionnaire", "gestionnaires",
        "lecteur", "lien", "message", "oubli", "page", "politique", "probleme", "problemes", "reinitialisation",
        "renouvellement", "souci", "terminal",
    ]),
    articles: WordList::new(&["d", "de", "des", "du", "l", "la", "le"]),
    companions: WordList::new(&["avec", "vos", "votre"]),
};

#[rustfmt::skip]
const PRIVACY: PrivacyWords = PrivacyWords {
    versions: WordList::new(&[
        "annexe", "article", "bios", "chapitre", "firmware", "fw", "maj", "micrologiciel", "paragraphe", "patch",
        "pilote", "rev", "revision", "section", "v", "ver", "version",
    ]),
    updates: WordList::new(&["mise a jour"]),
    references: WordList::new(&[
        "article", "bl", "code", "colis", "commande", "contrat", "devis", "dossier", "ean", "facture", "id",
        "identifiant", "imei", "incident", "inventaire", "licence", "lot", "matricule", "pn", "produit", "ref",
        "reference", "serie", "siren", "siret", "sku", "sn", "ticket",
    ]),
    phones: WordList::new(&[
        "appel", "appeler", "appelez", "contact", "contacter", "contactez", "fax", "fixe", "gsm", "hotline",
        "joignable", "joindre", "mobile", "natel", "portable", "rappel", "rappeler", "rappelez", "sms", "standard",
        "tel", "telephone", "whatsapp",
    ]),
    breaks: WordList::new(&[
        "a", "adresse", "appel", "appeler", "appelez", "atteindre", "avec", "bloque", "chez", "contact", "contacte",
        "contacter", "contactez", "depuis", "dns", "fax", "hote", "ip", "joignable", "joindre", "mobile", "ne", "par",
        "pas", "passerelle", "ping", "plus", "portable", "pour", "routeur", "serveur", "sur", "tel", "telephone",
        "vers", "via",
    ]),
    fillers: WordList::new(&[
        "actuelle", "client", "d", "de", "des", "du", "est", "installee", "l", "la", "le", "n", "no", "nombre", "num",
        "numero",
    ]),
    numbers: WordList::new(&["n", "no", "num", "numero"]),
    at_signs: WordList::new(&["arobas", "arobase"]),
    at_words: WordList::new(&[]),
    dots: WordList::new(&["point"]),
    joiners: WordList::new(&["a", "et", "la", "ou", "vers", "à"]),
    check_keys: WordList::new(&["cle", "clé"]),
    units: WordList::new(&["eur", "euro", "euros", "k€", "lignes", "octets", "usd"]),
    glued: WordList::new(&[
        "amex", "au", "carte", "cb", "contact", "fax", "fixe", "gsm", "insee", "ip", "le", "mastercard", "mobile",
        "n", "nir", "no", "num", "numero", "ou", "perso", "portable", "pro", "secu", "sms", "ss", "tel", "telephone",
        "visa", "vitale", "whatsapp",
    ]),
};

const LOCAL: LocalWords = LocalWords {
    title_fields: WordList::new(&["objet", "resume", "sujet", "titre"]),
    description_fields: WordList::new(&["description", "detail", "details"]),
    place_fields: WordList::new(&["bureau", "emplacement", "lieu", "localisation", "site"]),
    equipment_fields: WordList::new(&["appareil", "equipement", "materiel concerne"]),
    priority_fields: WordList::new(&["priorite", "urgence"]),
    low_levels: WordList::new(&["bas", "basse", "faible", "mineure"]),
    normal_levels: WordList::new(&["moyenne", "normal", "normale", "standard"]),
    high_levels: WordList::new(&["elevee", "haut", "haute", "majeure", "urgent", "urgente"]),
    critical_levels: WordList::new(&["bloquante", "critique", "vitale"]),
    place_nouns: WordList::new(&[
        "agence", "batiment", "bureau", "bureaux", "campus", "centre", "depot", "entrepot", "etage", "magasin",
        "salle", "siege", "site", "usine",
    ]),
    value_links: WordList::new(&["d", "de", "est", "n", "no", "numero"]),
    bare_verbs: WordList::new(&[]),
    questions: WordList::new(&["comment", "faire"]),
    limits: WordList::new(&["mal", "qu", "que"]),
    clock_units: WordList::new(&["h", "min", "mn"]),
    duration_units: WordList::new(&["h", "heure", "heures", "min", "minute", "minutes", "mn"]),
    quantity_units: WordList::new(&["cm", "go", "h", "min", "mm", "mn", "mo"]),
    countdowns: WordList::new(&["dans", "sous"]),
    small_numbers: WordList::new(&["deux", "dix", "moins", "un", "une"]),
    deadlines: WordList::new(&["a", "avant"]),
    number_signs: WordList::new(&["n", "no", "nr", "num", "numero"]),
    letter_words: WordList::new(&["a", "d", "j", "l", "m", "n", "s", "t", "y"]),
    ordinal_endings: WordList::new(&["e", "eme", "er", "ere", "ieme", "nd", "nde"]),
    inside: WordList::new(&["a"]),
    town_prepositions: WordList::new(&["a", "de", "depuis", "sur", "vers"]),
    head_last_places: WordList::new(&[]),
    web_nouns: WordList::new(&[]),
    department_prepositions: WordList::new(&["a", "au", "aux", "dans"]),
    department_origins: WordList::new(&["de", "du"]),
    home_prepositions: WordList::new(&["a", "de", "depuis", "en", "la"]),
    purpose_links: WordList::new(&["d", "de"]),
    definite_links: WordList::new(&["du"]),
    verb_subjects: WordList::new(&[]),
    surfaces: WordList::new(&["sur"]),
};
