//! The one place on the staff's side that takes a mailbox's key, and all that it is taken for: addresses, notices, and the log that the holder
//! reads. It gives the key to nobody, so that nothing beside this file can open a letter.

use super::SupportError;
use crate::db::Tx;
use crate::domain::access::Act;
use crate::domain::address::Address;
use crate::domain::answer::{Meaning, meaning};
use crate::domain::look::Reason;
use crate::house::House;
use crate::mailbox::access_log::log_staff;
use crate::outbox::addresses::{self, Known};
use crate::outbox::tell::{Telling, tell, tell_all};
use crate::outbox::tried::{answer, recipient};
use crate::record;
use crate::seal::MailboxKey;
use crate::store;
use crate::store::account::AccountRow;
use crate::store::notice::{NoticeKind, NoticeRow, NoticeState};
use contracts::identifier::RecipientId;
use uuid::Uuid;

/// A look into an account, no wider than it has to be.
pub(super) struct Keyhole {
    /// Which mailbox.
    pub(super) id: Uuid,
    key: MailboxKey,
    holder: Vec<u8>,
}

impl Keyhole {
    /// Into this account.
    pub(super) fn of(house: &House, row: &AccountRow) -> Result<Self, SupportError> {
        Ok(Self {
            id: row.id,
            key: house.keys.unwrap(&row.id, &row.wrapped)?,
            holder: row.holder.clone(),
        })
    }

    /// The holder's number, to ask FaR by; shown to nobody.
    pub(super) fn number(&self) -> Result<RecipientId, SupportError> {
        let holder = record::holder(&self.key, self.id, &self.holder)?;
        holder.number.parse().map_err(|_| SupportError::Record("holder"))
    }

    /// The addresses, oldest first.
    pub(super) async fn addresses(&self, tx: &mut Tx) -> Result<Vec<Known>, SupportError> {
        Ok(addresses::known(tx, &self.key, self.id).await?)
    }

    /// Where a notice went.
    pub(super) fn recipient(&self, row: &NoticeRow) -> Result<Address, SupportError> {
        Ok(recipient(&self.key, row)?)
    }

    /// What the other side's answer to it means. Its own words may name the address, and stay where they are.
    pub(super) fn meaning(&self, row: &NoticeRow) -> Result<Option<Meaning>, SupportError> {
        Ok(answer(&self.key, row)?.map(|words| meaning(row.channel, &words)))
    }

    /// Tells every address in use of what has happened to the mailbox.
    pub(super) async fn tell(&self, tx: &mut Tx, house: &House, kind: NoticeKind) -> Result<(), SupportError> {
        let known = self.addresses(tx).await?;
        Ok(tell_all(tx, house, (self.id, &self.key), (kind, None), &known).await?)
    }

    /// Tells the same letters to the same address once more; false when it is not in use any more.
    pub(super) async fn tell_again(&self, tx: &mut Tx, house: &House, row: &NoticeRow) -> Result<bool, SupportError> {
        let known = self.addresses(tx).await?;
        let to = known
            .iter()
            .find(|known| Some(known.row.id) == row.address_id && known.row.is_in_use());
        let Some(to) = to else {
            return Ok(false);
        };
        let telling = Telling {
            kind: row.kind,
            round_id: house.ids.at(house.clock.now()),
            letters: store::notice::letters(tx, self.id, row.id).await?,
            about: None,
        };
        tell(tx, house, (self.id, &self.key), &telling, to, NoticeState::Waiting).await?;
        Ok(true)
    }

    /// Writes in the log that the holder reads.
    pub(super) async fn log(&self, tx: &mut Tx, house: &House, act: Act, reason: &Reason) -> Result<(), SupportError> {
        Ok(log_staff(tx, house, (self.id, &self.key), act, reason).await?)
    }
}
