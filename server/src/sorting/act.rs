//! One act: asked for, carried out some letters at a time, taken back the same way.

use super::{Desk, SortingError, write};
use crate::db::Tx;
use crate::domain::folder::Tree;
use crate::domain::sorting::{List, Place, Standing, Tally, What};
use crate::seal::Place as SealedAt;
use crate::store;
use crate::store::folder::FolderRow;
use crate::store::letter::LetterRow;
use crate::store::sorting::{ActRow, ActState};
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use time::OffsetDateTime;
use uuid::Uuid;

/// How many letters are changed in one transaction: some tens of milliseconds, so that letters that come in need not wait.
const AT_ONCE: usize = 200;

/// How many acts of a mailbox can be taken back.
const KEPT: i64 = 10;

/// With which letters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Chosen {
    /// These, wherever they lie; what a search found too.
    These(Vec<Uuid>),
    /// All that a list holds, up to its newest letter when it was asked for.
    All {
        /// The list.
        list: List,
        /// That letter.
        newest: Uuid,
    },
}

/// A folder that goes once its letters lie elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemovedFolder {
    /// The folder.
    pub id: Uuid,
    /// What it lies in.
    pub parent: Option<Uuid>,
    /// Its name as the row had it, sealed.
    pub name: Vec<u8>,
    /// Folders that lie in it, and move up into its parent.
    pub children: Vec<Uuid>,
}

/// What was asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// What to do.
    pub what: What,
    /// With which letters.
    pub chosen: Chosen,
    /// The folder that goes with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub removes: Option<RemovedFolder>,
}

/// Writes down what is asked for, and does the first of it. Tells the act's id, and whether it has ended; otherwise the caller
/// leaves the rest to a job. The caller has the mailbox's turn.
pub async fn begin(
    tx: &mut Tx,
    desk: Desk<'_>,
    mut asked: Asked,
    at: OffsetDateTime,
) -> Result<(Uuid, bool), SortingError> {
    store::sorting::forget_old(tx, desk.mailbox, KEPT - 1).await?;
    if let Chosen::These(letters) = &mut asked.chosen {
        // Newest first, as every list is walked.
        letters.sort_unstable_by(|a, b| b.cmp(a));
        letters.dedup();
    }
    let id = desk.house.ids.at(at);
    let row = ActRow {
        id,
        state: ActState::Doing,
        content: desk
            .key
            .seal_record(desk.house.ids, &SealedAt::of("sorting_act", &id, "content"), &asked)?,
        letters: 0,
        handled: Uuid::max(),
        at,
    };
    store::sorting::put(tx, desk.mailbox, &row).await?;
    let ended = step(tx, desk, id).await?;
    Ok((id, ended))
}

/// An act and what was asked for, if it can still be seen.
pub async fn read(tx: &mut Tx, desk: Desk<'_>, act: Uuid) -> Result<Option<(ActRow, Asked)>, SortingError> {
    let Some(row) = store::sorting::by_id(tx, desk.mailbox, act).await? else {
        return Ok(None);
    };
    let asked = desk
        .key
        .open_record(&SealedAt::of("sorting_act", &row.id, "content"), &row.content)?;
    Ok(Some((row, asked)))
}

/// Begins to take an act back, if it stands. Tells whether it has ended; nothing when there is nothing to take back.
pub async fn take_back(tx: &mut Tx, desk: Desk<'_>, act: Uuid) -> Result<Option<bool>, SortingError> {
    let Some((mut row, asked)) = read(tx, desk, act).await? else {
        return Ok(None);
    };
    match row.state {
        ActState::Doing => {}
        ActState::Done => {
            if let Some(folder) = &asked.removes {
                put_back(tx, desk.mailbox, folder).await?;
            }
        }
        ActState::Undoing | ActState::Undone => return Ok(None),
    }
    row.state = ActState::Undoing;
    store::sorting::put(tx, desk.mailbox, &row).await?;
    step(tx, desk, act).await.map(Some)
}

/// Changes some more letters; tells whether that was all. The caller has the mailbox's turn.
pub async fn step(tx: &mut Tx, desk: Desk<'_>, act: Uuid) -> Result<bool, SortingError> {
    let Some((row, asked)) = read(tx, desk, act).await? else {
        return Ok(true);
    };
    let folders = store::folder::all(tx, desk.mailbox).await?;
    let folders = Folders(folders.iter().map(|folder| folder.id).collect());
    match row.state {
        ActState::Doing => forward(tx, desk, row, &asked, &folders).await,
        ActState::Undoing => back(tx, desk, row, &asked, &folders).await,
        ActState::Done | ActState::Undone => Ok(true),
    }
}

async fn forward(
    tx: &mut Tx,
    desk: Desk<'_>,
    mut row: ActRow,
    asked: &Asked,
    folders: &Folders,
) -> Result<bool, SortingError> {
    let letters = match asked.what {
        // The folder was removed while letters were moved to it: the others stay where they are.
        What::Move(Place::Folder(folder)) if !folders.0.contains(&folder) => Vec::new(),
        What::Give(category) if !store::category::exists(tx, desk.mailbox, category).await? => Vec::new(),
        _ => next(tx, desk.mailbox, &asked.chosen, row.handled).await?,
    };
    let mut tally = Tally::default();
    for letter in letters.iter().flatten() {
        let before = letter.standing();
        let changed = match asked.what {
            What::Give(category) => store::category::give(tx, desk.mailbox, category, letter.id).await?,
            What::Take(category) => store::category::take(tx, desk.mailbox, category, letter.id).await?,
            what => {
                let after = folders.settle(what.done(before, row.at));
                write(tx, desk.mailbox, letter, after, &mut tally).await?
            }
        };
        if changed {
            store::sorting::remember(tx, desk.mailbox, row.id, letter.id, before).await?;
            row.letters += 1;
        }
    }
    store::place::add(tx, desk.mailbox, &tally).await?;
    let mut ended = letters.len() < AT_ONCE;
    if ended
        && let Some(folder) = &asked.removes
        && !take_away(tx, desk.mailbox, folder).await?
    {
        ended = false;
        row.handled = Uuid::max();
    } else if ended {
        row.state = ActState::Done;
    } else if let Some(last) = last_handled(&letters, &asked.chosen, row.handled) {
        row.handled = last;
    }
    store::sorting::put(tx, desk.mailbox, &row).await?;
    Ok(ended)
}

async fn back(
    tx: &mut Tx,
    desk: Desk<'_>,
    mut row: ActRow,
    asked: &Asked,
    folders: &Folders,
) -> Result<bool, SortingError> {
    let limit = i64::try_from(AT_ONCE).unwrap_or(i64::MAX);
    let remembered = store::sorting::remembered(tx, desk.mailbox, row.id, limit).await?;
    let mut tally = Tally::default();
    for (id, before) in &remembered {
        if let Some(letter) = store::letter::by_id(tx, desk.mailbox, *id).await? {
            match asked.what {
                What::Give(category) => {
                    store::category::take(tx, desk.mailbox, category, letter.id).await?;
                }
                What::Take(category) => {
                    // It may have been removed altogether since.
                    if store::category::exists(tx, desk.mailbox, category).await? {
                        store::category::give(tx, desk.mailbox, category, letter.id).await?;
                    }
                }
                what => {
                    let after = folders.settle(what.undone(*before, letter.standing(), row.at));
                    write(tx, desk.mailbox, &letter, after, &mut tally).await?;
                }
            }
        }
        store::sorting::forget_letter(tx, desk.mailbox, row.id, *id).await?;
    }
    store::place::add(tx, desk.mailbox, &tally).await?;
    let ended = remembered.len() < AT_ONCE;
    if ended {
        row.state = ActState::Undone;
        store::sorting::put(tx, desk.mailbox, &row).await?;
    }
    Ok(ended)
}

/// The next letters to change: older than `handled`. A chosen letter that is not there (any more) leaves a gap.
async fn next(
    tx: &mut Tx,
    mailbox: Uuid,
    chosen: &Chosen,
    handled: Uuid,
) -> Result<Vec<Option<LetterRow>>, SortingError> {
    match chosen {
        Chosen::These(ids) => {
            let mut letters = Vec::new();
            for id in ids.iter().filter(|id| **id < handled).take(AT_ONCE) {
                letters.push(store::letter::by_id(tx, mailbox, *id).await?);
            }
            Ok(letters)
        }
        Chosen::All { list, newest } => {
            let limit = i64::try_from(AT_ONCE).unwrap_or(i64::MAX);
            // One more than the newest, for lists begin before what they are given.
            let before = handled.min(Uuid::from_u128(newest.as_u128().saturating_add(1)));
            let letters = store::letter::page(tx, mailbox, *list, before, limit).await?;
            Ok(letters.into_iter().map(Some).collect())
        }
    }
}

/// The oldest letter that was looked at.
fn last_handled(letters: &[Option<LetterRow>], chosen: &Chosen, handled: Uuid) -> Option<Uuid> {
    match chosen {
        Chosen::These(ids) => ids.iter().filter(|id| **id < handled).nth(AT_ONCE - 1).copied(),
        Chosen::All { .. } => letters.iter().flatten().last().map(|letter| letter.id),
    }
}

/// Removes a folder that is empty now; not yet when a letter has come to it in the meantime.
async fn take_away(tx: &mut Tx, mailbox: Uuid, folder: &RemovedFolder) -> Result<bool, SortingError> {
    let late = store::letter::page(tx, mailbox, List::Placed(folder.id), Uuid::max(), 1).await?;
    if !late.is_empty() {
        return Ok(false);
    }
    for child in &folder.children {
        store::folder::set_parent(tx, mailbox, *child, folder.parent).await?;
    }
    store::folder::remove(tx, mailbox, folder.id).await?;
    store::place::forget(tx, mailbox, folder.id).await?;
    store::subject_order::remove(tx, mailbox, folder.id).await?;
    Ok(true)
}

/// Makes a removed folder again, with the folders that lay in it and have not been moved since, as far as the tree allows.
async fn put_back(tx: &mut Tx, mailbox: Uuid, folder: &RemovedFolder) -> Result<(), SortingError> {
    let mut now = store::folder::all(tx, mailbox).await?;
    let row = FolderRow {
        id: folder.id,
        parent_id: folder.parent.filter(|parent| tree(&now).takes(Some(*parent)).is_ok()),
        name: folder.name.clone(),
    };
    store::folder::put(tx, mailbox, &row).await?;
    let parent = row.parent_id;
    now.push(row);
    for child in &folder.children {
        let stays = now.iter().all(|row| row.id != *child || row.parent_id != parent);
        if stays || tree(&now).may_move(*child, Some(folder.id)).is_err() {
            continue;
        }
        store::folder::set_parent(tx, mailbox, *child, Some(folder.id)).await?;
        for row in now.iter_mut().filter(|row| row.id == *child) {
            row.parent_id = Some(folder.id);
        }
    }
    Ok(())
}

fn tree(folders: &[FolderRow]) -> Tree {
    Tree::new(folders.iter().map(|row| (row.id, row.parent_id)))
}

/// The folders that are there.
struct Folders(HashSet<Uuid>);

impl Folders {
    /// A letter whose folder is gone lies in the inbox; in the bin it may keep it until it is taken out.
    fn settle(&self, mut standing: Standing) -> Standing {
        if let (Place::Folder(folder), None) = (standing.place, standing.binned_at)
            && !self.0.contains(&folder)
        {
            standing.place = Place::Inbox;
        }
        standing
    }
}
