//! What is to be paid: what letters ask for in signed data, until the person says that it is done. We never pay.

use super::MailboxError;
use super::access::{Entered, Person, enter};
use crate::db::Tx;
use crate::domain::letter::{AskedPayment, Payment};
use crate::domain::paging::{cut, one_more};
use crate::domain::right::Right;
use crate::house::House;
use crate::seal::{MailboxKey, Place};
use crate::store;
use crate::store::payment::PaymentRow;
use contracts::delivery::Message;
use time::OffsetDateTime;
use uuid::Uuid;

/// Payments on a page.
const PAGE: usize = 100;

/// So many are counted for what every page says.
const COUNTED: i64 = 100;

/// Something to be paid.
pub struct ListedPayment {
    /// The letter that asks for it.
    pub letter: Uuid,
    /// What.
    pub payment: Payment,
    /// To whom.
    pub payee: String,
    /// Since when the person says that it is paid.
    pub settled_at: Option<OffsetDateTime>,
}

/// What is open in the person's own mailbox: of each page of letters the soonest day first, and where the next page begins.
pub async fn open_payments(
    house: &House,
    person: &Person,
    before: Option<Uuid>,
) -> Result<(Vec<ListedPayment>, Option<Uuid>), MailboxError> {
    let mut tx = house.db.read().await?;
    let Some(entered) = enter(&mut tx, house, person, Right::Overview).await? else {
        return Ok((vec![], None));
    };
    let rows = store::payment::open(&mut tx, entered.id, before.unwrap_or(Uuid::max()), one_more(PAGE)).await?;
    let (rows, next) = cut(rows, PAGE, |row| row.letter_id);
    let mut payments = rows
        .iter()
        .map(|row| listed(&entered, row))
        .collect::<Result<Vec<_>, _>>()?;
    payments.sort_by(|a, b| (&a.payment.due, a.letter).cmp(&(&b.payment.due, b.letter)));
    Ok((payments, next))
}

/// How many are open, as far as a page says how many: all counts above it look the same.
pub(super) async fn to_pay(tx: &mut Tx, entered: &Entered) -> Result<u64, MailboxError> {
    let open = store::payment::count_open(tx, entered.id, COUNTED).await?;
    Ok(u64::try_from(open).unwrap_or_default())
}

/// Writes that the person has paid, or has not; whether there is such a payment in their own mailbox.
pub async fn settle(house: &House, person: &Person, letter: Uuid, settled: bool) -> Result<bool, MailboxError> {
    let now = house.clock.now();
    let mut tx = house.db.begin().await?;
    let Some(entered) = enter(&mut tx, house, person, Right::Organise).await? else {
        return Ok(false);
    };
    if entered.letter(&mut tx, letter).await?.is_none() {
        return Ok(false);
    }
    let there = store::payment::settle(&mut tx, entered.id, letter, settled.then_some(now)).await?;
    tx.commit().await?;
    Ok(there)
}

/// What a letter that comes in asks to be paid, sealed; nothing when it asks for nothing.
pub(super) fn asked_in(
    house: &House,
    key: &MailboxKey,
    letter: Uuid,
    sender: &str,
    message: &Message,
) -> Result<Option<PaymentRow>, MailboxError> {
    let Some(payment) = Payment::asked_by(message) else {
        return Ok(None);
    };
    let asked = AskedPayment {
        payment,
        payee: sender.to_owned(),
    };
    Ok(Some(PaymentRow {
        letter_id: letter,
        content: key.seal_record(house.ids, &Place::of("payment", &letter, "content"), &asked)?,
        settled_at: None,
    }))
}

pub(super) fn listed(entered: &Entered, row: &PaymentRow) -> Result<ListedPayment, MailboxError> {
    let AskedPayment { payment, payee } = entered
        .key
        .open_record(&Place::of("payment", &row.letter_id, "content"), &row.content)?;
    Ok(ListedPayment {
        letter: row.letter_id,
        payment,
        payee,
        settled_at: row.settled_at,
    })
}
