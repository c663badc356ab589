//! The end of a letter: thirty days after it was put in the bin, or when the person empties it.

use super::SortingError;
use crate::db::Tx;
use crate::domain::sorting::Tally;
use crate::house::House;
use crate::search;
use crate::store;
use crate::store::letter::LetterRow;
use time::OffsetDateTime;
use uuid::Uuid;

/// How many letters go in one transaction, at most.
const AT_ONCE: i64 = 100;

/// Removes for good what has lain in the bin of a mailbox since `until` or longer; tells how many letters that were.
pub async fn empty(house: &House, mailbox: Uuid, until: OffsetDateTime) -> Result<u64, SortingError> {
    let mut gone = 0;
    let mut tx = house.db.read().await?;
    let Some(row) = store::mailbox::by_id(&mut tx, mailbox).await? else {
        return Ok(0);
    };
    drop(tx);
    let key = house.keys.unwrap(&mailbox, &row.wrapped)?;
    loop {
        let mut tx = house.db.begin().await?;
        store::mailbox::take_turn(&mut tx, mailbox).await?;
        let letters = store::letter::binned_until(&mut tx, mailbox, until, AT_ONCE).await?;
        if letters.is_empty() {
            return Ok(gone);
        }
        // Their words go with them.
        let ids: Vec<Uuid> = letters.iter().map(|letter| letter.id).collect();
        let forgotten = search::forget(&mut tx, house.ids, mailbox, &key, &ids).await?;
        let mut tally = Tally::default();
        for letter in letters.iter().take(forgotten) {
            remove_letter(&mut tx, mailbox, letter, &mut tally).await?;
            gone += 1;
        }
        store::place::add(&mut tx, mailbox, &tally).await?;
        tx.commit().await?;
    }
}

/// Removes a letter and all that hangs on it; the signed original when no other letter came in it.
async fn remove_letter(tx: &mut Tx, mailbox: Uuid, letter: &LetterRow, tally: &mut Tally) -> Result<(), SortingError> {
    store::matter::forget(tx, mailbox, letter.id).await?;
    store::payment::forget(tx, mailbox, letter.id).await?;
    store::letter::remove(tx, mailbox, letter.id).await?;
    store::category::forget_letter(tx, mailbox, letter.id).await?;
    store::handling::forget_letter(tx, mailbox, letter.id).await?;
    tally.add(letter.standing(), -1);
    if !store::letter::any_of_delivery(tx, mailbox, letter.delivery_id).await? {
        store::delivery::remove(tx, mailbox, letter.delivery_id).await?;
    }
    Ok(())
}
