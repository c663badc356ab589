//! The parts of a letter that have addresses of their own: its text in a frame, and its attachments.

use super::Web;
use super::headers::LETTER_POLICY;
use super::ports::{file_name, opened};
use crate::domain::body::media_type;
use crate::mailbox::attachment::{Fetched, fetch_attachment};
use crate::mailbox::letter::open_again;
use crate::web::errors::Fault;
use crate::web::visitor::{Reader, language};
use app::letter_document;
use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue, Response};
use axum::response::{Html, IntoResponse};
use serde::Deserialize;
use std::fmt::Write as _;
use uuid::Uuid;

/// `GET /brev/{id}/text`: the cleaned body as a document of its own.
pub(super) async fn text(
    State(web): State<Web>,
    Reader(person): Reader,
    headers: HeaderMap,
    Path(letter): Path<String>,
) -> Result<Response<Body>, Fault> {
    let id = Uuid::parse_str(&letter).map_err(|_| Fault::NotFound)?;
    let letter = opened(open_again(&web.house, &person, id).await)?;
    let mut response = Html(letter_document(&letter, language(&headers))).into_response();
    response.headers_mut().insert(CONTENT_SECURITY_POLICY, LETTER_POLICY);
    Ok(response)
}

/// How an attachment is wanted.
#[derive(Deserialize)]
pub(super) struct How {
    /// `1`: shown by the browser, when it is a PDF.
    visa: Option<String>,
}

/// `GET /brev/{id}/bilaga/{index}/{name}`: the attachment as it was signed. Only a PDF is ever shown; all else is saved.
pub(super) async fn attachment(
    State(web): State<Web>,
    Reader(person): Reader,
    Path((letter, index, _name)): Path<(String, u32, String)>,
    Query(how): Query<How>,
) -> Result<Response<Body>, Fault> {
    let id = Uuid::parse_str(&letter).map_err(|_| Fault::NotFound)?;
    let place = usize::try_from(index).map_err(|_| Fault::NotFound)?;
    let attachment = match fetch_attachment(&web.house, &person, id, place)
        .await
        .map_err(Fault::ours)?
    {
        Fetched::Attachment(attachment) => attachment,
        Fetched::NotFound => return Err(Fault::NotFound),
    };
    let is_pdf = attachment.content.starts_with(b"%PDF-");
    let shown = is_pdf && how.visa.as_deref() == Some("1");
    let media = media_type(&attachment.content_type);
    // The sender's word for the type is only told to the browser when it is harmless to believe it.
    let media = match media.as_str() {
        "application/pdf" if is_pdf => "application/pdf",
        "image/png" | "image/jpeg" | "text/plain" if !shown => media.as_str(),
        _ => "application/octet-stream",
    };
    let disposition = disposition(
        if shown { "inline" } else { "attachment" },
        &file_name(&attachment.file_name, index),
    );
    let mut response = Response::new(Body::empty());
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_str(media).map_err(Fault::ours)?);
    headers.insert(CONTENT_LENGTH, HeaderValue::from(attachment.content.len()));
    headers.insert(
        CONTENT_DISPOSITION,
        HeaderValue::from_str(&disposition).map_err(Fault::ours)?,
    );
    *response.body_mut() = Body::from(attachment.content);
    Ok(response)
}

/// RFC 6266: the name in UTF-8, percent-encoded, and a plain one for what does not read that.
fn disposition(kind: &str, name: &str) -> String {
    let plain: String = name
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || ".-_ ".contains(c) {
                c
            } else {
                '_'
            }
        })
        .collect();
    let mut encoded = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b".-_".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    format!("{kind}; filename=\"{plain}\"; filename*=UTF-8''{encoded}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_swedish_file_name_reaches_the_disk() {
        assert_eq!(
            disposition("attachment", "Så gör du.pdf"),
            "attachment; filename=\"S_ g_r du.pdf\"; filename*=UTF-8''S%C3%A5%20g%C3%B6r%20du.pdf"
        );
    }
}
