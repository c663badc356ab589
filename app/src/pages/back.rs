//! Where a form came from, and its answer goes back to.

use super::folders::FOLDERS;
use super::rules::RULES;
use crate::ports::{LetterId, Source};
use crate::words;

/// The page that a form came from, and that its answer goes back to. Read from what the form says, made anew: never an address of
/// somebody else's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Back {
    /// A list, or what a search found.
    Source(Source),
    /// A letter, and where it was read from when that is not where it lies.
    Letter(LetterId, Option<Source>),
    /// The settings of folders, where one is removed.
    Folders,
    /// The rules, where one is applied.
    Rules,
}

impl Back {
    pub(super) fn named(address: &str) -> Self {
        if address == FOLDERS {
            return Self::Folders;
        }
        if address == RULES {
            return Self::Rules;
        }
        let (path, query) = address.split_once('?').unwrap_or((address, ""));
        match path.strip_prefix("/brev/") {
            Some(id) if id.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') => {
                let from = query.strip_prefix("lista=").map(words::unescaped);
                Self::Letter(LetterId(id.to_owned()), from.as_deref().map(words::source_named))
            }
            _ => Self::Source(words::source_named(address)),
        }
    }

    pub(super) fn address(&self) -> String {
        match self {
            Self::Source(source) => words::source_address(source),
            Self::Letter(id, None) => format!("/brev/{}", words::segment(&id.0)),
            Self::Letter(id, Some(source)) => words::letter_address(id, source),
            Self::Folders => FOLDERS.to_owned(),
            Self::Rules => RULES.to_owned(),
        }
    }

    /// Its address with one more word in the query.
    #[cfg(feature = "ssr")]
    pub(super) fn with(&self, word: &str) -> String {
        let address = self.address();
        let mark = if address.contains('?') { '&' } else { '?' };
        format!("{address}{mark}{word}")
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;
    use crate::ports::{List, ListQuery};

    #[test]
    fn a_form_leads_back_to_pages_of_ours_only() {
        assert_eq!(Back::named("/brev/01932f00-0000").address(), "/brev/01932f00-0000");
        assert_eq!(
            Back::named("/papperskorg?fore=01932f00").with("gjort=1"),
            "/papperskorg?fore=01932f00&gjort=1"
        );
        assert_eq!(
            Back::named("/sok?q=avgift&sida=2").with("gjort=1"),
            "/sok?q=avgift&gjort=1"
        );
        assert_eq!(
            Back::named("/brev/01932f00-0000?lista=%2Fsok%3Fq%3Davgift").with("gjort=1"),
            "/brev/01932f00-0000?lista=%2Fsok%3Fq%3Davgift&gjort=1"
        );
        for foreign in [
            "https://elsewhere.example/",
            "//elsewhere.example",
            "/brev/../logga-ut",
            "",
        ] {
            let inbox = Source::List(ListQuery {
                list: List::Inbox,
                ..ListQuery::default()
            });
            assert_eq!(Back::named(foreign), Back::Source(inbox), "{foreign}");
        }
    }
}
