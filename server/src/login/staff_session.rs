//! Sessions of staff: short, in a cookie of their own, and nothing of people's sessions. Who it is and what they may do is read from the
//! register with every request, so that what the operator changes there counts at once.

use super::config::StaffConfig;
use super::cookie::{Cookie, Cookies};
use super::session::{SessionError, hash};
use crate::db::Tx;
use crate::house::House;
use crate::seal::SealError;
use crate::store::staff_session::{self as store, StaffSessionRow};
use crate::support::access::OnDuty;
use axum::http::HeaderMap;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

/// A row is written at most this often while somebody works.
const TOUCH_EVERY: Duration = Duration::minutes(1);

/// Somebody of the staff who is logged in, for one request.
#[derive(Clone, Debug)]
pub struct CurrentStaff {
    /// Who, and what they may do.
    pub duty: OnDuty,
    /// Ends then unless something is done.
    pub idle_until: OffsetDateTime,
    /// Ends then whatever is done.
    pub ends_at: OffsetDateTime,
}

/// The staff's sessions. Cheap to clone.
#[derive(Clone, Debug)]
pub struct StaffSessions {
    house: House,
    idle: Duration,
    absolute: Duration,
    cookies: Cookies,
}

impl StaffSessions {
    pub(super) fn new(house: House, config: &StaffConfig, cookies: Cookies) -> Self {
        Self {
            house,
            idle: Duration::try_from(config.idle).unwrap_or(Duration::MAX),
            absolute: Duration::try_from(config.longest).unwrap_or(Duration::MAX),
            cookies,
        }
    }

    /// Begins a session in the caller's transaction; gives the value for the cookie, which is kept nowhere.
    pub(super) async fn begin(&self, tx: &mut Tx, staff_id: Uuid) -> Result<String, SessionError> {
        let now = self.house.clock.now();
        let secret: [u8; 32] = self.house.ids.bytes().map_err(|_| SealError::NoRandomness)?;
        let value = URL_SAFE_NO_PAD.encode(secret);
        let row = StaffSessionRow {
            id: hash(&value),
            staff_id,
            created_at: now,
            seen_at: now,
            expires_at: now + self.idle.min(self.absolute),
        };
        store::insert(tx, &row).await?;
        Ok(value)
    }

    /// Whoever of the staff a request is from. Using a session keeps it from running idle.
    pub async fn find(&self, headers: &HeaderMap) -> Result<Option<CurrentStaff>, SessionError> {
        let Some(value) = self.cookies.read(headers, Cookie::StaffSession) else {
            return Ok(None);
        };
        let (id, now) = (hash(value), self.house.clock.now());
        let mut tx = self.house.db.read().await?;
        let Some(row) = store::by_id(&mut tx, id, now).await? else {
            return Ok(None);
        };
        let Some(duty) = OnDuty::of(&mut tx, &self.house, row.staff_id).await? else {
            return Ok(None);
        };
        drop(tx);
        let ends_at = row.created_at + self.absolute;
        let mut idle_until = row.expires_at;
        if now - row.seen_at >= TOUCH_EVERY {
            idle_until = (now + self.idle).min(ends_at);
            let mut tx = self.house.db.begin().await?;
            if !store::touch(&mut tx, id, now, idle_until).await? {
                return Ok(None);
            }
            tx.commit().await?;
        }
        Ok(Some(CurrentStaff {
            duty,
            idle_until,
            ends_at,
        }))
    }

    /// Whether a request brings a cookie of theirs, whatever it is worth.
    pub fn brought(&self, headers: &HeaderMap) -> bool {
        self.cookies.read(headers, Cookie::StaffSession).is_some()
    }

    /// Ends the session of a request, whatever its state; tells whose it was.
    pub(super) async fn end_of(&self, tx: &mut Tx, headers: &HeaderMap) -> Result<Option<Uuid>, SessionError> {
        match self.cookies.read(headers, Cookie::StaffSession) {
            Some(value) => Ok(store::delete(tx, hash(value)).await?),
            None => Ok(None),
        }
    }
}
