//! `GET /openapi.json`: the OpenAPI document of the service as it is configured.

use http::StatusCode;
use serde_json::Value;

use crate::http::openapi::{DocumentError, Examples, document};
use crate::http::problem::Problem;
use crate::http::request::Call;
use crate::http::response::Answer;

pub(super) const PATHS: &[&str] = &["/openapi.json"];
pub(super) const METHODS: &str = super::GET;

pub(super) async fn answer<H, B>(call: Call<'_, H, B>) -> Result<Answer, Problem> {
    Answer::json(StatusCode::OK, &document(&call.app()?.config).map_err(Problem::internal)?)
}

pub(super) fn describe(_: &mut Value, _: &Examples<'_>) -> Result<(), DocumentError> {
    Ok(())
}
