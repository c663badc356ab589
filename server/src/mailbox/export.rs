//! Everything in a mailbox as one file: asked for here, made by jobs, fetched here.

use super::MailboxError;
use super::access::{Person, enter};
use crate::db::Tx;
use crate::domain::access::Act;
use crate::domain::right::Right;
use crate::house::House;
use crate::outbox::parts::{self, Kind, PartError};
use crate::outbox::{self, Job};
use crate::seal::MailboxKey;
use crate::store;
use crate::store::export::{ExportRow, State};
use app::Language;
use time::Duration;
use uuid::Uuid;

/// A piece that is being made just when its export is no longer wanted is there a moment later, and is taken away too.
const BEFORE_REMOVAL: Duration = Duration::minutes(1);

/// What came of asking for one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Started {
    /// It is being made.
    Started,
    /// One is being made already.
    Working,
    /// The person has no mailbox here.
    NotFound,
}

/// A file that can be fetched, piece by piece.
#[derive(Debug)]
pub struct Download {
    house: House,
    key: MailboxKey,
    export: ExportRow,
}

/// What came of fetching.
#[derive(Debug)]
pub enum Fetched {
    /// Here it is.
    Download(Box<Download>),
    /// No such file of the person's own.
    NotFound,
}

/// How the export of the person's own mailbox stands, if there is one.
pub async fn export(house: &House, person: &Person) -> Result<Option<ExportRow>, MailboxError> {
    let mut tx = house.db.read().await?;
    let Some(entered) = enter(&mut tx, house, person, Right::Account).await? else {
        return Ok(None);
    };
    Ok(store::export::of_mailbox(&mut tx, entered.id).await?)
}

/// Begins an export of all there is now. It takes the place of one that is ready.
pub async fn start_export(house: &House, person: &Person, language: Language) -> Result<Started, MailboxError> {
    let now = house.clock.now();
    // Everything up to this millisecond: ids of one have no order between them.
    let (id, through) = (house.ids.random(), house.ids.first_at(now + Duration::MILLISECOND));
    // Counted outside the writing transaction: a letter that comes in between has a later id.
    let mut tx = house.db.read().await?;
    let Some(entered) = enter(&mut tx, house, person, Right::Account).await? else {
        return Ok(Started::NotFound);
    };
    let letters = store::letter::count_through(&mut tx, entered.id, through).await?;
    drop(tx);

    let mut tx = house.db.begin().await?;
    match store::export::of_mailbox(&mut tx, entered.id).await? {
        Some(row) if row.state == State::Working => return Ok(Started::Working),
        Some(row) => forget(&mut tx, house, entered.id, row.id).await?,
        None => {}
    }
    let row = ExportRow {
        id,
        state: State::Working,
        language: language.tag().to_owned(),
        through,
        written: Uuid::nil(),
        letters,
        done: 0,
        parts: 0,
        bytes: 0,
        asked_at: now,
        held_up_at: None,
        expires_at: None,
    };
    match store::export::insert(&mut tx, entered.id, &row).await {
        // Somebody clicked twice: the other click began it.
        Err(error) if error.is_duplicate() => return Ok(Started::Working),
        other => other?,
    }
    let job = Job::Export {
        mailbox_id: entered.id,
        export_id: id,
    };
    outbox::enqueue(&mut tx, house, &job, now).await?;
    tx.commit().await?;
    house.bell.notify_one();
    Ok(Started::Started)
}

/// Takes the export away, whether it is ready or not. Nothing there is nothing to do.
pub async fn remove_export(house: &House, person: &Person) -> Result<(), MailboxError> {
    let mut tx = house.db.begin().await?;
    let Some(entered) = enter(&mut tx, house, person, Right::Account).await? else {
        return Ok(());
    };
    if let Some(row) = store::export::of_mailbox(&mut tx, entered.id).await? {
        forget(&mut tx, house, entered.id, row.id).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// The row goes now, the pieces soon after.
async fn forget(tx: &mut Tx, house: &House, mailbox_id: Uuid, export_id: Uuid) -> Result<(), MailboxError> {
    store::export::remove(tx, mailbox_id, export_id).await?;
    let job = Job::ExportRemoval { mailbox_id, export_id };
    outbox::enqueue(tx, house, &job, house.clock.now() + BEFORE_REMOVAL).await?;
    Ok(())
}

/// Begins to fetch the export that the address names; the access log says so.
pub async fn fetch_export(house: &House, person: &Person, id: Uuid) -> Result<Fetched, MailboxError> {
    let now = house.clock.now();
    let mut tx = house.db.begin().await?;
    let Some(entered) = enter(&mut tx, house, person, Right::Account).await? else {
        return Ok(Fetched::NotFound);
    };
    let row = store::export::of_mailbox(&mut tx, entered.id).await?;
    let is_here = |row: &ExportRow| {
        row.id == id && row.state == State::Ready && row.expires_at.is_some_and(|expires_at| expires_at > now)
    };
    let Some(export) = row.filter(is_here) else {
        return Ok(Fetched::NotFound);
    };
    entered.log(&mut tx, house.ids, now, Act::FetchedExport, None).await?;
    tx.commit().await?;
    Ok(Fetched::Download(Box::new(Download {
        house: house.clone(),
        key: entered.key,
        export,
    })))
}

impl Download {
    /// How long the whole file is.
    pub fn bytes(&self) -> u64 {
        u64::try_from(self.export.bytes).unwrap_or(0)
    }

    /// When it was asked for.
    pub fn asked_at(&self) -> time::OffsetDateTime {
        self.export.asked_at
    }

    /// How many pieces there are.
    pub fn parts(&self) -> i64 {
        self.export.parts
    }

    /// One piece of the file.
    pub async fn part(&self, number: i64) -> Result<Vec<u8>, PartError> {
        parts::get(&self.house, &self.key, self.export.id, number, Kind::Part).await
    }
}
