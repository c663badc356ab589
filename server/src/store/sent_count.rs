//! How much a mailbox has sent on request within a period.

use crate::db::{DbError, Tx};
use crate::params;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counted {
    /// Codes that confirm addresses.
    Codes,
    /// Notices for trying out.
    Tests,
    /// Notices that staff had sent again.
    Resent,
}

impl Counted {
    fn as_str(self) -> &'static str {
        match self {
            Self::Codes => "code",
            Self::Tests => "test",
            Self::Resent => "resent",
        }
    }
}

/// Counts one more, unless `most` have been sent within `period`; tells whether it may be sent.
pub async fn count(
    tx: &mut Tx,
    mailbox: Uuid,
    what: Counted,
    now: OffsetDateTime,
    period: Duration,
    most: i64,
) -> Result<bool, DbError> {
    let counted = tx
        .execute(
            "INSERT INTO sent_count (mailbox_id, what, sent, since) VALUES ($1, $2, 1, $3)
             ON CONFLICT (mailbox_id, what) DO UPDATE SET
                sent = CASE WHEN sent_count.since <= $4 THEN 1 ELSE sent_count.sent + 1 END,
                since = CASE WHEN sent_count.since <= $4 THEN excluded.since ELSE sent_count.since END
             WHERE sent_count.since <= $4 OR sent_count.sent < $5",
            params![mailbox, what.as_str(), now, now - period, most],
        )
        .await?;
    Ok(counted > 0)
}
