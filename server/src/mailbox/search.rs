//! Searching a mailbox: all of it, the newest hits first, with the words around each hit.

use super::MailboxError;
use super::access::{Entered, Person, enter};
use super::inbox::{Listed, listed};
use crate::db::Tx;
use crate::domain::calendar::begin_in_sweden;
use crate::domain::excerpt::{Marks, Piece, excerpt, has_phrase, marked};
use crate::domain::letter_text::{LetterText, Of};
use crate::domain::numbers::Numbers;
use crate::domain::query::{Clause, parse};
use crate::house::House;
use crate::search::{Found, Manner, Only, SearchKey, find};
use crate::store;
use crate::store::search::{AT_ONCE, Numbered};
use std::collections::HashMap;
use time::{Date, OffsetDateTime};
use uuid::Uuid;

/// Hits on a page.
const PAGE: usize = 20;

/// Letters looked at one by one for a page, where the index alone cannot tell.
const LOOKED_AT: usize = 2_000;

/// Texts opened for a page to see whether they have a phrase.
const OPENED: usize = 300;

/// Letters that can be meant by “all that the search finds”.
const ALL: usize = 100_000;

/// Letters that arrive at the same moment may get their numbers in another order; never so many.
const AT_THE_EDGE: i64 = 128;

/// Where a letter lies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lies {
    /// Anywhere but in the bin.
    #[default]
    Anywhere,
    /// In the inbox.
    Inbox,
    /// In the bin.
    Bin,
    /// In this folder, or the archive.
    Folder(Uuid),
}

/// What somebody asks for.
#[derive(Clone, Default)]
pub struct Question {
    /// As it was written.
    pub text: String,
    /// Only from the sender with this blind index.
    pub sender: Option<Vec<u8>>,
    /// Only with attachments.
    pub attachment: bool,
    /// Only unread.
    pub unread: bool,
    /// Only there.
    pub lies: Lies,
    /// Only what came this day or later.
    pub from: Option<Date>,
    /// Only what came this day or earlier.
    pub until: Option<Date>,
    /// Hits that come after this one: its number, from [`Searched::next`].
    pub before: Option<i64>,
}

impl std::fmt::Debug for Question {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Question(…)")
    }
}

impl Question {
    /// Whether anything is asked for.
    fn is_empty(&self, clauses: &[Clause]) -> bool {
        clauses.is_empty()
            && self.sender.is_none()
            && !self.attachment
            && !self.unread
            && self.lies == Lies::Anywhere
            && self.from.is_none()
            && self.until.is_none()
    }

    /// Whether it takes a look at a letter's row to tell.
    fn needs_rows(&self) -> bool {
        self.unread || matches!(self.lies, Lies::Inbox | Lies::Folder(_))
    }

    fn fits(&self, row: &Numbered) -> bool {
        let letter = &row.letter;
        let lies = match self.lies {
            Lies::Anywhere => letter.binned_at.is_none(),
            Lies::Inbox => letter.binned_at.is_none() && letter.folder_id.is_none(),
            Lies::Bin => letter.binned_at.is_some(),
            Lies::Folder(folder) => letter.binned_at.is_none() && letter.folder_id == Some(folder),
        };
        lies && (!self.unread || letter.read_at.is_none())
    }
}

/// Some words around a hit.
#[derive(Debug)]
pub struct Quote {
    /// Where in the letter.
    pub of: Of,
    /// The attachment's file name, when it is in one.
    pub file: Option<String>,
    /// The words.
    pub pieces: Vec<Piece>,
}

/// A letter that was found.
#[derive(Debug)]
pub struct Hit {
    /// Its row in a list.
    pub listed: Listed,
    /// Where it lies.
    pub lies: Lies,
    /// The sender, marked.
    pub sender: Vec<Piece>,
    /// The subject, marked.
    pub subject: Vec<Piece>,
    /// Why it was found, when sender and subject do not say it all.
    pub quotes: Vec<Quote>,
}

/// How many were found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Total {
    /// So many.
    Exactly(usize),
    /// So many at least: the rest was not looked at.
    AtLeast(usize),
}

/// A page of hits.
#[derive(Debug)]
pub struct Searched {
    /// The newest first.
    pub hits: Vec<Hit>,
    /// How many there are on all pages.
    pub total: Total,
    /// Where the next page begins. There may be none on it: see [`Searched::unfinished`].
    pub next: Option<i64>,
    /// The page is not full because enough letters were looked at for now.
    pub unfinished: bool,
    /// Words that are in no letter.
    pub unknown: Vec<String>,
    /// Words too short to be found inside others.
    pub short: Vec<String>,
    /// Parts of so many words that only their beginnings counted.
    pub common: Vec<String>,
}

/// What came of a search.
#[derive(Debug)]
pub enum Search {
    /// A page of hits.
    Page(Box<Searched>),
    /// Nothing was asked for.
    NothingAsked,
    /// The person has no mailbox here.
    NoMailbox,
}

/// Searches the person's own mailbox.
pub async fn search(house: &House, person: &Person, question: &Question) -> Result<Search, MailboxError> {
    let clauses = parse(&question.text);
    let mut tx = house.db.read().await?;
    let Some(entered) = enter(&mut tx, house, person).await? else {
        return Ok(Search::NoMailbox);
    };
    if question.is_empty(&clauses) {
        return Ok(Search::NothingAsked);
    }
    let key = SearchKey::of(&entered.key)?;
    let found = find_in(&mut tx, house, entered.id, &key, question, &clauses).await?;
    let look = Look {
        entered: &entered,
        key: &key,
        question,
        found: &found,
    };
    let page = look.walk(&mut tx, question.before.unwrap_or(i64::MAX), PAGE).await?;
    let total = if look.must_look() {
        // From the newest on, whichever page this is: all pages say the same.
        let all = look.walk(&mut tx, i64::MAX, usize::MAX).await?;
        match all.next {
            None => Total::Exactly(all.rows.len()),
            Some(_) => Total::AtLeast(all.rows.len()),
        }
    } else {
        Total::Exactly(found.letters.count())
    };
    let mut hits = Vec::with_capacity(page.rows.len());
    for row in &page.rows {
        let sealed = store::search::text(&mut tx, entered.id, row.letter.id).await?;
        let text = sealed.map(|sealed| key.open_text(row.letter.id, &sealed)).transpose()?;
        hits.push(hit(&entered, row, text.unwrap_or_default(), &found.marks)?);
    }
    Ok(Search::Page(Box::new(Searched {
        unfinished: page.next.is_some() && hits.len() < PAGE,
        hits,
        total,
        next: page.next,
        unknown: found.unknown,
        short: found.short,
        common: found.common,
    })))
}

/// All letters of the person's own mailbox that a search finds, the newest first; nothing when there are too many to do something
/// with all of them.
pub async fn all_found(house: &House, person: &Person, question: &Question) -> Result<Option<Vec<Uuid>>, MailboxError> {
    let clauses = parse(&question.text);
    let mut tx = house.db.read().await?;
    let Some(entered) = enter(&mut tx, house, person).await? else {
        return Ok(Some(Vec::new()));
    };
    if question.is_empty(&clauses) {
        return Ok(Some(Vec::new()));
    }
    let key = SearchKey::of(&entered.key)?;
    let found = find_in(&mut tx, house, entered.id, &key, question, &clauses).await?;
    let look = Look {
        entered: &entered,
        key: &key,
        question,
        found: &found,
    };
    let (mut letters, mut before) = (Vec::new(), Some(i64::MAX));
    while let Some(from) = before {
        let walk = look.walk(&mut tx, from, LOOKED_AT).await?;
        letters.extend(walk.rows.iter().map(|row| row.letter.id));
        if letters.len() > ALL {
            return Ok(None);
        }
        before = walk.next;
    }
    Ok(Some(letters))
}

/// What the index says, between the days and in the place asked for.
async fn find_in(
    tx: &mut Tx,
    house: &House,
    mailbox: Uuid,
    key: &SearchKey<'_>,
    question: &Question,
    clauses: &[Clause],
) -> Result<Found, MailboxError> {
    let only = Only {
        sender: question.sender.clone(),
        attachment: question.attachment,
    };
    let mut found = find(tx, mailbox, key, clauses, &only, Manner::Search).await?;
    keep_in_time(tx, house, mailbox, question, &mut found.letters).await?;
    keep_in_place(tx, mailbox, question, &mut found.letters).await?;
    Ok(found)
}

/// Leaves out what did not come between the days asked for.
async fn keep_in_time(
    tx: &mut Tx,
    house: &House,
    mailbox: Uuid,
    question: &Question,
    letters: &mut Numbers,
) -> Result<(), MailboxError> {
    let begin = question.from.map(begin_in_sweden);
    let end = question.until.and_then(Date::next_day).map(begin_in_sweden);
    let (first, last) = (
        edge(tx, house, mailbox, begin).await?,
        edge(tx, house, mailbox, end).await?,
    );
    let (first, last) = (first.unwrap_or(0), last.unwrap_or(i64::MAX));
    if begin.is_none() && end.is_none() {
        return Ok(());
    }
    // Numbers follow arrival but for letters of the same moment; those near the edges are asked when they came.
    letters.within(first.saturating_sub(AT_THE_EDGE), last.saturating_add(AT_THE_EDGE));
    let near: Vec<i64> = letters
        .newest_first(i64::MAX)
        .filter(|number| *number < first.saturating_add(AT_THE_EDGE) || *number >= last.saturating_sub(AT_THE_EDGE))
        .collect();
    for some in near.chunks(AT_ONCE) {
        for row in store::search::letters(tx, mailbox, some).await? {
            let at = row.letter.received_at;
            if begin.is_some_and(|begin| at < begin) || end.is_some_and(|end| at >= end) {
                letters.remove(row.number);
            }
        }
    }
    Ok(())
}

/// The number of the first letter that came at a moment or later; past them all when there is none.
async fn edge(
    tx: &mut Tx,
    house: &House,
    mailbox: Uuid,
    at: Option<OffsetDateTime>,
) -> Result<Option<i64>, MailboxError> {
    let Some(at) = at else {
        return Ok(None);
    };
    let first = store::search::first_number_from(tx, mailbox, house.ids.first_at(at)).await?;
    Ok(Some(first.unwrap_or(i64::MAX)))
}

/// Leaves out the bin, or everything but the bin.
async fn keep_in_place(
    tx: &mut Tx,
    mailbox: Uuid,
    question: &Question,
    letters: &mut Numbers,
) -> Result<(), MailboxError> {
    let mut binned = Numbers::default();
    for number in store::search::binned(tx, mailbox).await? {
        binned.add(number);
    }
    if question.lies == Lies::Bin {
        letters.and(&binned);
    } else {
        letters.and_not(&binned);
    }
    Ok(())
}

/// Looks at letters one by one, the newest first.
struct Look<'l> {
    entered: &'l Entered,
    key: &'l SearchKey<'l>,
    question: &'l Question,
    found: &'l Found,
}

/// What was met on the way.
struct Walk {
    rows: Vec<Numbered>,
    /// Where to go on, when there is more.
    next: Option<i64>,
}

impl Look<'_> {
    /// Whether the index alone does not tell which letters fit.
    fn must_look(&self) -> bool {
        self.question.needs_rows() || self.opens()
    }

    fn opens(&self) -> bool {
        !self.found.phrases.is_empty() || !self.found.not_phrases.is_empty()
    }

    /// Collects up to `want` letters that fit, from below `before` on.
    async fn walk(&self, tx: &mut Tx, before: i64, want: usize) -> Result<Walk, MailboxError> {
        let mut numbers: Vec<i64> = self.found.letters.newest_first(before).take(LOOKED_AT + 1).collect();
        let beyond = numbers.len() > LOOKED_AT;
        numbers.truncate(LOOKED_AT);
        let (mut left, mut opened) = (numbers.len(), 0);
        let mut rows = Vec::new();
        for some in numbers.chunks(AT_ONCE) {
            let mut met: HashMap<i64, Numbered> = store::search::letters(tx, self.entered.id, some)
                .await?
                .into_iter()
                .map(|row| (row.number, row))
                .collect();
            for number in some {
                left -= 1;
                let Some(row) = met.remove(number).filter(|row| self.question.fits(row)) else {
                    continue;
                };
                let fits = if self.opens() {
                    opened += 1;
                    self.has_phrases(tx, row.letter.id).await?
                } else {
                    true
                };
                if fits {
                    rows.push(row);
                }
                if rows.len() == want || opened == OPENED {
                    let next = (left > 0 || beyond).then_some(*number);
                    return Ok(Walk { rows, next });
                }
            }
        }
        let next = numbers.last().copied().filter(|_| beyond);
        Ok(Walk { rows, next })
    }

    async fn has_phrases(&self, tx: &mut Tx, letter: Uuid) -> Result<bool, MailboxError> {
        let Some(sealed) = store::search::text(tx, self.entered.id, letter).await? else {
            return Ok(false);
        };
        let text = self.key.open_text(letter, &sealed)?;
        let has = |phrase: &Vec<String>| text.parts.iter().any(|part| has_phrase(&part.text, phrase));
        Ok(self.found.phrases.iter().all(has) && !self.found.not_phrases.iter().any(has))
    }
}

/// A letter with what is to be shown of it.
fn hit(entered: &Entered, row: &Numbered, text: LetterText, marks: &Marks) -> Result<Hit, MailboxError> {
    let listed = listed(&entered.key, &row.letter)?;
    let (mut body, mut elsewhere) = (None, Vec::new());
    for part in &text.parts {
        match part.of {
            Of::Subject | Of::Sender => {}
            Of::Body => body = excerpt(&part.text, marks).map(|pieces| (part.of, pieces)),
            _ if elsewhere.len() < 2 => elsewhere.extend(excerpt(&part.text, marks).map(|pieces| (part.of, pieces))),
            _ => {}
        }
    }
    let quotes = body
        .into_iter()
        .chain(elsewhere)
        .take(2)
        .map(|(of, pieces)| Quote {
            of,
            file: file_of(of, &text),
            pieces,
        })
        .collect();
    Ok(Hit {
        lies: match (row.letter.binned_at, row.letter.folder_id) {
            (Some(_), _) => Lies::Bin,
            (None, Some(folder)) => Lies::Folder(folder),
            (None, None) => Lies::Inbox,
        },
        sender: marked(&listed.header.sender, marks),
        subject: marked(&listed.header.subject, marks),
        quotes,
        listed,
    })
}

fn file_of(of: Of, text: &LetterText) -> Option<String> {
    let (Of::Page(index, _) | Of::FileName(index)) = of else {
        return None;
    };
    let attached = text.attached.get(usize::try_from(index).ok()?)?;
    Some(attached.name.clone())
}
