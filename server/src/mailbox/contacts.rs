//! Where the holder is reached: addresses given by the person, each confirmed by a code that was sent to it. Whatever changes is told to an
//! address that was there before.

use super::MailboxError;
use super::access::{Entered, Person, enter, enter_in_turn};
use super::draft::{self, Form};
use super::notice_rules::tell_at_once_by;
use crate::db::Tx;
use crate::domain::access::Act;
use crate::domain::address::{Address, MOST, NotAnAddress};
use crate::domain::channel::Channel;
use crate::domain::code;
use crate::domain::notice_rules::When;
use crate::domain::right::Right;
use crate::house::House;
use crate::outbox::addresses::{self, Known};
use crate::outbox::tell::{Telling, tell};
use crate::outbox::tried::tell_others;
use crate::outbox::{self, Job, code_hash, rules};
use crate::store;
use crate::store::address::{AddressRow, CodeRow};
use crate::store::notice::{NoticeKind, NoticeState};
use crate::store::sent_count::{Counted, count};
use subtle::ConstantTimeEq as _;
use uuid::Uuid;

/// The addresses of a mailbox, oldest first, and what was typed last if it was not taken.
#[derive(Debug, Default)]
pub struct Contacts {
    /// Oldest first.
    pub known: Vec<Known>,
    /// What was typed a moment ago, for which channel.
    pub typed: Option<(Channel, String)>,
    /// The channels that the usual rule for notices says "not at all" of.
    pub silent: Vec<Channel>,
}

/// What came of giving an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Added {
    /// A code is on its way to it.
    CodeSent(Uuid),
    /// That cannot be an address of its kind.
    NotAnAddress,
    /// A number outside the EU and the EES.
    Abroad,
    /// It is confirmed already.
    Already,
    /// There are [`MOST`] already.
    Full,
    /// Too many codes were asked for.
    TooMany,
    /// No such address, or no mailbox.
    NotFound,
}

/// What came of giving a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Confirmed {
    /// The address is confirmed.
    Done,
    /// Another code was sent.
    Wrong {
        /// Tries left.
        left: u32,
    },
    /// That cannot be a code: it costs no try.
    NotACode,
    /// No tries are left, the code is too old, or there is no such address.
    Over,
}

/// What confirming an address means for the rules of notices.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wish {
    /// They stay as they are.
    AsRuled,
    /// Its channel tells at once, if the usual rule said that it does not tell at all.
    ToldThere,
}

/// What came of taking an address away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Removed {
    /// It is gone.
    Done,
    /// No such address in the person's mailbox.
    NotFound,
}

/// The addresses of the person's own mailbox; none without a mailbox.
pub async fn contacts(house: &House, person: &Person) -> Result<Contacts, MailboxError> {
    let mut tx = house.db.read().await?;
    let Some(whose) = enter(&mut tx, house, person, Right::EditContacts).await? else {
        return Ok(Contacts::default());
    };
    let typed: Option<(String, String)> = draft::kept(&mut tx, &whose, Form::Address, house.clock.now()).await?;
    let usual = rules::read(&mut tx, &whose.key, whose.id).await?.usual;
    let is_silent = |channel: &Channel| usual.by(*channel) == When::Never;
    Ok(Contacts {
        known: addresses::known(&mut tx, &whose.key, whose.id).await?,
        typed: typed.and_then(|(channel, text)| Some((channel.parse().ok()?, text))),
        silent: Channel::ALL.into_iter().filter(is_silent).collect(),
    })
}

/// Takes a new address and sends a code to it; nothing else is sent there until the code has come back.
pub async fn add(house: &House, person: &Person, channel: Channel, text: &str) -> Result<Added, MailboxError> {
    let now = house.clock.now();
    let mut tx = house.db.begin().await?;
    let Some(whose) = enter_in_turn(&mut tx, house, person, Right::EditContacts).await? else {
        return Ok(Added::NotFound);
    };
    let known = addresses::known(&mut tx, &whose.key, whose.id).await?;
    let address = match Address::parse(channel, text) {
        // A browser is subscribed by itself (`browser.rs`): what is written is none.
        Ok(Address::Browser(_)) => return Ok(Added::NotAnAddress),
        Ok(address) => address,
        Err(wrong) => {
            let typed = (channel.as_str(), text.chars().take(254).collect::<String>());
            draft::keep(&mut tx, house, &whose, Form::Address, &typed, now).await?;
            tx.commit().await?;
            return Ok(match wrong {
                NotAnAddress::Form => Added::NotAnAddress,
                NotAnAddress::Abroad => Added::Abroad,
            });
        }
    };
    let there = known.iter().find(|known| known.address == address);
    if there.is_some_and(|there| there.row.is_in_use()) {
        return Ok(Added::Already);
    }
    if there.is_none() && known.len() >= MOST {
        return Ok(Added::Full);
    }
    let id = there.map_or_else(|| house.ids.at(now), |there| there.row.id);
    let row = AddressRow {
        id,
        channel,
        address: addresses::sealed(house.ids, &whose.key, &id, &address)?,
        confirmed_at: None,
        code: None,
        broken: None,
    };
    send_code(tx, house, &whose, Known { address, row }).await
}

/// Sends a new code to an address that waits for one, or that took nothing for a while. A browser gets none.
pub async fn new_code(house: &House, person: &Person, id: Uuid) -> Result<Added, MailboxError> {
    let mut tx = house.db.begin().await?;
    let Some(whose) = enter_in_turn(&mut tx, house, person, Right::EditContacts).await? else {
        return Ok(Added::NotFound);
    };
    let Some(row) = store::address::by_id(&mut tx, whose.id, id).await? else {
        return Ok(Added::NotFound);
    };
    if row.channel == Channel::Push {
        return Ok(Added::NotFound);
    }
    if row.is_in_use() {
        return Ok(Added::Already);
    }
    let known = addresses::opened(&whose.key, row)?;
    send_code(tx, house, &whose, known).await
}

/// Sends a code, unless too many have been asked for. What was typed has been taken.
async fn send_code(mut tx: Tx, house: &House, whose: &Entered, to: Known) -> Result<Added, MailboxError> {
    let address_id = to.row.id;
    if !ask_to_confirm(&mut tx, house, whose.id, to).await? {
        return Ok(Added::TooMany);
    }
    draft::forget(&mut tx, whose, Form::Address).await?;
    tx.commit().await?;
    house.bell.notify_one();
    Ok(Added::CodeSent(address_id))
}

/// Writes the address with a new code, and the job that sends it: nothing else goes there until the code has come back. The old code is
/// over. False, and nothing done, when too many codes have gone out.
pub(crate) async fn ask_to_confirm(
    tx: &mut Tx,
    house: &House,
    mailbox_id: Uuid,
    to: Known,
) -> Result<bool, MailboxError> {
    let now = house.clock.now();
    if !count(tx, mailbox_id, Counted::Codes, now, code::PERIOD, code::MOST).await? {
        return Ok(false);
    }
    let digits = code::code(house.ids.bytes().map_err(|_| MailboxError::NoRandomness)?);
    let (address_id, mut row) = (to.row.id, to.row);
    row.broken = None;
    row.confirmed_at = None;
    row.code = Some(CodeRow {
        hash: code_hash(house, mailbox_id, &to.address, &digits),
        expires_at: now + code::HOLDS,
        tries: 0,
    });
    store::address::put(tx, mailbox_id, row).await?;
    let job = Job::Code {
        mailbox_id,
        address_id,
        code: digits,
    };
    outbox::enqueue(tx, house, &job, now).await?;
    Ok(true)
}

/// Confirms an address that waits, if `code` is the one that was sent to it, and says so to the others. A wrong code is counted, and the
/// count kept.
pub async fn confirm(
    house: &House,
    person: &Person,
    id: Uuid,
    code: &str,
    wish: Wish,
) -> Result<Confirmed, MailboxError> {
    let now = house.clock.now();
    let mut tx = house.db.begin().await?;
    let Some(whose) = enter_in_turn(&mut tx, house, person, Right::EditContacts).await? else {
        return Ok(Confirmed::Over);
    };
    let known = addresses::known(&mut tx, &whose.key, whose.id).await?;
    let Some(one) = known.iter().find(|known| known.row.id == id) else {
        return Ok(Confirmed::Over);
    };
    let Some(mut waiting) = one.row.code.clone() else {
        return Ok(Confirmed::Over);
    };
    if waiting.expires_at <= now || waiting.tries >= i64::from(code::TRIES) {
        return Ok(Confirmed::Over);
    }
    let Some(code) = code::typed(code) else {
        return Ok(Confirmed::NotACode);
    };
    let fits = code_hash(house, whose.id, &one.address, &code).ct_eq(&waiting.hash);
    let mut row = one.row.clone();
    let answer = if bool::from(fits) {
        row.confirmed_at = Some(now);
        row.code = None;
        whose.log(&mut tx, house.ids, now, Act::ChangedContact, None).await?;
        tell_others(
            &mut tx,
            house,
            (whose.id, &whose.key),
            NoticeKind::Added,
            (one, known.as_slice()),
        )
        .await?;
        Confirmed::Done
    } else {
        waiting.tries += 1;
        let left = code::TRIES.saturating_sub(u32::try_from(waiting.tries).unwrap_or(code::TRIES));
        row.code = Some(waiting);
        if left == 0 {
            Confirmed::Over
        } else {
            Confirmed::Wrong { left }
        }
    };
    let channel = row.channel;
    store::address::put(&mut tx, whose.id, row).await?;
    if answer == Confirmed::Done && wish == Wish::ToldThere {
        tell_at_once_by(&mut tx, house, &whose, channel).await?;
    }
    tx.commit().await?;
    house.bell.notify_one();
    Ok(answer)
}

/// Takes an address away and says so to it, unless nobody has ever confirmed that it is the person's, or it takes nothing. Notices that
/// wait for it are not sent.
pub async fn remove(house: &House, person: &Person, id: Uuid) -> Result<Removed, MailboxError> {
    let now = house.clock.now();
    let mut tx = house.db.begin().await?;
    let Some(whose) = enter_in_turn(&mut tx, house, person, Right::EditContacts).await? else {
        return Ok(Removed::NotFound);
    };
    let Some(row) = store::address::by_id(&mut tx, whose.id, id).await? else {
        return Ok(Removed::NotFound);
    };
    let one = addresses::opened(&whose.key, row)?;
    store::address::delete(&mut tx, whose.id, id).await?;
    if one.row.is_in_use() {
        let telling = Telling {
            kind: NoticeKind::Removed,
            round_id: house.ids.at(now),
            letters: Vec::new(),
            about: Some(one.address.clone()),
        };
        let mailbox = (whose.id, &whose.key);
        tell(&mut tx, house, mailbox, &telling, &one, NoticeState::Waiting).await?;
    }
    if one.row.confirmed_at.is_some() {
        whose.log(&mut tx, house.ids, now, Act::ChangedContact, None).await?;
    }
    tx.commit().await?;
    house.bell.notify_one();
    Ok(Removed::Done)
}
