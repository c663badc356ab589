//! Fills a mailbox for `make bench`: many letters with words as unevenly spread as in a language, written straight into the database.
//!
//! `fill HOLDER COUNT CERTIFICATE KEY`; everything else it reads from the environment as brevlada does.
//! Not a way for letters to come in: one certificate signs everything, fifty letters to a delivery.

use contracts::delivery::{Body, Delivery, Message, Sender, SupportInfo};
use contracts::sending::sign_and_seal;
use contracts::signature::SigningIdentity;
use server::clock::Clock;
use server::config::Config;
use server::db::Db;
use server::domain::letter::Header;
use server::house::House;
use server::seal::{Keys, MailboxKey, Place};
use server::store::letter::LetterRow;
use server::store::{delivery, letter, mailbox};
use std::error::Error;
use uuid::Uuid;

/// Letters in a delivery, and deliveries in a commit.
const MESSAGES: usize = 50;
const DELIVERIES: usize = 20;

/// Different words, and words in a letter.
const VOCABULARY: u32 = 50_000;
const WORDS: usize = 250;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [holder, count, certificate, key] = arguments.as_slice() else {
        return Err("fill HOLDER COUNT CERTIFICATE KEY".into());
    };
    let count: usize = count.parse()?;
    let signer = SigningIdentity::from_pem(&std::fs::read_to_string(certificate)?, &std::fs::read_to_string(key)?)?;
    let config = Config::load(None, std::env::vars()).map_err(|problems| format!("{problems:?}"))?;
    let db = Db::open(config.database.url.expose()).await?;
    let house = House::new(db, Keys::load(&config.keys.master_file)?, Clock::system());
    let mut tx = house.db.read().await?;
    let index = house.keys.blind_index("holder", holder);
    let row = mailbox::by_holder(&mut tx, index).await?.ok_or("no such mailbox")?;
    drop(tx);
    let box_key = house.keys.unwrap(&row.id, &row.wrapped)?;

    let mut words = Words(1);
    let mut done = 0;
    while done < count {
        let mut tx = house.db.begin().await?;
        for _ in 0..DELIVERIES {
            let now = house.clock.now();
            let letters = MESSAGES.min(count - done);
            if letters == 0 {
                break;
            }
            let sent = words.delivery(holder, letters)?;
            let original = sign_and_seal(&sent, &signer, &signer, now.date())?;
            let id = house.ids.at(now);
            let sealed = box_key.seal(house.ids, &Place::of("delivery", &id, "original"), original.as_bytes())?;
            let unique = house.ids.bytes::<32>()?;
            delivery::insert(&mut tx, row.id, id, unique, &sealed, now).await?;
            for (place, message) in (0..).zip(&sent.messages) {
                let row_of = letter_row(
                    &house,
                    &box_key,
                    id,
                    place,
                    &Header::of(&sent.sender.name, &sent, message),
                )?;
                letter::insert(&mut tx, row.id, &row_of).await?;
            }
            mailbox::receive(&mut tx, row.id, i64::try_from(letters)?).await?;
            done += letters;
        }
        tx.commit().await?;
    }
    house.db.close().await;
    Ok(())
}

fn letter_row(
    house: &House,
    key: &MailboxKey,
    delivery_id: Uuid,
    place: i64,
    header: &Header,
) -> Result<LetterRow, Box<dyn Error>> {
    let now = house.clock.now();
    let id = house.ids.at(now);
    let plain = serde_json::to_vec(header)?;
    let sender = header.sender_number.clone().unwrap_or_default();
    Ok(LetterRow {
        id,
        delivery_id,
        place,
        header: key.seal(house.ids, &Place::of("letter", &id, "header"), &plain)?,
        attachments: 0,
        read_at: None,
        received_at: now,
        folder_id: None,
        binned_at: None,
        starred_at: None,
        sender_index: Some(key.blind("sender")?.token(&sender).to_vec()),
    })
}

/// Makes text: the n-th commonest word is some n times rarer than the commonest (Zipf), and each letter has a number of its own.
struct Words(u64);

impl Words {
    fn next(&mut self) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        self.0 >> 33
    }

    /// A word by its rank: one syllable for the commonest, two for the others, so that a word is a part of some hundred others as in
    /// a language of compounds.
    fn word(&mut self) -> String {
        const ONSETS: [&str; 20] = [
            "b", "d", "f", "g", "h", "j", "k", "l", "m", "n", "p", "r", "s", "t", "v", "st", "sk", "br", "gr", "tr",
        ];
        const RIMES: [&str; 20] = [
            "al", "an", "ar", "el", "en", "er", "il", "ing", "is", "om", "or", "ut", "ån", "äl", "ör", "ad", "et",
            "und", "ist", "ek",
        ];
        let even = self.next() % 1_000_000;
        // 50 000 to the power of an even number between 0 and 1: common words are common.
        #[expect(
            clippy::cast_precision_loss,
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "any rank will do"
        )]
        let mut rank = f64::from(VOCABULARY).powf(even as f64 / 1_000_000.0) as usize;
        let mut word = String::new();
        loop {
            word.extend(ONSETS.get(rank % 20).copied());
            word.extend(RIMES.get(rank / 20 % 20).copied());
            rank /= 400;
            if rank == 0 {
                return word;
            }
        }
    }

    fn delivery(&mut self, holder: &str, letters: usize) -> Result<Delivery, Box<dyn Error>> {
        let mut messages = Vec::with_capacity(letters);
        for _ in 0..letters {
            let number = self.next();
            let mut text: Vec<String> = (0..WORDS).map(|_| self.word()).collect();
            text.push(format!("OCR {number}"));
            messages.push(Message {
                id: number.to_string(),
                subject: format!("{} {}", self.word(), self.word()),
                support_info: SupportInfo {
                    text: "Ring oss.".to_owned(),
                    ..SupportInfo::default()
                },
                official_matter: None,
                metadata: vec![],
                language: "svSE".to_owned(),
                reply: None,
                receipt_request: None,
                body: Body {
                    content_type: "text/plain".to_owned(),
                    content: text.join(" ").into_bytes(),
                },
                attachments: vec![],
            });
        }
        Ok(Delivery {
            sender: Sender {
                id: "162021004748".parse()?,
                name: "Ekeby kommun".to_owned(),
                attention: None,
            },
            recipient: holder.parse()?,
            reference: None,
            correlation_id: None,
            attention: None,
            messages,
        })
    }
}
