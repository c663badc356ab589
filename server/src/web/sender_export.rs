//! `GET /admin/avsandare.csv?nummer=…`: what comes from a sender on each of the last days, as a file.

use super::Web;
use super::errors::Fault;
use super::numbers_export::{csv, lines};
use super::staff::refused;
use crate::login::CurrentStaff;
use crate::support::senders::export;
use axum::Extension;
use axum::extract::{Query, State};
use axum::response::Response;
use serde::Deserialize;

/// What the address asks for.
#[derive(Debug, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    nummer: String,
}

pub(super) async fn file(
    State(web): State<Web>,
    staff: Option<Extension<CurrentStaff>>,
    Query(asked): Query<Asked>,
) -> Result<Response, Fault> {
    let Some(Extension(staff)) = staff else {
        return Err(Fault::SignedOut);
    };
    let days = export(&web.house, &staff.duty, asked.nummer.parse().ok())
        .await
        .map_err(|error| Fault::from(refused(error)))?
        .ok_or(Fault::NotFound)?;
    let columns = days
        .series
        .iter()
        .map(|(figure, told)| (figure.as_str().to_owned(), told.as_slice()));
    let text = lines(&days.days, &columns.collect::<Vec<_>>());
    Ok(csv("attachment; filename=\"avsandare.csv\"", text))
}
