//! Searching a mailbox: all of it, the newest hits first, with the words around each hit.

use super::MailboxError;
use super::access::{Entered, Person, enter};
use super::inbox::{Listed, listed};
use crate::db::Tx;
use crate::domain::calendar::{begin_in_sweden, day_in_sweden};
use crate::domain::day_figure::DayFigure;
use crate::domain::excerpt::{Marks, Piece, excerpt, has_phrase, marked};
use crate::domain::letter_text::{LetterText, Of, Part, PaymentText};
use crate::domain::numbers::{BLOCK, Numbers};
use crate::domain::one_line::Lines;
use crate::domain::query::{Clause, parse};
use crate::domain::right::Right;
use crate::house::House;
use crate::search::{Manner, Only, SearchKey, Sought, Told, seek};
use crate::store;
use crate::store::search::{AT_ONCE, Numbered};
use std::collections::HashMap;
use std::ops::RangeInclusive;
use std::time::Instant;
use time::{Date, OffsetDateTime};
use uuid::Uuid;

/// Hits on a page.
const PAGE: usize = 20;

/// Letters looked at one by one for a page, where the index alone cannot tell.
const LOOKED_AT: usize = 2_000;

/// Texts opened for a page to see whether they have a phrase.
const OPENED: usize = 300;

/// Rows of the index opened, and blocks of letters looked at, to count hits beyond the page: words as people ask for them are counted in a
/// million letters; parts of a great many words in the newest four blocks, and then it is said that there may be more.
const COUNTED_ROWS: usize = 2_000;
const COUNTED_BLOCKS: usize = 4;

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
    /// What they are.
    pub said: Said,
}

/// What a quote says.
#[derive(Debug)]
pub enum Said {
    /// Words of the letter's.
    Words(Vec<Piece>),
    /// What is to be paid.
    Payment(FoundPayment),
}

/// What is to be paid, with what of it was looked for. A letter has it as signed data and not in words.
#[derive(Debug)]
pub struct FoundPayment {
    /// In hundredths, and the currency.
    pub sum: (u64, String),
    /// The last day.
    pub due: String,
    /// To which account.
    pub account: String,
    /// Number for the payer to give.
    pub reference: Option<String>,
    /// What was looked for.
    pub hits: Vec<PaymentField>,
}

/// Something about a payment that can be looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PaymentField {
    /// How much.
    Sum,
    /// The last day.
    Due,
    /// To which account.
    Account,
    /// Number for the payer to give.
    Reference,
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
    let began = Instant::now();
    let clauses = parse(&question.text);
    let mut tx = house.db.read().await?;
    let Some(entered) = enter(&mut tx, house, person, Right::View).await? else {
        return Ok(Search::NoMailbox);
    };
    if question.is_empty(&clauses) {
        return Ok(Search::NothingAsked);
    }
    let key = SearchKey::of(&entered.key)?;
    let mut look = Look::begin(&mut tx, house, &entered, &key, question, &clauses).await?;
    let page = look.walk(&mut tx, question.before.unwrap_or(i64::MAX), PAGE).await?;
    let total = look.total(&mut tx).await?;
    let mut hits = Vec::with_capacity(page.rows.len());
    for row in &page.rows {
        let sealed = store::search::text(&mut tx, entered.id, row.letter.id).await?;
        let text = sealed.map(|sealed| key.open_text(row.letter.id, &sealed)).transpose()?;
        hits.push(hit(&entered, row, text.unwrap_or_default(), &look.sought.marks)?);
    }
    let day = day_in_sweden(house.clock.now());
    house
        .tally
        .count(day, DayFigure::of_search(began.elapsed().as_millis()), 1, entered.id);
    // Which words the mailbox has is not told to those who do not see all of its letters.
    let (unknown, common) = if entered.sight.is_whole() {
        (look.sought.unknown, look.sought.common)
    } else {
        (Vec::new(), Vec::new())
    };
    Ok(Search::Page(Box::new(Searched {
        unfinished: page.next.is_some() && hits.len() < PAGE,
        hits,
        total,
        next: page.next,
        unknown,
        short: look.sought.short,
        common,
    })))
}

/// All letters of the person's own mailbox that a search finds, the newest first; nothing when there are too many to do something
/// with all of them.
pub async fn all_found(house: &House, person: &Person, question: &Question) -> Result<Option<Vec<Uuid>>, MailboxError> {
    let clauses = parse(&question.text);
    let mut tx = house.db.read().await?;
    let Some(entered) = enter(&mut tx, house, person, Right::View).await? else {
        return Ok(Some(Vec::new()));
    };
    if question.is_empty(&clauses) {
        return Ok(Some(Vec::new()));
    }
    let key = SearchKey::of(&entered.key)?;
    let mut look = Look::begin(&mut tx, house, &entered, &key, question, &clauses).await?;
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

/// The moments asked for, and between which numbers their letters are: numbers follow arrival but for letters of the same moment.
struct Span {
    begin: Option<OffsetDateTime>,
    end: Option<OffsetDateTime>,
    first: i64,
    last: i64,
}

impl Span {
    async fn of(tx: &mut Tx, house: &House, mailbox: Uuid, question: &Question) -> Result<Self, MailboxError> {
        let begin = question.from.map(begin_in_sweden);
        let end = question.until.and_then(Date::next_day).map(begin_in_sweden);
        Ok(Self {
            begin,
            end,
            first: edge(tx, house, mailbox, begin).await?.unwrap_or(0),
            last: edge(tx, house, mailbox, end).await?.unwrap_or(i64::MAX),
        })
    }

    fn touches(&self, blocks: &RangeInclusive<i64>) -> bool {
        (*blocks.end() + 1) * BLOCK > self.first.saturating_sub(AT_THE_EDGE)
            && *blocks.start() * BLOCK < self.last.saturating_add(AT_THE_EDGE)
    }

    /// Leaves out what did not come between the moments.
    async fn keep(&self, tx: &mut Tx, mailbox: Uuid, letters: &mut Numbers) -> Result<(), MailboxError> {
        if self.begin.is_none() && self.end.is_none() {
            return Ok(());
        }
        let (first, last) = (self.first, self.last);
        letters.within(first.saturating_sub(AT_THE_EDGE), last.saturating_add(AT_THE_EDGE));
        // Those near the edges are asked when they came.
        let near: Vec<i64> = letters
            .newest_first(i64::MAX)
            .filter(|number| *number < first.saturating_add(AT_THE_EDGE) || *number >= last.saturating_sub(AT_THE_EDGE))
            .collect();
        for some in near.chunks(AT_ONCE) {
            for row in store::search::letters(tx, mailbox, some).await? {
                let at = row.letter.received_at;
                if self.begin.is_some_and(|begin| at < begin) || self.end.is_some_and(|end| at >= end) {
                    letters.remove(row.number);
                }
            }
        }
        Ok(())
    }
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

/// Looks through a mailbox, the newest letters first, and no further than is asked for.
struct Look<'l> {
    entered: &'l Entered,
    key: &'l SearchKey<'l>,
    question: &'l Question,
    sought: Sought,
    span: Span,
    stretches: Vec<Stretch>,
}

/// Some blocks of the mailbox, and what was found there once it has been looked at.
struct Stretch {
    blocks: RangeInclusive<i64>,
    told: Option<Told>,
}

/// What was met on the way.
struct Walk {
    rows: Vec<Numbered>,
    /// Where to go on, when there is more.
    next: Option<i64>,
}

impl<'l> Look<'l> {
    async fn begin(
        tx: &mut Tx,
        house: &House,
        entered: &'l Entered,
        key: &'l SearchKey<'l>,
        question: &'l Question,
        clauses: &[Clause],
    ) -> Result<Self, MailboxError> {
        let only = Only {
            sender: question.sender.clone(),
            attachment: question.attachment,
        };
        let sought = seek(tx, entered.id, key, clauses, &only, Manner::Search).await?;
        let span = Span::of(tx, house, entered.id, question).await?;
        let stretches = sought.stretches().into_iter().filter(|blocks| span.touches(blocks));
        Ok(Self {
            entered,
            key,
            question,
            stretches: stretches.map(|blocks| Stretch { blocks, told: None }).collect(),
            sought,
            span,
        })
    }

    /// Whether the index alone does not tell which letters fit.
    fn must_look(&self) -> bool {
        self.question.needs_rows() || self.opens() || !self.entered.sight.is_whole()
    }

    fn fits(&self, row: &Numbered) -> bool {
        self.question.fits(row) && self.entered.sees(&row.letter)
    }

    fn opens(&self) -> bool {
        !self.sought.phrases.is_empty() || !self.sought.not_phrases.is_empty()
    }

    /// What the index says of a stretch, between the days and in the place asked for. The index is asked once.
    async fn told(&mut self, tx: &mut Tx, at: usize) -> Result<Option<&Told>, MailboxError> {
        let Some(stretch) = self.stretches.get_mut(at) else {
            return Ok(None);
        };
        if stretch.told.is_none() {
            let mailbox = self.entered.id;
            let mut told = self.sought.told(tx, self.key, &stretch.blocks).await?;
            self.span.keep(tx, mailbox, &mut told.letters).await?;
            let mut binned = Numbers::default();
            for number in store::search::binned(tx, mailbox, &stretch.blocks).await? {
                binned.add(number);
            }
            if self.question.lies == Lies::Bin {
                told.letters.and(&binned);
            } else {
                told.letters.and_not(&binned);
            }
            stretch.told = Some(told);
        }
        Ok(stretch.told.as_ref())
    }

    /// Collects up to `want` letters that fit, from below `before` on.
    async fn walk(&mut self, tx: &mut Tx, before: i64, want: usize) -> Result<Walk, MailboxError> {
        let (mut looked, mut opened) = (0, 0);
        let mut rows = Vec::new();
        let mut last = before;
        for at in 0..self.stretches.len() {
            if self
                .stretches
                .get(at)
                .is_none_or(|stretch| *stretch.blocks.start() * BLOCK >= before)
            {
                continue;
            }
            let Some(told) = self.told(tx, at).await? else {
                break;
            };
            let numbers: Vec<i64> = told.letters.newest_first(before).collect();
            for some in numbers.chunks(AT_ONCE) {
                let mut met: HashMap<i64, Numbered> = store::search::letters(tx, self.entered.id, some)
                    .await?
                    .into_iter()
                    .map(|row| (row.number, row))
                    .collect();
                for number in some {
                    // Only now is it sure that there is more.
                    if rows.len() == want || opened == OPENED || looked == LOOKED_AT {
                        return Ok(Walk { rows, next: Some(last) });
                    }
                    last = *number;
                    looked += 1;
                    let Some(row) = met.remove(number).filter(|row| self.fits(row)) else {
                        continue;
                    };
                    opened += usize::from(self.opens());
                    if !self.opens() || self.has_phrases(tx, row.letter.id).await? {
                        rows.push(row);
                    }
                }
            }
        }
        Ok(Walk { rows, next: None })
    }

    /// How many letters fit, on all pages.
    async fn total(&mut self, tx: &mut Tx) -> Result<Total, MailboxError> {
        if self.must_look() {
            // From the newest on, whichever page is shown: all pages say the same.
            let all = self.walk(tx, i64::MAX, usize::MAX).await?;
            return Ok(match all.next {
                None => Total::Exactly(all.rows.len()),
                Some(_) => Total::AtLeast(all.rows.len()),
            });
        }
        let (mut letters, mut rows, mut blocks) = (0, 0, 0);
        for at in 0..self.stretches.len() {
            let far = rows >= COUNTED_ROWS && blocks >= COUNTED_BLOCKS;
            if far && self.stretches.get(at).is_some_and(|stretch| stretch.told.is_none()) {
                return Ok(Total::AtLeast(letters));
            }
            if let Some(told) = self.told(tx, at).await? {
                letters += told.letters.count();
                rows += told.rows;
            }
            blocks += self
                .stretches
                .get(at)
                .map_or(0, |stretch| stretch.blocks.clone().count());
        }
        Ok(Total::Exactly(letters))
    }

    async fn has_phrases(&self, tx: &mut Tx, letter: Uuid) -> Result<bool, MailboxError> {
        let Some(sealed) = store::search::text(tx, self.entered.id, letter).await? else {
            return Ok(false);
        };
        let text = self.key.open_text(letter, &sealed)?;
        let has = |phrase: &Vec<String>| text.parts.iter().any(|part| has_phrase(&part.text, phrase));
        Ok(self.sought.phrases.iter().all(has) && !self.sought.not_phrases.iter().any(has))
    }
}

/// A letter with what is to be shown of it.
fn hit(entered: &Entered, row: &Numbered, text: LetterText, marks: &Marks) -> Result<Hit, MailboxError> {
    let listed = listed(&entered.key, &row.letter)?;
    let (mut body, mut elsewhere) = (None, Vec::new());
    for part in &text.parts {
        match part.of {
            Of::Subject | Of::Sender => {}
            Of::Body => body = said(part, marks).map(|said| (part.of, said)),
            _ if elsewhere.len() < 2 => elsewhere.extend(said(part, marks).map(|said| (part.of, said))),
            _ => {}
        }
    }
    let quotes = body
        .into_iter()
        .chain(elsewhere)
        .take(2)
        .map(|(of, said)| Quote {
            of,
            file: file_of(of, &text),
            said,
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

/// What a part of a letter says around what was looked for; nothing when that is not in it.
fn said(part: &Part, marks: &Marks) -> Option<Said> {
    let lines = match part.of {
        Of::Payment | Of::Matter | Of::Notes => Lines::Apart,
        Of::Subject | Of::Sender | Of::Body | Of::FileName(_) | Of::Page(..) => Lines::Running,
    };
    let pieces = excerpt(&part.text, lines, marks)?;
    let payment = PaymentText::read(&part.text).filter(|_| part.of == Of::Payment);
    Some(payment.map_or(Said::Words(pieces), |payment| {
        Said::Payment(found(payment, &part.text, marks))
    }))
}

fn found(payment: PaymentText<'_>, text: &str, marks: &Marks) -> FoundPayment {
    let sum = text.lines().next().unwrap_or_default();
    let fields = [
        (PaymentField::Sum, sum),
        (PaymentField::Due, payment.due),
        (PaymentField::Account, payment.account),
        (PaymentField::Reference, payment.reference.unwrap_or_default()),
    ];
    let is_hit = |text: &str| marked(text, marks).iter().any(|piece| piece.hit);
    FoundPayment {
        sum: (payment.amount, payment.currency.to_owned()),
        due: payment.due.to_owned(),
        account: payment.account.to_owned(),
        reference: payment.reference.map(str::to_owned),
        hits: fields
            .into_iter()
            .filter(|(_, text)| is_hit(text))
            .map(|(field, _)| field)
            .collect(),
    }
}

fn file_of(of: Of, text: &LetterText) -> Option<String> {
    let (Of::Page(index, _) | Of::FileName(index)) = of else {
        return None;
    };
    let attached = text.attached.get(usize::try_from(index).ok()?)?;
    Some(attached.name.clone())
}
