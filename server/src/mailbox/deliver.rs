//! A verified delivery becomes letters in a mailbox: all of its messages, or none.
//!
//! In two steps, so that the one writer does as little as possible: [`prepare`] finds the mailbox and seals everything, outside the
//! writing transaction; [`deliver`] only writes rows. Nothing is answered before that transaction is on disk.

use super::access::holder_index;
use super::forward_rules::{ByRule, by_rules, pass_on, rules_at};
use super::{MailboxError, matters, payments};
use crate::db::Tx;
use crate::domain::letter::{Header, sender_name};
use crate::domain::letter_text::LetterText;
use crate::domain::rule::Decided;
use crate::house::House;
use crate::labour::labour;
use crate::outbox::{self, Job};
use crate::seal::Place as SealedAt;
use crate::sorting::{self, Sorter};
use crate::store;
use crate::store::letter::LetterRow;
use crate::store::mailbox::State;
use crate::store::matter::NewEvent;
use crate::store::payment::PaymentRow;
use contracts::service::VerifiedDelivery;
use std::sync::Arc;
use time::OffsetDateTime;
use uuid::Uuid;

/// Rows ready to be written.
#[derive(Debug)]
pub struct Prepared {
    mailbox: Uuid,
    trans_id: Uuid,
    duplicate_key: [u8; 32],
    original: Vec<u8>,
    letters: Vec<LetterRow>,
    events: Vec<NewEvent>,
    payments: Vec<PaymentRow>,
    /// Categories that rules have given to each letter.
    categories: Vec<(Uuid, Vec<Uuid>)>,
    received_at: OffsetDateTime,
    notify: bool,
    forwards: Vec<ByRule>,
}

impl Prepared {
    /// The mailbox whose rows will be written.
    pub fn mailbox(&self) -> &Uuid {
        &self.mailbox
    }

    /// The letters that will be there, in the order of their messages.
    pub fn letters(&self) -> impl Iterator<Item = Uuid> {
        self.letters.iter().map(|letter| letter.id)
    }

    /// When they came.
    pub fn received_at(&self) -> OffsetDateTime {
        self.received_at
    }

    /// The same, of which nobody is told and nothing is passed on: they came once before.
    #[must_use]
    pub fn without_notice(mut self) -> Self {
        self.notify = false;
        self.forwards.clear();
        self
    }
}

/// What preparing came to.
#[derive(Debug)]
pub enum Preparation {
    /// Can be written.
    Ready(Box<Prepared>),
    /// The recipient has no open mailbox here.
    NoMailbox,
}

/// What writing came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivered {
    /// In the mailbox, once the transaction commits.
    Stored {
        /// Our id of the transaction, for the answer.
        trans_id: Uuid,
    },
    /// The same delivery came before: this is its first answer again.
    Duplicate {
        /// The id that was given then.
        trans_id: Uuid,
    },
    /// The mailbox was closed in the meantime.
    NoMailbox,
}

/// Finds the recipient's mailbox and seals what is to be stored. Writes nothing. The sender is shown as the register names it
/// (`known_as`), if it does.
pub async fn prepare(
    house: &House,
    verified: &Arc<VerifiedDelivery>,
    known_as: Option<&str>,
) -> Result<Preparation, MailboxError> {
    let recipient = verified.delivery.recipient.to_string();
    let mut tx = house.db.read().await?;
    let Some(mailbox) = store::mailbox::by_holder(&mut tx, holder_index(house, &recipient)).await? else {
        return Ok(Preparation::NoMailbox);
    };
    if mailbox.state != State::Open {
        return Ok(Preparation::NoMailbox);
    }
    let notify = store::address::is_any_confirmed(&mut tx, mailbox.id).await?;
    let key = house.keys.unwrap(&mailbox.id, &mailbox.wrapped)?;
    // Whatever is wrong with rules, the letter comes in.
    let sorter = Sorter::read(&mut tx, mailbox.id, &key).await.unwrap_or_else(|error| {
        tracing::error!(%error, "rules could not be read; the letter goes to the inbox");
        Sorter::default()
    });
    let received_at = house.clock.now();
    // From a locked one nothing goes on: the rule may be what made its holder lock it.
    let rules = if mailbox.locked {
        Vec::new()
    } else {
        rules_at(&mut tx, mailbox.id, &key, received_at)
            .await
            .unwrap_or_else(|error| {
                tracing::error!(%error, "rules of forwarding could not be read; the letter is not passed on");
                Vec::new()
            })
    };
    drop(tx);

    let trans_id = house.ids.at(received_at);
    let sender = sender_name(&verified.delivery, known_as);
    let sender_index = key.blind("sender")?.token(&verified.delivery.sender.id.to_string());
    let messages = &verified.delivery.messages;
    let headers: Vec<Header> = messages
        .iter()
        .map(|message| Header::of(&sender, &verified.delivery, message))
        .collect();
    let decided = decide(sorter, verified, &headers).await;
    let mut letters = Vec::with_capacity(messages.len());
    let (mut events, mut asked) = (vec![], vec![]);
    let mut categories = Vec::new();
    for (((place, message), header), decided) in (0_i64..).zip(messages).zip(&headers).zip(decided) {
        let id = house.ids.at(received_at);
        let folder_id = decided.place.folder_id();
        categories.push((id, decided.categories));
        events.extend(matters::event_of(
            house,
            &key,
            id,
            &sender,
            &verified.delivery,
            message,
        )?);
        asked.extend(payments::asked_in(house, &key, id, &sender, message)?);
        letters.push(LetterRow {
            id,
            delivery_id: trans_id,
            place,
            header: key.seal_record(house.ids, &SealedAt::of("letter", &id, "header"), header)?,
            attachments: i64::try_from(message.attachments.len()).unwrap_or(i64::MAX),
            read_at: None,
            received_at,
            folder_id,
            binned_at: None,
            starred_at: None,
            sender_index: Some(sender_index.to_vec()),
        });
    }
    Ok(Preparation::Ready(Box::new(Prepared {
        mailbox: mailbox.id,
        trans_id,
        duplicate_key: duplicate_key(house, verified, &recipient),
        original: key.seal(
            house.ids,
            &SealedAt::of("delivery", &trans_id, "original"),
            verified.original.as_bytes(),
        )?,
        forwards: by_rules(house, &key, &rules, &verified.delivery.sender.id, &letters)?,
        letters,
        events,
        payments: asked,
        categories,
        received_at,
        notify,
    })))
}

/// Where each letter goes. Beside the threads that serve everybody when words are looked for; whatever goes wrong there, the letters come in.
async fn decide(sorter: Sorter, verified: &Arc<VerifiedDelivery>, headers: &[Header]) -> Vec<Decided> {
    if !sorter.looks_at_words() {
        return headers
            .iter()
            .map(|header| sorter.decide(header, LetterText::default))
            .collect();
    }
    let (all, known) = (verified.clone(), headers.to_vec());
    let decided = labour(move || {
        let messages = all.delivery.messages.iter().zip(&known);
        messages
            .map(|(message, header)| sorter.decide(header, || LetterText::of(&all.delivery, message, Vec::new())))
            .collect::<Vec<_>>()
    });
    decided.await.unwrap_or_else(|error| {
        tracing::error!(%error, "rules could not be asked; the letters go to the inbox");
        let none = Sorter::default();
        headers
            .iter()
            .map(|header| none.decide(header, LetterText::default))
            .collect()
    })
}

/// Writes the rows, unless the same delivery is already there. The caller commits.
pub async fn deliver(tx: &mut Tx, house: &House, prepared: &Prepared) -> Result<Delivered, MailboxError> {
    let (mailbox, received_at) = (prepared.mailbox, prepared.received_at);
    if let Some(trans_id) = store::delivery::by_duplicate_key(tx, mailbox, prepared.duplicate_key).await? {
        return Ok(Delivered::Duplicate { trans_id });
    }
    let count = i64::try_from(prepared.letters.len()).unwrap_or(i64::MAX);
    if !store::mailbox::receive(tx, mailbox, count).await? {
        return Ok(Delivered::NoMailbox);
    }
    let trans_id = prepared.trans_id;
    store::delivery::insert(
        tx,
        mailbox,
        trans_id,
        prepared.duplicate_key,
        &prepared.original,
        received_at,
    )
    .await?;
    for letter in &prepared.letters {
        sorting::add(tx, mailbox, letter).await?;
        if prepared.notify {
            let job = Job::Notice {
                mailbox_id: mailbox,
                letter_id: letter.id,
            };
            outbox::enqueue(tx, house, &job, received_at).await?;
        }
    }
    for event in &prepared.events {
        store::matter::add(tx, mailbox, event).await?;
    }
    for payment in &prepared.payments {
        store::payment::add(tx, mailbox, payment).await?;
    }
    for (letter, categories) in &prepared.categories {
        sorting::categorise(tx, mailbox, *letter, categories).await?;
    }
    pass_on(tx, house, mailbox, &prepared.forwards).await?;
    // The indexer looks a moment later: when this transaction has been committed.
    house.letters_bell.notify_one();
    Ok(Delivered::Stored { trans_id })
}

/// The same delivery sent again has a new seal, but the same inner signature from the same sender to the same recipient
/// (infrastructure: message ids are not unique).
fn duplicate_key(house: &House, verified: &VerifiedDelivery, recipient: &str) -> [u8; 32] {
    let sender = &verified.delivery.sender.id;
    let signature = hex::encode(&verified.inner_signature_value);
    house
        .keys
        .blind_index("delivery.duplicate", &format!("{sender}\n{recipient}\n{signature}"))
}
