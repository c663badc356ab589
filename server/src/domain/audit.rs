//! The audit log: which acts it keeps, and how one row holds the one before it.

use super::named::named;
use crate::domain::access::{Act, Capacity};
use crate::domain::staff::StaffAct;
use sha2::{Digest as _, Sha256};

/// What the hash of a row begins with: another form of row would begin with another.
const FORM: &[u8] = b"brevlada audit 1";

/// The hash before the first row.
pub const BEGINNING: [u8; 32] = [0; 32];

/// An act that the audit log keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuditAct {
    /// A mailbox was opened, again or for the first time.
    OpenedMailbox,
    /// A mailbox was ended by its holder.
    EndedMailbox,
    /// FaR said that a holder has gone.
    MovedAway,
    /// A mailbox's key was destroyed.
    DestroyedMailbox,
    /// A holder answered somebody who wants to pass letters on into their mailbox.
    AnsweredAsker,
    /// Somebody was offered to be let into a mailbox, or answered, or it was ended.
    ChangedConsent,
    /// A holder's identity was marked as protected.
    ProtectedHolder,
    /// That mark was taken away.
    UnprotectedHolder,
    /// The master key was rotated.
    RotatedKeys,
    /// A text was written.
    WroteText,
    /// A text was taken away.
    WithdrewText,
    /// Work that was given up was made ready again.
    RetriedJobs,
    /// An opinion was taken care of, and forgotten.
    ClosedFeedback,
    /// Somebody was added to the staff register.
    AddedStaff,
    /// Somebody of the staff was locked out.
    LockedStaff,
    /// Somebody of the staff was let in again.
    UnlockedStaff,
    /// Somebody of the staff got other roles.
    ChangedRoles,
    /// A local account of the staff got another password and secret.
    ResetStaff,
    /// Somebody logged in to a local account.
    LocalLogin,
    /// Somebody tried to log in to a local account, and was not let in.
    LocalLoginRefused,
    /// Somebody of the staff logged in with their e-legitimation.
    StaffLogin,
    /// Somebody whom an employer vouches for was not let in.
    StaffLoginRefused,
    /// Somebody of the staff logged out.
    StaffLogout,
    /// Somebody of the staff was denied something.
    DeniedStaff,
    /// The queue was looked at.
    SawQueue,
    /// An opinion, or the list of them, was read.
    ReadFeedback,
    /// An opinion got a tag.
    TaggedFeedback,
    /// An opinion was answered, and then forgotten.
    AnsweredFeedback,
    /// Texts and their versions were looked at.
    SawTexts,
    /// The audit log was read.
    ReadAudit,
    /// The audit log was taken along as a file.
    ExportedAudit,
    /// Staff opened a look at an account.
    OpenedLook,
    /// Staff saw an account.
    SawAccount,
    /// Looks that wait for a second of the staff were seen.
    SawWaitingLooks,
    /// The second of the staff allowed a look.
    AllowedLook,
    /// The second of the staff refused a look.
    RefusedLook,
    /// A look was closed by who had opened it.
    ClosedLook,
    /// A notice was sent again.
    ResentNotice,
    /// A holder's sessions were ended.
    EndedSessions,
    /// A mailbox was locked.
    LockedMailbox,
    /// A mailbox was unlocked.
    UnlockedMailbox,
    /// An address is to be confirmed again.
    AskedAgain,
    /// A delivery was traced.
    TracedDelivery,
    /// The numbers were looked at.
    SawNumbers,
    /// The numbers were taken along as a file.
    ExportedNumbers,
    /// Senders, one of them, or certificates were looked at.
    SawSenders,
    /// What comes from a sender was taken along as a file.
    ExportedSender,
}

const NAMES: &[(AuditAct, &str)] = &[
    (AuditAct::OpenedMailbox, "opened-mailbox"),
    (AuditAct::EndedMailbox, "ended-mailbox"),
    (AuditAct::MovedAway, "moved-away"),
    (AuditAct::DestroyedMailbox, "destroyed-mailbox"),
    (AuditAct::AnsweredAsker, "answered-asker"),
    (AuditAct::ChangedConsent, "changed-consent"),
    (AuditAct::ProtectedHolder, "protected-holder"),
    (AuditAct::UnprotectedHolder, "unprotected-holder"),
    (AuditAct::RotatedKeys, "rotated-keys"),
    (AuditAct::WroteText, "wrote-text"),
    (AuditAct::WithdrewText, "withdrew-text"),
    (AuditAct::RetriedJobs, "retried-jobs"),
    (AuditAct::ClosedFeedback, "closed-feedback"),
    (AuditAct::AddedStaff, "added-staff"),
    (AuditAct::LockedStaff, "locked-staff"),
    (AuditAct::UnlockedStaff, "unlocked-staff"),
    (AuditAct::ChangedRoles, "changed-roles"),
    (AuditAct::ResetStaff, "reset-staff"),
    (AuditAct::LocalLogin, "local-login"),
    (AuditAct::LocalLoginRefused, "local-login-refused"),
    (AuditAct::StaffLogin, "staff-login"),
    (AuditAct::StaffLoginRefused, "staff-login-refused"),
    (AuditAct::StaffLogout, "staff-logout"),
    (AuditAct::DeniedStaff, "denied-staff"),
    (AuditAct::SawQueue, "saw-queue"),
    (AuditAct::ReadFeedback, "read-feedback"),
    (AuditAct::TaggedFeedback, "tagged-feedback"),
    (AuditAct::AnsweredFeedback, "answered-feedback"),
    (AuditAct::SawTexts, "saw-texts"),
    (AuditAct::ReadAudit, "read-audit"),
    (AuditAct::ExportedAudit, "exported-audit"),
    (AuditAct::OpenedLook, "opened-look"),
    (AuditAct::SawAccount, "saw-account"),
    (AuditAct::SawWaitingLooks, "saw-waiting-looks"),
    (AuditAct::AllowedLook, "allowed-look"),
    (AuditAct::RefusedLook, "refused-look"),
    (AuditAct::ClosedLook, "closed-look"),
    (AuditAct::ResentNotice, "resent-notice"),
    (AuditAct::EndedSessions, "ended-sessions"),
    (AuditAct::LockedMailbox, "locked-mailbox"),
    (AuditAct::UnlockedMailbox, "unlocked-mailbox"),
    (AuditAct::AskedAgain, "asked-again"),
    (AuditAct::TracedDelivery, "traced-delivery"),
    (AuditAct::SawNumbers, "saw-numbers"),
    (AuditAct::ExportedNumbers, "exported-numbers"),
    (AuditAct::SawSenders, "saw-senders"),
    (AuditAct::ExportedSender, "exported-sender"),
];

named!(AuditAct, NAMES);

impl AuditAct {
    /// Every act, in order.
    pub fn all() -> impl Iterator<Item = Self> {
        NAMES.iter().map(|(act, _)| *act)
    }

    /// What is written when staff have done this.
    pub fn of_staff(act: StaffAct) -> Self {
        match act {
            StaffAct::SeeQueue => Self::SawQueue,
            StaffAct::RetryJobs => Self::RetriedJobs,
            StaffAct::ReadFeedback => Self::ReadFeedback,
            StaffAct::TagFeedback => Self::TaggedFeedback,
            StaffAct::AnswerFeedback => Self::AnsweredFeedback,
            StaffAct::CloseFeedback => Self::ClosedFeedback,
            StaffAct::SeeTexts => Self::SawTexts,
            StaffAct::WriteText => Self::WroteText,
            StaffAct::ReadAudit => Self::ReadAudit,
            StaffAct::ExportAudit => Self::ExportedAudit,
            StaffAct::OpenLook => Self::OpenedLook,
            StaffAct::SeeAccount => Self::SawAccount,
            StaffAct::SecondLook => Self::SawWaitingLooks,
            StaffAct::ResendNotice => Self::ResentNotice,
            StaffAct::EndSessions => Self::EndedSessions,
            StaffAct::LockMailbox => Self::LockedMailbox,
            StaffAct::UnlockMailbox => Self::UnlockedMailbox,
            StaffAct::AskAgain => Self::AskedAgain,
            StaffAct::ProtectHolder => Self::ProtectedHolder,
            StaffAct::TraceDelivery => Self::TracedDelivery,
            StaffAct::SeeNumbers => Self::SawNumbers,
            StaffAct::ExportNumbers => Self::ExportedNumbers,
            StaffAct::SeeSenders => Self::SawSenders,
            StaffAct::ExportSender => Self::ExportedSender,
        }
    }

    /// The same act in the log of a mailbox, where it is one of the account rather than of its letters.
    pub fn of_account(act: Act) -> Option<Self> {
        match act {
            Act::OpenedMailbox => Some(Self::OpenedMailbox),
            Act::EndedMailbox => Some(Self::EndedMailbox),
            Act::MovedAway => Some(Self::MovedAway),
            Act::AnsweredAsker => Some(Self::AnsweredAsker),
            Act::ChangedConsent => Some(Self::ChangedConsent),
            Act::LoggedIn
            | Act::OpenedLetter
            | Act::FetchedAttachment
            | Act::DownloadedLetter
            | Act::MarkedUnread
            | Act::HandledLetter
            | Act::NotedOnLetter
            | Act::MovedLetters
            | Act::BinnedLetters
            | Act::RestoredLetters
            | Act::EmptiedBin
            | Act::ChangedContact
            | Act::ChangedReception
            | Act::SavedCopy
            | Act::FetchedExport
            | Act::Imported
            | Act::Forwarded
            | Act::ChangedForwarding
            | Act::SignedInPart
            | Act::TookBack
            // What staff do is written by them, with who of them it was.
            | Act::PassedOnHere
            | Act::StaffLooked
            | Act::StaffTraced
            | Act::StaffResentNotice
            | Act::StaffEndedSessions
            | Act::StaffLocked
            | Act::StaffUnlocked
            | Act::StaffAskedAgain
            | Act::MarkedProtected => None,
        }
    }
}

/// In which right something was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActingAs {
    /// A holder, in their own mailbox.
    Holder,
    /// The holder of another mailbox.
    Another,
    /// Somebody whom the holder lets in.
    Helper,
    /// Somebody who signs for the company that holds the mailbox.
    Signatory,
    /// Somebody with a role in that company.
    Role,
    /// The operator's staff, on their pages.
    Staff,
    /// The operator's programs, or the infrastructure.
    System,
    /// Whoever may run commands on the operator's machine.
    Command,
}

const RIGHTS: [(ActingAs, &str); 8] = [
    (ActingAs::Holder, "holder"),
    (ActingAs::Another, "another"),
    (ActingAs::Helper, "helper"),
    (ActingAs::Signatory, "signatory"),
    (ActingAs::Role, "role"),
    (ActingAs::Staff, "staff"),
    (ActingAs::System, "system"),
    (ActingAs::Command, "command"),
];

named!(ActingAs, RIGHTS);

impl From<Capacity> for ActingAs {
    fn from(capacity: Capacity) -> Self {
        match capacity {
            Capacity::Holder => Self::Holder,
            Capacity::Another => Self::Another,
            Capacity::Helper => Self::Helper,
            Capacity::Signatory => Self::Signatory,
            Capacity::Role => Self::Role,
            Capacity::Staff => Self::Staff,
            Capacity::System => Self::System,
        }
    }
}

/// Everything of a row that its hash is over, as it is stored: what is sealed stays sealed.
#[derive(Clone, Copy, Debug)]
pub struct Fields<'a> {
    /// Its number.
    pub number: i64,
    /// When, in microseconds since 1970.
    pub at: i64,
    /// What.
    pub act: &'a str,
    /// In which right.
    pub capacity: &'a str,
    /// Who of the staff register.
    pub staff: Option<&'a [u8]>,
    /// Which mailbox.
    pub account: Option<&'a [u8]>,
    /// What of the house.
    pub object: Option<&'a str>,
    /// What names a person, sealed.
    pub details: Option<&'a [u8]>,
}

/// The hash of a row: SHA-256 over the form, the hash before it, number and time as eight bytes each (big-endian), then each field as one
/// byte that tells whether it is there (1) or not (0), its length as eight bytes, and its bytes.
pub fn hash(previous: &[u8], fields: &Fields<'_>) -> [u8; 32] {
    let mut hasher = Sha256::new();
    hasher.update(FORM);
    hasher.update(previous);
    hasher.update(fields.number.to_be_bytes());
    hasher.update(fields.at.to_be_bytes());
    let rest = [
        Some(fields.act.as_bytes()),
        Some(fields.capacity.as_bytes()),
        fields.staff,
        fields.account,
        fields.object.map(str::as_bytes),
        fields.details,
    ];
    for field in rest {
        let bytes = field.unwrap_or_default();
        hasher.update([u8::from(field.is_some())]);
        hasher.update(u64::try_from(bytes.len()).unwrap_or(u64::MAX).to_be_bytes());
        hasher.update(bytes);
    }
    hasher.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields() -> Fields<'static> {
        Fields {
            number: 1,
            at: 2,
            act: "wrote-text",
            capacity: "staff",
            staff: Some(b"a"),
            account: None,
            object: Some("b"),
            details: Some(b"c"),
        }
    }

    #[test]
    fn every_field_and_what_came_before_is_in_the_hash() {
        let one = hash(&BEGINNING, &fields());
        let others = [
            hash(&[1; 32], &fields()),
            hash(&BEGINNING, &Fields { number: 2, ..fields() }),
            hash(&BEGINNING, &Fields { at: 3, ..fields() }),
            hash(
                &BEGINNING,
                &Fields {
                    act: "wrote-texts",
                    ..fields()
                },
            ),
            hash(
                &BEGINNING,
                &Fields {
                    capacity: "system",
                    ..fields()
                },
            ),
            hash(
                &BEGINNING,
                &Fields {
                    staff: None,
                    ..fields()
                },
            ),
            hash(
                &BEGINNING,
                &Fields {
                    account: Some(b""),
                    ..fields()
                },
            ),
            hash(
                &BEGINNING,
                &Fields {
                    staff: None,
                    account: Some(b"a"),
                    ..fields()
                },
            ),
            hash(
                &BEGINNING,
                &Fields {
                    object: None,
                    ..fields()
                },
            ),
            hash(
                &BEGINNING,
                &Fields {
                    details: Some(b"d"),
                    ..fields()
                },
            ),
            hash(
                &BEGINNING,
                &Fields {
                    object: Some("bc"),
                    details: Some(b""),
                    ..fields()
                },
            ),
        ];
        for other in others {
            assert_ne!(one, other);
        }
        assert_eq!(one, hash(&BEGINNING, &fields()));
    }

    #[test]
    fn every_act_has_a_name_of_its_own() {
        let mut names: Vec<_> = AuditAct::all().map(AuditAct::as_str).collect();
        assert!(
            names
                .iter()
                .all(|name| name.parse::<AuditAct>().is_ok_and(|act| act.as_str() == *name))
        );
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), AuditAct::all().count());
    }
}
