//! Matters, payments and the calendar feed of the person who is logged in; and the feed itself, for calendars.

use super::Web;
use super::errors::Fault;
use super::ports::{id, letter_id, payment, unavailable};
use crate::domain::calendar_feed::{self, Detail, Words};
use crate::domain::matter;
use crate::house::House;
use crate::mailbox::access::Person;
use crate::mailbox::calendar;
use crate::mailbox::matters::{ListedMatter, MatterLetter, list_matters, open_matter};
use crate::mailbox::payments::{open_payments, settle};
use app::ports::{
    CalendarDetail, CalendarFeed, LetterId, MatterEvent, MatterId, MatterPage, MatterRow, Matters, PaymentPage,
    PaymentRow, PortError, Stands,
};
use app::{Language, calendar_words};
use async_trait::async_trait;
use axum::extract::{Path, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use url::Url;

/// The matters of one mailbox, for its holder.
pub(super) struct OwnMatters {
    pub(super) house: House,
    pub(super) person: Person,
    pub(super) public_url: Url,
}

#[async_trait]
impl Matters for OwnMatters {
    async fn matters(&self, before: Option<LetterId>) -> Result<MatterPage, PortError> {
        let before = before.as_ref().map(letter_id).transpose()?;
        let (matters, next) = list_matters(&self.house, &self.person, before)
            .await
            .map_err(unavailable)?;
        Ok(MatterPage {
            matters: matters.into_iter().map(row).collect(),
            next: next.map(id),
        })
    }

    async fn matter(&self, id: MatterId) -> Result<(MatterRow, Vec<MatterEvent>), PortError> {
        let mut named = [0; 16];
        hex::decode_to_slice(&id.0, &mut named).map_err(|_| PortError::NotFound)?;
        let (matter, letters) = open_matter(&self.house, &self.person, named)
            .await
            .map_err(unavailable)?
            .ok_or(PortError::NotFound)?;
        Ok((row(matter), letters.into_iter().map(event).collect()))
    }

    async fn payments(&self, before: Option<LetterId>) -> Result<PaymentPage, PortError> {
        let before = before.as_ref().map(letter_id).transpose()?;
        let (payments, next) = open_payments(&self.house, &self.person, before)
            .await
            .map_err(unavailable)?;
        Ok(PaymentPage {
            payments: payments
                .into_iter()
                .map(|asked| PaymentRow {
                    letter: id(asked.letter),
                    payment: payment(asked.payment),
                    payee: asked.payee,
                })
                .collect(),
            next: next.map(id),
        })
    }

    async fn settle(&self, letter: LetterId, settled: bool) -> Result<(), PortError> {
        let there = settle(&self.house, &self.person, letter_id(&letter)?, settled)
            .await
            .map_err(unavailable)?;
        if there { Ok(()) } else { Err(PortError::NotFound) }
    }

    async fn calendar(&self) -> Result<Option<CalendarFeed>, PortError> {
        let feed = calendar::feed(&self.house, &self.person).await.map_err(unavailable)?;
        let base = self.public_url.as_str().trim_end_matches('/');
        Ok(feed.map(|feed| CalendarFeed {
            address: format!("{base}/kalender/{}.ics", feed.secret),
            detail: match feed.detail {
                Detail::Day => CalendarDetail::Day,
                Detail::Sum => CalendarDetail::Sum,
                Detail::Payee => CalendarDetail::Payee,
            },
            made_at: feed.made_at,
            fetched_at: feed.fetched_at,
        }))
    }

    async fn make_calendar(&self, detail: CalendarDetail) -> Result<(), PortError> {
        let detail = match detail {
            CalendarDetail::Day => Detail::Day,
            CalendarDetail::Sum => Detail::Sum,
            CalendarDetail::Payee => Detail::Payee,
        };
        let made = calendar::make_feed(&self.house, &self.person, detail)
            .await
            .map_err(unavailable)?;
        if made { Ok(()) } else { Err(PortError::NotFound) }
    }

    async fn revoke_calendar(&self) -> Result<(), PortError> {
        calendar::revoke_feed(&self.house, &self.person)
            .await
            .map_err(unavailable)
    }
}

fn row(listed: ListedMatter) -> MatterRow {
    MatterRow {
        id: matter_id(listed.id),
        title: listed.matter.title,
        number: listed.matter.number,
        sender: listed.matter.sender,
        stands: listed.matter.stands.map(stands),
        events: listed.events,
        newest_at: listed.newest_at,
    }
}

/// A matter's id as addresses have it.
pub(super) fn matter_id(id: [u8; 16]) -> MatterId {
    MatterId(hex::encode(id))
}

fn event(letter: MatterLetter) -> MatterEvent {
    MatterEvent {
        letter: id(letter.letter),
        subject: letter.event.subject,
        sender: letter.event.sender,
        what: letter.event.what,
        stands: letter.event.stands.map(stands),
        day: letter.event.day,
        follows: letter.follows.map(|(letter, subject)| (id(letter), subject)),
        attachments: letter.attachments,
        unread: letter.unread,
    }
}

fn stands(stands: matter::Stands) -> Stands {
    match stands {
        matter::Stands::SendersTurn => Stands::SendersTurn,
        matter::Stands::YourTurn => Stands::YourTurn,
        matter::Stands::Closed => Stands::Closed,
    }
}

/// `GET /kalender/{secret}.ics`: the feed, for whoever has its address.
pub(super) async fn feed(State(web): State<Web>, Path(file): Path<String>) -> Result<Response, Fault> {
    let secret = file.strip_suffix(".ics").ok_or(Fault::NotFound)?;
    let fetched = calendar::fetch_feed(&web.house, secret)
        .await
        .map_err(Fault::ours)?
        .ok_or(Fault::NotFound)?;
    let words = calendar_words(Language::from_tag(&fetched.language).unwrap_or_default());
    let host = web.public_url.host_str().unwrap_or("localhost");
    let text = calendar_feed::feed(
        &fetched.entries,
        fetched.detail,
        &Words {
            name: words.name,
            day: words.day,
            sum: words.sum,
            payee: words.payee,
            source: words.source,
        },
        host,
        web.house.clock.now(),
    );
    let headers = [
        (CONTENT_TYPE, "text/calendar; charset=utf-8"),
        (CACHE_CONTROL, "no-store"),
    ];
    Ok((headers, text).into_response())
}
