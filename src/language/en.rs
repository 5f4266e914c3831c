//! English.

use super::{Messages, Texts};

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
        validation_error: "The request does not have the expected shape.",
        rate_limited: "The model service is overloaded; try again later.",
        invalid_configuration: "The service is misconfigured.",
        internal: "The service met an internal error.",
        upstream_error: "The model service could not answer.",
        upstream_invalid_output: "The model gave no usable answer.",
        outbound_denied: "The service's host forbids the call to the model server.",
        backend_not_configured: "The model service is not configured.",
        upstream_timeout: "The model service did not answer in time.",
    },
};
