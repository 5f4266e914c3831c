//! French.

use super::{Messages, Texts};

pub(super) const TEXTS: Texts = Texts {
    tag: "fr",
    name_in_prompts: "français",
    ask_for: |field| format!("Pouvez-vous préciser : {field} ?"),
    messages: Messages {
        ticket_analysed: "Ticket analysé avec succès",
        question_ready: "Question de suivi prête",
        ticket_complete: "Le ticket est complet",
        invalid_json: "Le corps de la requête n'est pas du JSON valide.",
        unauthorized: "Une clé d'accès valide est nécessaire.",
        not_found: "Cette adresse n'existe pas.",
        method_not_allowed: "Cette adresse n'accepte pas cette méthode.",
        request_timeout: "Le corps de la requête n'est pas arrivé à temps.",
        body_too_large: "Le corps de la requête est trop volumineux.",
        unsupported_media_type: "Le corps de la requête doit être du JSON (application/json, UTF-8).",
        validation_error: "La requête n'a pas la forme attendue.",
        rate_limited: "Le service de modèles est surchargé ; réessayez plus tard.",
        invalid_configuration: "Le service est mal configuré.",
        internal: "Le service a rencontré une erreur interne.",
        upstream_error: "Le service de modèles n'a pas pu répondre.",
        upstream_invalid_output: "Le modèle n'a pas donné de réponse utilisable.",
        outbound_denied: "L'hébergeur du service interdit l'appel au serveur de modèles.",
        backend_not_configured: "Le service de modèles n'est pas configuré.",
        upstream_timeout: "Le service de modèles n'a pas répondu à temps.",
    },
};
