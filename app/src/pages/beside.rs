//! What lies beside an open letter: the list that it was read from, and the letters before and after it there.

use crate::parts::Listing;
use crate::ports::{Letter, LetterRow, Lies, List, ListQuery, Order, PortError, Source, Viewer};
use crate::request::{search, sorting};
use crate::words;
use time::OffsetDateTime;

/// The list beside a letter, and where one goes on.
pub(super) struct Beside {
    pub(super) listing: Listing,
    /// Address of the letter before it: the newer one in most lists.
    pub(super) before: Option<String>,
    /// Address of the letter after it.
    pub(super) after: Option<String>,
}

/// What lies beside a letter that was read from `from`; otherwise, the place where it lies.
pub(super) async fn beside(
    letter: &Letter,
    viewer: &Viewer,
    from: Option<Source>,
    now: OffsetDateTime,
) -> Result<Beside, PortError> {
    match from {
        Some(source) => match read_from(letter, viewer, source, now).await {
            // A folder that has been removed in the meantime.
            Err(PortError::NotFound) => around(letter, viewer, now).await,
            other => other,
        },
        None => around(letter, viewer, now).await,
    }
}

/// The page that the letter was read from.
async fn read_from(letter: &Letter, viewer: &Viewer, source: Source, now: OffsetDateTime) -> Result<Beside, PortError> {
    let (mut letters, next) = page(&source).await?;
    stay(&mut letters, &letter.row, &source);
    let at = letters.iter().position(|row| row.id == letter.row.id);
    let before = at.and_then(|at| letters.get(at.checked_sub(1)?));
    let before = before.map(|row| words::letter_address(&row.id, &source));
    let after = at.and_then(|at| letters.get(at + 1));
    let after = match (after, &next) {
        (Some(row), _) => Some(words::letter_address(&row.id, &source)),
        // The last of its page: the next page begins with the one after it.
        (None, Some(next)) if at.is_some() => {
            let (following, _) = page(next).await?;
            following.first().map(|row| words::letter_address(&row.id, next))
        }
        (None, _) => None,
    };
    Ok(Beside {
        listing: listing(letter, viewer, source, letters, next, now),
        before,
        after,
    })
}

/// A page of letters, and the one that follows.
async fn page(source: &Source) -> Result<(Vec<LetterRow>, Option<Source>), PortError> {
    Ok(match source {
        Source::List(query) => {
            let page = sorting()?.list(query.clone()).await?;
            let next = page.next.map(|next| Source::List(query.page(Some(next))));
            (page.letters, next)
        }
        Source::Search(query) => {
            let Some(page) = search()?.search(query.clone()).await? else {
                return Ok((Vec::new(), None));
            };
            let next = page.next.map(|next| Source::Search(query.page(Some(next))));
            (page.hits.into_iter().map(|hit| hit.row).collect(), next)
        }
    })
}

/// Keeps the letter where it lay, though reading it has taken it out of the list: it was unread.
fn stay(letters: &mut Vec<LetterRow>, letter: &LetterRow, source: &Source) {
    let order = match source {
        Source::List(query) => query.order,
        Source::Search(_) => Order::Newest,
    };
    if letters.iter().any(|row| row.id == letter.id) {
        return;
    }
    let passed = |row: &LetterRow| row.received_at >= letter.received_at;
    let at = match order {
        Order::Newest => letters.iter().take_while(|row| passed(row)).count(),
        Order::UnreadFirst => letters.iter().take_while(|row| row.unread && passed(row)).count(),
        Order::Sender | Order::Subject => return,
    };
    letters.insert(at, letter.clone());
}

/// The place where the letter lies: its newest page when the letter is on it, else the page that begins with the letter.
async fn around(letter: &Letter, viewer: &Viewer, now: OffsetDateTime) -> Result<Beside, PortError> {
    let list = match (&letter.row.gone_at, &letter.row.lies) {
        (Some(_), _) => List::Bin,
        (None, Lies::Inbox) => List::Inbox,
        (None, Lies::Archive) => List::Archive,
        (None, Lies::Folder(folder)) => List::Folder(folder.clone()),
    };
    let mut query = ListQuery {
        list,
        ..ListQuery::default()
    };
    let plain = Source::List(query.clone());
    let (mut letters, mut next) = page(&plain).await?;
    let mut source = plain.clone();
    if let Some(newer) = &letter.newer
        && !letters.iter().any(|row| row.id == letter.row.id)
    {
        query.from = Some(newer.0.clone());
        source = Source::List(query);
        (letters, next) = page(&source).await?;
    }
    Ok(Beside {
        before: letter.newer.as_ref().map(|id| words::letter_address(id, &plain)),
        after: letter.older.as_ref().map(|id| words::letter_address(id, &plain)),
        listing: listing(letter, viewer, source, letters, next, now),
    })
}

fn listing(
    letter: &Letter,
    viewer: &Viewer,
    source: Source,
    letters: Vec<LetterRow>,
    next: Option<Source>,
    now: OffsetDateTime,
) -> Listing {
    Listing {
        source,
        letters,
        next,
        now,
        places: viewer.places.clone(),
        unread: viewer.unread,
        to_pay: viewer.to_pay,
        open: Some(letter.row.id.clone()),
    }
}
