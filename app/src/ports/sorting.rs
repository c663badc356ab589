//! Lists of letters, folders, and what is done with one or many letters at once.

use super::{LetterId, LetterRow, PortError, SearchQuery};
use async_trait::async_trait;
use serde::{Deserialize, Serialize};

/// Lists, folders, and what is done with letters.
#[async_trait]
pub trait Sorting: Send + Sync {
    /// A page of a list.
    async fn list(&self, query: ListQuery) -> Result<ListPage, PortError>;
    /// Does something with letters: at once, or for many of them in the background.
    async fn sort(&self, deed: Deed, chosen: Chosen) -> Result<Sorted, PortError>;
    /// What was done, when it can still be seen.
    async fn told(&self, act: ActId) -> Result<Option<Told>, PortError>;
    /// Takes an act back; false when that was done before, or is no longer possible.
    async fn take_back(&self, act: ActId) -> Result<bool, PortError>;
    /// Removes for good what lies in the bin.
    async fn empty_bin(&self) -> Result<(), PortError>;
    /// Makes a folder in another, or at the top.
    async fn make_folder(&self, name: String, parent: Option<FolderId>) -> Result<FolderChanged, PortError>;
    /// Gives a folder another name.
    async fn rename_folder(&self, folder: FolderId, name: String) -> Result<FolderChanged, PortError>;
    /// Puts a folder into another, or at the top.
    async fn move_folder(&self, folder: FolderId, parent: Option<FolderId>) -> Result<FolderChanged, PortError>;
    /// Removes a folder; its letters are moved, and the folders in it move up.
    async fn remove_folder(&self, folder: FolderId, into: Lies) -> Result<FolderRemoved, PortError>;
    /// Makes a category, or changes one.
    async fn put_category(
        &self,
        category: Option<CategoryId>,
        name: String,
        colour: Colour,
    ) -> Result<FolderChanged, PortError>;
    /// Removes a category; the letters that had it stay where they are.
    async fn remove_category(&self, category: CategoryId) -> Result<FolderChanged, PortError>;
    /// The name of a folder or a category that was typed last and not taken.
    async fn typed_name(&self) -> Result<Option<TypedName>, PortError>;
}

/// Names a folder, in addresses too.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct FolderId(pub String);

/// Names a category, in addresses too.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct CategoryId(pub String);

/// Names something that was done, in addresses too.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActId(pub String);

/// Where a letter lies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Lies {
    /// In the inbox.
    Inbox,
    /// In the archive.
    Archive,
    /// In a folder.
    Folder(FolderId),
}

/// A list of letters.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum List {
    /// The inbox.
    #[default]
    Inbox,
    /// What is unread, wherever it lies but in the bin.
    Unread,
    /// What has attachments, of the inbox.
    Attached,
    /// A folder.
    Folder(FolderId),
    /// The archive.
    Archive,
    /// The bin.
    Bin,
    /// What has a star, wherever it lies but in the bin.
    Starred,
    /// What has a category, wherever it lies but in the bin.
    Category(CategoryId),
}

/// How a list is ordered. Only the inbox, a folder and the archive have other orders than newest first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Order {
    /// Newest first.
    #[default]
    Newest,
    /// Unread ones first.
    UnreadFirst,
    /// By the sender's name.
    Sender,
    /// By the subject.
    Subject,
}

/// Which page of which list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListQuery {
    /// The list.
    pub list: List,
    /// Its order.
    pub order: Order,
    /// Where the page begins, as the page before it said.
    pub from: Option<String>,
}

impl ListQuery {
    /// The page of it that begins there; without, its first.
    #[must_use]
    pub fn page(&self, from: Option<String>) -> Self {
        Self { from, ..self.clone() }
    }
}

/// Where letters are read and picked from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Source {
    /// A page of a list.
    List(ListQuery),
    /// A page of what a search found.
    Search(SearchQuery),
}

/// Letters of one page, and where the next begins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListPage {
    /// In the order asked for.
    pub letters: Vec<LetterRow>,
    /// Give this as `from` for the following page.
    pub next: Option<String>,
}

/// What can be done with letters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Deed {
    /// Move.
    Move(Lies),
    /// Put in the bin.
    Bin,
    /// Take out of the bin.
    Restore,
    /// Mark as read.
    Read,
    /// Mark as unread.
    Unread,
    /// Give a star.
    Star,
    /// Take the star away.
    Unstar,
    /// Give a category.
    Give(CategoryId),
    /// Take a category away.
    Take(CategoryId),
}

/// With which letters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Chosen {
    /// These, from wherever: picked in a list, or among what a search found.
    These(Vec<LetterId>),
    /// All that a list holds or a search finds, whichever page was looked at.
    All(Source),
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Sorted {
    /// Done, or begun.
    Begun(ActId),
    /// The folder to move to is not there any more.
    NoSuchFolder,
    /// The category to give is not there any more.
    NoSuchCategory,
    /// The search finds more than can be done at once.
    TooMany,
}

/// How far an act has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ActState {
    /// There are many letters, and more to do.
    Doing,
    /// Done.
    Done,
    /// Is being taken back.
    Undoing,
    /// Taken back.
    Undone,
}

/// What was done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// What.
    pub deed: Deed,
    /// With how many letters, so far.
    pub letters: u64,
    /// How far it has come.
    pub state: ActState,
    /// The folder that was removed with it.
    pub removed: Option<String>,
}

/// How many letters lie somewhere.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counted {
    /// Letters.
    pub letters: u64,
    /// Unread ones of them.
    pub unread: u64,
}

/// A folder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Folder {
    /// Its id.
    pub id: FolderId,
    /// The folder it lies in.
    pub parent: Option<FolderId>,
    /// Its name.
    pub name: String,
    /// How deep it lies: 0 at the top.
    pub depth: usize,
    /// What lies in it.
    pub count: Counted,
}

/// Where letters lie besides the inbox.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Places {
    /// Folders as a tree read from the top: each followed by what lies in it.
    pub folders: Vec<Folder>,
    /// The archive.
    pub archive: Counted,
    /// The bin.
    pub bin: Counted,
    /// Categories, by the alphabet.
    pub categories: Vec<Category>,
}

/// A category.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Category {
    /// Its id.
    pub id: CategoryId,
    /// Its name.
    pub name: String,
    /// Its colour; never shown without the name.
    pub colour: Colour,
}

/// The colour of a category.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Colour {
    /// Green.
    #[default]
    Green,
    /// Blue.
    Blue,
    /// Violet.
    Violet,
    /// Red.
    Red,
    /// Orange.
    Orange,
    /// Grey.
    Grey,
}

impl Colour {
    /// Every colour, with its name in forms, addresses and style.
    pub const ALL: [(Self, &'static str); 6] = [
        (Self::Green, "green"),
        (Self::Blue, "blue"),
        (Self::Violet, "violet"),
        (Self::Red, "red"),
        (Self::Orange, "orange"),
        (Self::Grey, "grey"),
    ];

    /// Its name.
    pub fn name(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(colour, _)| *colour == self)
            .map_or("", |(_, name)| name)
    }

    /// The colour of that name; the first when there is none.
    pub fn named(name: &str) -> Self {
        Self::ALL
            .iter()
            .find(|(_, known)| *known == name)
            .map_or_else(Self::default, |(colour, _)| *colour)
    }
}

impl Places {
    /// Unread letters that do not lie in the inbox; those in the bin do not count.
    pub fn unread_elsewhere(&self) -> u64 {
        self.folders.iter().map(|folder| folder.count.unread).sum::<u64>() + self.archive.unread
    }

    /// The category of that id.
    pub fn category(&self, id: &CategoryId) -> Option<&Category> {
        self.categories.iter().find(|category| category.id == *id)
    }

    /// The folder of that id.
    pub fn folder(&self, id: &FolderId) -> Option<&Folder> {
        self.folders.iter().find(|folder| folder.id == *id)
    }
}

/// A name that was typed for a folder or a category, and not taken.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TypedName {
    /// The folder or category that was to be called so; without, a new one.
    pub of: Option<String>,
    /// The name.
    pub name: String,
    /// What was chosen with it: the folder it should lie in, or the colour.
    pub with: String,
}

impl std::fmt::Debug for TypedName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TypedName(…)")
    }
}

impl TypedName {
    /// Whether it is about the form of `one`, or of a new one.
    pub fn is_of(&self, one: Option<&str>) -> bool {
        self.of.as_deref() == one
    }
}

/// What came of making or changing a folder or a category.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FolderChanged {
    /// Done.
    Done,
    /// The name is empty, too long, or has signs that cannot be seen.
    NotAName,
    /// Another one beside it has that name.
    NameTaken,
    /// There are as many as there may be.
    TooMany,
    /// It would lie too deep.
    TooDeep,
    /// It would lie in itself.
    InItself,
    /// It, or the folder it should lie in, is not there any more.
    NotThere,
}

/// What came of removing a folder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FolderRemoved {
    /// Its letters are moved, or will be soon.
    Begun(ActId),
    /// The folder, or the one its letters should go to, is not there any more.
    NotThere,
}
