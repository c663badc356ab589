//! The folders and categories that an export tells of: found by their names, or made anew.

use super::MailboxError;
use super::access::Person;
use super::categories::{self, Changed as CategoryChanged};
use super::folders::{self, Changed};
use crate::copies::manifest::Marks;
use crate::domain::category::Colour;
use crate::domain::sorting::Place;
use crate::house::House;
use std::collections::HashMap;
use uuid::Uuid;

/// What has been found or made so far, by the names in the export. Nothing: there can be no such folder or category here.
#[derive(Debug, Default)]
pub(super) struct Restored {
    folders: HashMap<Vec<String>, Option<Uuid>>,
    categories: HashMap<String, Option<Uuid>>,
}

impl Restored {
    /// Finds or makes what a letter's marks name. A folder that there is no room for is not made, and its letters stay in the inbox.
    pub(super) async fn make(&mut self, house: &House, person: &Person, marks: &Marks) -> Result<(), MailboxError> {
        let mut parent = None;
        for depth in 1..=marks.folder.len() {
            let path = marks.folder.get(..depth).unwrap_or_default().to_vec();
            if !self.folders.contains_key(&path) {
                let name = path.last().map_or("", String::as_str);
                let found = folder(house, person, name, parent).await?;
                self.folders.insert(path.clone(), found);
            }
            parent = self.folders.get(&path).copied().flatten();
            if parent.is_none() {
                break;
            }
        }
        for label in &marks.categories {
            if !self.categories.contains_key(&label.name) {
                let colour = label.colour.parse().unwrap_or_default();
                let found = category(house, person, &label.name, colour).await?;
                self.categories.insert(label.name.clone(), found);
            }
        }
        Ok(())
    }

    /// Where a letter with these marks lies.
    pub(super) fn place(&self, marks: &Marks) -> Place {
        if marks.archived {
            return Place::Archive;
        }
        let folder = self.folders.get(&marks.folder).copied().flatten();
        folder.map_or(Place::Inbox, Place::Folder)
    }

    /// The categories of a letter with these marks.
    pub(super) fn categories(&self, marks: &Marks) -> Vec<Uuid> {
        let labels = marks.categories.iter();
        labels
            .filter_map(|label| self.categories.get(&label.name).copied().flatten())
            .collect()
    }
}

async fn folder(
    house: &House,
    person: &Person,
    name: &str,
    parent: Option<Uuid>,
) -> Result<Option<Uuid>, MailboxError> {
    let places = folders::places(house, person).await?.unwrap_or_default();
    let wanted = name.to_lowercase();
    let there = places.folders.iter();
    let mut there = there.filter(|folder| folder.parent == parent && folder.name.to_lowercase() == wanted);
    if let Some(folder) = there.next() {
        return Ok(Some(folder.id));
    }
    Ok(match folders::make(house, person, name, parent).await? {
        Changed::Done(id) => Some(id),
        _ => None,
    })
}

async fn category(house: &House, person: &Person, name: &str, colour: Colour) -> Result<Option<Uuid>, MailboxError> {
    let places = folders::places(house, person).await?.unwrap_or_default();
    let wanted = name.to_lowercase();
    let mut there = places
        .categories
        .iter()
        .filter(|category| category.name.to_lowercase() == wanted);
    if let Some(category) = there.next() {
        return Ok(Some(category.id));
    }
    Ok(match categories::put(house, person, None, name, colour).await? {
        CategoryChanged::Done(id) => Some(id),
        _ => None,
    })
}
