//! A notice to try out.

use super::MailboxError;
use super::access::{Person, enter_in_turn};
use crate::domain::code;
use crate::domain::notice_rules::Way;
use crate::domain::right::Right;
use crate::house::House;
use crate::outbox::addresses::{self, Known};
use crate::outbox::rules;
use crate::outbox::tell::{Telling, tell};
use crate::store::notice::{NoticeKind, NoticeState};
use crate::store::sent_count::{Counted, count};
use uuid::Uuid;

/// What came of asking for one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ToTry {
    /// On its way to so many addresses.
    Sent(u32),
    /// There is no address that it could go to, or no mailbox.
    Nowhere,
    /// There is one, but no notice would go there by the person's rules.
    NotWanted,
    /// Too many were asked for; as many as codes may be, in the same time.
    TooMany,
}

/// Sends one to every address of the person's own mailbox that a real notice would go to, or to the one of them that is named, whatever the
/// rules say of time.
pub async fn send_to_try(house: &House, person: &Person, only: Option<Uuid>) -> Result<ToTry, MailboxError> {
    let now = house.clock.now();
    let mut tx = house.db.begin().await?;
    let Some(whose) = enter_in_turn(&mut tx, house, person, Right::EditSettings).await? else {
        return Ok(ToTry::Nowhere);
    };
    let known = addresses::known(&mut tx, &whose.key, whose.id).await?;
    let meant = |known: &&Known| known.row.is_in_use() && only.is_none_or(|only| known.row.id == only);
    let mut to: Vec<&Known> = known.iter().filter(meant).collect();
    if to.is_empty() {
        return Ok(ToTry::Nowhere);
    }
    let ways: Vec<Way> = known.iter().map(Known::way).collect();
    let reached = rules::read(&mut tx, &whose.key, whose.id).await?.reached(&ways);
    to.retain(|known| reached.contains(&known.row.id));
    if to.is_empty() {
        return Ok(ToTry::NotWanted);
    }
    if !count(&mut tx, whose.id, Counted::Tests, now, code::PERIOD, code::MOST).await? {
        return Ok(ToTry::TooMany);
    }
    let telling = Telling {
        kind: NoticeKind::Test,
        round_id: house.ids.at(now),
        letters: Vec::new(),
        about: None,
    };
    for to in &to {
        tell(
            &mut tx,
            house,
            (whose.id, &whose.key),
            &telling,
            to,
            NoticeState::Waiting,
        )
        .await?;
    }
    tx.commit().await?;
    house.bell.notify_one();
    Ok(ToTry::Sent(u32::try_from(to.len()).unwrap_or(u32::MAX)))
}
