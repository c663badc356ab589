//! Why staff look at an account, and for how long they may.

use super::named::named;
use super::visible::visible;
use time::Duration;

/// How long a look shows the account.
pub const LASTS: Duration = Duration::minutes(30);

/// How long one that needs two waits for the second.
pub const WAITS: Duration = Duration::hours(8);

/// After how long a look that is over is forgotten. What was done stays in the audit log.
pub const KEPT: Duration = Duration::days(30);

/// The shortest and the longest words of a reason, in characters.
const SHORTEST: usize = 3;
const LONGEST: usize = 300;

/// What it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// The holder cannot log in.
    Login,
    /// Notices do not come.
    Notices,
    /// A letter is missed.
    Letter,
    /// The holder wants it locked, or unlocked.
    Lock,
    /// The holder's identity is protected.
    Protected,
    /// Something else.
    Other,
}

/// Every cause, and the name it is stored under.
const CAUSES: [(Cause, &str); 6] = [
    (Cause::Login, "login"),
    (Cause::Notices, "notices"),
    (Cause::Letter, "letter"),
    (Cause::Lock, "lock"),
    (Cause::Protected, "protected"),
    (Cause::Other, "other"),
];

named!(Cause, CAUSES);

/// Why somebody of the staff looks at an account. The holder reads it.
#[derive(Clone, PartialEq, Eq)]
pub struct Reason {
    /// What it is about.
    pub cause: Cause,
    /// In their own words, on one line.
    pub words: String,
}

impl std::fmt::Debug for Reason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Reason({}, …)", self.cause.as_str())
    }
}

/// What is not right with a reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WrongReason {
    /// None of the list was chosen.
    Cause,
    /// No words of their own, or too many.
    Words,
}

impl Reason {
    /// A reason as it is given in a form.
    pub fn given(cause: &str, words: &str) -> Result<Self, WrongReason> {
        let cause = cause.parse().map_err(|()| WrongReason::Cause)?;
        let words = visible(words).split_whitespace().collect::<Vec<_>>().join(" ");
        if (SHORTEST..=LONGEST).contains(&words.chars().count()) {
            Ok(Self { cause, words })
        } else {
            Err(WrongReason::Words)
        }
    }

    /// As it is sealed.
    pub fn written(&self) -> String {
        format!("{} {}", self.cause.as_str(), self.words)
    }

    /// Reads what was sealed.
    pub fn read(written: &str) -> Option<Self> {
        let (cause, words) = written.split_once(' ')?;
        Some(Self {
            cause: cause.parse().ok()?,
            words: words.to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_has_a_cause_and_words_on_one_line() {
        let reason = Reason::given("notices", " Ringde:\r\ninga  mejl ").unwrap();
        assert_eq!(reason.words, "Ringde: inga mejl");
        assert_eq!(Reason::read(&reason.written()), Some(reason));
        assert_eq!(Reason::given("nyfiken", "Ringde"), Err(WrongReason::Cause));
        for words in ["", " \n ", "ab", &"x".repeat(301)] {
            assert_eq!(Reason::given("other", words), Err(WrongReason::Words));
        }
    }
}
