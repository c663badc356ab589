//! Who has read what: for the holder to see.

use super::MailboxError;
use super::access::{Person, enter};
use super::inbox::listed;
use crate::db::Tx;
use crate::domain::access::Act;
use crate::house::House;
use crate::seal::Place;
use crate::store;
use time::OffsetDateTime;
use uuid::Uuid;

const ROWS: i64 = 200;

/// One row, told for people.
#[derive(Debug)]
pub struct Entry {
    /// When.
    pub at: OffsetDateTime,
    /// Who, by name.
    pub who: String,
    /// What.
    pub act: Act,
    /// Which letter, with its subject.
    pub letter: Option<(Uuid, String)>,
}

/// The newest rows of the person's own access log; none without a mailbox.
pub async fn read_access_log(house: &House, person: &Person) -> Result<Vec<Entry>, MailboxError> {
    let mut tx = house.db.read().await?;
    let Some(entered) = enter(&mut tx, house, person).await? else {
        return Ok(vec![]);
    };
    let mut entries = vec![];
    for row in store::access_log::newest(&mut tx, entered.id, ROWS).await? {
        let who = entered
            .key
            .open(&Place::of("access_log", &row.id, "actor"), &row.actor)?;
        let letter = match row.letter_id {
            Some(id) => store::letter::by_id(&mut tx, entered.id, id)
                .await?
                .map(|letter| listed(&entered.key, &letter))
                .transpose()?
                .map(|letter| (letter.id, letter.header.subject)),
            None => None,
        };
        let who = String::from_utf8(who).map_err(|_| MailboxError::Record("access log row"))?;
        entries.push(Entry {
            at: row.at,
            who,
            act: row.act,
            letter,
        });
    }
    Ok(entries)
}

/// Writes that the person has logged in, if they have a mailbox; in the transaction that begins the session.
pub async fn log_login(tx: &mut Tx, house: &House, person: &Person) -> Result<(), MailboxError> {
    if let Some(entered) = enter(tx, house, person).await? {
        entered
            .log(tx, house.ids, house.clock.now(), Act::LoggedIn, None)
            .await?;
    }
    Ok(())
}
