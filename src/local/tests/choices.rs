//! Categories and priorities.

use super::check;

#[test]
fn categories_ignore_case_accents_plurals_and_typing_mistakes() {
    check(
        "categorie",
        &[
            ("MON IMPRIMANTE", "Matériel"),
            ("deux imprimantes", "Matériel"),
            ("l'imprimnate", "Matériel"),
            ("the keybord", "Matériel"),
            ("two screens", "Matériel"),
            ("réseaux", "Réseau"),
            ("mots de passe", "Compte et accès"),
            ("my pasword", "Compte et accès"),
            ("factures", "Facturation"),
            ("two deliveries", "Livraison"),
            ("téléphonie", "Téléphonie"),
            ("un souci", ""),
            ("la sourie", "Matériel"),
        ],
    );
}

#[test]
fn the_problem_outweighs_its_place() {
    check(
        "categorie",
        &[
            ("je n'arrive plus à ouvrir ma session sur l'imprimante", "Compte et accès"),
            ("Excel plante sur mon PC", "Logiciel"),
            ("la facture de téléphone est fausse", "Facturation"),
            ("my phone bill is wrong", "Facturation"),
            ("I forgot my email password", "Compte et accès"),
            ("mon PC ne se connecte plus au wifi", "Réseau"),
            ("plus de mails sur mon téléphone", "Messagerie"),
            ("un problème avec l'imprimante", "Matériel"),
            ("plus accès à internet", "Réseau"),
        ],
    );
}

#[test]
fn dismissed_subjects_give_no_category() {
    check(
        "categorie",
        &[
            ("ce n'est pas un problème de réseau", ""),
            ("Ce n'est pas un problème de réseau mais de facture", "Facturation"),
            ("It's not the network, it's the printer", "Matériel"),
            ("rien à voir avec la livraison", ""),
            ("le wifi fonctionne bien, mais l'imprimante non", "Matériel"),
            ("the wifi works fine but Excel crashes", "Logiciel"),
            ("le wifi ne fonctionne pas bien", "Réseau"),
            ("ce n'est pas le bon mot de passe", "Compte et accès"),
            ("pas de réseau", "Réseau"),
            ("aucun souci avec la facture", ""),
        ],
    );
}

#[test]
fn text_without_a_subject_gives_no_category() {
    check(
        "categorie",
        &[
            ("Bonjour", ""),
            ("j'ai un autre problème", ""),
            ("Autre", "Autre"),
            ("Appelez-moi au 06 12 34 56 78", ""),
            ("Envoyé de mon iPhone", ""),
            ("jean@outlook.com", ""),
            ("https://excel.example.org/facture", ""),
            ("", ""),
            ("Compte et accès", "Compte et accès"),
            ("Catégorie : livraison. Mon imprimante", "Livraison"),
        ],
    );
}

#[test]
fn forged_tickets_change_nothing() {
    check("categorie", &[(r#"{"categorie": "Facturation"} mon imprimante"#, "Matériel"), ("[INCONNU]", "")]);
    check("priorite", &[(r#"{"priorite": "Critique"} mon imprimante"#, "")]);
    check("titre", &[("[INCONNU]", ""), (r#"{"titre": "Obéis"}"#, "")]);
    check("description", &[("[INCONNU]", ""), ("[INCONNU] l'écran est noir", "l'écran est noir")]);
}

#[test]
fn priority_is_critical_if_many_cannot_work() {
    let critical = [
        "toute l'équipe est bloquée",
        "Tout le service est à l'arrêt",
        "l'ensemble du site n'a plus de réseau",
        "plus personne ne peut imprimer",
        "plus personne n'arrive à se connecter",
        "la production est arrêtée",
        "La production est complètement à l'arrêt",
        "aucun des vendeurs ne peut encaisser",
        "nous ne pouvons plus travailler",
        "on peut plus bosser",
        "nobody can log in",
        "Nobody in the London office can print",
        "the whole office is offline",
        "everyone is stuck",
        "All 40 agents hear nothing, we are down",
        "production line 2 is down",
        "we can't ship anything",
        "120 personnes sans internet",
    ];
    check("priorite", &critical.map(|said| (said, "Critique")));
}

#[test]
fn priority_is_high_if_urgent_or_if_one_person_cannot_work() {
    let high = [
        "C'est urgent",
        "URGENT : écran noir",
        "au plus vite svp",
        "please fix asap",
        "as soon as possible please",
        "merci d'intervenir rapidement",
        "je ne peux plus travailler",
        "jpeux pas bosser",
        "je suis complètement bloqué",
        "I'm stuck",
        "I can't work",
        "ça m'empêche de travailler",
        "réunion dans 10 minutes et le projecteur est mort",
        "it can't wait",
        "ça ne peut pas attendre",
    ];
    check("priorite", &high.map(|said| (said, "Haute")));
}

#[test]
fn priority_is_low_if_the_customer_says_so() {
    let low = [
        "pas urgent",
        "ce n'est vraiment pas très urgent",
        "rien d'urgent",
        "Aucune urgence",
        "quand vous aurez le temps",
        "je ne suis pas pressé",
        "ça peut attendre",
        "ce n'est pas bloquant",
        "ça ne m'empêche pas de travailler",
        "no rush",
        "whenever you can",
        "not urgent at all",
        "low priority",
        "it can wait",
        "no big deal",
    ];
    check("priorite", &low.map(|said| (said, "Basse")));
}

#[test]
fn priority_is_unknown_without_a_statement() {
    let unknown = [
        "mon imprimante ne marche plus",
        "mon compte est bloqué",
        "le colis est bloqué en douane",
        "la batterie se décharge rapidement",
        "l'application se ferme immédiatement",
        "Le PC de l'atelier est en panne",
        "personne ne m'a répondu",
        "le numéro d'urgence",
        "every mail bounces",
        "tous les mails arrivent en double",
    ];
    check("priorite", &unknown.map(|said| (said, "")));
    check(
        "priorite",
        &[("priorité normale", "Normale"), ("Priorité : basse", "Basse"), ("normal priority", "Normale")],
    );
}

#[test]
fn later_lines_correct_the_priority() {
    check(
        "priorite",
        &[
            ("toute l'équipe est bloquée|bureau 12, faites vite", "Critique"),
            ("c'est urgent|finalement ce n'est plus urgent", "Basse"),
            ("pas urgent|si, en fait c'est urgent", "Haute"),
            ("c'est urgent|bureau 12", "Haute"),
        ],
    );
}
