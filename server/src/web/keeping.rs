//! What a person keeps outside the mailbox: the port of the pages, and the addresses that files are fetched from.
//!
//! They lie under `/hamta`, which the island that turns pages leaves to the browser.

use super::Web;
use super::errors::Fault;
use super::letter_parts::disposition;
use super::ports::unavailable;
use super::visitor::{Reader, language};
use crate::copies::pdf::PdfError;
use crate::copies::{LetterCopy, eml, paper};
use crate::domain::calendar::day_in_sweden;
use crate::house::House;
use crate::labour::labour;
use crate::mailbox::access::Person;
use crate::mailbox::copy::{Copied, copy_letter};
use crate::mailbox::export::{self, Download, Fetched, Started, fetch_export};
use crate::store::export::{ExportRow, State as Stored};
use app::ports::{Export, Keeping, PortError, StartExport};
use app::{CopyWords, Language};
use async_trait::async_trait;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue, Response};
use axum::response::{IntoResponse as _, Redirect};
use futures::stream;
use uuid::Uuid;

/// What the person who is logged in keeps outside the mailbox.
#[derive(Debug)]
pub(super) struct OwnKeeping {
    pub(super) house: House,
    pub(super) person: Person,
    pub(super) language: Language,
    pub(super) makes_pdf: bool,
}

#[async_trait]
impl Keeping for OwnKeeping {
    fn makes_pdf(&self) -> bool {
        self.makes_pdf
    }

    async fn export(&self) -> Result<Export, PortError> {
        let row = export::export(&self.house, &self.person).await.map_err(unavailable)?;
        Ok(row.map_or(Export::None, told))
    }

    async fn start_export(&self) -> Result<StartExport, PortError> {
        match export::start_export(&self.house, &self.person, self.language)
            .await
            .map_err(unavailable)?
        {
            Started::Started => Ok(StartExport::Started),
            Started::Working => Ok(StartExport::Working),
            Started::NotFound => Err(PortError::NotFound),
        }
    }

    async fn remove_export(&self) -> Result<(), PortError> {
        export::remove_export(&self.house, &self.person)
            .await
            .map_err(unavailable)
    }
}

fn told(row: ExportRow) -> Export {
    let number = |n: i64| u64::try_from(n).unwrap_or(0);
    match row.state {
        Stored::Working => Export::Working {
            done: number(row.done),
            letters: number(row.letters),
            held_up: row.held_up_at.is_some(),
        },
        Stored::Ready => Export::Ready {
            address: format!("/hamta/allt/{}", row.id),
            letters: number(row.done),
            bytes: number(row.bytes),
            made_at: row.asked_at,
            until: row.expires_at.unwrap_or(row.asked_at),
        },
        Stored::Failed => Export::Failed,
    }
}

/// `GET /hamta/brev/{id}/epost`: the letter as a mail message in a file.
pub(super) async fn as_mail(
    State(web): State<Web>,
    Reader(person): Reader,
    headers: HeaderMap,
    Path(letter): Path<String>,
) -> Result<Response<Body>, Fault> {
    let copy = copied(&web, &person, &letter).await?;
    let (words, now) = (CopyWords::of(language(&headers)), web.house.clock.now());
    let name = format!("{}.eml", copy.file_name());
    let made = labour(move || eml::letter(&copy, &words, now));
    let bytes = made.await.map_err(Fault::ours)?.map_err(Fault::ours)?;
    saved(&name, "message/rfc822", bytes)
}

/// `GET /hamta/brev/{id}/pdf`: the letter as a PDF; back to the letter, which says why, when it is in a script that we cannot set.
pub(super) async fn as_pdf(
    State(web): State<Web>,
    Reader(person): Reader,
    headers: HeaderMap,
    Path(letter): Path<String>,
) -> Result<Response<Body>, Fault> {
    let fonts = web.fonts.clone().ok_or(Fault::NotFound)?;
    let copy = copied(&web, &person, &letter).await?;
    let (words, now) = (CopyWords::of(language(&headers)), web.house.clock.now());
    let name = format!("{}.pdf", copy.file_name());
    let id = copy.id;
    let made = labour(move || paper::letter(&copy, &words, &fonts, now));
    match made.await.map_err(Fault::ours)? {
        Ok(pdf) => saved(&name, "application/pdf", pdf),
        Err(PdfError::Script) => Ok(Redirect::to(&format!("/brev/{id}?pdf=nej#spara")).into_response()),
        Err(PdfError::TooLong) => Ok(Redirect::to(&format!("/brev/{id}?pdf=langt#spara")).into_response()),
        Err(error) => Err(Fault::ours(error)),
    }
}

/// `GET /hamta/brev/{id}/original`: the signed and sealed original, to the last byte.
pub(super) async fn original(
    State(web): State<Web>,
    Reader(person): Reader,
    Path(letter): Path<String>,
) -> Result<Response<Body>, Fault> {
    let copy = copied(&web, &person, &letter).await?;
    let name = format!("{}.xml", copy.file_name());
    saved(&name, "application/xml", copy.original.into_bytes())
}

/// `GET /hamta/allt/{id}`: an export that is ready, piece by piece as the browser takes it.
pub(super) async fn everything(
    State(web): State<Web>,
    Reader(person): Reader,
    Path(id): Path<String>,
) -> Result<Response<Body>, Fault> {
    let id = Uuid::parse_str(&id).map_err(|_| Fault::NotFound)?;
    let download = match fetch_export(&web.house, &person, id).await.map_err(Fault::ours)? {
        Fetched::Download(download) => download,
        Fetched::NotFound => return Err(Fault::NotFound),
    };
    let name = format!("brevlada {}.zip", day_in_sweden(download.asked_at()));
    let bytes = download.bytes();
    let mut response = saved(&name, "application/zip", Vec::new())?;
    response.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from(bytes));
    *response.body_mut() = Body::from_stream(pieces(download));
    Ok(response)
}

/// The pieces of a file, each opened when the one before it has been sent.
fn pieces(download: Box<Download>) -> impl stream::Stream<Item = Result<Vec<u8>, std::io::Error>> {
    stream::unfold((download, 0), async |(download, number)| {
        if number >= download.parts() {
            return None;
        }
        match download.part(number).await {
            Ok(part) => Some((Ok(part), (download, number + 1))),
            Err(error) => {
                tracing::error!(%error, "a download broke off");
                // The browser sees that the file is shorter than was said.
                let end = download.parts();
                Some((Err(std::io::Error::other("broken off")), (download, end)))
            }
        }
    })
}

async fn copied(web: &Web, person: &Person, letter: &str) -> Result<LetterCopy, Fault> {
    let id = Uuid::parse_str(letter).map_err(|_| Fault::NotFound)?;
    match copy_letter(&web.house, person, id).await.map_err(Fault::ours)? {
        Copied::Copy(copy) => Ok(*copy),
        Copied::NotFound => Err(Fault::NotFound),
    }
}

/// An answer that browsers save under that name.
fn saved(name: &str, kind: &'static str, content: Vec<u8>) -> Result<Response<Body>, Fault> {
    let disposition = HeaderValue::from_str(&disposition("attachment", name)).map_err(Fault::ours)?;
    let mut response = Response::new(Body::empty());
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(CONTENT_LENGTH, HeaderValue::from(content.len()));
    headers.insert(CONTENT_DISPOSITION, disposition);
    *response.body_mut() = Body::from(content);
    Ok(response)
}
