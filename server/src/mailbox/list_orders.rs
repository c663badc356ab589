//! The orders of a place besides newest first. None of them looks at every letter to make a page.

use super::MailboxError;
use super::access::Entered;
use super::list::PAGE;
use crate::db::Tx;
use crate::domain::alphabet::sort_key;
use crate::domain::paging::{cut, one_more};
use crate::record;
use crate::store;
use crate::store::letter::LetterRow;
use uuid::Uuid;

/// Rows of a page, and where the next begins.
pub(super) type Rows = (Vec<LetterRow>, Option<String>);

/// First the walk over what is unread, then the one over what has been read. Where a page begins says in which walk it is.
pub(super) async fn unread_first(
    tx: &mut Tx,
    entered: &Entered,
    folder: Option<Uuid>,
    from: Option<&str>,
) -> Result<Rows, MailboxError> {
    let (read_part, before) = match from.and_then(|from| from.split_once('-')) {
        Some(("l", id)) => (true, Uuid::parse_str(id).unwrap_or(Uuid::max())),
        Some(("o", id)) => (false, Uuid::parse_str(id).unwrap_or(Uuid::max())),
        _ => (false, Uuid::max()),
    };
    let mut rows = if read_part {
        Vec::new()
    } else {
        store::letter::page_by_read(tx, entered.id, folder, true, before, one_more(PAGE)).await?
    };
    if rows.len() <= PAGE {
        let before = if read_part { before } else { Uuid::max() };
        let fits = PAGE - rows.len();
        rows.extend(store::letter::page_by_read(tx, entered.id, folder, false, before, one_more(fits)).await?);
    }
    Ok(cut(rows, PAGE, |row| {
        let part = if row.read_at.is_some() { 'l' } else { 'o' };
        format!("{part}-{}", row.id)
    }))
}

/// Sender by sender, by name; each one's newest letter first. Where a page begins says after which letter of which sender.
pub(super) async fn by_sender(
    tx: &mut Tx,
    entered: &Entered,
    folder: Option<Uuid>,
    from: Option<&str>,
) -> Result<Rows, MailboxError> {
    let mut senders = Vec::new();
    for row in store::letter::senders(tx, entered.id, folder).await? {
        let name = record::header(&entered.key, row.letter, &row.header)?.sender;
        senders.push((sort_key(&name), row.sender_index));
    }
    senders.sort();
    // Letters from before senders were kept have none, and come last.
    senders.push((String::new(), Vec::new()));
    let (mut before, begins) = match from.and_then(|from| from.split_once('-')) {
        Some((sender, id)) => {
            let sender = hex::decode(sender).unwrap_or_default();
            let begins = senders.iter().position(|(_, token)| *token == sender).unwrap_or(0);
            (Uuid::parse_str(id).unwrap_or(Uuid::max()), begins)
        }
        None => (Uuid::max(), 0),
    };
    let mut rows = Vec::new();
    for (_, token) in senders.iter().skip(begins) {
        let fits = PAGE.saturating_sub(rows.len());
        rows.extend(store::letter::page_of_sender(tx, entered.id, folder, token, before, one_more(fits)).await?);
        before = Uuid::max();
        if rows.len() > PAGE {
            break;
        }
    }
    Ok(cut(rows, PAGE, |row| {
        let token = hex::encode(row.sender_index.as_deref().unwrap_or_default());
        format!("{token}-{}", row.id)
    }))
}

/// By subject, in an order that a big place keeps sealed. Where a page begins says after which letter.
pub(super) async fn by_subject(
    tx: &mut Tx,
    entered: &Entered,
    folder: Option<Uuid>,
    order: &[(String, Uuid)],
    from: Option<&str>,
) -> Result<Rows, MailboxError> {
    let after = from.and_then(|from| Uuid::parse_str(from).ok());
    let begins = after
        .and_then(|after| order.iter().position(|(_, id)| *id == after))
        .map_or(0, |last| last + 1);
    let mut rows = Vec::new();
    for (_, id) in order.iter().skip(begins) {
        if let Some(row) = store::letter::by_id(tx, entered.id, *id).await?
            && row.folder_id == folder
            && row.binned_at.is_none()
        {
            rows.push(row);
        }
        if rows.len() > PAGE {
            break;
        }
    }
    Ok(cut(rows, PAGE, |row| row.id.to_string()))
}

/// What a letter is sorted by in the order by subject: its subject, and the newest first of those that are called the same.
pub(super) fn subject_key(entered: &Entered, row: &LetterRow) -> Result<(String, Uuid), MailboxError> {
    Ok((
        sort_key(&record::header(&entered.key, row.id, &row.header)?.subject),
        row.id,
    ))
}
