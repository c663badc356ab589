//! Sends one notice to one address.

use super::decide::unread_letter;
use super::post::{Post, Refused};
use super::preview::example;
use super::report_path::Handed;
use super::tell::opened;
use super::tried::{Outcome, Tried};
use super::words::{self, Language, Message, Spoken};
use super::worker::TryError;
use super::{OutboxError, rules};
use crate::db::Tx;
use crate::domain::address::Address;
use crate::domain::letter::Header;
use crate::domain::notice_rules::{Facts, Rules, Says};
use crate::house::House;
use crate::record;
use crate::seal::MailboxKey;
use crate::store;
use crate::store::mailbox::{MailboxRow, State};
use crate::store::notice::{NoticeKind, NoticeRow, NoticeState};
use app::CopyWords;
use contracts::identifier::RecipientId;
use uuid::Uuid;

/// So many letters are named, by sender or subject; the others are counted.
pub(super) const NAMED: usize = 20;

/// Everything that a try needs.
struct Ready {
    to: Address,
    about: Option<Address>,
    rules: Rules,
    language: Language,
    /// The company's name, when it is one's mailbox.
    company: Option<String>,
    /// Headers of the letters that are still unread; of an example, to try out.
    letters: Vec<Header>,
}

/// Whether there is something to send.
enum Look {
    Ready(Box<Ready>),
    /// It is over before it was sent.
    Ended(Outcome),
}

/// Tries once. What it means for the notice's row is written together with the job's.
pub(super) async fn run(
    post: &Post,
    id: Uuid,
    attempt: i64,
    mailbox_id: Uuid,
) -> Result<(Result<(), TryError>, Option<Tried>), OutboxError> {
    let mut tx = post.house.db.read().await?;
    let Some(mailbox) = store::mailbox::by_id(&mut tx, mailbox_id).await? else {
        return Ok((Ok(()), None));
    };
    let row = store::notice::by_id(&mut tx, mailbox_id, id).await?;
    // One that the operator has made ready again after it was given up is tried like one that waits.
    let open = |row: &NoticeRow| matches!(row.state, NoticeState::Waiting | NoticeState::Failed);
    let Some(row) = row.filter(open) else {
        return Ok((Ok(()), None));
    };
    let key = post.house.keys.unwrap(&mailbox_id, &mailbox.wrapped)?;
    let look = look(&mut tx, &post.house, (&mailbox, &key), &row).await?;
    drop(tx);

    let (result, outcome, answer) = match look {
        Look::Ended(outcome) => (Ok(()), outcome, None),
        Look::Ready(ready) => match send(post, &row, attempt, &ready).await? {
            Ok(answer) => (Ok(()), Outcome::Sent, Some(answer)),
            Err(refused) => match refused.for_good() {
                Some(number) => {
                    let error = refused.error;
                    tracing::warn!(job = %id, attempt, %error, "the other side takes nothing for this address");
                    (Ok(()), Outcome::Refused { number }, Some(refused.answer))
                }
                None => (Err(refused.error), Outcome::Again, Some(refused.answer)),
            },
        },
    };
    let tried = Tried {
        mailbox_id,
        key,
        row,
        attempt,
        answer: answer.filter(|answer| !answer.is_empty()),
        outcome,
    };
    Ok((result, Some(tried)))
}

async fn look(
    tx: &mut Tx,
    house: &House,
    (mailbox, key): (&MailboxRow, &MailboxKey),
    row: &NoticeRow,
) -> Result<Look, OutboxError> {
    let (mailbox_id, language) = (mailbox.id, Language::of(&mailbox.language));
    let mut rules = rules::read(tx, key, mailbox_id).await?;
    // Whoever made the holder lock it may have their addresses too: that a letter has come is said, and nothing of it.
    if mailbox.locked {
        rules.says = Says::Nothing;
    }
    let mut letters = Vec::new();
    if matches!(row.kind, NoticeKind::Letters | NoticeKind::Reminder) {
        // As where it is decided: whoever has left is called back to no letter. What happens to addresses is told all the same.
        if mailbox.state != State::Open {
            return Ok(Look::Ended(Outcome::NotNeeded));
        }
        let address = match row.address_id {
            Some(address) => store::address::by_id(tx, mailbox_id, address).await?,
            None => None,
        };
        if !address.is_some_and(|address| address.is_in_use()) {
            return Ok(Look::Ended(Outcome::Gone));
        }
        for letter in store::notice::letters(tx, mailbox_id, row.id).await? {
            letters.extend(
                unread_letter(tx, key, mailbox_id, letter)
                    .await?
                    .map(|letter| letter.header),
            );
        }
        if letters.is_empty() {
            return Ok(Look::Ended(Outcome::NotNeeded));
        }
        let now = house.clock.now();
        let until = rules.released(now);
        // A new try, and the second way, keep to quiet hours too.
        if until > now && !letters.iter().any(|header| rules.is_always_told(&Facts::of(header))) {
            return Ok(Look::Ended(Outcome::Held { until }));
        }
    }
    if row.kind == NoticeKind::Test {
        letters.push(example(language));
    }
    let about = row.about.as_ref().map(|about| opened(key, &row.id, "about", about));
    Ok(Look::Ready(Box::new(Ready {
        to: opened(key, &row.id, "recipient", &row.recipient)?,
        about: about.transpose()?,
        rules,
        language,
        company: company(key, mailbox)?,
        letters,
    })))
}

/// Whoever is told for several mailboxes must know which it is; a person is never named.
fn company(key: &MailboxKey, mailbox: &MailboxRow) -> Result<Option<String>, OutboxError> {
    let holder = record::holder(key, mailbox.id, &mailbox.holder)?;
    let is_company = matches!(holder.number.parse(), Ok(RecipientId::Organisation(_)));
    Ok(is_company.then(|| on_one_line(&holder.name)))
}

async fn send(
    post: &Post,
    row: &NoticeRow,
    attempt: i64,
    ready: &Ready,
) -> Result<Result<String, Refused>, OutboxError> {
    let spoken_of = |about| words::spoken_of(ready.language, about);
    let about = ready.about.as_ref().map(spoken_of).unwrap_or_default();
    let named = named(&ready.letters, ready.rules.says);
    let language = app::Language::from_tag(ready.language.tag()).unwrap_or_default();
    let at = post.house.ids.moment(row.id).unwrap_or(row.at);
    let at = CopyWords::of(language).time(at);
    let message = match row.kind {
        NoticeKind::Letters | NoticeKind::Test => Message::Letters {
            count: ready.letters.len(),
            named: &named,
            test: row.kind == NoticeKind::Test,
        },
        NoticeKind::Reminder => Message::Reminder {
            count: ready.letters.len(),
            named: &named,
        },
        NoticeKind::Added => Message::Added { about: &about },
        NoticeKind::Removed => Message::Removed { about: &about },
        NoticeKind::Broken => Message::Broken { about: &about },
        NoticeKind::ForwardRule => Message::ForwardRule { about: &about, at: &at },
        NoticeKind::Forwarded => Message::Forwarded { about: &about, at: &at },
        NoticeKind::Helper => Message::Helper { at: &at },
        NoticeKind::HelperEnds => Message::HelperEnds,
        NoticeKind::Locked => Message::Locked { at: &at },
        NoticeKind::Unlocked => Message::Unlocked { at: &at },
    };
    let word = ready.rules.word.as_ref().map(ToString::to_string);
    let spoken = Spoken {
        language: ready.language,
        host: &post.host,
        word: word.as_deref(),
        company: ready.company.as_deref(),
        message,
    };
    let handed = Handed {
        notice: row.id,
        attempt: u32::try_from(attempt).unwrap_or(u32::MAX),
    };
    post.say(row.id, &ready.to, &spoken, post.back(row.channel, handed))
        .await
}

/// What may be said of the letters, one after the other; nothing unless the person chose so.
pub(super) fn named(letters: &[Header], says: Says) -> Vec<String> {
    letters
        .iter()
        .take(NAMED)
        .filter_map(|header| match says {
            Says::Nothing => None,
            Says::Sender => Some(on_one_line(&header.sender)),
            Says::SenderAndSubject => Some(format!(
                "{}: {}",
                on_one_line(&header.sender),
                on_one_line(&header.subject)
            )),
        })
        .collect()
}

/// What a sender wrote must not make lines of its own.
fn on_one_line(text: &str) -> String {
    text.split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}
