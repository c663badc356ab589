//! Lists, folders and what is done with letters, for the person who is logged in.

use super::ports::{letter_id, row, unavailable};
use super::search::all_found;
use crate::domain::sorting as domain;
use crate::house::House;
use crate::mailbox::MailboxError;
use crate::mailbox::access::Person;
use crate::mailbox::bin::{Emptied, empty_bin};
use crate::mailbox::categories;
use crate::mailbox::download::AT_MOST;
use crate::mailbox::folders::{self, Changed, Removed};
use crate::mailbox::list::{Listing, read_list};
use crate::mailbox::sort::{self, Choice};
use crate::mailbox::typed_name::{TypedName, keep_typed_name, typed_name};
use crate::store;
use app::ports::{
    ActId, ActState, Category, CategoryId, Chosen, Colour, Counted, Deed, Folder, FolderChanged, FolderId,
    FolderRemoved, Lies, List, ListPage, ListQuery, Order, Places, PortError, Sorted, Sorting, Source, Told,
};
use async_trait::async_trait;
use uuid::Uuid;

/// The sorting of one mailbox, for its holder.
pub(super) struct OwnSorting {
    pub(super) house: House,
    pub(super) person: Person,
}

#[async_trait]
impl Sorting for OwnSorting {
    async fn list(&self, query: ListQuery) -> Result<ListPage, PortError> {
        let order = match query.order {
            Order::Newest => domain::Order::Newest,
            Order::UnreadFirst => domain::Order::UnreadFirst,
            Order::Sender => domain::Order::Sender,
            Order::Subject => domain::Order::Subject,
        };
        let list = list(&query.list)?;
        match read_list(&self.house, &self.person, list, order, query.from.as_deref())
            .await
            .map_err(unavailable)?
        {
            Listing::Page { letters, next } => Ok(ListPage {
                letters: letters.into_iter().map(row).collect(),
                next,
            }),
            Listing::NotFound => Err(PortError::NotFound),
        }
    }

    async fn sort(&self, deed: Deed, chosen: Chosen) -> Result<Sorted, PortError> {
        let choice = match &chosen {
            // A page has fifty, so this is nobody's form.
            Chosen::These(letters) if letters.len() > AT_MOST => return Ok(Sorted::TooMany),
            Chosen::These(letters) => Choice::These(letters.iter().map(letter_id).collect::<Result<_, _>>()?),
            Chosen::All(source) => match all_of(&self.house, &self.person, source).await? {
                Some(choice) => choice,
                None => return Ok(Sorted::TooMany),
            },
        };
        match sort::sort(&self.house, &self.person, what(&deed)?, choice)
            .await
            .map_err(unavailable)?
        {
            sort::Sorted::Begun(act) => Ok(Sorted::Begun(ActId(act.to_string()))),
            sort::Sorted::NoSuchFolder => Ok(Sorted::NoSuchFolder),
            sort::Sorted::NoSuchCategory => Ok(Sorted::NoSuchCategory),
            sort::Sorted::NotFound => Err(PortError::NotFound),
        }
    }

    async fn told(&self, act: ActId) -> Result<Option<Told>, PortError> {
        let Ok(act) = Uuid::parse_str(&act.0) else {
            return Ok(None);
        };
        let told = sort::told(&self.house, &self.person, act).await.map_err(unavailable)?;
        Ok(told.map(|told| Told {
            deed: deed(told.what),
            letters: told.letters,
            state: match told.state {
                store::sorting::ActState::Doing => ActState::Doing,
                store::sorting::ActState::Done => ActState::Done,
                store::sorting::ActState::Undoing => ActState::Undoing,
                store::sorting::ActState::Undone => ActState::Undone,
            },
            removed: told.removed,
        }))
    }

    async fn take_back(&self, act: ActId) -> Result<bool, PortError> {
        let act = Uuid::parse_str(&act.0).map_err(|_| PortError::NotFound)?;
        match sort::take_back(&self.house, &self.person, act)
            .await
            .map_err(unavailable)?
        {
            sort::TakenBack::Begun => Ok(true),
            sort::TakenBack::Over => Ok(false),
            sort::TakenBack::NotFound => Err(PortError::NotFound),
        }
    }

    async fn empty_bin(&self) -> Result<(), PortError> {
        match empty_bin(&self.house, &self.person).await.map_err(unavailable)? {
            Emptied::Done => Ok(()),
            Emptied::NotFound => Err(PortError::NotFound),
        }
    }

    async fn make_folder(&self, name: String, parent: Option<FolderId>) -> Result<FolderChanged, PortError> {
        let Ok(parent) = parent.as_ref().map(folder_id).transpose() else {
            return Ok(FolderChanged::NotThere);
        };
        let made = folders::make(&self.house, &self.person, &name, parent).await;
        let with = parent.map(|parent| parent.to_string()).unwrap_or_default();
        self.answered(made.map(changed), None, name, with).await
    }

    async fn rename_folder(&self, folder: FolderId, name: String) -> Result<FolderChanged, PortError> {
        let Ok(folder) = folder_id(&folder) else {
            return Ok(FolderChanged::NotThere);
        };
        let renamed = folders::rename(&self.house, &self.person, folder, &name).await;
        self.answered(renamed.map(changed), Some(folder), name, String::new())
            .await
    }

    async fn move_folder(&self, folder: FolderId, parent: Option<FolderId>) -> Result<FolderChanged, PortError> {
        let (Ok(folder), Ok(parent)) = (folder_id(&folder), parent.as_ref().map(folder_id).transpose()) else {
            return Ok(FolderChanged::NotThere);
        };
        let moved = folders::place(&self.house, &self.person, folder, parent).await;
        moved.map(changed).map_err(unavailable)
    }

    async fn remove_folder(&self, folder: FolderId, into: Lies) -> Result<FolderRemoved, PortError> {
        let (Ok(folder), Ok(into)) = (folder_id(&folder), place(&into)) else {
            return Ok(FolderRemoved::NotThere);
        };
        match folders::remove(&self.house, &self.person, folder, into)
            .await
            .map_err(unavailable)?
        {
            Removed::Begun(act) => Ok(FolderRemoved::Begun(ActId(act.to_string()))),
            Removed::NotFound => Ok(FolderRemoved::NotThere),
        }
    }

    async fn put_category(
        &self,
        category: Option<CategoryId>,
        name: String,
        colour: Colour,
    ) -> Result<FolderChanged, PortError> {
        let Ok(id) = category.as_ref().map(category_id).transpose() else {
            return Ok(FolderChanged::NotThere);
        };
        let chosen = colour.name().parse().unwrap_or_default();
        let put = categories::put(&self.house, &self.person, id, &name, chosen).await;
        let with = colour.name().to_owned();
        self.answered(put.map(category_changed), id, name, with).await
    }

    async fn remove_category(&self, category: CategoryId) -> Result<FolderChanged, PortError> {
        let Ok(category) = category_id(&category) else {
            return Ok(FolderChanged::NotThere);
        };
        let removed = categories::remove(&self.house, &self.person, category).await;
        removed.map(category_changed).map_err(unavailable)
    }

    async fn typed_name(&self) -> Result<Option<app::ports::TypedName>, PortError> {
        let typed = typed_name(&self.house, &self.person).await.map_err(unavailable)?;
        Ok(typed.map(|TypedName { of, name, with }| app::ports::TypedName { of, name, with }))
    }
}

impl OwnSorting {
    /// What came of a name; one that is not taken is kept, so that it need not be typed again.
    async fn answered(
        &self,
        changed: Result<FolderChanged, MailboxError>,
        of: Option<Uuid>,
        name: String,
        with: String,
    ) -> Result<FolderChanged, PortError> {
        let changed = changed.map_err(unavailable)?;
        if !matches!(changed, FolderChanged::Done | FolderChanged::NotThere) {
            let of = of.map(|id| id.to_string());
            let typed = TypedName { of, name, with };
            keep_typed_name(&self.house, &self.person, typed)
                .await
                .map_err(unavailable)?;
        }
        Ok(changed)
    }
}

/// All that a list holds or a search finds; nothing when a search finds too much.
pub(super) async fn all_of(house: &House, person: &Person, source: &Source) -> Result<Option<Choice>, PortError> {
    Ok(match source {
        Source::List(query) => Some(Choice::All(list(&query.list)?)),
        Source::Search(query) => all_found(house, person, query.clone()).await?.map(Choice::These),
    })
}

/// Where letters lie besides the inbox, for the door of every page.
pub(super) fn places(places: folders::Places) -> Places {
    Places {
        folders: places
            .folders
            .into_iter()
            .map(|folder| Folder {
                id: named(folder.id),
                parent: folder.parent.map(named),
                name: folder.name,
                depth: folder.depth,
                count: counted(folder.count),
            })
            .collect(),
        archive: counted(places.archive),
        bin: counted(places.bin),
        categories: places
            .categories
            .into_iter()
            .map(|category| Category {
                id: category_named(category.id),
                name: category.name,
                colour: Colour::named(category.colour.as_str()),
            })
            .collect(),
    }
}

/// Where a letter lies, for a page.
pub(super) fn lies(place: domain::Place) -> Lies {
    match place {
        domain::Place::Inbox => Lies::Inbox,
        domain::Place::Archive => Lies::Archive,
        domain::Place::Folder(folder) => Lies::Folder(named(folder)),
    }
}

fn named(folder: Uuid) -> FolderId {
    FolderId(folder.to_string())
}

fn counted(count: store::place::Count) -> Counted {
    Counted {
        letters: u64::try_from(count.letters).unwrap_or(0),
        unread: u64::try_from(count.unread).unwrap_or(0),
    }
}

/// A category's name in addresses.
pub(super) fn category_named(category: Uuid) -> CategoryId {
    CategoryId(category.to_string())
}

/// The category that a page names.
pub(super) fn category_id(category: &CategoryId) -> Result<Uuid, PortError> {
    Uuid::parse_str(&category.0).map_err(|_| PortError::NotFound)
}

fn category_changed(changed: categories::Changed) -> FolderChanged {
    match changed {
        categories::Changed::Done(_) => FolderChanged::Done,
        categories::Changed::NotAName => FolderChanged::NotAName,
        categories::Changed::NameTaken => FolderChanged::NameTaken,
        categories::Changed::TooMany => FolderChanged::TooMany,
        categories::Changed::NotFound => FolderChanged::NotThere,
    }
}

fn folder_id(folder: &FolderId) -> Result<Uuid, PortError> {
    Uuid::parse_str(&folder.0).map_err(|_| PortError::NotFound)
}

/// Where a page says that a letter lies.
pub(super) fn place(lies: &Lies) -> Result<domain::Place, PortError> {
    Ok(match lies {
        Lies::Inbox => domain::Place::Inbox,
        Lies::Archive => domain::Place::Archive,
        Lies::Folder(folder) => domain::Place::Folder(folder_id(folder)?),
    })
}

/// The list that a page names.
fn list(list: &List) -> Result<domain::List, PortError> {
    Ok(match list {
        List::Inbox => domain::List::Inbox,
        List::Unread => domain::List::Unread,
        List::Attached => domain::List::Attached,
        List::Folder(folder) => domain::List::Placed(folder_id(folder)?),
        List::Archive => domain::List::Placed(domain::ARCHIVE),
        List::Bin => domain::List::Bin,
        List::Starred => domain::List::Starred,
        List::Category(category) => domain::List::Category(category_id(category)?),
    })
}

fn what(deed: &Deed) -> Result<domain::What, PortError> {
    Ok(match deed {
        Deed::Move(lies) => domain::What::Move(place(lies)?),
        Deed::Bin => domain::What::Bin,
        Deed::Restore => domain::What::Restore,
        Deed::Read => domain::What::Read,
        Deed::Unread => domain::What::Unread,
        Deed::Star => domain::What::Star,
        Deed::Unstar => domain::What::Unstar,
        Deed::Give(category) => domain::What::Give(category_id(category)?),
        Deed::Take(category) => domain::What::Take(category_id(category)?),
    })
}

fn deed(what: domain::What) -> Deed {
    match what {
        domain::What::Move(place) => Deed::Move(lies(place)),
        domain::What::Bin => Deed::Bin,
        domain::What::Restore => Deed::Restore,
        domain::What::Read => Deed::Read,
        domain::What::Unread => Deed::Unread,
        domain::What::Star => Deed::Star,
        domain::What::Unstar => Deed::Unstar,
        domain::What::Give(category) => Deed::Give(category_named(category)),
        domain::What::Take(category) => Deed::Take(category_named(category)),
    }
}

fn changed(changed: Changed) -> FolderChanged {
    match changed {
        Changed::Done(_) => FolderChanged::Done,
        Changed::NotAName => FolderChanged::NotAName,
        Changed::NameTaken => FolderChanged::NameTaken,
        Changed::TooMany => FolderChanged::TooMany,
        Changed::TooDeep => FolderChanged::TooDeep,
        Changed::InItself => FolderChanged::InItself,
        Changed::NotFound => FolderChanged::NotThere,
    }
}
