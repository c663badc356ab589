//! The parts of a letter that have addresses of their own: its text in a frame, and its attachments.

use super::Web;
use super::headers::{LETTER_POLICY, PICTURE_POLICY};
use super::ports::{cleaned, file_name, opened};
use crate::domain::body::media_type;
use crate::mailbox::attachment::{Fetched, fetch_attachment};
use crate::mailbox::letter::open_again;
use crate::web::errors::Fault;
use crate::web::visitor::{Reader, language, look};
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
    let letter = cleaned(opened(open_again(&web.house, &person, id).await)?).await?;
    let mut response = Html(letter_document(&letter, language(&headers), look(&headers))).into_response();
    response.headers_mut().insert(CONTENT_SECURITY_POLICY, LETTER_POLICY);
    Ok(response)
}

/// `GET /brev/{id}/textfil`: the body as it was signed, to save, for who wants more of it than can be shown.
pub(super) async fn text_file(
    State(web): State<Web>,
    Reader(person): Reader,
    Path(letter): Path<String>,
) -> Result<Response<Body>, Fault> {
    let id = Uuid::parse_str(&letter).map_err(|_| Fault::NotFound)?;
    let body = opened(open_again(&web.house, &person, id).await)?.message.body;
    let name = match media_type(&body.content_type).as_str() {
        "text/html" => "brev.html",
        _ => "brev.txt",
    };
    saved(
        "application/octet-stream",
        &disposition("attachment", name),
        body.content,
    )
}

/// How an attachment is wanted.
#[derive(Deserialize)]
pub(super) struct How {
    /// `1`: shown by the browser, when it is a PDF or a picture.
    visa: Option<String>,
}

/// What the browser may show by itself, told by the first bytes: never by the sender's word for it.
pub(super) fn shown_as(content: &[u8]) -> Option<&'static str> {
    [
        (b"%PDF-".as_slice(), "application/pdf"),
        (b"\x89PNG\r\n\x1a\n".as_slice(), "image/png"),
        (b"\xff\xd8\xff".as_slice(), "image/jpeg"),
    ]
    .into_iter()
    .find_map(|(beginning, media)| content.starts_with(beginning).then_some(media))
}

/// `GET /brev/{id}/bilaga/{index}/{name}`: the attachment as it was signed. PDF and pictures are shown when that is asked for; all
/// else is saved.
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
    let known = shown_as(&attachment.content);
    let shown = known.is_some() && how.visa.as_deref() == Some("1");
    let media = match known {
        Some(media) => media,
        // The sender's word is told to the browser only where it is harmless to believe it.
        None if media_type(&attachment.content_type) == "text/plain" => "text/plain",
        None => "application/octet-stream",
    };
    let disposition = disposition(
        if shown { "inline" } else { "attachment" },
        &file_name(&attachment.file_name, index),
    );
    let mut response = saved(media, &disposition, attachment.content)?;
    if shown && media != "application/pdf" {
        response.headers_mut().insert(CONTENT_SECURITY_POLICY, PICTURE_POLICY);
    }
    Ok(response)
}

fn saved(media: &str, disposition: &str, content: Vec<u8>) -> Result<Response<Body>, Fault> {
    let mut response = Response::new(Body::empty());
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_str(media).map_err(Fault::ours)?);
    headers.insert(CONTENT_LENGTH, HeaderValue::from(content.len()));
    headers.insert(
        CONTENT_DISPOSITION,
        HeaderValue::from_str(disposition).map_err(Fault::ours)?,
    );
    *response.body_mut() = Body::from(content);
    Ok(response)
}

/// RFC 6266: the name in UTF-8, percent-encoded, and a plain one for what does not read that.
pub(super) fn disposition(kind: &str, name: &str) -> String {
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
    fn only_the_first_bytes_decide_what_is_shown() {
        assert_eq!(shown_as(b"%PDF-1.7"), Some("application/pdf"));
        assert_eq!(shown_as(b"\x89PNG\r\n\x1a\n\0"), Some("image/png"));
        assert_eq!(shown_as(b"\xff\xd8\xff\xe0"), Some("image/jpeg"));
        assert_eq!(shown_as(b"<svg onload=alert(1)>"), None);
        assert_eq!(shown_as(b"<html>%PDF-"), None);
        assert_eq!(shown_as(b""), None);
    }

    #[test]
    fn a_swedish_file_name_reaches_the_disk() {
        assert_eq!(
            disposition("attachment", "Så gör du.pdf"),
            "attachment; filename=\"S_ g_r du.pdf\"; filename*=UTF-8''S%C3%A5%20g%C3%B6r%20du.pdf"
        );
    }
}
