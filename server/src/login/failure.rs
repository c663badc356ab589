//! What a person is told when a login came to nothing: a closed list of codes for the page `/logga-in/fel`, and a
//! reference number that the log has too.

use super::entity::Side;
use super::saml::response::{Refusal, Status};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Redirect, Response};

/// Why, as far as the person is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The person stopped.
    Cancelled,
    /// The e-legitimation may be misused: turn to its issuer.
    Suspected,
    /// The e-legitimation is not of level 3.
    Level,
    /// The e-legitimation carries no Swedish number that we may use.
    NoSwedishNumber,
    /// It took too long, was done twice, or was begun in another browser: begin again.
    Expired,
    /// Whoever it is, they are none of the staff; or they are locked out. Said on the staff's side alone.
    NotStaff,
    /// The mailbox is locked, as its holder asked. Said on the people's side alone.
    Locked,
    /// Anything else.
    Technical,
}

impl Failure {
    /// Every failure, for the page that explains them.
    pub const ALL: [Failure; 8] = [
        Failure::Cancelled,
        Failure::Suspected,
        Failure::Level,
        Failure::NoSwedishNumber,
        Failure::Expired,
        Failure::NotStaff,
        Failure::Locked,
        Failure::Technical,
    ];

    /// The code in the address.
    pub fn code(self) -> &'static str {
        match self {
            Failure::Cancelled => "avbruten",
            Failure::Suspected => "misstankt",
            Failure::Level => "niva",
            Failure::NoSwedishNumber => "nummer",
            Failure::Expired => "gammal",
            Failure::NotStaff => "okand",
            Failure::Locked => "last",
            Failure::Technical => "tekniskt",
        }
    }

    /// The outcome that is counted.
    fn outcome(self) -> &'static str {
        match self {
            Failure::Cancelled => "cancelled",
            Failure::Suspected => "suspected",
            Failure::Level => "level",
            Failure::NoSwedishNumber => "no_number",
            Failure::Expired => "expired",
            Failure::NotStaff => "unknown",
            Failure::Locked => "locked",
            Failure::Technical => "technical",
        }
    }

    /// Sends the browser to the page that explains it.
    pub(super) fn page(self, side: Side, reference: &str) -> Response {
        let page = match side {
            Side::People => {
                metrics::counter!("brevlada_logins_total", "outcome" => self.outcome()).increment(1);
                "/logga-in/fel"
            }
            Side::Staff => {
                metrics::counter!("brevlada_staff_logins_total", "outcome" => self.outcome()).increment(1);
                "/admin/logga-in"
            }
        };
        let mut response = Redirect::to(&format!("{page}?kod={}&ref={reference}", self.code())).into_response();
        response
            .headers_mut()
            .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Status(Status::Cancelled) => Failure::Cancelled,
            Refusal::Status(Status::Fraud) => Failure::Suspected,
            Refusal::WrongLevel => Failure::Level,
            Refusal::NoSwedishNumber => Failure::NoSwedishNumber,
            Refusal::NotOfNow => Failure::Expired,
            _ => Failure::Technical,
        }
    }
}
