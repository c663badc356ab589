//! The person's own list of notices, and what became of each.

use super::MailboxError;
use super::access::{Person, enter};
use crate::domain::address::Address;
use crate::domain::paging::{cut, one_more};
use crate::domain::right::Right;
use crate::house::House;
use crate::outbox::tried::{answer, recipient};
use crate::store;
use crate::store::notice::{NoticeRow, NoticeState};
use uuid::Uuid;

/// Notices on a page.
pub const PAGE: usize = 50;

/// A notice, opened.
#[derive(Debug)]
pub struct Logged {
    /// Its row.
    pub row: NoticeRow,
    /// Where it went.
    pub to: Address,
    /// What the other side said last.
    pub answer: Option<String>,
}

/// A page of notices older than `before` (or the newest), of one state or of all, and where the next page begins; none without a mailbox.
pub async fn notices(
    house: &House,
    person: &Person,
    state: Option<NoticeState>,
    before: Option<Uuid>,
) -> Result<(Vec<Logged>, Option<Uuid>), MailboxError> {
    let mut tx = house.db.read().await?;
    let Some(whose) = enter(&mut tx, house, person, Right::EditSettings).await? else {
        return Ok((Vec::new(), None));
    };
    let rows = store::notice::page(&mut tx, whose.id, state, before.unwrap_or(Uuid::max()), one_more(PAGE)).await?;
    let (rows, next) = cut(rows, PAGE, |row| row.id);
    let logged = rows.into_iter().map(|row| {
        Ok(Logged {
            to: recipient(&whose.key, &row)?,
            answer: answer(&whose.key, &row)?,
            row,
        })
    });
    Ok((logged.collect::<Result<_, MailboxError>>()?, next))
}
