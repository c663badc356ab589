//! `GET /hamta/brev`: chosen letters in one ZIP, each in a folder of its own: the signed original and the attachments.

use super::Web;
use super::ports::file_name;
use super::sorting::all_of;
use super::visitor::Reader;
use crate::copies::zip::{Streamed, TooBig};
use crate::mailbox::download::{Files, Picked, download, pick};
use crate::mailbox::sort::Choice;
use crate::web::errors::Fault;
use app::{Asked, asked_letters};
use axum::body::{Body, Bytes};
use axum::extract::{RawQuery, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::http::{HeaderValue, Response};
use axum::response::{IntoResponse as _, Redirect};
use futures::stream::try_unfold;
use std::io;
use uuid::Uuid;

/// The letters are opened one after the other while the archive is being fetched: never more than one is held in memory.
pub(super) async fn letters(
    State(web): State<Web>,
    Reader(person): Reader,
    RawQuery(query): RawQuery,
) -> Result<Response<Body>, Fault> {
    let Asked { letters, all, back } = asked_letters(&query.unwrap_or_default());
    let choice = match &all {
        Some(source) => match all_of(&web.house, &person, source).await? {
            Some(choice) => choice,
            None => return Ok(Redirect::to(&back("fel=for-manga")).into_response()),
        },
        None => Choice::These(letters.iter().filter_map(|id| Uuid::parse_str(&id.0).ok()).collect()),
    };
    let letters = match pick(&web.house, &person, choice).await.map_err(Fault::ours)? {
        Picked::Letters(letters) => letters,
        Picked::TooMany => return Ok(Redirect::to(&back("fel=for-manga")).into_response()),
        Picked::NotFound => return Ok(Redirect::to(&back("fel=inget-valt")).into_response()),
    };
    let many = letters.len();
    let begun = (Some(Streamed::default()), letters.into_iter().enumerate());
    let archive = try_unfold(begun, move |(zip, mut letters)| {
        let (house, person) = (web.house.clone(), person.clone());
        async move {
            let Some(mut zip) = zip else {
                return Ok::<_, io::Error>(None);
            };
            for (n, letter) in letters.by_ref() {
                let files = download(&house, &person, letter).await.map_err(failed)?;
                // A letter that is gone in the meantime is left out.
                if let Some(files) = files {
                    let bytes = packed(&mut zip, n, files).map_err(failed)?;
                    return Ok(Some((Bytes::from(bytes), (Some(zip), letters))));
                }
            }
            let end = zip.end().map_err(failed)?;
            Ok(Some((Bytes::from(end), (None, letters))))
        }
    });
    let mut response = Body::from_stream(archive).into_response();
    let name = format!("attachment; filename=\"brevlada-{many}-brev.zip\"");
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/zip"));
    headers.insert(CONTENT_DISPOSITION, HeaderValue::from_str(&name).map_err(Fault::ours)?);
    Ok(response)
}

/// Logs once why the archive breaks off; the browser says that the download failed.
fn failed<E: std::fmt::Display>(error: E) -> io::Error {
    tracing::error!(%error, "letters could not be downloaded");
    io::Error::other("broken off")
}

/// The bytes of one letter: a numbered folder, so that two letters that are called the same do not meet.
fn packed(zip: &mut Streamed, n: usize, files: Files) -> Result<Vec<u8>, TooBig> {
    let at = files.received_at;
    let called = format!("{} – {}", files.header.sender, files.header.subject);
    let called: String = file_name(&called.replace(['/', '\\'], "-"), 0)
        .chars()
        .take(80)
        .collect();
    let folder = format!("{:03} {} {}", n + 1, at.date(), called.trim_end_matches(['.', ' ']));
    let xml = if files.is_copy { "kopia.xml" } else { "original.xml" };
    let mut bytes = zip.file(&format!("{folder}/{xml}"), files.original.as_bytes(), at)?;
    for (index, attachment) in (0_u32..).zip(&files.attachments) {
        let name = file_name(&attachment.file_name, index);
        let name = format!("{folder}/{:02} {name}", index + 1);
        bytes.extend(zip.file(&name, &attachment.content, at)?);
    }
    Ok(bytes)
}
