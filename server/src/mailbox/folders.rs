//! Folders: seen, made, renamed, moved, removed. Removing one moves its letters, and loses none.

use super::MailboxError;
use super::access::{Entered, Person, enter};
use super::categories::{Category, read_categories};
use super::sort::begin;
use crate::db::Tx;
use crate::domain::alphabet::sort_key;
use crate::domain::folder::{FOLDERS, Misplaced, Name, Tree};
use crate::domain::right::Right;
use crate::domain::sorting::{ARCHIVE, BIN, List, Place, What};
use crate::house::House;
use crate::record::folder_name;
use crate::seal::Place as SealedAt;
use crate::sorting::{Asked, Chosen, RemovedFolder};
use crate::store;
use crate::store::folder::FolderRow;
use crate::store::place::Count;
use std::collections::HashMap;
use uuid::Uuid;

/// A folder, told for people.
#[derive(Clone, Debug)]
pub struct Folder {
    /// Its id.
    pub id: Uuid,
    /// The folder it lies in.
    pub parent: Option<Uuid>,
    /// Its name.
    pub name: String,
    /// How deep it lies: 0 at the top.
    pub depth: usize,
    /// What lies in it.
    pub count: Count,
}

/// Where letters lie besides the inbox.
#[derive(Clone, Debug, Default)]
pub struct Places {
    /// Folders as a tree read from the top: each followed by what lies in it, by the alphabet.
    pub folders: Vec<Folder>,
    /// The archive.
    pub archive: Count,
    /// The bin.
    pub bin: Count,
    /// Categories, by the alphabet.
    pub categories: Vec<Category>,
}

/// What came of making, renaming or moving a folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Changed {
    /// Done.
    Done(Uuid),
    /// The name is empty, too long, or has signs that cannot be seen.
    NotAName,
    /// Another folder beside it has that name.
    NameTaken,
    /// There are as many folders as there may be.
    TooMany,
    /// It would lie too deep.
    TooDeep,
    /// It would lie in itself.
    InItself,
    /// The folder, or the one it should lie in, is not there (any more).
    NotFound,
}

/// What came of removing a folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Removed {
    /// Its letters are moved, or will be soon; then it goes. The act can be taken back by its id.
    Begun(Uuid),
    /// The folder, or the one its letters should go to, is not there (any more).
    NotFound,
}

/// The places of the person's own mailbox; nothing without one.
pub async fn places(house: &House, person: &Person) -> Result<Option<Places>, MailboxError> {
    let mut tx = house.db.read().await?;
    match enter(&mut tx, house, person, Right::View).await? {
        Some(entered) => read_places(&mut tx, &entered).await.map(Some),
        None => Ok(None),
    }
}

/// Makes a folder in `parent`, or at the top.
pub async fn make(house: &House, person: &Person, name: &str, parent: Option<Uuid>) -> Result<Changed, MailboxError> {
    let Ok(name) = name.parse::<Name>() else {
        return Ok(Changed::NotAName);
    };
    let mut tx = house.db.begin().await?;
    let Some((entered, folders)) = folders_to_change(&mut tx, house, person).await? else {
        return Ok(Changed::NotFound);
    };
    if folders.len() >= FOLDERS {
        return Ok(Changed::TooMany);
    }
    if let Err(misplaced) = tree(&folders).takes(parent) {
        return Ok(misplaced.into());
    }
    if is_taken(&entered, &folders, &name, parent, None)? {
        return Ok(Changed::NameTaken);
    }
    let id = house.ids.at(house.clock.now());
    let row = FolderRow {
        id,
        parent_id: parent,
        name: seal(house, &entered, id, &name)?,
    };
    store::folder::put(&mut tx, entered.id, &row).await?;
    tx.commit().await?;
    Ok(Changed::Done(id))
}

/// Gives a folder another name.
pub async fn rename(house: &House, person: &Person, id: Uuid, name: &str) -> Result<Changed, MailboxError> {
    let Ok(name) = name.parse::<Name>() else {
        return Ok(Changed::NotAName);
    };
    let mut tx = house.db.begin().await?;
    let Some((entered, folders)) = folders_to_change(&mut tx, house, person).await? else {
        return Ok(Changed::NotFound);
    };
    let Some(mut row) = folders.iter().find(|row| row.id == id).cloned() else {
        return Ok(Changed::NotFound);
    };
    if is_taken(&entered, &folders, &name, row.parent_id, Some(id))? {
        return Ok(Changed::NameTaken);
    }
    row.name = seal(house, &entered, id, &name)?;
    store::folder::put(&mut tx, entered.id, &row).await?;
    tx.commit().await?;
    Ok(Changed::Done(id))
}

/// Puts a folder, with all that lies in it, into another or at the top.
pub async fn place(house: &House, person: &Person, id: Uuid, parent: Option<Uuid>) -> Result<Changed, MailboxError> {
    let mut tx = house.db.begin().await?;
    let Some((entered, folders)) = folders_to_change(&mut tx, house, person).await? else {
        return Ok(Changed::NotFound);
    };
    if let Err(misplaced) = tree(&folders).may_move(id, parent) {
        return Ok(misplaced.into());
    }
    let Some(row) = folders.iter().find(|row| row.id == id) else {
        return Ok(Changed::NotFound);
    };
    let own = folder_name(&entered.key, id, &row.name)?.parse::<Name>();
    if let Ok(own) = own
        && is_taken(&entered, &folders, &own, parent, Some(id))?
    {
        return Ok(Changed::NameTaken);
    }
    store::folder::set_parent(&mut tx, entered.id, id, parent).await?;
    tx.commit().await?;
    Ok(Changed::Done(id))
}

/// Removes a folder: its letters go to `into`, the folders in it move up.
pub async fn remove(house: &House, person: &Person, id: Uuid, into: Place) -> Result<Removed, MailboxError> {
    let now = house.clock.now();
    let mut tx = house.db.begin().await?;
    let Some((entered, folders)) = folders_to_change(&mut tx, house, person).await? else {
        return Ok(Removed::NotFound);
    };
    let goes_nowhere = matches!(into, Place::Folder(into) if into == id || folders.iter().all(|row| row.id != into));
    let Some(row) = folders.iter().find(|row| row.id == id && !goes_nowhere) else {
        return Ok(Removed::NotFound);
    };
    let asked = Asked {
        what: What::Move(into),
        chosen: Chosen::All {
            list: List::Placed(id),
            newest: Uuid::max(),
        },
        removes: Some(RemovedFolder {
            id,
            parent: row.parent_id,
            name: row.name.clone(),
            children: folders
                .iter()
                .filter(|child| child.parent_id == Some(id))
                .map(|child| child.id)
                .collect(),
        }),
    };
    let act = begin(&mut tx, house, &entered, asked, now).await?;
    tx.commit().await?;
    Ok(Removed::Begun(act))
}

impl From<Misplaced> for Changed {
    fn from(misplaced: Misplaced) -> Self {
        match misplaced {
            Misplaced::Missing => Self::NotFound,
            Misplaced::InItself => Self::InItself,
            Misplaced::TooDeep => Self::TooDeep,
        }
    }
}

/// The mailbox and its folders, with its turn: nobody else changes them until the transaction ends.
async fn folders_to_change(
    tx: &mut Tx,
    house: &House,
    person: &Person,
) -> Result<Option<(Entered, Vec<FolderRow>)>, MailboxError> {
    let Some(entered) = enter(tx, house, person, Right::Arrange).await? else {
        return Ok(None);
    };
    store::mailbox::take_turn(tx, entered.id).await?;
    let folders = store::folder::all(tx, entered.id).await?;
    Ok(Some((entered, folders)))
}

fn tree(folders: &[FolderRow]) -> Tree {
    Tree::new(folders.iter().map(|row| (row.id, row.parent_id)))
}

/// Whether another folder in `parent` has that name, capitals or not.
fn is_taken(
    entered: &Entered,
    folders: &[FolderRow],
    wanted: &Name,
    parent: Option<Uuid>,
    own: Option<Uuid>,
) -> Result<bool, MailboxError> {
    for row in folders
        .iter()
        .filter(|row| row.parent_id == parent && Some(row.id) != own)
    {
        if folder_name(&entered.key, row.id, &row.name)?.to_lowercase() == wanted.as_str().to_lowercase() {
            return Ok(true);
        }
    }
    Ok(false)
}

fn seal(house: &House, entered: &Entered, id: Uuid, name: &Name) -> Result<Vec<u8>, MailboxError> {
    Ok(entered.key.seal(
        house.ids,
        &SealedAt::of("folder", &id, "name"),
        name.as_str().as_bytes(),
    )?)
}

/// Folders, archive and bin with their counts.
pub(super) async fn read_places(tx: &mut Tx, entered: &Entered) -> Result<Places, MailboxError> {
    // What folders and categories are called tells of letters too: who neither sees all nor sorts what they see needs none of them.
    if !entered.may(Right::Overview) && !entered.may(Right::Organise) {
        return Ok(Places::default());
    }
    let rows = store::folder::all(tx, entered.id).await?;
    let mut counts: HashMap<Uuid, Count> = HashMap::new();
    // Who sees some letters only is not told how many there are.
    if entered.may(Right::Overview) {
        counts.extend(store::place::counts(tx, entered.id).await?);
    }
    let count = |place: Uuid| counts.get(&place).copied().unwrap_or_default();
    let mut below: HashMap<Option<Uuid>, Vec<Folder>> = HashMap::new();
    for row in rows {
        let folder = Folder {
            id: row.id,
            parent: row.parent_id,
            name: folder_name(&entered.key, row.id, &row.name)?,
            depth: 0,
            count: count(row.id),
        };
        below.entry(row.parent_id).or_default().push(folder);
    }
    let mut folders = Vec::new();
    hang(&mut below, None, 0, &mut folders);
    Ok(Places {
        folders,
        archive: count(ARCHIVE),
        bin: count(BIN),
        categories: read_categories(tx, entered).await?,
    })
}

/// Lists what lies in a folder by the alphabet, each followed by what lies in it. What has been listed is taken out, so that even a
/// ring would end.
fn hang(below: &mut HashMap<Option<Uuid>, Vec<Folder>>, parent: Option<Uuid>, depth: usize, listed: &mut Vec<Folder>) {
    let mut here = below.remove(&parent).unwrap_or_default();
    here.sort_by_cached_key(|folder| sort_key(&folder.name));
    for mut folder in here {
        folder.depth = depth;
        let id = folder.id;
        listed.push(folder);
        hang(below, Some(id), depth + 1, listed);
    }
}
