//! `POST /staff/lokal`: somebody of the staff logs in to a local account, with a password and a code.

use super::cookie::Cookie;
use super::desk::LoginDesk;
use super::entity::Side;
use super::session::SessionError;
use super::start::local;
use crate::support::SupportError;
use crate::support::local::{Judged, Refused, Typed, judge, log_in};
use axum::Form;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Redirect, Response};
use serde::Deserialize;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::timeout;
use zeroize::Zeroizing;

/// How long one waits for the place where passwords are judged.
const WAIT_FOR_PLACE: Duration = Duration::from_secs(2);

/// The longest of what is typed that is looked at.
const LONGEST: usize = 200;

/// What the page posts.
#[derive(Deserialize)]
pub(super) struct Credentials {
    #[serde(default)]
    namn: String,
    #[serde(default)]
    losenord: Zeroizing<String>,
    #[serde(default)]
    kod: String,
    vidare: Option<String>,
}

/// Why it could not be judged.
#[derive(Debug, thiserror::Error)]
enum Problem {
    #[error(transparent)]
    Support(#[from] SupportError),
    #[error(transparent)]
    Session(#[from] SessionError),
    #[error("every place where passwords are judged is taken")]
    Busy,
    #[error("the judging did not come to an end")]
    Broken,
}

impl From<crate::db::DbError> for Problem {
    fn from(error: crate::db::DbError) -> Self {
        Self::Support(error.into())
    }
}

pub(super) async fn enter(
    State(desk): State<Arc<LoginDesk>>,
    headers: HeaderMap,
    Form(form): Form<Credentials>,
) -> Response {
    let next = local(Side::Staff, form.vidare.as_deref());
    let mut response = match admitted(&desk, &headers, form).await {
        Ok(Ok(value)) => {
            let mut response = Redirect::to(&next).into_response();
            let cookies = desk.sessions.cookies();
            cookies.set(response.headers_mut(), Cookie::StaffSession, &value);
            response
        }
        Ok(Err(Refused::Wrong)) => Redirect::to("/admin/logga-in/lokal?fel=fel").into_response(),
        Ok(Err(Refused::Wait)) => Redirect::to("/admin/logga-in/lokal?fel=vanta").into_response(),
        Err(Problem::Busy) => StatusCode::TOO_MANY_REQUESTS.into_response(),
        Err(problem) => {
            tracing::error!(%problem, "a local login could not be judged");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    };
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

async fn admitted(
    desk: &Arc<LoginDesk>,
    headers: &HeaderMap,
    form: Credentials,
) -> Result<Result<String, Refused>, Problem> {
    if [&form.namn, &form.kod, &*form.losenord]
        .iter()
        .any(|text| text.len() > LONGEST)
    {
        return Ok(Err(Refused::Wrong));
    }
    let typed = Typed {
        name: form.namn,
        password: form.losenord,
        code: form.kod,
    };
    let judged = judged(desk, typed).await?;
    let mut tx = desk.house.db.begin().await?;
    let outcome = match log_in(&mut tx, &desk.house, judged).await? {
        Ok(member) => {
            desk.staff.end_of(&mut tx, headers).await?;
            Ok(desk.staff.begin(&mut tx, member.id).await?)
        }
        Err(refused) => Err(refused),
    };
    tx.commit().await?;
    Ok(outcome)
}

/// One password at a time, and the place is kept until it is judged, also when whoever asked has gone: strangers who try many take no more
/// of the processors than one.
async fn judged(desk: &Arc<LoginDesk>, typed: Typed) -> Result<Judged, Problem> {
    let place = timeout(WAIT_FOR_PLACE, desk.judging.clone().acquire_owned());
    let place = place.await.map_err(|_| Problem::Busy)?.map_err(|_| Problem::Broken)?;
    let house = desk.house.clone();
    let judging = tokio::spawn(async move {
        let _place = place;
        judge(&house, typed).await
    });
    Ok(judging.await.map_err(|_| Problem::Broken)??)
}
