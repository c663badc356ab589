//! A house with a mailbox or two, and letters that come in without the wire: verified already.

use super::{Database, Engine, house_on, open_mailbox, person};
use contracts::certificate::Signer;
use contracts::delivery::{Body, Delivery, Message, Seal, Sender, SupportInfo};
use contracts::identifier::RecipientId;
use contracts::service::VerifiedDelivery;
use server::clock::HandClock;
use server::house::House;
use server::mailbox::access::Person;
use server::mailbox::deliver::{Delivered, Preparation, deliver, prepare};
use std::sync::Arc;
use time::macros::datetime;

/// Tolvan's and Agnes' mailboxes, a Tuesday morning in March.
pub(crate) struct Home {
    /// The house.
    pub house: House,
    /// Its time.
    pub clock: HandClock,
    /// Has a mailbox.
    pub tolvan: Person,
    /// Has another.
    pub agnes: Person,
    _database: Database,
}

impl Home {
    /// A new one; nothing when there is no such engine here.
    pub(crate) async fn on(engine: Engine) -> Option<Self> {
        let database = Database::on(engine).await?;
        let (house, clock) = house_on(&database, datetime!(2026-03-17 08:00 UTC));
        let (tolvan, agnes) = (
            person("191212121212", "Tolvan Tolvansson"),
            person("198005159804", "Agnes Andersson"),
        );
        open_mailbox(&house, &tolvan).await;
        open_mailbox(&house, &agnes).await;
        Some(Self {
            house,
            clock,
            tolvan,
            agnes,
            _database: database,
        })
    }

    /// A message comes in from `sender`, for `person`.
    pub(crate) async fn receive(&self, sender: (&str, &str), person: &Person, message: Message) {
        let verified = VerifiedDelivery {
            delivery: Delivery {
                sender: Sender {
                    id: sender.0.parse().unwrap(),
                    name: sender.1.to_owned(),
                    attention: None,
                },
                recipient: RecipientId::Person(person.number),
                reference: None,
                correlation_id: None,
                attention: None,
                messages: vec![message],
            },
            seal: Seal {
                received_on: self.house.clock.now().date(),
                signatures_ok: true,
            },
            signer: signer(sender),
            sealer: signer(sender),
            inner_signature_value: self.house.ids.random().as_bytes().to_vec(),
            original: String::new(),
        };
        let Preparation::Ready(prepared) = prepare(&self.house, &Arc::new(verified), None).await.unwrap() else {
            panic!("the mailbox is open");
        };
        let mut tx = self.house.db.begin().await.unwrap();
        let delivered = deliver(&mut tx, &self.house, &prepared).await.unwrap();
        assert!(matches!(delivered, Delivered::Stored { .. }));
        tx.commit().await.unwrap();
        self.clock.advance(time::Duration::minutes(1));
    }
}

/// A short message.
pub(crate) fn message(subject: &str) -> Message {
    Message {
        id: "1".to_owned(),
        subject: subject.to_owned(),
        support_info: SupportInfo::default(),
        official_matter: None,
        metadata: vec![],
        language: "svSE".to_owned(),
        reply: None,
        receipt_request: None,
        body: Body {
            content_type: "text/plain".to_owned(),
            content: "Hej".into(),
        },
        attachments: vec![],
    }
}

fn signer((number, name): (&str, &str)) -> Signer {
    Signer {
        organisation: number.parse().unwrap(),
        name: name.to_owned(),
        issuer: "CA".to_owned(),
        fingerprint_sha256: [0; 32],
        der: vec![],
    }
}
