//! An account as a look shows it: how it stands, where the holder is reached (masked), what was told, where they are logged in, that letters
//! came. Never what a letter says, what it is called or who sent it. Of somebody with protected identity less: days instead of moments, and
//! nothing of addresses and devices.

use super::SupportError;
use super::access::OnDuty;
use super::keyhole::Keyhole;
use super::look::{FarSays, Standing, Told, ask, own, reason, standing, told};
use crate::db::Tx;
use crate::domain::address::Address;
use crate::domain::answer::Meaning;
use crate::domain::calendar::day_in_sweden;
use crate::domain::channel::Channel;
use crate::domain::device::Device;
use crate::domain::look::Reason;
use crate::domain::paging::{cut, one_more};
use crate::domain::staff::StaffAct;
use crate::house::House;
use crate::record;
use crate::register::Register;
use crate::seal::Place;
use crate::store;
use crate::store::account::AccountRow;
use crate::store::leaving::Why;
use crate::store::notice::{NoticeKind, NoticeRow, NoticeState};
use time::{Date, OffsetDateTime};
use uuid::Uuid;

/// Notices, and things that came, on a page.
pub const PAGE: usize = 20;

/// When something was; of somebody with protected identity only on which day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// At this moment.
    At(OffsetDateTime),
    /// On this day, in Sweden.
    On(Date),
}

impl When {
    /// Of a moment, as exactly as may be told.
    pub(super) fn of(at: OffsetDateTime, protected: bool) -> Self {
        if protected {
            Self::On(day_in_sweden(at))
        } else {
            Self::At(at)
        }
    }
}

/// Where somebody is reached, masked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hidden {
    /// An e-mail address or a number, with most of it left out.
    Written(String),
    /// A browser.
    Browser(Device),
}

impl Hidden {
    pub(super) fn of(address: &Address) -> Self {
        match address {
            Address::Email(_) | Address::Mobile(_) => Self::Written(address.hidden()),
            Address::Browser(browser) => Self::Browser(browser.device()),
        }
    }
}

/// How an address stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ContactStands {
    /// Confirmed, and taking messages.
    Confirmed(When),
    /// Its code has not come back.
    Waiting,
    /// It takes nothing any more, by the other side's number.
    Broken(When, String),
}

/// An address of the holder's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contact {
    /// Names it in forms of this look.
    pub handle: String,
    /// The way to it.
    pub channel: Channel,
    /// The address, masked.
    pub shown: Hidden,
    /// How it stands.
    pub stands: ContactStands,
}

/// A notice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Names it in forms of this look.
    pub handle: String,
    /// When it last changed.
    pub at: When,
    /// What it is about.
    pub kind: NoticeKind,
    /// Of how many letters.
    pub letters: u32,
    /// By which way, and where to, masked; nothing of somebody with protected identity.
    pub to: Option<(Channel, Hidden)>,
    /// What became of it.
    pub state: NoticeState,
    /// How many tries there were.
    pub attempts: u32,
    /// What the other side's answer means.
    pub meaning: Option<(Channel, Meaning)>,
    /// When it was in the phone.
    pub arrived: Option<When>,
    /// Whether it may be sent again.
    pub again: bool,
}

/// Where the holder is logged in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Names it in forms of this look.
    pub handle: String,
    /// Browser and system; nothing of somebody with protected identity.
    pub device: Option<String>,
    /// Logged in.
    pub since: When,
    /// Last used.
    pub seen: When,
}

/// Something that came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arrival {
    /// When.
    pub at: When,
    /// What became of it.
    pub state: ArrivalState,
}

/// What became of what came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArrivalState {
    /// Nobody has opened it.
    Unread,
    /// It has been opened.
    Read,
    /// It lies in the bin.
    Binned,
}

/// Some of a list, and what the next part begins after.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part<T> {
    /// Newest first.
    pub rows: Vec<T>,
    /// Names the next part.
    pub next: Option<String>,
}

/// An account.
#[derive(Clone, Debug)]
pub struct Account {
    /// The look that shows it.
    pub look: Told,
    /// The holder's identity is protected.
    pub protected: bool,
    /// When it was opened.
    pub opened: When,
    /// Why it takes no letters and since when, unless it does.
    pub closed: Option<(Why, When)>,
    /// Since when nobody comes in, if it is locked.
    pub locked: Option<When>,
    /// Where the holder is reached; nothing of somebody with protected identity.
    pub contacts: Option<Vec<Contact>>,
    /// What was told.
    pub notices: Part<Notice>,
    /// Where the holder is logged in.
    pub sessions: Vec<Session>,
    /// What came.
    pub arrivals: Part<Arrival>,
    /// What FaR says; not asked on the later parts of a list.
    pub far: Option<FarSays>,
}

/// What a look shows.
#[derive(Debug)]
pub enum Seen {
    /// The account.
    Account(Box<Account>),
    /// Nothing: it waits, was refused or is over.
    Nothing(Told),
}

/// Where the lists go on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Onward {
    /// Notices.
    pub notices: Option<String>,
    /// What came.
    pub arrivals: Option<String>,
}

/// What somebody's own look shows now; nothing when it is not theirs.
pub async fn see(
    house: &House,
    far: &dyn Register,
    duty: &OnDuty,
    id: Uuid,
    from: Onward,
) -> Result<Option<Seen>, SupportError> {
    let leave = duty.leave_to(house, StaffAct::SeeAccount).await?;
    let now = house.clock.now();
    let mut tx = house.db.begin().await?;
    let Some(row) = own(&mut tx, duty, id).await? else {
        return Ok(None);
    };
    let Some(account) = store::account::by_id(&mut tx, row.mailbox_id).await? else {
        return Ok(None);
    };
    let protected = account.protected_at.is_some();
    let look = told(house, &row, protected, now)?;
    if look.standing != Standing::Open {
        return Ok(Some(Seen::Nothing(look)));
    }
    let keyhole = Keyhole::of(house, &account)?;
    let first = from == Onward::default();
    let mut seen = Account {
        protected,
        opened: When::of(account.opened_at, protected),
        closed: account.closed.map(|(why, since)| (why, When::of(since, protected))),
        locked: account.locked_at.map(|at| When::of(at, protected)),
        contacts: if protected {
            None
        } else {
            Some(contacts(&mut tx, house, id, &keyhole).await?)
        },
        notices: notices(&mut tx, house, (id, protected), &keyhole, from.notices).await?,
        sessions: sessions(&mut tx, house, (id, protected), account.id).await?,
        arrivals: arrivals(&mut tx, house, (id, protected), account.id, from.arrivals).await?,
        far: None,
        look,
    };
    let about = (Some(id.to_string()), None);
    leave.write_about(&mut tx, house, Some(account.id), about).await?;
    tx.commit().await?;
    if first {
        let says = ask(house, far, &account, &keyhole.number()?).await?;
        if says == FarSays::Protected && !protected {
            // From this moment on it needs two.
            let mut look = seen.look;
            look.standing = Standing::Waiting;
            return Ok(Some(Seen::Nothing(look)));
        }
        seen.far = Some(says);
    }
    Ok(Some(Seen::Account(Box::new(seen))))
}

/// Somebody's own look while it shows the account, for an act within it.
pub(super) struct Within {
    /// The account.
    pub(super) account: AccountRow,
    /// The way into it.
    pub(super) keyhole: Keyhole,
    /// Why.
    pub(super) reason: Reason,
}

/// The look, if it is theirs and shows the account now.
pub(super) async fn within(
    tx: &mut Tx,
    house: &House,
    duty: &OnDuty,
    id: Uuid,
) -> Result<Option<Within>, SupportError> {
    let Some(row) = own(tx, duty, id).await? else {
        return Ok(None);
    };
    // What was decided on must not be changed by another meanwhile.
    store::mailbox::take_turn(tx, row.mailbox_id).await?;
    let Some(account) = store::account::by_id(tx, row.mailbox_id).await? else {
        return Ok(None);
    };
    if standing(&row, account.protected_at.is_some(), house.clock.now()) != Standing::Open {
        return Ok(None);
    }
    Ok(Some(Within {
        keyhole: Keyhole::of(house, &account)?,
        reason: reason(house, &row)?,
        account,
    }))
}

async fn contacts(tx: &mut Tx, house: &House, look: Uuid, keyhole: &Keyhole) -> Result<Vec<Contact>, SupportError> {
    let known = keyhole.addresses(tx).await?;
    let contacts = known.into_iter().map(|known| {
        let stands = match (&known.row.broken, known.row.confirmed_at) {
            (Some((since, number)), _) => ContactStands::Broken(When::At(*since), number.clone()),
            (None, Some(at)) => ContactStands::Confirmed(When::At(at)),
            (None, None) => ContactStands::Waiting,
        };
        Ok(Contact {
            handle: handle(house, look, What::Address, known.row.id.as_bytes())?,
            channel: known.row.channel,
            shown: Hidden::of(&known.address),
            stands,
        })
    });
    contacts.collect()
}

async fn notices(
    tx: &mut Tx,
    house: &House,
    (look, protected): (Uuid, bool),
    keyhole: &Keyhole,
    from: Option<String>,
) -> Result<Part<Notice>, SupportError> {
    let before = before(house, look, What::Notice, from);
    let rows = store::notice::page(tx, keyhole.id, None, before, one_more(PAGE)).await?;
    let (rows, next) = cut(rows, PAGE, |row| row.id);
    let notices = rows.iter().map(|row| notice(house, (look, protected), keyhole, row));
    Ok(Part {
        rows: notices.collect::<Result<_, SupportError>>()?,
        next: next
            .map(|next| handle(house, look, What::Notice, next.as_bytes()))
            .transpose()?,
    })
}

fn notice(
    house: &House,
    (look, protected): (Uuid, bool),
    keyhole: &Keyhole,
    row: &NoticeRow,
) -> Result<Notice, SupportError> {
    let (to, meaning) = if protected {
        (None, None)
    } else {
        let meaning = keyhole.meaning(row)?.map(|meaning| (row.channel, meaning));
        (Some((row.channel, Hidden::of(&keyhole.recipient(row)?))), meaning)
    };
    Ok(Notice {
        handle: handle(house, look, What::Notice, row.id.as_bytes())?,
        at: When::of(row.at, protected),
        kind: row.kind,
        letters: u32::try_from(row.letters).unwrap_or(u32::MAX),
        to,
        state: row.state,
        attempts: u32::try_from(row.attempts).unwrap_or(u32::MAX),
        meaning,
        arrived: row.arrived_at.map(|at| When::of(at, protected)),
        again: may_go_again(row),
    })
}

/// One that waits goes by itself; what is told of once, at its moment, would tell of another moment.
pub(super) fn may_go_again(row: &NoticeRow) -> bool {
    matches!(row.kind, NoticeKind::Letters | NoticeKind::Reminder)
        && matches!(row.state, NoticeState::Sent | NoticeState::Failed)
}

async fn sessions(
    tx: &mut Tx,
    house: &House,
    (look, protected): (Uuid, bool),
    mailbox: Uuid,
) -> Result<Vec<Session>, SupportError> {
    let rows = store::session::of_mailbox(tx, mailbox, house.clock.now()).await?;
    let sessions = rows.iter().map(|row| {
        let device = if protected {
            None
        } else {
            Some(record::device(&house.keys, &row.id, &row.content)?)
        };
        Ok(Session {
            handle: handle(house, look, What::Session, &row.handle)?,
            device,
            since: When::of(row.created_at, protected),
            seen: When::of(row.seen_at, protected),
        })
    });
    sessions.collect()
}

async fn arrivals(
    tx: &mut Tx,
    house: &House,
    (look, protected): (Uuid, bool),
    mailbox: Uuid,
    from: Option<String>,
) -> Result<Part<Arrival>, SupportError> {
    let before = before(house, look, What::Arrival, from);
    let rows = store::account::arrivals(tx, mailbox, before, one_more(PAGE)).await?;
    let (rows, next) = cut(rows, PAGE, |row| row.id);
    Ok(Part {
        rows: rows
            .iter()
            .map(|row| Arrival {
                at: When::of(row.received_at, protected),
                state: arrival_state(row.read, row.binned),
            })
            .collect(),
        next: next
            .map(|next| handle(house, look, What::Arrival, next.as_bytes()))
            .transpose()?,
    })
}

/// What became of what came.
pub(super) fn arrival_state(read: bool, binned: bool) -> ArrivalState {
    match (binned, read) {
        (true, _) => ArrivalState::Binned,
        (false, true) => ArrivalState::Read,
        (false, false) => ArrivalState::Unread,
    }
}

/// What a handle names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    /// An address.
    Address,
    /// A notice.
    Notice,
    /// A session.
    Session,
    /// Something that came.
    Arrival,
    /// A call of Service v3.
    Call,
}

impl What {
    fn field(self) -> &'static str {
        match self {
            Self::Address => "address",
            Self::Notice => "notice",
            Self::Session => "session",
            Self::Arrival => "arrival",
            Self::Call => "call",
        }
    }
}

/// Names a row in the forms and addresses of one look: sealed, because an id tells when its row was made, and could be tried elsewhere.
pub(super) fn handle(house: &House, look: Uuid, what: What, id: &[u8]) -> Result<String, SupportError> {
    let place = Place::of("staff_look", &look, what.field());
    Ok(hex::encode(house.keys.seal(house.ids, &place, id)?))
}

/// The row that a handle of this look names; nothing for one of another, or made up.
pub(super) fn named(house: &House, look: Uuid, what: What, handle: &str) -> Option<Vec<u8>> {
    let sealed = hex::decode(handle).ok()?;
    let place = Place::of("staff_look", &look, what.field());
    house.keys.open(&place, &sealed).ok()
}

/// The same where it is an id.
pub(super) fn named_id(house: &House, look: Uuid, what: What, handle: &str) -> Option<Uuid> {
    Uuid::from_slice(&named(house, look, what, handle)?).ok()
}

/// Before which row a part of a list begins: the newest, when nothing or nothing known is named.
pub(super) fn before(house: &House, look: Uuid, what: What, from: Option<String>) -> Uuid {
    let from = from.and_then(|from| named_id(house, look, what, &from));
    from.unwrap_or(Uuid::max())
}
