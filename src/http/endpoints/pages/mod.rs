//! `GET /` and `GET /docs`: the console and Swagger UI, and the files that they load.

use serde_json::Value;

use crate::http::assets;
use crate::http::openapi::{DocumentError, Examples};
use crate::http::problem::Problem;
use crate::http::request::Call;
use crate::http::response::Answer;

pub(super) const PATHS: &[&str] = assets::PATHS;
pub(super) const METHODS: &str = super::GET;

pub(super) async fn answer<H, B>(call: Call<'_, H, B>) -> Result<Answer, Problem> {
    call.app()?;
    let path = call.context.path();
    let file = assets::FILES.iter().find(|file| file.path == path).ok_or(Problem::NotFound)?;
    assets::serve(file, &call.parts.headers)
}

pub(super) fn describe(_: &mut Value, _: &Examples<'_>) -> Result<(), DocumentError> {
    Ok(())
}
