//! The person's rules as a letter comes in, and how the letter is put where they say.

use super::SortingError;
use crate::db::{DbError, Tx};
use crate::domain::asked_words::LetterWords;
use crate::domain::letter::Header;
use crate::domain::letter_text::LetterText;
use crate::domain::rule::{Decided, Facts, Rule, There, decide};
use crate::domain::sorting::{Place, Tally};
use crate::seal::{MailboxKey, Place as SealedAt};
use crate::store;
use crate::store::letter::LetterRow;
use crate::store::rule::RuleRow;
use uuid::Uuid;

/// The rules of a mailbox as a letter comes in.
#[derive(Debug, Default)]
pub struct Sorter {
    rules: Vec<Rule>,
    there: There,
}

impl Sorter {
    /// The rules that are switched on. One that cannot be read is passed over.
    pub async fn read(tx: &mut Tx, mailbox: Uuid, key: &MailboxKey) -> Result<Self, SortingError> {
        let rows = store::rule::all(tx, mailbox).await?;
        if !rows.iter().any(|row| row.active) {
            return Ok(Self::default());
        }
        Ok(Self {
            rules: rows
                .iter()
                .filter(|row| row.active)
                .filter_map(|row| opened(key, row).ok())
                .collect(),
            there: there(tx, mailbox).await?,
        })
    }

    /// Whether a rule looks at words. Then to decide is work for a processor: the whole text of a letter, its HTML cleaned, and every rule.
    pub fn looks_at_words(&self) -> bool {
        self.rules.iter().any(|rule| rule.asks.words.is_some())
    }

    /// Where a letter goes, and which categories it gets. Its text is asked for when a rule looks at words.
    pub fn decide(&self, header: &Header, text: impl FnOnce() -> LetterText) -> Decided {
        let words = if self.looks_at_words() {
            LetterWords::of(&header.subject, text())
        } else {
            LetterWords::default()
        };
        let letter = Facts {
            sender: header.sender_number.as_deref(),
            words: &words,
        };
        decide(&self.rules, &self.there, letter)
    }
}

/// A rule, unsealed.
pub fn opened(key: &MailboxKey, row: &RuleRow) -> Result<Rule, SortingError> {
    Ok(key.open_record(&SealedAt::of("rule", &row.id, "content"), &row.content)?)
}

/// What rules can name.
pub async fn there(tx: &mut Tx, mailbox: Uuid) -> Result<There, DbError> {
    Ok(There {
        folders: store::folder::all(tx, mailbox)
            .await?
            .iter()
            .map(|row| row.id)
            .collect(),
        categories: store::category::all(tx, mailbox)
            .await?
            .iter()
            .map(|row| row.id)
            .collect(),
    })
}

/// Adds a letter that has come where its rule puts it; in the inbox when that folder has been removed since it was asked. The caller has
/// counted it as unread in the mailbox.
pub async fn add(tx: &mut Tx, mailbox: Uuid, letter: &LetterRow) -> Result<(), DbError> {
    let mut letter = letter.clone();
    if let Place::Folder(folder) = Place::of(letter.folder_id)
        && !store::folder::exists(tx, mailbox, folder).await?
    {
        letter.folder_id = None;
    }
    store::letter::insert(tx, mailbox, &letter).await?;
    let mut tally = Tally::default();
    tally.add(letter.standing(), 1);
    // The mailbox's own count is kept by the receiving.
    tally.unread = 0;
    store::place::add(tx, mailbox, &tally).await
}

/// Gives a letter that has come the categories that its rules have decided on, those that are still there.
pub async fn categorise(tx: &mut Tx, mailbox: Uuid, letter: Uuid, categories: &[Uuid]) -> Result<(), DbError> {
    for category in categories {
        if store::category::exists(tx, mailbox, *category).await? {
            store::category::give(tx, mailbox, *category, letter).await?;
        }
    }
    Ok(())
}
