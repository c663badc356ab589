//! Searching, for the person who is logged in.

use super::ports::{id, row, unavailable};
use crate::domain::excerpt::Piece;
use crate::domain::letter_text::{Of, Reading};
use crate::domain::sorting::ARCHIVE;
use crate::house::House;
use crate::mailbox::access::Person;
use crate::mailbox::reach::{self, COUNTED, LISTED};
use crate::mailbox::search::{self, Lies, Question, Total};
use app::ports::{
    FoundPayment, Hit, Lacking, NotSearched, PaymentField, PortError, Quote, QuotePlace, Quoted, Search, SearchPage,
    SearchPlace, SearchQuery, SearchReach,
};
use async_trait::async_trait;
use time::Date;
use time::macros::format_description;
use uuid::Uuid;

/// Search in one mailbox, for its holder.
#[derive(Debug)]
pub(super) struct OwnSearch {
    pub(super) house: House,
    pub(super) person: Person,
}

#[async_trait]
impl Search for OwnSearch {
    async fn search(&self, query: SearchQuery) -> Result<Option<SearchPage>, PortError> {
        let found = search::search(&self.house, &self.person, &question(query)?)
            .await
            .map_err(unavailable)?;
        let page = match found {
            search::Search::Page(page) => page,
            search::Search::NothingAsked => return Ok(None),
            search::Search::NoMailbox => return Err(PortError::NotFound),
        };
        let (total, at_least) = match page.total {
            Total::Exactly(total) => (total, false),
            Total::AtLeast(total) => (total, true),
        };
        Ok(Some(SearchPage {
            hits: page.hits.into_iter().map(hit).collect(),
            total: u64::try_from(total).unwrap_or(u64::MAX),
            at_least,
            next: page.next,
            unfinished: page.unfinished,
            unknown: page.unknown,
            short: page.short,
            common: page.common,
        }))
    }

    async fn reach(&self) -> Result<SearchReach, PortError> {
        let reach = reach::reach(&self.house, &self.person)
            .await
            .map_err(unavailable)?
            .ok_or(PortError::NotFound)?;
        let lacking_more = reach.lacking.len() >= usize::try_from(LISTED).unwrap_or(usize::MAX);
        Ok(SearchReach {
            senders: reach
                .senders
                .into_iter()
                .map(|(index, name)| (hex::encode(index), name))
                .collect(),
            waiting: u64::try_from(reach.waiting).unwrap_or(0),
            waiting_at_least: reach.waiting >= COUNTED,
            lacking: reach.lacking.into_iter().map(lacking).collect(),
            lacking_more,
        })
    }
}

/// All that a search finds, newest first; nothing when there is too much.
pub(super) async fn all_found(
    house: &House,
    person: &Person,
    query: SearchQuery,
) -> Result<Option<Vec<Uuid>>, PortError> {
    search::all_found(house, person, &question(query)?)
        .await
        .map_err(unavailable)
}

/// An address that was tampered with names nothing that is there.
fn question(query: SearchQuery) -> Result<Question, PortError> {
    let day = |text: Option<String>| {
        text.map(|text| {
            Date::parse(&text, format_description!("[year]-[month]-[day]")).map_err(|_| PortError::NotFound)
        })
        .transpose()
    };
    Ok(Question {
        text: query.text,
        sender: query
            .sender
            .map(|token| hex::decode(token).map_err(|_| PortError::NotFound))
            .transpose()?,
        attachment: query.attachment,
        unread: query.unread,
        lies: match query.place {
            SearchPlace::Everywhere => Lies::Anywhere,
            SearchPlace::Inbox => Lies::Inbox,
            SearchPlace::Archive => Lies::Folder(ARCHIVE),
            SearchPlace::Bin => Lies::Bin,
            SearchPlace::Folder(folder) => Lies::Folder(Uuid::parse_str(&folder).map_err(|_| PortError::NotFound)?),
        },
        from: day(query.from)?,
        until: day(query.until)?,
        before: query.before,
    })
}

fn hit(hit: search::Hit) -> Hit {
    Hit {
        row: row(hit.listed),
        place: match hit.lies {
            Lies::Anywhere | Lies::Inbox => SearchPlace::Inbox,
            Lies::Bin => SearchPlace::Bin,
            Lies::Folder(ARCHIVE) => SearchPlace::Archive,
            Lies::Folder(folder) => SearchPlace::Folder(folder.to_string()),
        },
        sender: pieces(hit.sender),
        subject: pieces(hit.subject),
        quotes: hit.quotes.into_iter().map(quote).collect(),
    }
}

fn pieces(pieces: Vec<Piece>) -> Vec<app::ports::Piece> {
    pieces
        .into_iter()
        .map(|piece| app::ports::Piece {
            text: piece.text,
            hit: piece.hit,
        })
        .collect()
}

fn quote(quote: search::Quote) -> Quote {
    Quote {
        place: match quote.of {
            Of::Body | Of::Subject | Of::Sender => QuotePlace::Body,
            Of::Payment => QuotePlace::Payment,
            Of::Matter => QuotePlace::Matter,
            Of::Notes => QuotePlace::Notes,
            Of::FileName(_) => QuotePlace::FileName,
            Of::Page(_, page) => QuotePlace::Page(quote.file.unwrap_or_default(), page),
        },
        quoted: match quote.said {
            search::Said::Words(words) => Quoted::Words(pieces(words)),
            search::Said::Payment(found) => Quoted::Payment(payment(found)),
        },
    }
}

fn payment(found: search::FoundPayment) -> FoundPayment {
    let (amount_ore, currency) = found.sum;
    FoundPayment {
        amount_ore,
        currency,
        due: found.due,
        account: found.account,
        reference: found.reference,
        hits: found
            .hits
            .into_iter()
            .map(|field| match field {
                search::PaymentField::Sum => PaymentField::Sum,
                search::PaymentField::Due => PaymentField::Due,
                search::PaymentField::Account => PaymentField::Account,
                search::PaymentField::Reference => PaymentField::Reference,
            })
            .collect(),
    }
}

fn lacking(letter: reach::Lacking) -> Lacking {
    Lacking {
        letter: id(letter.listed.id),
        subject: letter.listed.header.subject,
        files: letter
            .files
            .into_iter()
            .filter_map(|file| {
                let why = match file.reading {
                    Reading::Whole => return None,
                    Reading::Begun => NotSearched::TooLong,
                    Reading::Pictures => NotSearched::Pictures,
                    Reading::Failed => NotSearched::Broken,
                    Reading::OtherKind => NotSearched::OtherKind,
                };
                Some((file.name, why))
            })
            .collect(),
    }
}
