//! The ports of the pages, kept by this server for one person.

use super::elsewhere::base;
use super::letter_parts::shown_as;
use super::matters::matter_id;
use super::sorting;
use crate::domain::access::{Act, Capacity, Group};
use crate::domain::file_name::safe_file_name;
use crate::domain::holder_number::written;
use crate::domain::payment_code::payment_code;
use crate::domain::sorting::BIN_KEEPS;
use crate::domain::visible::visible;
use crate::domain::{body, calendar, letter};
use crate::house::House;
use crate::labour::labour;
use crate::mailbox::access::{Person, Whose};
use crate::mailbox::inbox::Listed;
use crate::mailbox::letter::{OpenLetter, Opened, open_again, open_letter};
use crate::mailbox::mark::{Marked, mark};
use crate::mailbox::ways::ways;
use crate::mailbox::{MailboxError, access_log};
use app::ports::{
    AccessAct, AccessCapacity, AccessPage, AccessQuery, AccessRow, AccessShow, Attachment, BodyLength, CategoryId,
    Layout, Letter, LetterId, LetterRow, LetterText, Mailbox, MailboxWay, PassedOn, Payment, PaymentCode, PortError,
    Seal, Signer, Support, Viewer,
};
use async_trait::async_trait;
use contracts::xml::parse_date;
use std::time::Duration;
use time::OffsetDateTime;
use uuid::Uuid;

pub(super) use crate::copies::as_written;

/// A logged-in person's mailbox.
#[derive(Debug)]
pub(super) struct OwnMailbox {
    /// The house.
    pub(super) house: House,
    /// Who.
    pub(super) person: Person,
    /// Whether they have one of their own.
    pub(super) has_own: bool,
    /// When the session ends unless something is done.
    pub(super) idle_until: OffsetDateTime,
    /// When it ends whatever is done.
    pub(super) ends_at: OffsetDateTime,
    /// How long before that the person is warned.
    pub(super) warning: Duration,
}

impl OwnMailbox {
    /// The mailboxes to choose among; none when there is nothing to choose.
    async fn ways(&self) -> Result<Vec<MailboxWay>, PortError> {
        let others = ways(&self.house, &self.person).await.map_err(unavailable)?;
        let own = self.has_own.then(|| MailboxWay {
            name: self.person.name.clone(),
            address: "/inkorg".to_owned(),
            here: self.person.whose == Whose::Own,
        });
        let others = others.into_iter().map(|way| MailboxWay {
            name: way.name,
            address: format!("{}/inkorg", base(way.mailbox)),
            here: self.person.whose == Whose::Of(way.mailbox),
        });
        let all: Vec<_> = own.into_iter().chain(others).collect();
        Ok(if all.iter().all(|way| way.here) {
            Vec::new()
        } else {
            all
        })
    }
}

/// Logs once what went wrong; the page shows the reference number of the request, which is in the same log line.
pub(super) fn unavailable<E: std::fmt::Display>(error: E) -> PortError {
    tracing::error!(%error, "a page could not be answered");
    PortError::Unavailable
}

/// The letter's id, or nothing found: an address that is no id names no letter.
pub(super) fn letter_id(id: &LetterId) -> Result<Uuid, PortError> {
    Uuid::parse_str(&id.0).map_err(|_| PortError::NotFound)
}

#[async_trait]
impl Mailbox for OwnMailbox {
    async fn viewer(&self) -> Result<Viewer, PortError> {
        let told = crate::mailbox::leaving::told(&self.house, &self.person)
            .await
            .map_err(unavailable)?
            .ok_or(PortError::NotFound)?;
        Ok(Viewer {
            name: self.person.name.clone(),
            unread: told.unread,
            standing: super::operator::for_page(told.standing),
            places: sorting::places(told.places),
            to_pay: told.to_pay,
            mailboxes: self.ways().await?,
            idle_until: self.idle_until,
            ends_at: self.ends_at,
            warning: u32::try_from(self.warning.as_secs()).unwrap_or(u32::MAX),
        })
    }

    async fn open(&self, letter: LetterId) -> Result<Letter, PortError> {
        opened(open_letter(&self.house, &self.person, letter_id(&letter)?).await).map(for_page)
    }

    async fn text(&self, letter: LetterId) -> Result<LetterText, PortError> {
        cleaned(opened(
            open_again(&self.house, &self.person, letter_id(&letter)?).await,
        )?)
        .await
    }

    async fn mark(&self, letter: LetterId, unread: bool) -> Result<(), PortError> {
        match mark(&self.house, &self.person, letter_id(&letter)?, unread)
            .await
            .map_err(unavailable)?
        {
            Marked::Done => Ok(()),
            Marked::NotFound => Err(PortError::NotFound),
        }
    }

    async fn access_log(&self, query: AccessQuery) -> Result<AccessPage, PortError> {
        let show = match query.show {
            AccessShow::All => access_log::Show::All,
            AccessShow::Read => access_log::Show::Group(Group::Read),
            AccessShow::Logins => access_log::Show::Group(Group::Logins),
            AccessShow::Changes => access_log::Show::Group(Group::Changes),
            AccessShow::Others => access_log::Show::Others,
        };
        // What is no row and no day begins at the newest.
        let before = query.before.and_then(|before| Uuid::parse_str(&before).ok());
        let until = query
            .until_day
            .and_then(|day| parse_date(&day))
            .and_then(calendar::first_moment_after)
            .map(|moment| self.house.ids.first_at(moment));
        let page = access_log::read_access_log(&self.house, &self.person, show, before.or(until))
            .await
            .map_err(unavailable)?;
        Ok(AccessPage {
            rows: page.entries.into_iter().map(access_row).collect(),
            next: page.next.map(|next| next.to_string()),
        })
    }
}

fn access_row(entry: access_log::Entry) -> AccessRow {
    AccessRow {
        at: entry.at,
        who: entry.who,
        capacity: match entry.capacity {
            Capacity::Holder => AccessCapacity::Holder,
            Capacity::Another => AccessCapacity::Another,
            Capacity::Helper => AccessCapacity::Helper,
            Capacity::Signatory => AccessCapacity::Signatory,
            Capacity::Role => AccessCapacity::Role,
            Capacity::Staff => AccessCapacity::Staff,
            Capacity::System => AccessCapacity::System,
        },
        act: match entry.act {
            Act::LoggedIn => AccessAct::LoggedIn,
            Act::OpenedLetter => AccessAct::OpenedLetter,
            Act::FetchedAttachment => AccessAct::FetchedAttachment,
            Act::DownloadedLetter => AccessAct::DownloadedLetter,
            Act::MarkedUnread => AccessAct::MarkedUnread,
            Act::HandledLetter => AccessAct::HandledLetter,
            Act::NotedOnLetter => AccessAct::NotedOnLetter,
            Act::MovedLetters => AccessAct::MovedLetters,
            Act::BinnedLetters => AccessAct::BinnedLetters,
            Act::RestoredLetters => AccessAct::RestoredLetters,
            Act::EmptiedBin => AccessAct::EmptiedBin,
            Act::ChangedContact => AccessAct::ChangedContact,
            Act::ChangedReception => AccessAct::ChangedReception,
            Act::SavedCopy => AccessAct::SavedCopy,
            Act::FetchedExport => AccessAct::FetchedExport,
            Act::Imported => AccessAct::Imported,
            Act::Forwarded => AccessAct::Forwarded,
            Act::ChangedForwarding => AccessAct::ChangedForwarding,
            Act::ChangedConsent => AccessAct::ChangedConsent,
            Act::AnsweredAsker => AccessAct::AnsweredAsker,
            Act::PassedOnHere => AccessAct::PassedOnHere,
            Act::OpenedMailbox => AccessAct::OpenedMailbox,
            Act::SignedInPart => AccessAct::SignedInPart,
            Act::TookBack => AccessAct::TookBack,
            Act::EndedMailbox => AccessAct::EndedMailbox,
            Act::MovedAway => AccessAct::MovedAway,
            Act::StaffLooked => AccessAct::StaffLooked,
            Act::StaffTraced => AccessAct::StaffTraced,
            Act::StaffResentNotice => AccessAct::StaffResentNotice,
            Act::StaffEndedSessions => AccessAct::StaffEndedSessions,
            Act::StaffLocked => AccessAct::StaffLocked,
            Act::StaffUnlocked => AccessAct::StaffUnlocked,
            Act::StaffAskedAgain => AccessAct::StaffAskedAgain,
            Act::MarkedProtected => AccessAct::MarkedProtected,
        },
        letter: entry.letter.map(|(letter, subject)| (id(letter), subject)),
        reason: entry.reason.map(super::accounts::reason),
    }
}

/// The letter, when there is one.
pub(super) fn opened(result: Result<Opened, MailboxError>) -> Result<OpenLetter, PortError> {
    match result.map_err(unavailable)? {
        Opened::Letter(letter) => Ok(*letter),
        Opened::NotFound => Err(PortError::NotFound),
    }
}

/// The letter's text, cleaned.
pub(super) async fn cleaned(letter: OpenLetter) -> Result<LetterText, PortError> {
    let cleaning = labour(move || {
        let body = &letter.message.body;
        let (html, layout) = body::to_shown(&body.content_type, &body.content);
        LetterText {
            id: id(letter.listed.id),
            html,
            layout: match layout {
                body::Layout::AsSent => Layout::AsSent,
                body::Layout::WordsOnly => Layout::WordsOnly,
            },
            language: body::language_tag(&letter.message.language),
        }
    });
    cleaning.await.map_err(unavailable)
}

pub(super) fn id(id: Uuid) -> LetterId {
    LetterId(id.to_string())
}

pub(super) fn row(letter: Listed) -> LetterRow {
    LetterRow {
        id: id(letter.id),
        sender: letter.header.sender,
        subject: letter.header.subject,
        preview: letter.header.preview,
        received_at: letter.received_at,
        unread: letter.unread,
        attachments: letter.attachments,
        payment: letter.header.payment.map(payment),
        matter: letter.header.matter,
        passed_on_by: letter.header.passed_on_by,
        lies: sorting::lies(letter.place),
        gone_at: letter.binned_at.map(|at| at + BIN_KEEPS),
        starred: letter.starred,
        categories: letter
            .categories
            .iter()
            .map(|category| CategoryId(category.to_string()))
            .collect(),
    }
}

pub(super) fn payment(payment: letter::Payment) -> Payment {
    Payment {
        amount_ore: payment.amount_ore,
        currency: payment.currency,
        due: payment.due,
        method: payment.method,
        account: payment.account,
        reference: payment.reference,
    }
}

/// The code that bank apps read, of a letter whose signatures hold.
fn code(letter: &OpenLetter) -> Option<PaymentCode> {
    let header = &letter.listed.header;
    let payment = header
        .payment
        .as_ref()
        .filter(|_| letter.report.as_ref().is_some_and(|report| report.holds))?;
    let code = payment_code(payment, &header.sender, header.sender_number.as_deref()?)?;
    Some(PaymentCode {
        size: code.size,
        path: code.path,
    })
}

fn for_page(letter: OpenLetter) -> Letter {
    let body = &letter.message.body;
    let support = &letter.message.support_info;
    let signed_name = Some(visible(&letter.signed_name)).filter(|name| *name != letter.listed.header.sender);
    Letter {
        payment_code: code(&letter),
        matter: letter.matter.map(matter_id),
        settled: letter.settled_at.is_some(),
        row: row(letter.listed),
        seal: letter.report.map(|report| Seal {
            holds: report.holds,
            signed_name,
            signed_by: signer(&report.signer),
            sealed_by: signer(&report.sealer),
            sealed_on: letter.sealed_on.to_string(),
            checked_at: letter.checked_at,
        }),
        passed_on: letter.passed_on.map(|passed_on| PassedOn {
            by: visible(&passed_on.by.name),
            number: written(&passed_on.by.number),
            at: passed_on.at,
            addressed_to: visible(&passed_on.addressed_to),
            first_came_at: passed_on.first_came_at,
            copy_of_broken: passed_on.copy_held == Some(false),
            payment: letter::Payment::asked_by(&letter.message).map(payment),
        }),
        support: Support {
            text: support.text.clone(),
            url: support.url.clone().filter(|url| is_web_address(url)),
            phone: support.phone_number.clone(),
            email: support.email_address.clone(),
        },
        length: match body::length(&body.content_type, &body.content) {
            ..1500 => BodyLength::Short,
            1500..5000 => BodyLength::Medium,
            _ => BodyLength::Long,
        },
        language: body::language_tag(&letter.message.language),
        attachments: (0..)
            .zip(&letter.message.attachments)
            .map(|(index, attachment)| Attachment {
                index,
                name: file_name(&attachment.file_name, index),
                content_type: shown_as(&attachment.content)
                    .map_or_else(|| body::media_type(&attachment.content_type), str::to_owned),
                bytes: u64::try_from(attachment.content.len()).unwrap_or(u64::MAX),
                can_be_shown: shown_as(&attachment.content).is_some(),
            })
            .collect(),
        newer: letter.newer.map(id),
        older: letter.older.map(id),
    }
}

fn signer(signer: &contracts::certificate::Signer) -> Signer {
    Signer {
        name: signer.name.clone(),
        organisation: as_written(signer.organisation),
        issuer: signer.issuer.clone(),
        fingerprint: hex::encode(signer.fingerprint_sha256),
    }
}

fn is_web_address(address: &str) -> bool {
    url::Url::parse(address).is_ok_and(|url| matches!(url.scheme(), "http" | "https"))
}

/// The name of an attachment, safe to show and to save.
pub(super) fn file_name(given: &str, index: u32) -> String {
    safe_file_name(given, &format!("bilaga-{}", index + 1))
}
