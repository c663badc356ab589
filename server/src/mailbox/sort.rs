//! Moving, binning, marking and starring letters, one or many, and taking it back.

use super::MailboxError;
use super::access::{Entered, Person, enter};
use crate::db::Tx;
use crate::domain::access::Act;
use crate::domain::right::Right;
use crate::domain::sorting::{BIN_KEEPS, List, Place, What};
use crate::house::House;
use crate::outbox::{self, Job};
use crate::record;
use crate::sorting::{self, Asked, Chosen, Desk};
use crate::store;
use crate::store::sorting::ActState;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

/// With which letters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Choice {
    /// These, wherever they lie: picked from a list, or found.
    These(Vec<Uuid>),
    /// All that a list holds now.
    All(List),
}

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sorted {
    /// Done, or begun and left to the worker; the act can be taken back by its id.
    Begun(Uuid),
    /// The folder to move to is not there (any more). Nothing was changed.
    NoSuchFolder,
    /// The category to give is not there (any more). Nothing was changed.
    NoSuchCategory,
    /// No such letters in the person's own mailbox.
    NotFound,
}

/// What came of taking an act back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TakenBack {
    /// It is taken back, or will be soon.
    Begun,
    /// It was taken back before, or is too long ago.
    Over,
    /// No such mailbox.
    NotFound,
}

/// An act as people are told of it.
#[derive(Clone, Debug)]
pub struct Told {
    /// What was done.
    pub what: What,
    /// With how many letters, as far as it has come.
    pub letters: u64,
    /// How far it has come.
    pub state: ActState,
    /// The name of the folder that was removed with it.
    pub removed: Option<String>,
}

/// Does something with letters of the person's own mailbox.
pub async fn sort(house: &House, person: &Person, what: What, choice: Choice) -> Result<Sorted, MailboxError> {
    let now = house.clock.now();
    let mut tx = house.db.begin().await?;
    let Some(entered) = enter(&mut tx, house, person, Right::Organise).await? else {
        return Ok(Sorted::NotFound);
    };
    store::mailbox::take_turn(&mut tx, entered.id).await?;
    if let What::Move(Place::Folder(folder)) = what
        && !store::folder::exists(&mut tx, entered.id, folder).await?
    {
        return Ok(Sorted::NoSuchFolder);
    }
    if let What::Give(category) | What::Take(category) = what
        && !store::category::exists(&mut tx, entered.id, category).await?
    {
        return Ok(Sorted::NoSuchCategory);
    }
    let Some(chosen) = chosen(&mut tx, &entered, choice).await? else {
        return Ok(Sorted::NotFound);
    };
    let asked = Asked {
        what,
        chosen,
        removes: None,
    };
    let act = begin(&mut tx, house, &entered, asked, now).await?;
    tx.commit().await?;
    Ok(Sorted::Begun(act))
}

/// The letters that are really there; nothing when there are none.
async fn chosen(tx: &mut Tx, entered: &Entered, choice: Choice) -> Result<Option<Chosen>, MailboxError> {
    match choice {
        Choice::These(ids) if entered.sight.is_whole() => {
            for id in &ids {
                if entered.letter(tx, *id).await?.is_some() {
                    return Ok(Some(Chosen::These(ids)));
                }
            }
            Ok(None)
        }
        Choice::These(ids) => {
            let mut seen = Vec::with_capacity(ids.len());
            for id in ids {
                if entered.letter(tx, id).await?.is_some() {
                    seen.push(id);
                }
            }
            Ok(Some(seen).filter(|seen| !seen.is_empty()).map(Chosen::These))
        }
        // A whole list has letters that are not seen.
        Choice::All(_) if !entered.sight.is_whole() => Ok(None),
        Choice::All(list) => Ok(store::letter::newest(tx, entered.id)
            .await?
            .map(|newest| Chosen::All { list, newest })),
    }
}

/// Begins an act in the caller's transaction, with its line in the access log and the jobs that follow it.
pub(super) async fn begin(
    tx: &mut Tx,
    house: &House,
    entered: &Entered,
    asked: Asked,
    now: OffsetDateTime,
) -> Result<Uuid, MailboxError> {
    let what = asked.what;
    let one = match &asked.chosen {
        Chosen::These(ids) => Some(ids.as_slice()).and_then(|ids| match ids {
            [one] => Some(*one),
            _ => None,
        }),
        Chosen::All { .. } => None,
    };
    let (act_id, ended) = sorting::begin(tx, desk(house, entered), asked, now).await?;
    if let Some(act) = logged(what) {
        entered.log(tx, house.ids, now, act, one).await?;
    }
    go_on(tx, house, entered, act_id, ended, now).await?;
    if what == What::Bin {
        let job = Job::EmptyBin {
            mailbox_id: entered.id,
            binned_until: None,
        };
        outbox::enqueue(tx, house, &job, now + BIN_KEEPS + Duration::SECOND).await?;
    }
    Ok(act_id)
}

/// Leaves what has not been done to the worker.
async fn go_on(
    tx: &mut Tx,
    house: &House,
    entered: &Entered,
    act_id: Uuid,
    ended: bool,
    now: OffsetDateTime,
) -> Result<(), MailboxError> {
    if !ended {
        let job = Job::Sort {
            mailbox_id: entered.id,
            act_id,
        };
        outbox::enqueue(tx, house, &job, now).await?;
    }
    Ok(())
}

/// Takes an act back, once. What has been changed again since then stays as it is.
pub async fn take_back(house: &House, person: &Person, act: Uuid) -> Result<TakenBack, MailboxError> {
    let now = house.clock.now();
    let mut tx = house.db.begin().await?;
    let Some(entered) = enter(&mut tx, house, person, Right::Organise).await? else {
        return Ok(TakenBack::NotFound);
    };
    store::mailbox::take_turn(&mut tx, entered.id).await?;
    let desk = desk(house, &entered);
    let Some((_, asked)) = sorting::read(&mut tx, desk, act).await? else {
        return Ok(TakenBack::Over);
    };
    if !sees_all_of(&mut tx, &entered, &asked.chosen).await? {
        return Ok(TakenBack::NotFound);
    }
    let Some(ended) = sorting::take_back(&mut tx, desk, act).await? else {
        return Ok(TakenBack::Over);
    };
    let log = match asked.what {
        What::Bin => Some(Act::RestoredLetters),
        What::Restore => Some(Act::BinnedLetters),
        other => logged(other),
    };
    if let Some(log) = log {
        entered.log(&mut tx, house.ids, now, log, None).await?;
    }
    go_on(&mut tx, house, &entered, act, ended, now).await?;
    tx.commit().await?;
    Ok(TakenBack::Begun)
}

/// What was done, for the note that offers to take it back; nothing when it is too long ago or never was.
pub async fn told(house: &House, person: &Person, act: Uuid) -> Result<Option<Told>, MailboxError> {
    let mut tx = house.db.read().await?;
    let Some(entered) = enter(&mut tx, house, person, Right::Organise).await? else {
        return Ok(None);
    };
    let Some((row, asked)) = sorting::read(&mut tx, desk(house, &entered), act).await? else {
        return Ok(None);
    };
    if !sees_all_of(&mut tx, &entered, &asked.chosen).await? {
        return Ok(None);
    }
    Ok(Some(Told {
        what: asked.what,
        letters: u64::try_from(row.letters).unwrap_or(0),
        state: row.state,
        removed: asked
            .removes
            .map(|folder| record::folder_name(&entered.key, folder.id, &folder.name))
            .transpose()?,
    }))
}

/// Whether all that was chosen is seen: who sees some letters only is told nothing of what was done with others.
async fn sees_all_of(tx: &mut Tx, entered: &Entered, chosen: &Chosen) -> Result<bool, MailboxError> {
    match chosen {
        _ if entered.sight.is_whole() => Ok(true),
        Chosen::All { .. } => Ok(false),
        Chosen::These(ids) => {
            for id in ids {
                if entered.letter(tx, *id).await?.is_none() {
                    return Ok(false);
                }
            }
            Ok(true)
        }
    }
}

fn desk<'a>(house: &'a House, entered: &'a Entered) -> Desk<'a> {
    Desk {
        house,
        mailbox: entered.id,
        key: &entered.key,
    }
}

/// What the access log says of it; reading marks and stars change nothing that anybody else would miss.
fn logged(what: What) -> Option<Act> {
    match what {
        What::Move(_) => Some(Act::MovedLetters),
        What::Bin => Some(Act::BinnedLetters),
        What::Restore => Some(Act::RestoredLetters),
        What::Unread => Some(Act::MarkedUnread),
        What::Read | What::Star | What::Unstar | What::Give(_) | What::Take(_) => None,
    }
}
