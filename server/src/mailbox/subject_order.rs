//! The order of a place by subject. Subjects are sealed, so the database cannot sort them: all of a place are unsealed once, and for a
//! big place the order is kept, sealed too. Letters that have come since are added; letters that have left are passed over.

use super::MailboxError;
use super::access::Entered;
use super::list_orders::subject_key;
use crate::db::Tx;
use crate::domain::sorting::List;
use crate::house::House;
use crate::seal::Place as SealedAt;
use crate::store;
use uuid::Uuid;

/// From so many letters on an order is kept. Fewer are unsealed and sorted for each page, in some milliseconds.
const KEPT_FROM: usize = 1_000;

/// How many letters are read at a time.
const AT_A_TIME: i64 = 1_000;

/// An order, and whether it is worth keeping.
pub(super) struct Order {
    /// What each letter is sorted by, with its id.
    pub(super) letters: Vec<(String, Uuid)>,
    /// To be kept: it is big, and letters have been added.
    changed: bool,
    /// The version of the row that it was made from.
    version: Option<i64>,
}

/// The order of a place, with its newest letters.
pub(super) async fn read(tx: &mut Tx, entered: &Entered, folder: Option<Uuid>) -> Result<Order, MailboxError> {
    let place = folder.unwrap_or_default();
    let row = store::subject_order::read(tx, entered.id, place).await?;
    let version = row.as_ref().map(|row| row.version);
    let (newest, mut letters) = match row {
        Some(row) if !row.content.is_empty() => {
            let sealed_at = SealedAt::of("subject_order", &place, "content");
            let plain = entered.key.open(&sealed_at, &row.content)?;
            (
                row.newest,
                unpacked(&plain).ok_or(MailboxError::Record("order by subject"))?,
            )
        }
        _ => (Uuid::nil(), Vec::new()),
    };
    let list = folder.map_or(List::Inbox, List::Placed);
    let kept = letters.len();
    let mut before = Uuid::max();
    loop {
        let rows = store::letter::page(tx, entered.id, list, before, AT_A_TIME).await?;
        let full = i64::try_from(rows.len()).is_ok_and(|n| n == AT_A_TIME);
        for row in rows.iter().take_while(|row| row.id > newest) {
            letters.push(subject_key(entered, row)?);
        }
        match rows.last() {
            Some(last) if full && last.id > newest => before = last.id,
            _ => break,
        }
    }
    let changed = letters.len() > kept && letters.len() >= KEPT_FROM;
    // The newest first of those that are called the same.
    letters.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(b.1.cmp(&a.1)));
    Ok(Order {
        letters,
        changed,
        version,
    })
}

/// Keeps an order that is worth it, in a transaction of its own.
pub(super) async fn keep(
    house: &House,
    entered: &Entered,
    folder: Option<Uuid>,
    order: &Order,
) -> Result<(), MailboxError> {
    if !order.changed {
        return Ok(());
    }
    let place = folder.unwrap_or_default();
    let newest = order.letters.iter().map(|(_, id)| *id).max().unwrap_or(Uuid::nil());
    let sealed = entered.key.seal(
        house.ids,
        &SealedAt::of("subject_order", &place, "content"),
        &packed(&order.letters),
    )?;
    let mut tx = house.db.begin().await?;
    store::subject_order::put(&mut tx, entered.id, place, order.version, newest, &sealed).await?;
    tx.commit().await?;
    Ok(())
}

/// Each as id, length of its key, key.
fn packed(letters: &[(String, Uuid)]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(letters.len() * 64);
    for (key, id) in letters {
        bytes.extend_from_slice(id.as_bytes());
        bytes.extend_from_slice(&u16::try_from(key.len()).unwrap_or(u16::MAX).to_be_bytes());
        bytes.extend_from_slice(key.as_bytes().get(..usize::from(u16::MAX)).unwrap_or(key.as_bytes()));
    }
    bytes
}

fn unpacked(mut bytes: &[u8]) -> Option<Vec<(String, Uuid)>> {
    let mut letters = Vec::new();
    while !bytes.is_empty() {
        let (id, rest) = bytes.split_first_chunk::<16>()?;
        let (length, rest) = rest.split_first_chunk::<2>()?;
        let (key, rest) = rest.split_at_checked(usize::from(u16::from_be_bytes(*length)))?;
        letters.push((String::from_utf8_lossy(key).into_owned(), Uuid::from_bytes(*id)));
        bytes = rest;
    }
    Some(letters)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn an_order_is_read_as_it_was_kept(letters in proptest::collection::vec((".{0,80}", any::<u128>()), 0..20)) {
            let letters: Vec<(String, Uuid)> = letters.into_iter().map(|(key, id)| (key, Uuid::from_u128(id))).collect();
            prop_assert_eq!(unpacked(&packed(&letters)), Some(letters));
        }

        #[test]
        fn nonsense_is_no_order_and_no_panic(bytes in proptest::collection::vec(any::<u8>(), 0..60)) {
            let _ = unpacked(&bytes);
        }
    }
}
