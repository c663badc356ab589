//! Notices in a browser: it is subscribed from a logged-in session, which is what a code is to other addresses.

use super::MailboxError;
use super::access::{Person, enter_in_turn};
use super::notice_rules::tell_at_once_by;
use crate::domain::access::Act;
use crate::domain::address::{Address, MOST};
use crate::domain::channel::Channel;
use crate::domain::code;
use crate::domain::device::Device;
use crate::domain::push::{Endpoint, PushAddress};
use crate::domain::right::Right;
use crate::house::House;
use crate::outbox::addresses::{self, Known};
use crate::outbox::push::Offer;
use crate::outbox::tried::tell_others;
use crate::store;
use crate::store::address::AddressRow;
use crate::store::notice::NoticeKind;
use crate::store::sent_count::{Counted, count};

/// What a browser gives; nothing in it is known to be right.
#[derive(Clone, Copy, Debug)]
pub struct Given<'a> {
    /// Where its push service takes messages.
    pub endpoint: &'a str,
    /// Its public key, base64url.
    pub p256dh: &'a str,
    /// The secret that it shares with us, base64url.
    pub auth: &'a str,
    /// Which browser it is.
    pub device: Device,
    /// The endpoint that it had before, of a browser that was given another by itself.
    pub replaces: Option<&'a str>,
}

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subscribed {
    /// Notices go there.
    Done,
    /// They did already.
    Already,
    /// That is no subscription, or one of a push service that may not be called.
    NotASubscription,
    /// There are [`MOST`] addresses already.
    Full,
    /// As many within an hour as codes may be: the other addresses are told of each.
    TooMany,
    /// No mailbox, or no browser in it with the endpoint that is replaced.
    NotFound,
}

/// Adds a browser to where the person is reached, and says so to the other addresses. The first one is told of letters at once, whatever
/// the rules said while there was none: that is what turning it on asks for. One that was given another endpoint by itself keeps its place.
pub async fn subscribe(
    house: &House,
    person: &Person,
    offer: &Offer,
    given: Given<'_>,
) -> Result<Subscribed, MailboxError> {
    let now = house.clock.now();
    let mut tx = house.db.begin().await?;
    let Some(whose) = enter_in_turn(&mut tx, house, person, Right::EditContacts).await? else {
        return Ok(Subscribed::NotFound);
    };
    let known = addresses::known(&mut tx, &whose.key, whose.id).await?;
    let before = match given.replaces {
        None => None,
        Some(old) => match old.parse::<Endpoint>().ok().and_then(|old| at(&known, &old)) {
            Some(before) => Some(before),
            None => return Ok(Subscribed::NotFound),
        },
    };
    // A browser asks for the new one under the key of the old.
    let key = before.map_or(offer.key, |(_, old)| old.key());
    let keys = (given.p256dh, given.auth);
    let Ok(browser) = PushAddress::given(given.endpoint, keys, key, given.device) else {
        return Ok(Subscribed::NotASubscription);
    };
    if !offer.services.take(browser.endpoint()) {
        return Ok(Subscribed::NotASubscription);
    }
    let same = at(&known, browser.endpoint());
    if same.is_some_and(|(same, _)| same.row.is_in_use()) {
        return Ok(Subscribed::Already);
    }
    let there = before.or(same).map(|(there, _)| there);
    if there.is_none() && known.len() >= MOST {
        return Ok(Subscribed::Full);
    }
    if !count(&mut tx, whose.id, Counted::Codes, now, code::PERIOD, code::MOST).await? {
        return Ok(Subscribed::TooMany);
    }
    let id = there.map_or_else(|| house.ids.at(now), |there| there.row.id);
    let address = Address::Browser(Box::new(browser));
    let row = AddressRow {
        id,
        channel: Channel::Push,
        address: addresses::sealed(house.ids, &whose.key, &id, &address)?,
        confirmed_at: Some(now),
        code: None,
        broken: None,
    };
    let one = Known { address, row };
    store::address::put(&mut tx, whose.id, one.row.clone()).await?;
    if known.iter().all(|known| known.row.channel != Channel::Push) {
        tell_at_once_by(&mut tx, house, &whose, Channel::Push).await?;
    }
    whose.log(&mut tx, house.ids, now, Act::ChangedContact, None).await?;
    let mailbox = (whose.id, &whose.key);
    tell_others(&mut tx, house, mailbox, NoticeKind::Added, (&one, &known)).await?;
    tx.commit().await?;
    house.bell.notify_one();
    Ok(Subscribed::Done)
}

/// The browser with that endpoint among the addresses.
fn at<'a>(known: &'a [Known], endpoint: &Endpoint) -> Option<(&'a Known, &'a PushAddress)> {
    known.iter().find_map(|known| match &known.address {
        Address::Browser(browser) if browser.endpoint() == endpoint => Some((known, browser.as_ref())),
        _ => None,
    })
}
