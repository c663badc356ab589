//! A page of a list: the inbox, a folder, the bin.

use super::MailboxError;
use super::access::{Entered, Person, enter};
use super::inbox::{Listed, listed};
use crate::db::Tx;
use crate::domain::sorting::{ARCHIVE, List, Order};
use crate::house::House;
use crate::store;
use crate::store::letter::LetterRow;
use uuid::Uuid;

/// Letters on a page.
pub const PAGE: usize = 50;

/// What came of asking for a page.
#[derive(Debug)]
pub enum Listing {
    /// The page.
    Page {
        /// In the order asked for.
        letters: Vec<Listed>,
        /// Give this to have the next page.
        next: Option<String>,
    },
    /// No such list in the person's own mailbox.
    NotFound,
}

/// A page of a list of the person's own mailbox: the first, or the one that begins at `from`, which the page before gave.
pub async fn read_list(
    house: &House,
    person: &Person,
    list: List,
    order: Order,
    from: Option<&str>,
) -> Result<Listing, MailboxError> {
    let mut tx = house.db.read().await?;
    let Some(entered) = enter(&mut tx, house, person).await? else {
        return Ok(Listing::NotFound);
    };
    if let List::Placed(folder) = list
        && folder != ARCHIVE
        && !store::folder::exists(&mut tx, entered.id, folder).await?
    {
        return Ok(Listing::NotFound);
    }
    let (rows, next) = match (order, folder_of(list)) {
        (Order::UnreadFirst, Some(folder)) => unread_first(&mut tx, &entered, folder, from).await?,
        _ => newest_first(&mut tx, &entered, list, from).await?,
    };
    Ok(Listing::Page {
        letters: rows
            .iter()
            .map(|row| listed(&entered.key, row))
            .collect::<Result<_, _>>()?,
        next,
    })
}

/// The folder whose letters a list holds, all of them; only such a list has other orders.
fn folder_of(list: List) -> Option<Option<Uuid>> {
    match list {
        List::Inbox => Some(None),
        List::Placed(folder) => Some(Some(folder)),
        List::Unread | List::Attached | List::Bin | List::Starred => None,
    }
}

/// One more than fits tells whether there is a next page.
fn limit(fits: usize) -> i64 {
    i64::try_from(fits + 1).unwrap_or(i64::MAX)
}

async fn newest_first(
    tx: &mut Tx,
    entered: &Entered,
    list: List,
    from: Option<&str>,
) -> Result<(Vec<LetterRow>, Option<String>), MailboxError> {
    let before = from.and_then(|from| Uuid::parse_str(from).ok()).unwrap_or(Uuid::max());
    let mut rows = store::letter::page(tx, entered.id, list, before, limit(PAGE)).await?;
    let more = rows.len() > PAGE;
    rows.truncate(PAGE);
    let next = rows.last().filter(|_| more).map(|row| row.id.to_string());
    Ok((rows, next))
}

/// First the walk over what is unread, then the one over what has been read. Where a page begins says in which walk it is.
async fn unread_first(
    tx: &mut Tx,
    entered: &Entered,
    folder: Option<Uuid>,
    from: Option<&str>,
) -> Result<(Vec<LetterRow>, Option<String>), MailboxError> {
    let (read_part, before) = match from.and_then(|from| from.split_once('-')) {
        Some(("l", id)) => (true, Uuid::parse_str(id).unwrap_or(Uuid::max())),
        Some(("o", id)) => (false, Uuid::parse_str(id).unwrap_or(Uuid::max())),
        _ => (false, Uuid::max()),
    };
    let mut rows = if read_part {
        Vec::new()
    } else {
        store::letter::page_by_read(tx, entered.id, folder, true, before, limit(PAGE)).await?
    };
    if rows.len() <= PAGE {
        let before = if read_part { before } else { Uuid::max() };
        let fits = PAGE - rows.len();
        rows.extend(store::letter::page_by_read(tx, entered.id, folder, false, before, limit(fits)).await?);
    }
    let more = rows.len() > PAGE;
    rows.truncate(PAGE);
    let next = rows.last().filter(|_| more).map(|row| {
        let part = if row.read_at.is_some() { 'l' } else { 'o' };
        format!("{part}-{}", row.id)
    });
    Ok((rows, next))
}
