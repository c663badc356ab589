//! A page of a list: the inbox, a folder, the bin.

use super::MailboxError;
use super::access::{Entered, Person, enter};
use super::inbox::{Listed, listed};
use super::list_orders::{Rows, by_sender, by_subject, unread_first};
use super::subject_order;
use crate::db::Tx;
use crate::domain::paging::{cut, one_more};
use crate::domain::right::Right;
use crate::domain::sorting::{ARCHIVE, List, Order};
use crate::house::House;
use crate::store;
use std::collections::HashMap;
use uuid::Uuid;

/// Letters on a page.
pub const PAGE: usize = 50;

/// Letters looked at for a page of somebody who sees some of them only.
const PASSED_OVER: usize = 2_000;

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
    let Some(entered) = enter(&mut tx, house, person, Right::View).await? else {
        return Ok(Listing::NotFound);
    };
    if let List::Placed(folder) = list
        && folder != ARCHIVE
        && !store::folder::exists(&mut tx, entered.id, folder).await?
    {
        return Ok(Listing::NotFound);
    }
    if let List::Category(category) = list
        && !store::category::exists(&mut tx, entered.id, category).await?
    {
        return Ok(Listing::NotFound);
    }
    let mut kept = None;
    // Who sees some letters only has them in the one order that can be walked past those that are not seen.
    let order = if entered.sight.is_whole() { order } else { Order::Newest };
    let (rows, next) = match (order, folder_of(list)) {
        (Order::UnreadFirst, Some(folder)) => unread_first(&mut tx, &entered, folder, from).await?,
        (Order::Sender, Some(folder)) => by_sender(&mut tx, &entered, folder, from).await?,
        (Order::Subject, Some(folder)) => {
            let order = subject_order::read(&mut tx, &entered, folder).await?;
            let rows = by_subject(&mut tx, &entered, folder, &order.letters, from).await?;
            kept = Some((folder, order));
            rows
        }
        _ => newest_first(&mut tx, &entered, list, from).await?,
    };
    let mut categories: HashMap<Uuid, Vec<Uuid>> = HashMap::new();
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    for some in ids.chunks(store::category::AT_ONCE) {
        for (letter, category) in store::category::of_letters(&mut tx, entered.id, some).await? {
            categories.entry(letter).or_default().push(category);
        }
    }
    drop(tx);
    let mut letters = Vec::with_capacity(rows.len());
    for row in &rows {
        let mut letter = listed(&entered.key, row)?;
        letter.categories = categories.remove(&row.id).unwrap_or_default();
        letters.push(letter);
    }
    if let Some((folder, order)) = kept {
        subject_order::keep(house, &entered, folder, &order).await?;
    }
    Ok(Listing::Page { letters, next })
}

/// The folder whose letters a list holds, all of them; only such a list has other orders.
#[expect(
    clippy::option_option,
    reason = "the inbox is the folder without an id; other lists are no folder"
)]
fn folder_of(list: List) -> Option<Option<Uuid>> {
    match list {
        List::Inbox => Some(None),
        List::Placed(folder) => Some(Some(folder)),
        List::Unread | List::Attached | List::Bin | List::Starred | List::Category(_) => None,
    }
}

async fn newest_first(tx: &mut Tx, entered: &Entered, list: List, from: Option<&str>) -> Result<Rows, MailboxError> {
    let before = from.and_then(|from| Uuid::parse_str(from).ok()).unwrap_or(Uuid::max());
    if !entered.sight.is_whole() {
        return seen_newest_first(tx, entered, list, before).await;
    }
    let rows = store::letter::page(tx, entered.id, list, before, one_more(PAGE)).await?;
    Ok(cut(rows, PAGE, |row| row.id.to_string()))
}

/// The letters that are seen, passing over the others: no further on one page than [`PASSED_OVER`] of them, so that a page may be short and
/// still have a next one.
async fn seen_newest_first(tx: &mut Tx, entered: &Entered, list: List, mut before: Uuid) -> Result<Rows, MailboxError> {
    let mut seen = Vec::new();
    for _ in 0..PASSED_OVER / PAGE {
        let rows = store::letter::page(tx, entered.id, list, before, one_more(PAGE)).await?;
        let (more, there) = (rows.len() > PAGE, rows.len().min(PAGE));
        let mut passed = 0;
        for row in rows.into_iter().take(PAGE) {
            // What came before they were let in is followed by older letters only.
            if entered.sight.from.is_some_and(|from| row.received_at < from) {
                return Ok((seen, None));
            }
            passed += 1;
            before = row.id;
            if entered.sees(&row) {
                seen.push(row);
            }
            if seen.len() == PAGE {
                break;
            }
        }
        if !more && passed == there {
            return Ok((seen, None));
        }
        if seen.len() == PAGE {
            break;
        }
    }
    Ok((seen, Some(before.to_string())))
}
