use std::collections::HashMap;

use super::*;

fn messages() -> Vec<Item> {
    let expect = json!({"categorie": ["Réseau"], "priorite": ["Haute"], "localisation": ["[INCONNU]"],
        "equipement": ["wifi"], "about": ["wifi"]});
    let message = |id: &str, lang: &str| {
        let item = json!({"id": id, "lang": lang, "history": [], "message": id, "expect": expect});
        Item::Analyze(serde_json::from_value(item).unwrap())
    };
    let ticket = json!({"titre": "Panne"});
    let followup = json!({"id": "q", "lang": "fr", "ticket": ticket, "history": [], "field": "localisation",
        "words": ["site"]});
    vec![
        message("a", "fr"),
        message("b", "en"),
        message("c", "fr"),
        Item::Followup(serde_json::from_value(followup).unwrap()),
    ]
}

fn answer(item: &Item, status: u16, data: Value, meta: Value) -> Answer {
    let usage = json!({"prompt_tokens": 100, "completion_tokens": 10});
    let mut body = json!({"success": status == 200, "data": data, "meta": {"usage": usage}});
    body["meta"].as_object_mut().unwrap().extend(meta.as_object().unwrap().clone());
    Answer { id: item.id().to_owned(), asked: item.body(), status, body, latency_us: 20 }
}

#[test]
fn answers_become_figures() {
    let validator = Validator::new(&json!({"components": {"schemas": {"Ticket": {
        "type": "object", "required": ["categorie"], "properties": {"categorie": {"enum": ["Réseau", "Autre"]}}}}}}));
    let items = messages();
    let right = json!({"titre": "Wifi coupé", "categorie": "Réseau", "priorite": "Haute", "description": "Le wifi",
        "localisation": "[INCONNU]", "equipement": "wifi"});
    let mut wrong = right.clone();
    wrong
        .as_object_mut()
        .unwrap()
        .extend(json!({"categorie": "Autre", "localisation": "Paris"}).as_object().unwrap().clone());
    let answers = [
        answer(&items[0], 200, right, json!({"degraded": false, "rejected": 0, "attempts": 1})),
        answer(&items[1], 200, wrong, json!({"degraded": false, "rejected": 1, "attempts": 2})),
        answer(&items[2], 502, Value::Null, json!({"degraded": false, "rejected": 2, "attempts": 3})),
        answer(
            &items[3],
            200,
            json!({"question": "Sur quel site êtes-vous ?", "field": "localisation"}),
            json!({"degraded": false, "rejected": 0, "attempts": 1}),
        ),
    ];
    let path = std::env::temp_dir().join(format!("eval-report-{}.jsonl", std::process::id()));
    let _ = fs::remove_file(&path);
    let mut results = Results::open(&path, &json!({})).unwrap();
    results.extend(answers);
    fs::remove_file(&path).unwrap();
    let report = make(&json!({"backend": "x"}), &items, &results, &validator.unwrap());

    let share = |good, all| Share { good, all };
    assert_eq!(report.answered, share(3, 4));
    let Tickets { valid_before_repair, valid_after_repair, valid_at_the_caller } = report.tickets;
    assert_eq!([valid_before_repair, valid_after_repair, valid_at_the_caller], [share(1, 3), share(2, 3), share(2, 3)]);
    let scores: HashMap<&str, &FieldScore> = report.fields.iter().map(|s| (s.field.as_str(), s)).collect();
    assert_eq!((scores["categorie"].fr, scores["categorie"].en), (share(1, 2), share(0, 1)));
    assert_eq!(scores["titre"].all, share(2, 3));
    assert_eq!(scores["localisation"].unknown, Some(Detection { hits: 1, false_alarms: 0, misses: 2 }));
    assert_eq!(scores["titre"].unknown, None);
    assert_eq!(
        (report.categorie_confusion.at("Réseau", "Autre"), report.categorie_confusion.at("Réseau", "(none)")),
        (1, 1)
    );
    assert_eq!((report.questions.all_right, report.questions.of_the_model), (share(1, 1), share(1, 1)));
    assert_eq!((report.prompt_tokens, report.completion_tokens, report.attempts, report.max_attempts), (400, 40, 7, 3));
    assert_eq!(report.analyze_latency, Latency { p50_us: 20, p99_us: 20 });
    let written = serde_json::to_string(&report).unwrap();
    assert_eq!(serde_json::from_str::<Report>(&written).unwrap(), report);
}
