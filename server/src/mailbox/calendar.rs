//! The personal calendar feed: days on which something is to be paid, under an address that only the person has and can revoke.

use super::MailboxError;
use super::access::{Person, enter, enter_by_feed};
use super::payments::listed;
use crate::domain::calendar_feed::{Detail, Entry};
use crate::domain::right::Right;
use crate::house::House;
use crate::seal::Place;
use crate::store;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use time::OffsetDateTime;
use uuid::Uuid;

/// Days in a feed: calendars fetch it whole.
const ENTRIES: i64 = 500;

/// How the feed of a mailbox stands.
#[derive(Clone, PartialEq, Eq)]
pub struct Feed {
    /// The secret of its address.
    pub secret: String,
    /// How much it says.
    pub detail: Detail,
    /// Since when.
    pub made_at: OffsetDateTime,
    /// When a calendar last fetched it.
    pub fetched_at: Option<OffsetDateTime>,
}

/// The feed of the person's own mailbox, if there is one.
pub async fn feed(house: &House, person: &Person) -> Result<Option<Feed>, MailboxError> {
    let mut tx = house.db.read().await?;
    let Some(entered) = enter(&mut tx, house, person, Right::GiveAccess).await? else {
        return Ok(None);
    };
    store::calendar_feed::of(&mut tx, entered.id)
        .await?
        .map(|row| {
            let secret = entered.key.open(&place(&entered.id), &row.token)?;
            Ok(Feed {
                secret: String::from_utf8(secret).map_err(|_| MailboxError::Record("calendar feed"))?,
                detail: detail(&row.detail)?,
                made_at: row.made_at,
                fetched_at: row.fetched_at,
            })
        })
        .transpose()
}

/// Makes a feed, in the place of the one before: that address answers nobody from then on. Whether there is a mailbox.
pub async fn make_feed(house: &House, person: &Person, detail: Detail) -> Result<bool, MailboxError> {
    let now = house.clock.now();
    let mut tx = house.db.begin().await?;
    let Some(entered) = enter(&mut tx, house, person, Right::GiveAccess).await? else {
        return Ok(false);
    };
    let secret: [u8; 32] = house.ids.bytes().map_err(|_| MailboxError::NoRandomness)?;
    let secret = URL_SAFE_NO_PAD.encode(secret);
    let sealed = entered.key.seal(house.ids, &place(&entered.id), secret.as_bytes())?;
    store::calendar_feed::put(&mut tx, entered.id, hash(house, &secret), &sealed, detail.as_str(), now).await?;
    tx.commit().await?;
    Ok(true)
}

/// Takes the feed away: its address answers nobody from now on.
pub async fn revoke_feed(house: &House, person: &Person) -> Result<(), MailboxError> {
    let mut tx = house.db.begin().await?;
    if let Some(entered) = enter(&mut tx, house, person, Right::GiveAccess).await? {
        store::calendar_feed::remove(&mut tx, entered.id).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// What a calendar gets.
pub struct Fetched {
    /// The days.
    pub entries: Vec<Entry>,
    /// How much to say of them.
    pub detail: Detail,
    /// The language of the mailbox.
    pub language: String,
}

/// What the feed with this secret tells; nothing when there is none.
pub async fn fetch_feed(house: &House, secret: &str) -> Result<Option<Fetched>, MailboxError> {
    let now = house.clock.now();
    let mut tx = house.db.begin().await?;
    let Some(row) = store::calendar_feed::by_token(&mut tx, hash(house, secret)).await? else {
        return Ok(None);
    };
    let Some(entered) = enter_by_feed(&mut tx, house, row.mailbox_id).await? else {
        return Ok(None);
    };
    let entries = store::payment::open(&mut tx, entered.id, Uuid::max(), ENTRIES)
        .await?
        .iter()
        .map(|row| {
            let asked = listed(&entered, row)?;
            Ok(Entry {
                letter: asked.letter,
                payment: asked.payment,
                payee: asked.payee,
            })
        })
        .collect::<Result<_, MailboxError>>()?;
    store::calendar_feed::fetched(&mut tx, entered.id, now).await?;
    tx.commit().await?;
    Ok(Some(Fetched {
        entries,
        detail: detail(&row.detail)?,
        language: entered.language,
    }))
}

fn place(mailbox: &Uuid) -> Place<'_> {
    Place::of("calendar_feed", mailbox, "token")
}

fn hash(house: &House, secret: &str) -> [u8; 32] {
    house.keys.blind_index("calendar", secret)
}

fn detail(name: &str) -> Result<Detail, MailboxError> {
    name.parse().map_err(|()| MailboxError::Record("calendar feed"))
}
