//! Emptying the bin at once, because the person wants it.

use super::MailboxError;
use super::access::{Person, enter};
use crate::db::micros;
use crate::domain::access::Act;
use crate::domain::right::Right;
use crate::domain::sorting::BIN;
use crate::house::House;
use crate::outbox::{self, Job};
use crate::sorting;
use crate::store;

/// So many letters go while the person waits; of more the worker takes care.
const AT_ONCE: i64 = 300;

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Emptied {
    /// Everything that lay there is gone, or will be soon.
    Done,
    /// No such mailbox.
    NotFound,
}

/// Removes for good what lies in the bin of the person's own mailbox now.
pub async fn empty_bin(house: &House, person: &Person) -> Result<Emptied, MailboxError> {
    let now = house.clock.now();
    let mut tx = house.db.begin().await?;
    let Some(entered) = enter(&mut tx, house, person, Right::Account).await? else {
        return Ok(Emptied::NotFound);
    };
    let counts = store::place::counts(&mut tx, entered.id).await?;
    let lying = counts
        .iter()
        .find(|(place, _)| *place == BIN)
        .map_or(0, |(_, count)| count.letters);
    entered.log(&mut tx, house.ids, now, Act::EmptiedBin, None).await?;
    if lying > AT_ONCE {
        let job = Job::EmptyBin {
            mailbox_id: entered.id,
            binned_until: Some(micros(now)),
        };
        outbox::enqueue(&mut tx, house, &job, now).await?;
        tx.commit().await?;
    } else {
        tx.commit().await?;
        sorting::empty(house, entered.id, now).await?;
    }
    Ok(Emptied::Done)
}
