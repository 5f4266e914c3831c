//! Personal data: replaced before calls that `redact_pii` covers, restored in the answer.

use serde_json::{Value, json};

use crate::harness::*;

/// Personal data as customers write it, with valid checksums.
fn personal() -> Vec<(&'static str, String)> {
    let social_security = 1_850_578_006_084_u64;
    let nir = format!("1 85 05 78 006 084 {:02}", 97 - social_security % 97);
    [
        ("e-mail", "jean.dupont+aide@exemple.fr"),
        ("French phone", "06 12 34 56 78"),
        ("French phone, dotted", "01.23.45.67.89"),
        ("French phone, joined", "0612345678"),
        ("international phone", "+33 6 12 34 56 78"),
        ("foreign phone", "+44 20 7946 0958"),
        ("IBAN", "FR76 3000 6000 0112 3456 7890 189"),
        ("IBAN, joined", "DE89370400440532013000"),
        ("card", "4111 1111 1111 1111"),
        ("card, joined", "5555555555554444"),
        ("social security", nir.as_str()),
        ("IPv4 address", "192.168.12.34"),
        ("IPv6 address", "2001:db8:85a3::8a2e:370:7334"),
    ]
    .map(|(kind, text)| (kind, text.to_owned()))
    .to_vec()
}

/// Numbers and codes that are not personal data.
const KEPT: [&str; 9] = [
    "0x80070005", "10.0.19045", "12/03/2024", "14:30", "2024-03-12", "LaserJet 4250", "Windows 11", "E-1042",
    "KB5034441",
];

/// A model that repeats the text between the two marks.
fn repeats() -> Turn {
    turn(|request| {
        let user = request.user();
        let repeated =
            user.split_once("DEBUT ").and_then(|(_, rest)| rest.split_once(" FIN")).map(|(repeated, _)| repeated);
        let description = format!("Contact : {} noté", repeated.unwrap_or("rien"));
        Speech::new(&ticket_with(&json!({"description": description})).to_string()).reply(request)
    })
}

fn marked(personal: &str) -> Value {
    json!({"message": format!("Mon imprimante est en panne, DEBUT {personal} FIN merci")})
}

#[test]
fn personal_data_is_redacted_for_the_cloud_and_restored() {
    let upstream = Upstream::start([]);
    let server = upstream.serve(Dialect::Completions, &[]);
    for (kind, text) in personal() {
        upstream.script([repeats()]);
        let body = success(&server.post("/analyze", &marked(&text)));
        let sent = upstream.call().text();
        assert!(!sent.contains(&text), "{kind} was sent: {sent}");
        assert_eq!(body["data"]["description"], format!("Contact : {text} noté"), "{kind}");
        upstream.script([repeats()]);
        let body = result_event(EventStream::open(&server, "/analyze", &marked(&text)));
        assert!(!upstream.call().text().contains(&text), "{kind} was sent in a stream");
        assert_eq!(body["data"]["description"], format!("Contact : {text} noté"), "{kind}");
    }
}

#[test]
fn codes_versions_dates_and_models_are_kept() {
    let upstream = Upstream::start([says(&ticket())]);
    let server = upstream.serve(Dialect::Completions, &[]);
    success(&server.analyze(&format!("Panne avec {}", KEPT.join(" puis "))));
    let user = upstream.call().user();
    for kept in KEPT {
        assert!(user.contains(kept), "{kept} was taken for personal data: {user}");
    }
}

#[test]
fn message_history_and_ticket_share_their_placeholders() {
    let (mail, phone) = ("jean.dupont@exemple.fr", "06 12 34 56 78");
    let upstream = Upstream::start([says(&ticket())]);
    let server = upstream.serve(Dialect::Completions, &[]);
    let line = |place: &str, text: &str| format!("{place} DEBUT {text} FIN");
    let history = json!([line("un", mail), {"role": "assistant", "content": line("deux", phone)}]);
    success(&server.post("/analyze", &json!({"message": line("trois", mail), "history": history})));
    let analyze = upstream.call().user();
    upstream.script([asks("Où se trouve l'imprimante ?")]);
    let ticket = json!({"titre": line("un", mail), "equipement": line("deux", phone)});
    success(&server.post("/followup", &json!({"ticket": ticket, "history": [line("trois", mail)]})));
    let followup = upstream.call().user();
    for sent in [analyze, followup] {
        assert!(!sent.contains(mail) && !sent.contains(phone), "{sent}");
        let placeholder = |place: &str| {
            let (_, rest) = sent.split_once(&format!("{place} DEBUT ")).unwrap_or_else(|| panic!("{place}: {sent}"));
            rest.split_once(" FIN").expect("the mark").0.to_owned()
        };
        assert_eq!(placeholder("un"), placeholder("trois"), "one address, two placeholders: {sent}");
        assert_ne!(placeholder("un"), placeholder("deux"), "two people, one placeholder: {sent}");
    }
}

#[test]
fn repairs_and_further_backends_are_covered() {
    let mail = "jean.dupont@exemple.fr";
    let (ollama, mistral) = (Upstream::start([replies(Reply::status(400))]), Upstream::start([]));
    let origin = ollama.origin();
    let chain = [("MODEL_BACKEND", "ollama,mistral"), ("OLLAMA_ORIGIN", origin.as_str())];
    let server = mistral.serve(Dialect::Completions, &chain);
    mistral.script([says_text("pas de JSON"), repeats()]);
    let body = success(&server.post("/analyze", &marked(mail)));
    assert_eq!(body["data"]["description"], format!("Contact : {mail} noté"));
    assert!(ollama.call().text().contains(mail), "a local server gets the original text");
    assert_eq!(mistral.calls().len(), 2);
    assert!(mistral.calls().iter().all(|call| !call.text().contains(mail)), "an address went to the cloud");
}

#[test]
fn redact_pii_selects_the_covered_backends() {
    let mail = "jean.dupont@exemple.fr";
    let check = |dialect: Dialect, setting: &[(&str, &str)], redacted: bool| {
        let upstream = Upstream::start([repeats()]);
        let body = success(&upstream.serve(dialect, setting).post("/analyze", &marked(mail)));
        assert_eq!(upstream.call().text().contains(mail), !redacted, "{dialect:?} {setting:?}");
        assert_eq!(body["data"]["description"], format!("Contact : {mail} noté"), "{dialect:?} {setting:?}");
    };
    check(Dialect::Generate, &[], false);
    check(Dialect::Chat, &[("REDACT_PII", "cloud")], false);
    check(Dialect::Generate, &[("REDACT_PII", "always")], true);
    check(Dialect::Chat, &[("REDACT_PII", "always")], true);
    check(Dialect::Completions, &[("REDACT_PII", "cloud")], true);
    check(Dialect::Completions, &[("REDACT_PII", "never")], false);
    check(Dialect::Generate, &[("REDACT_PII", "never")], false);
}
