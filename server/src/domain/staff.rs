//! The operator's staff: their roles, what each role may do, and by what they log in.

use std::fmt;
use std::str::FromStr;
use time::Duration;

/// What somebody of the staff is there for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Helps people, without reading their letters.
    Support,
    /// Writes help, news and what is said of disturbances.
    Editor,
    /// Keeps the service running.
    Operations,
    /// Reads what the others have done.
    Auditor,
}

/// Every role, and the name it is stored under.
const ROLES: [(Role, &str); 4] = [
    (Role::Support, "support"),
    (Role::Editor, "editor"),
    (Role::Operations, "operations"),
    (Role::Auditor, "auditor"),
];

impl Role {
    /// Every role.
    pub fn all() -> impl Iterator<Item = Self> {
        ROLES.iter().map(|(role, _)| *role)
    }

    /// The name it is stored under.
    pub fn as_str(self) -> &'static str {
        ROLES
            .iter()
            .find(|(role, _)| *role == self)
            .map_or("", |(_, name)| name)
    }
}

impl FromStr for Role {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        ROLES
            .iter()
            .find(|(_, known)| *known == name)
            .map(|(role, _)| *role)
            .ok_or_else(|| "a role is support, editor, operations or auditor".to_owned())
    }
}

/// The roles of one person: each once, in a fixed order. There may be none, and then nothing may be done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Roles(Vec<Role>);

impl Roles {
    /// These.
    pub fn of(roles: impl IntoIterator<Item = Role>) -> Self {
        let mut roles: Vec<Role> = roles.into_iter().collect();
        roles.sort_unstable();
        roles.dedup();
        Self(roles)
    }

    /// Each of them.
    pub fn iter(&self) -> impl Iterator<Item = Role> + '_ {
        self.0.iter().copied()
    }
}

impl fmt::Display for Roles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.iter().map(Role::as_str).collect();
        f.write_str(&names.join(" "))
    }
}

impl FromStr for Roles {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let roles = text.split([' ', ',']).filter(|name| !name.is_empty());
        Ok(Self::of(roles.map(str::parse).collect::<Result<Vec<_>, _>>()?))
    }
}

/// What staff can do on their side of the pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StaffAct {
    /// See what work waits, and what was given up.
    SeeQueue,
    /// Have work tried again.
    RetryJobs,
    /// Read what people think of the service.
    ReadFeedback,
    /// Say what an opinion is about.
    TagFeedback,
    /// Answer an opinion.
    AnswerFeedback,
    /// Say that an opinion is taken care of.
    CloseFeedback,
    /// See every version of help, news and banners.
    SeeTexts,
    /// Write a text, or take it away.
    WriteText,
    /// Read the audit log.
    ReadAudit,
    /// Take the audit log along as a file.
    ExportAudit,
    /// Open a look at an account, by its holder's number and with a reason.
    OpenLook,
    /// See an account that they have a look at.
    SeeAccount,
    /// Allow another's look at the account of somebody with protected identity, or not.
    SecondLook,
    /// Have a notice sent again.
    ResendNotice,
    /// End a holder's sessions.
    EndSessions,
    /// Lock a mailbox, as its holder asks.
    LockMailbox,
    /// Unlock it again.
    UnlockMailbox,
    /// Have an address confirmed again.
    AskAgain,
    /// Mark a holder's identity as protected.
    ProtectHolder,
    /// Trace a delivery.
    TraceDelivery,
    /// See what happens by the day.
    SeeNumbers,
    /// Take those numbers along as a file.
    ExportNumbers,
    /// See who may send, what comes from them, and which certificates end soon.
    SeeSenders,
    /// Take along as a file what comes from a sender.
    ExportSender,
}

/// Every act, and the name it is stored under.
const ACTS: [(StaffAct, &str); 24] = [
    (StaffAct::SeeQueue, "see-queue"),
    (StaffAct::RetryJobs, "retry-jobs"),
    (StaffAct::ReadFeedback, "read-feedback"),
    (StaffAct::TagFeedback, "tag-feedback"),
    (StaffAct::AnswerFeedback, "answer-feedback"),
    (StaffAct::CloseFeedback, "close-feedback"),
    (StaffAct::SeeTexts, "see-texts"),
    (StaffAct::WriteText, "write-text"),
    (StaffAct::ReadAudit, "read-audit"),
    (StaffAct::ExportAudit, "export-audit"),
    (StaffAct::OpenLook, "open-look"),
    (StaffAct::SeeAccount, "see-account"),
    (StaffAct::SecondLook, "second-look"),
    (StaffAct::ResendNotice, "resend-notice"),
    (StaffAct::EndSessions, "end-sessions"),
    (StaffAct::LockMailbox, "lock-mailbox"),
    (StaffAct::UnlockMailbox, "unlock-mailbox"),
    (StaffAct::AskAgain, "ask-again"),
    (StaffAct::ProtectHolder, "protect-holder"),
    (StaffAct::TraceDelivery, "trace-delivery"),
    (StaffAct::SeeNumbers, "see-numbers"),
    (StaffAct::ExportNumbers, "export-numbers"),
    (StaffAct::SeeSenders, "see-senders"),
    (StaffAct::ExportSender, "export-sender"),
];

impl StaffAct {
    /// Every act.
    pub fn all() -> impl Iterator<Item = Self> {
        ACTS.iter().map(|(act, _)| *act)
    }

    /// The name it is stored under.
    pub fn as_str(self) -> &'static str {
        ACTS.iter().find(|(act, _)| *act == self).map_or("", |(_, name)| name)
    }
}

/// Who may do what. What does not stand here nobody may.
const MAY: [(Role, &[StaffAct]); 4] = [
    (
        Role::Support,
        &[
            StaffAct::ReadFeedback,
            StaffAct::TagFeedback,
            StaffAct::AnswerFeedback,
            StaffAct::CloseFeedback,
            StaffAct::OpenLook,
            StaffAct::SeeAccount,
            StaffAct::SecondLook,
            StaffAct::ResendNotice,
            StaffAct::EndSessions,
            StaffAct::LockMailbox,
            StaffAct::UnlockMailbox,
            StaffAct::AskAgain,
            StaffAct::ProtectHolder,
            StaffAct::TraceDelivery,
            StaffAct::SeeSenders,
            StaffAct::ExportSender,
        ],
    ),
    (
        Role::Editor,
        &[
            StaffAct::ReadFeedback,
            StaffAct::TagFeedback,
            StaffAct::AnswerFeedback,
            StaffAct::CloseFeedback,
            StaffAct::SeeTexts,
            StaffAct::WriteText,
        ],
    ),
    (
        Role::Operations,
        &[
            StaffAct::SeeQueue,
            StaffAct::RetryJobs,
            StaffAct::SeeNumbers,
            StaffAct::ExportNumbers,
            StaffAct::SeeSenders,
            StaffAct::ExportSender,
        ],
    ),
    (
        Role::Auditor,
        &[
            StaffAct::ReadAudit,
            StaffAct::ExportAudit,
            StaffAct::SeeNumbers,
            StaffAct::ExportNumbers,
        ],
    ),
];

impl Role {
    /// Whether somebody with this role may do this.
    pub fn may(self, act: StaffAct) -> bool {
        MAY.iter().any(|(role, acts)| *role == self && acts.contains(&act))
    }
}

impl Roles {
    /// Whether somebody with these roles may do this.
    pub fn may(&self, act: StaffAct) -> bool {
        self.iter().any(|role| role.may(act))
    }
}

/// By what somebody of the staff logs in.
#[derive(Clone, PartialEq, Eq)]
pub enum Login {
    /// By e-legitimation, as `somebody@organisation`: the whole of what the employer vouches for.
    Organisation(String),
    /// By a password and a code, under a name of our own: for the first set-up, and when no e-legitimation can be used.
    Local(String),
}

/// The longest name of a login.
const LONGEST: usize = 200;

impl fmt::Debug for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Login({})", self.way())
    }
}

impl Login {
    /// The way, as it is stored.
    pub fn way(&self) -> &'static str {
        match self {
            Self::Organisation(_) => "organisation",
            Self::Local(_) => "local",
        }
    }

    /// The name in that way.
    pub fn name(&self) -> &str {
        match self {
            Self::Organisation(name) | Self::Local(name) => name,
        }
    }

    /// What it is found by.
    pub fn key(&self) -> String {
        format!("{}:{}", self.way(), self.name())
    }
}

impl FromStr for Login {
    type Err = String;

    /// `somebody@5599999017` is an organisation's; a name without @ is a local account's.
    fn from_str(text: &str) -> Result<Self, String> {
        let plain = |c: char| !c.is_control() && !c.is_whitespace();
        if text.is_empty() || text.len() > LONGEST || !text.chars().all(plain) {
            return Err("a login has 1 to 200 signs, none of them a blank".to_owned());
        }
        if let Some((user, organisation)) = text.rsplit_once('@') {
            let is_number = organisation.len() == 10 && organisation.bytes().all(|byte| byte.is_ascii_digit());
            return if is_number && !user.is_empty() {
                Ok(Self::Organisation(text.to_owned()))
            } else {
                Err("an organisation identity looks like name@5599999017: ten digits after the @".to_owned())
            };
        }
        let is_name = (2..=40).contains(&text.len())
            && text
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
        if is_name {
            Ok(Self::Local(text.to_owned()))
        } else {
            Err("a local account's name has 2 to 40 small letters a to z, digits and hyphens".to_owned())
        }
    }
}

/// The shortest password that is taken for a local account.
pub const SHORTEST_PASSWORD: usize = 14;

/// How many wrong logins to a local account there may be before one has to wait.
pub const FREE_TRIES: i64 = 3;

/// How long nobody may log in to a local account after so many wrong tries in a row: a minute after the third, twice as long after each one
/// more, an hour at most. Never for good: it is there for emergencies, and whoever knows its name must not be able to take it away.
pub fn wait_after(tries: i64) -> Duration {
    if tries < FREE_TRIES {
        return Duration::ZERO;
    }
    let doublings = u32::try_from(tries - FREE_TRIES).unwrap_or(u32::MAX).min(6);
    Duration::minutes(2_i64.pow(doublings)).min(Duration::HOUR)
}

/// The signs of a generated password: none that is taken for another.
const SIGNS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";

/// A password of a hundred random bits, in groups that can be read aloud.
pub fn password(random: [u8; 20]) -> String {
    let mut password = String::with_capacity(24);
    for (place, byte) in random.into_iter().enumerate() {
        if place > 0 && place % 5 == 0 {
            password.push('-');
        }
        let sign = SIGNS.get(usize::from(byte % 32)).copied().unwrap_or(b'a');
        password.push(char::from(sign));
    }
    password
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_are_read_in_any_order_and_written_in_one() {
        let roles: Roles = "auditor,support support".parse().unwrap();
        assert_eq!(roles.to_string(), "support auditor");
        assert_eq!("".parse::<Roles>().unwrap(), Roles::default());
        assert!("boss".parse::<Roles>().is_err());
    }

    /// The whole table, written out once more: who changes one has to mean it.
    #[test]
    fn each_role_may_do_its_own_and_nothing_else() {
        let may = |roles: &str| {
            let roles: Roles = roles.parse().unwrap();
            let acts: Vec<_> = StaffAct::all()
                .filter(|act| roles.may(*act))
                .map(StaffAct::as_str)
                .collect();
            acts.join(" ")
        };
        assert_eq!(may(""), "");
        assert_eq!(
            may("support"),
            "read-feedback tag-feedback answer-feedback close-feedback open-look see-account second-look resend-notice end-sessions \
             lock-mailbox unlock-mailbox ask-again protect-holder trace-delivery see-senders export-sender"
        );
        assert_eq!(
            may("editor"),
            "read-feedback tag-feedback answer-feedback close-feedback see-texts write-text"
        );
        assert_eq!(
            may("operations"),
            "see-queue retry-jobs see-numbers export-numbers see-senders export-sender"
        );
        assert_eq!(may("auditor"), "read-audit export-audit see-numbers export-numbers");
        assert_eq!(
            may("operations auditor"),
            "see-queue retry-jobs read-audit export-audit see-numbers export-numbers see-senders export-sender"
        );
        assert!(
            StaffAct::all().all(|act| Role::all().any(|role| role.may(act))),
            "nothing that nobody may do"
        );
    }

    #[test]
    fn a_login_is_an_identity_of_an_organisation_or_a_name() {
        assert_eq!(
            "a@b@5599999017".parse(),
            Ok(Login::Organisation("a@b@5599999017".to_owned()))
        );
        assert_eq!("drift-1".parse(), Ok(Login::Local("drift-1".to_owned())));
        for wrong in [
            "",
            "@5599999017",
            "a@559999901",
            "a@55999990177",
            "a b@5599999017",
            "Drift",
            "d",
            "å-ö",
            &"a".repeat(41),
        ] {
            assert!(wrong.parse::<Login>().is_err(), "{wrong}");
        }
        assert_ne!(
            Login::Local("a".to_owned()).key(),
            Login::Organisation("a".to_owned()).key()
        );
    }

    #[test]
    fn the_wait_grows_and_stays_within_an_hour() {
        let minutes: Vec<_> = (0..12).map(|tries| wait_after(tries).whole_minutes()).collect();
        assert_eq!(minutes, [0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60]);
        assert_eq!(wait_after(i64::MAX), Duration::HOUR);
    }

    #[test]
    fn a_generated_password_is_long_and_can_be_read_aloud() {
        let one = password([255; 20]);
        assert_eq!(one, "99999-99999-99999-99999");
        assert!(one.len() >= SHORTEST_PASSWORD);
        assert!(!SIGNS.iter().any(|sign| b"lo01".contains(sign)));
    }
}
