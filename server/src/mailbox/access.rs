//! Who may enter which mailbox: decided here and nowhere else. Whoever is not let in learns nothing, not even that it exists.

use super::MailboxError;
use crate::clock::Ids;
use crate::db::Tx;
use crate::domain::access::{Act, Capacity};
use crate::house::House;
use crate::seal::{MailboxKey, Place};
use crate::store;
use crate::store::access_log::AccessRow;
use crate::store::mailbox::State;
use contracts::identifier::PersonalNumber;
use time::OffsetDateTime;
use uuid::Uuid;

/// A person who has logged in, as the login established it.
#[derive(Clone, PartialEq, Eq)]
pub struct Person {
    /// Personnummer or samordningsnummer.
    pub number: PersonalNumber,
    /// Display name.
    pub name: String,
}

impl std::fmt::Debug for Person {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Person(…)")
    }
}

/// A mailbox that somebody has been let into. No use case reads a mailbox without one.
#[derive(Debug)]
pub struct Entered {
    /// The mailbox.
    pub id: Uuid,
    /// Its key.
    pub key: MailboxKey,
    /// Unread letters when it was entered.
    pub unread: u64,
    /// Language of notices.
    pub language: String,
    /// Letters still come in.
    pub open: bool,
    actor: String,
}

impl Entered {
    /// Name of who is in.
    pub fn actor(&self) -> &str {
        &self.actor
    }

    /// Writes in the access log who did what, in the transaction that does it.
    pub async fn log(
        &self,
        tx: &mut Tx,
        ids: Ids,
        at: OffsetDateTime,
        act: Act,
        letter: Option<Uuid>,
    ) -> Result<(), MailboxError> {
        let id = ids.at(at);
        let actor = self
            .key
            .seal(ids, &Place::of("access_log", &id, "actor"), self.actor.as_bytes())?;
        store::access_log::insert(
            tx,
            self.id,
            &AccessRow {
                id,
                at,
                actor,
                act,
                letter_id: letter,
                capacity: Capacity::Holder,
            },
        )
        .await?;
        Ok(())
    }
}

/// Lets a person into their own mailbox, if they have one. A closed mailbox can still be read.
pub async fn enter(tx: &mut Tx, house: &House, person: &Person) -> Result<Option<Entered>, MailboxError> {
    let index = holder_index(house, &person.number.to_string());
    let Some(row) = store::mailbox::by_holder(tx, index).await? else {
        return Ok(None);
    };
    let key = house.keys.unwrap(&row.id, &row.wrapped)?;
    Ok(Some(Entered {
        id: row.id,
        key,
        unread: u64::try_from(row.unread).unwrap_or(0),
        language: row.language,
        open: row.state == State::Open,
        actor: person.name.clone(),
    }))
}

/// Lets a person in and takes the mailbox's turn: for what reads a count or a limit before it writes, so that two at once do not both
/// read the old one.
pub async fn enter_in_turn(tx: &mut Tx, house: &House, person: &Person) -> Result<Option<Entered>, MailboxError> {
    let entered = enter(tx, house, person).await?;
    if let Some(entered) = &entered {
        store::mailbox::take_turn(tx, entered.id).await?;
    }
    Ok(entered)
}

/// Lets a calendar in that has shown the secret of the mailbox's feed. What it is given, the use case decides.
pub(super) async fn enter_by_feed(tx: &mut Tx, house: &House, mailbox: Uuid) -> Result<Option<Entered>, MailboxError> {
    let Some(row) = store::mailbox::by_id(tx, mailbox).await? else {
        return Ok(None);
    };
    Ok(Some(Entered {
        id: row.id,
        key: house.keys.unwrap(&row.id, &row.wrapped)?,
        unread: u64::try_from(row.unread).unwrap_or(0),
        language: row.language,
        open: row.state == State::Open,
        actor: String::new(),
    }))
}

/// The person's mailbox, if there is one; a closed one too, for it can be read.
pub async fn find_mailbox(house: &House, person: &Person) -> Result<Option<Uuid>, MailboxError> {
    let mut tx = house.db.read().await?;
    let row = store::mailbox::by_holder(&mut tx, holder_index(house, &person.number.to_string())).await?;
    Ok(row.map(|row| row.id))
}

/// The blind index under which a holder's mailbox is found.
pub(crate) fn holder_index(house: &House, number: &str) -> [u8; 32] {
    house.keys.blind_index("holder", number)
}
