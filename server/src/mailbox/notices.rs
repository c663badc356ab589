//! The person's own list of notices, and what became of each.

use super::UseError;
use crate::house::House;
use crate::seal::{MailboxKey, Place};
use crate::store;
use app::ports::{LetterId, NoticeRow, NoticeState};
use uuid::Uuid;

/// How many are shown: some months of post for most people.
const SHOWN: i64 = 200;

/// The newest notices, newest first.
pub async fn notices(house: &House, mailbox_id: Uuid, key: &MailboxKey) -> Result<Vec<NoticeRow>, UseError> {
    let mut tx = house.db.read().await?;
    store::notice::newest(&mut tx, mailbox_id, SHOWN)
        .await?
        .into_iter()
        .map(|row| {
            let to = key.open(&Place::of("notice", &row.id, "recipient"), &row.recipient)?;
            Ok(NoticeRow {
                at: row.at,
                to: String::from_utf8(to).map_err(|_| UseError::Content)?,
                state: match row.state {
                    store::notice::NoticeState::Waiting => NoticeState::Waiting,
                    store::notice::NoticeState::Sent => NoticeState::Sent,
                    store::notice::NoticeState::Failed => NoticeState::Failed,
                },
                attempts: u32::try_from(row.attempts).unwrap_or(u32::MAX),
                letter: row.letter_id.map(|id| LetterId(id.to_string())),
            })
        })
        .collect()
}
