//! The person's own list of notices, and what became of each.

use super::MailboxError;
use super::access::{Person, enter};
use crate::house::House;
use crate::seal::Place;
use crate::store;
use app::ports::{LetterId, NoticeRow, NoticeState};

/// How many are shown: some months of post for most people.
const SHOWN: i64 = 200;

/// The newest notices of the person's own mailbox, newest first; none without a mailbox.
pub async fn notices(house: &House, person: &Person) -> Result<Vec<NoticeRow>, MailboxError> {
    let mut tx = house.db.read().await?;
    let Some(whose) = enter(&mut tx, house, person).await? else {
        return Ok(Vec::new());
    };
    store::notice::newest(&mut tx, whose.id, SHOWN)
        .await?
        .into_iter()
        .map(|row| {
            let to = whose
                .key
                .open(&Place::of("notice", &row.id, "recipient"), &row.recipient)?;
            Ok(NoticeRow {
                at: row.at,
                to: String::from_utf8(to).map_err(|_| MailboxError::Record("notice's address"))?,
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
