//! Addresses in another's mailbox: the same pages as in one's own, each under `/hos/{mailbox}`. The mailbox stands in every address, so two
//! windows in two mailboxes never mix, and no session remembers where somebody «is».

use super::visitor::is_under;
use crate::mailbox::access::Whose;
use app::Base;
use axum::extract::Request;
use axum::http::header::LOCATION;
use axum::http::{HeaderValue, Uri};
use axum::middleware::Next;
use axum::response::Response;
use uuid::Uuid;

/// What every such address begins with.
pub(super) const HOS: &str = "/hos";

/// The page with companies that a person acts for, and what lies under it: none of them is in a mailbox.
pub(super) const COMPANIES: &str = "/foretag";

/// Answers that lead to the person's own side of the door, not into the mailbox.
const OUTSIDE: [&str; 6] = ["/", HOS, COMPANIES, "/utloggad", "/logga-in", "/villkor"];

/// In whose mailbox a request is: left with it by [`find`]; without it, in one's own.
#[derive(Clone, Copy, Debug)]
pub(super) struct Elsewhere(pub(super) Uuid);

impl Elsewhere {
    /// In whose mailbox a request is.
    pub(super) fn whose(parts: &axum::http::Extensions) -> Whose {
        parts
            .get::<Self>()
            .map_or(Whose::Own, |elsewhere| Whose::Of(elsewhere.0))
    }
}

/// Where the pages of a mailbox lie.
pub(super) fn base(mailbox: Uuid) -> String {
    format!("{HOS}/{}", mailbox.simple())
}

/// Middleware around all addresses: takes the mailbox out of the address, and puts it back where the answer leads on.
pub(super) async fn find(mut request: Request, next: Next) -> Response {
    let Some((mailbox, inner)) = split(request.uri()) else {
        return next.run(request).await;
    };
    let base = base(mailbox);
    *request.uri_mut() = inner;
    request.extensions_mut().insert(Elsewhere(mailbox));
    request.extensions_mut().insert(Base(base.clone()));
    let mut answer = next.run(request).await;
    let inside = answer
        .headers()
        .get(LOCATION)
        .and_then(|to| to.to_str().ok())
        .filter(|to| leads_inside(to))
        .and_then(|to| HeaderValue::from_str(&format!("{base}{to}")).ok());
    if let Some(inside) = inside {
        answer.headers_mut().insert(LOCATION, inside);
    }
    answer
}

/// The mailbox that an address names, and the address within it.
fn split(address: &Uri) -> Option<(Uuid, Uri)> {
    let (mailbox, rest) = address.path().strip_prefix(HOS)?.strip_prefix('/')?.split_once('/')?;
    // One way to write it, so that one page has one address.
    let mailbox = Uuid::parse_str(mailbox)
        .ok()
        .filter(|id| id.simple().to_string() == mailbox)?;
    // The staff's side lies in nobody's mailbox.
    if is_under(&["/admin", "/api/admin"], &format!("/{rest}")) {
        return None;
    }
    let query = address.query().map(|query| format!("?{query}")).unwrap_or_default();
    Some((mailbox, format!("/{rest}{query}").parse().ok()?))
}

fn leads_inside(to: &str) -> bool {
    let path = to.split(['?', '#']).next().unwrap_or_default();
    path.starts_with('/') && !path.starts_with("//") && !is_under(&OUTSIDE, path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(address: &str) -> Option<(String, String)> {
        let (mailbox, inner) = split(&address.parse().unwrap())?;
        Some((mailbox.simple().to_string(), inner.to_string()))
    }

    #[test]
    fn the_mailbox_is_taken_out_of_the_address() {
        let id = "0193f0c2a1b27c3d8e4f5a6b7c8d9e0f";
        assert_eq!(
            parts(&format!("/hos/{id}/brev/1?lista=%2Finkorg")),
            Some((id.to_owned(), "/brev/1?lista=%2Finkorg".to_owned()))
        );
        assert_eq!(parts(&format!("/hos/{id}/")), Some((id.to_owned(), "/".to_owned())));
        for none in [
            "/inkorg",
            "/hos",
            "/hos/",
            "/hos/x/inkorg",
            &format!("/hos/{id}"),
            &format!("/hos/{id}/admin/ko"),
            "/hosta/x/y",
        ] {
            assert_eq!(parts(none), None, "{none}");
        }
        assert_eq!(
            parts(&format!("/hos/{}/inkorg", id.to_uppercase())),
            None,
            "one way to write it"
        );
    }

    #[test]
    fn what_leads_out_of_the_mailbox_is_left_alone() {
        for inside in ["/inkorg", "/brev/1?a=/", "/hjalp#kontakt", "/hosta"] {
            assert!(leads_inside(inside), "{inside}");
        }
        for outside in [
            "/",
            "/?vidare=x",
            "/hos",
            "/hos?sag=ja",
            "/foretag/165599999033",
            "/hos/1/inkorg",
            "/utloggad?skal=tid",
            "/logga-in/fel",
            "https://a.example/",
            "//a.example",
        ] {
            assert!(!leads_inside(outside), "{outside}");
        }
    }
}
