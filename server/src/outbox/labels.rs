//! The person's own names of folders and categories, for an export.

use super::worker::TryError;
use crate::copies::manifest::{Label, Marks};
use crate::db::Tx;
use crate::domain::folder::DEPTH;
use crate::domain::sorting::Place;
use crate::record;
use crate::seal::MailboxKey;
use crate::store;
use crate::store::letter::LetterRow;
use std::collections::HashMap;
use uuid::Uuid;

/// Names by id.
#[derive(Debug)]
pub(super) struct Labels {
    /// The folder that each lies in, and its name.
    folders: HashMap<Uuid, (Option<Uuid>, String)>,
    categories: HashMap<Uuid, Label>,
}

impl Labels {
    /// Those of a mailbox.
    pub(super) async fn read(tx: &mut Tx, mailbox: Uuid, key: &MailboxKey) -> Result<Self, TryError> {
        let mut folders = HashMap::new();
        for row in store::folder::all(tx, mailbox).await? {
            folders.insert(row.id, (row.parent_id, record::folder_name(key, row.id, &row.name)?));
        }
        let mut categories = HashMap::new();
        for row in store::category::all(tx, mailbox).await? {
            let label = Label {
                name: record::category_name(key, row.id, &row.name)?,
                colour: row.colour,
            };
            categories.insert(row.id, label);
        }
        Ok(Self { folders, categories })
    }

    /// What the person has done with a letter.
    pub(super) async fn marks(&self, tx: &mut Tx, mailbox: Uuid, row: &LetterRow) -> Result<Marks, TryError> {
        let mut categories = Vec::new();
        if !self.categories.is_empty() {
            for id in store::category::of_letter(tx, mailbox, row.id).await? {
                categories.extend(self.categories.get(&id).cloned());
            }
        }
        let place = Place::of(row.folder_id);
        Ok(Marks {
            read_at: row.read_at,
            starred_at: row.starred_at,
            binned_at: row.binned_at,
            archived: place == Place::Archive,
            folder: match place {
                Place::Folder(folder) => self.path(folder),
                Place::Inbox | Place::Archive => Vec::new(),
            },
            categories,
        })
    }

    /// Names from the top down to a folder.
    fn path(&self, folder: Uuid) -> Vec<String> {
        let mut names = Vec::new();
        let mut at = Some(folder);
        while let Some((parent, name)) = at.and_then(|id| self.folders.get(&id)).filter(|_| names.len() < DEPTH) {
            names.push(name.clone());
            at = *parent;
        }
        names.reverse();
        names
    }
}
