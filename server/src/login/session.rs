//! Sessions: who is logged in, how long still, and where else.
//!
//! A layer of our own rather than tower-sessions, because ids are stored hashed, a person lists and ends the others, and
//! there are two limits (docs/decisions/0008).

use super::cookie::{Cookie, Cookies};
use super::saml::identity::Person;
use crate::config::Session;
use crate::db::{DbError, Tx};
use crate::domain::acts_for::Learned;
use crate::domain::device::Device;
use crate::house::House;
use crate::seal::{Place, SealError};
use crate::store::session::{self as store, SessionRow};
use axum::extract::{FromRequestParts, Request, State};
use axum::http::HeaderMap;
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Redirect, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use contracts::identifier::PersonalNumber;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::sync::Arc;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

/// A row is written at most this often while a person reads on.
const TOUCH_EVERY: Duration = Duration::minutes(1);

/// Why the sessions could not be asked.
#[derive(Debug, thiserror::Error)]
pub enum SessionError {
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
    /// Sealing or opening.
    #[error("session: {0}")]
    Seal(#[from] SealError),
    /// The staff register.
    #[error(transparent)]
    Support(#[from] crate::support::SupportError),
    /// What was opened is no session.
    #[error("a session's content cannot be read")]
    Content,
}

/// Who is logged in, for one request. As an argument of a handler it sends visitors to the login page; take
/// `Option<CurrentSession>` where they are welcome too.
#[derive(Clone)]
pub struct CurrentSession {
    /// The person.
    pub holder: PersonalNumber,
    /// Name to show.
    pub name: String,
    /// The person's mailbox, once it is open.
    pub mailbox_id: Option<Uuid>,
    /// ID of the assertion that they logged in with.
    pub assertion_id: String,
    /// Entity id of the identity provider.
    pub idp: String,
    /// Level of the login.
    pub level: String,
    /// Names the session in lists and forms; nobody can take it over with that.
    pub handle: String,
    /// For which companies they may act, as Authority said in this session.
    pub learned: Arc<Learned>,
    /// Logged in at.
    pub created_at: OffsetDateTime,
    /// Ends then unless something is done.
    pub idle_until: OffsetDateTime,
    /// Ends then whatever is done.
    pub ends_at: OffsetDateTime,
    device: String,
    id: [u8; 32],
}

impl std::fmt::Debug for CurrentSession {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CurrentSession")
            .field("handle", &self.handle)
            .field("mailbox_id", &self.mailbox_id)
            .finish_non_exhaustive()
    }
}

/// One of a person's sessions, for the list in the settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Names it.
    pub handle: String,
    /// Browser and system.
    pub device: String,
    /// Logged in at.
    pub since: OffsetDateTime,
    /// Last used at.
    pub seen: OffsetDateTime,
    /// The one that asks.
    pub current: bool,
}

/// What is sealed in a row.
#[derive(Serialize, Deserialize)]
struct Content {
    number: String,
    name: String,
    assertion_id: String,
    idp: String,
    level: String,
    device: String,
    #[serde(default)]
    learned: Learned,
}

/// A login to make a session of.
#[derive(Clone, Debug)]
pub struct NewSession<'a> {
    /// Who.
    pub person: &'a Person,
    /// Identity provider.
    pub idp: &'a str,
    /// Level.
    pub level: &'a str,
    /// Assertion.
    pub assertion_id: &'a str,
    /// Browser and system in words.
    pub device: String,
}

/// Where a page leads whose session has run idle. Arriving there must not wake it.
pub(super) const SIGNED_OUT: &str = "/utloggad";

/// The sessions of the house. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Sessions {
    house: House,
    idle: Duration,
    absolute: Duration,
    warning: std::time::Duration,
    cookies: Cookies,
}

impl Sessions {
    /// Sessions under these limits.
    pub fn new(house: House, config: &Session, cookies: Cookies) -> Self {
        Self {
            house,
            idle: Duration::try_from(config.idle).unwrap_or(Duration::MAX),
            absolute: Duration::try_from(config.longest).unwrap_or(Duration::MAX),
            warning: config.warning,
            cookies,
        }
    }

    /// The cookies they travel in.
    pub fn cookies(&self) -> Cookies {
        self.cookies
    }

    /// How long before its end a person is warned.
    pub fn warning(&self) -> std::time::Duration {
        self.warning
    }

    /// Begins a session in the caller's transaction; gives the value for the cookie, which is kept nowhere.
    pub async fn begin(&self, tx: &mut Tx, new: NewSession<'_>) -> Result<String, SessionError> {
        let now = self.house.clock.now();
        let secret: [u8; 32] = self.house.ids.bytes().map_err(|_| SealError::NoRandomness)?;
        let handle: [u8; 16] = self.house.ids.bytes().map_err(|_| SealError::NoRandomness)?;
        let value = URL_SAFE_NO_PAD.encode(secret);
        let id = hash(&value);
        let content = Content {
            number: new.person.number.to_string(),
            name: new.person.name.clone(),
            assertion_id: new.assertion_id.to_owned(),
            idp: new.idp.to_owned(),
            level: new.level.to_owned(),
            device: new.device,
            learned: Learned::NotAsked,
        };
        let content = self.house.keys.seal_record(self.house.ids, &place(&id), &content)?;
        let row = SessionRow {
            id,
            mailbox_id: None,
            handle: handle.to_vec(),
            content,
            created_at: now,
            seen_at: now,
            expires_at: now + self.idle.min(self.absolute),
        };
        store::insert(tx, &row).await?;
        Ok(value)
    }

    /// The session of a request, if it has one that is not over. Using it keeps it from running idle.
    pub async fn find(&self, headers: &HeaderMap) -> Result<Option<CurrentSession>, SessionError> {
        let Some((session, seen_at)) = self.read(headers).await? else {
            return Ok(None);
        };
        if self.house.clock.now() - seen_at >= TOUCH_EVERY {
            return Ok(Some(self.stay(&session).await?.unwrap_or(session)));
        }
        Ok(Some(session))
    }

    /// The same without using it: it runs idle as if nobody had looked.
    pub async fn look(&self, headers: &HeaderMap) -> Result<Option<CurrentSession>, SessionError> {
        Ok(self.read(headers).await?.map(|(session, _)| session))
    }

    async fn read(&self, headers: &HeaderMap) -> Result<Option<(CurrentSession, OffsetDateTime)>, SessionError> {
        let Some(value) = self.cookies.read(headers, Cookie::Session) else {
            return Ok(None);
        };
        let now = self.house.clock.now();
        let mut tx = self.house.db.read().await?;
        let Some(row) = store::by_id(&mut tx, hash(value), now).await? else {
            return Ok(None);
        };
        drop(tx);
        Ok(Some((self.open(&row)?, row.seen_at)))
    }

    /// Keeps a session from running idle from now on. Nothing if it was over already.
    pub async fn stay(&self, session: &CurrentSession) -> Result<Option<CurrentSession>, SessionError> {
        let now = self.house.clock.now();
        let idle_until = (now + self.idle).min(session.ends_at);
        let mut tx = self.house.db.begin().await?;
        let alive = store::touch(&mut tx, session.id, now, idle_until).await?;
        tx.commit().await?;
        Ok(alive.then(|| CurrentSession {
            idle_until,
            ..session.clone()
        }))
    }

    /// Ties a session to the person's mailbox, once it is known to be open.
    pub async fn attach_mailbox(&self, session: &mut CurrentSession, mailbox_id: Uuid) -> Result<(), SessionError> {
        let mut tx = self.house.db.begin().await?;
        store::set_mailbox(&mut tx, session.id, mailbox_id).await?;
        tx.commit().await?;
        session.mailbox_id = Some(mailbox_id);
        Ok(())
    }

    /// Keeps with the session for whom the person may act, as Authority said: no longer than it lasts.
    pub async fn learn(&self, session: &mut CurrentSession, learned: Learned) -> Result<(), SessionError> {
        let content = Content {
            number: session.holder.to_string(),
            name: session.name.clone(),
            assertion_id: session.assertion_id.clone(),
            idp: session.idp.clone(),
            level: session.level.clone(),
            device: session.device.clone(),
            learned: learned.clone(),
        };
        let content = self
            .house
            .keys
            .seal_record(self.house.ids, &place(&session.id), &content)?;
        let mut tx = self.house.db.begin().await?;
        store::set_content(&mut tx, session.id, content).await?;
        tx.commit().await?;
        session.learned = Arc::new(learned);
        Ok(())
    }

    /// Ends the session of a request, whatever its state.
    pub async fn end_of(&self, tx: &mut Tx, headers: &HeaderMap) -> Result<(), SessionError> {
        if let Some(value) = self.cookies.read(headers, Cookie::Session) {
            store::delete(tx, hash(value)).await?;
        }
        Ok(())
    }

    /// Where the person is logged in, last used first.
    pub async fn list(&self, current: &CurrentSession) -> Result<Vec<Listed>, SessionError> {
        let Some(mailbox_id) = current.mailbox_id else {
            return Ok(vec![]);
        };
        let mut tx = self.house.db.read().await?;
        let rows = store::of_mailbox(&mut tx, mailbox_id, self.house.clock.now()).await?;
        rows.into_iter()
            .map(|row| {
                let content = self.content(&row)?;
                Ok(Listed {
                    handle: URL_SAFE_NO_PAD.encode(&row.handle),
                    device: content.device,
                    since: row.created_at,
                    seen: row.seen_at,
                    current: row.id == current.id,
                })
            })
            .collect()
    }

    /// Ends one of the person's sessions; tells whether it was there.
    pub async fn end(&self, current: &CurrentSession, handle: &str) -> Result<bool, SessionError> {
        let (Some(mailbox_id), Ok(handle)) = (current.mailbox_id, URL_SAFE_NO_PAD.decode(handle)) else {
            return Ok(false);
        };
        let mut tx = self.house.db.begin().await?;
        let gone = store::delete_by_handle(&mut tx, mailbox_id, &handle).await?;
        tx.commit().await?;
        Ok(gone)
    }

    /// Ends every session of the person but this one; tells how many.
    pub async fn end_others(&self, current: &CurrentSession) -> Result<u64, SessionError> {
        let Some(mailbox_id) = current.mailbox_id else {
            return Ok(0);
        };
        let mut tx = self.house.db.begin().await?;
        let gone = store::delete_others(&mut tx, mailbox_id, current.id).await?;
        tx.commit().await?;
        Ok(gone)
    }

    fn content(&self, row: &SessionRow) -> Result<Content, SessionError> {
        Ok(self.house.keys.open_record(&place(&row.id), &row.content)?)
    }

    fn open(&self, row: &SessionRow) -> Result<CurrentSession, SessionError> {
        let content = self.content(row)?;
        Ok(CurrentSession {
            holder: content.number.parse().map_err(|_| SessionError::Content)?,
            name: content.name,
            mailbox_id: row.mailbox_id,
            assertion_id: content.assertion_id,
            idp: content.idp,
            level: content.level,
            device: content.device,
            learned: Arc::new(content.learned),
            handle: URL_SAFE_NO_PAD.encode(&row.handle),
            created_at: row.created_at,
            idle_until: row.expires_at,
            ends_at: row.created_at + self.absolute,
            id: row.id,
        })
    }
}

fn place(id: &[u8; 32]) -> Place<'_> {
    Place::new("session", id, "content")
}

/// The stored form of a secret that a browser holds.
pub(super) fn hash(value: &str) -> [u8; 32] {
    Sha256::digest(value.as_bytes()).into()
}

/// The browser of a request, from its own description.
pub(crate) fn device(headers: &HeaderMap) -> Device {
    Device::of(description(headers))
}

/// The same in words with its version.
pub(super) fn device_in_words(headers: &HeaderMap) -> String {
    Device::in_words(description(headers))
}

fn description(headers: &HeaderMap) -> &str {
    let text = headers.get(axum::http::header::USER_AGENT);
    text.and_then(|value| value.to_str().ok()).unwrap_or_default()
}

/// Middleware: finds the session of the request and lays it with the request, for [`CurrentSession`] to be taken from.
pub async fn with_session(State(sessions): State<Sessions>, mut request: Request, next: Next) -> Response {
    let found = if request.uri().path() == SIGNED_OUT {
        sessions.look(request.headers()).await
    } else {
        sessions.find(request.headers()).await
    };
    match found {
        Ok(Some(session)) => {
            request.extensions_mut().insert(session);
        }
        Ok(None) => {}
        Err(error) => {
            tracing::error!(%error, "the session of a request could not be read");
            return axum::http::StatusCode::SERVICE_UNAVAILABLE.into_response();
        }
    }
    next.run(request).await
}

impl CurrentSession {
    /// The session that [`with_session`] found, where only the parts are at hand.
    pub fn of(parts: &Parts) -> Option<Self> {
        parts.extensions.get::<CurrentSession>().cloned()
    }
}

impl<S: Send + Sync> FromRequestParts<S> for CurrentSession {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Response> {
        Self::of(parts).ok_or_else(|| Redirect::to("/?kod=utloggad").into_response())
    }
}

impl<S: Send + Sync> axum::extract::OptionalFromRequestParts<S> for CurrentSession {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Option<Self>, Self::Rejection> {
        Ok(Self::of(parts))
    }
}
