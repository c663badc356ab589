//! Reception rules, for the pages.

use super::companies::for_company;
use super::ports::{as_written, unavailable};
use crate::domain::holder::Holder;
use crate::domain::reception::{Change, Listed, Show, select};
use crate::house::House;
use crate::mailbox::access::Person;
use crate::mailbox::reception::{self, Desk};
use crate::mailbox::{MailboxError, reception as rules};
use crate::register::{Evidence, Register, Senders};
use app::Language;
use app::ports::{
    Conflict, Kept, PortError, Reception, Review, RuleChange, Rules, RulesPage, RulesQuery, SenderRow, ShowSenders,
    Signed, Tick,
};
use async_trait::async_trait;
use std::sync::Arc;

/// Ticks that one form may carry: more than there are senders.
const MOST_TICKS: usize = 5_000;

/// The reception rules of the person who is logged in.
pub(super) struct OwnReception {
    pub(super) house: House,
    pub(super) far: Arc<dyn Register>,
    pub(super) senders: Arc<Senders>,
    pub(super) person: Person,
    pub(super) login: Evidence,
    pub(super) language: Language,
    /// The company whose mailbox it is, if it is one's.
    pub(super) company: Option<Holder>,
}

impl OwnReception {
    fn desk(&self) -> Desk<'_> {
        Desk {
            house: &self.house,
            far: &*self.far,
            senders: &self.senders,
            person: &self.person,
        }
    }

    /// What is signed, in the language that it is read in.
    fn text(&self, changes: &[Change]) -> String {
        let changes: Vec<_> = changes.iter().map(for_page).collect();
        let text = app::reception_text(self.language, self.company.is_some(), &changes);
        for_company(self.language, self.company.as_ref(), text)
    }
}

#[async_trait]
impl Reception for OwnReception {
    async fn rules(&self, query: RulesQuery) -> Result<RulesPage, PortError> {
        Ok(match rules::open_reception(self.desk()).await.map_err(unavailable)? {
            reception::Reception::Rules { senders, changes } => RulesPage::Rules(page(senders, changes, &query)),
            reception::Reception::TryAgain => RulesPage::TryAgain,
            reception::Reception::NotHere => RulesPage::NotHere,
        })
    }

    async fn keep(&self, ticks: Vec<Tick>) -> Result<Kept, PortError> {
        // A number that is none, or of somebody who is no sender, is no tick.
        let ticks: Vec<_> = ticks
            .iter()
            .take(MOST_TICKS)
            .filter_map(|tick| {
                Some(reception::Tick {
                    sender: tick.number.parse().ok()?,
                    was: tick.was,
                    wanted: tick.digital,
                })
            })
            .collect();
        kept(rules::keep_ticks(self.desk(), &ticks).await)
    }

    async fn keep_all(&self, digital: bool) -> Result<Kept, PortError> {
        kept(rules::tick_all(self.desk(), digital).await)
    }

    async fn forget(&self) -> Result<Kept, PortError> {
        kept(rules::forget_ticks(self.desk()).await)
    }

    async fn settle(&self) -> Result<Kept, PortError> {
        kept(rules::settle(self.desk()).await)
    }

    async fn see_all(&self) -> Result<Kept, PortError> {
        kept(rules::see_all(self.desk()).await)
    }

    async fn review(&self) -> Result<Review, PortError> {
        Ok(match rules::review(self.desk()).await.map_err(unavailable)? {
            reception::Review::Nothing => Review::Nothing,
            reception::Review::Changes(changes) => {
                let text = self.text(&changes);
                Review::Changes {
                    mark: reception::mark_of(&text),
                    changes: changes.iter().map(for_page).collect(),
                    text,
                }
            }
            reception::Review::Conflicts(conflicts) => Review::Conflicts(
                conflicts
                    .into_iter()
                    .map(|conflict| Conflict {
                        name: conflict.name,
                        now: conflict.now,
                        chosen: conflict.chosen,
                    })
                    .collect(),
            ),
            reception::Review::TryAgain => Review::TryAgain,
            reception::Review::NotHere => Review::NotHere,
        })
    }

    async fn sign(&self, mark: String) -> Result<Signed, PortError> {
        let signed = rules::sign(self.desk(), |changes| self.text(changes), &mark, self.login.clone()).await;
        Ok(match signed.map_err(unavailable)? {
            reception::Signed::Stored => Signed::Stored,
            reception::Signed::MoreMustSign => Signed::MoreMustSign,
            reception::Signed::RuleNotSupported => Signed::RuleNotSupported,
            reception::Signed::ReadAgain => Signed::ReadAgain,
            reception::Signed::NotStored | reception::Signed::NotHere => Signed::NotStored,
            reception::Signed::Unknown => Signed::Unknown,
        })
    }
}

fn kept(done: Result<bool, MailboxError>) -> Result<Kept, PortError> {
    Ok(if done.map_err(unavailable)? {
        Kept::Done
    } else {
        Kept::NotNow
    })
}

fn page(senders: Vec<Listed>, changes: usize, query: &RulesQuery) -> Rules {
    let count = |fits: fn(&Listed) -> bool| senders.iter().filter(|sender| fits(sender)).count();
    let (total, written) = (senders.len(), count(|sender| sender.last_letter.is_some()));
    let (paper, new) = (
        count(|sender| !sender.digital || !sender.in_register),
        count(|sender| sender.new),
    );
    let show = match query.show {
        ShowSenders::All => Show::All,
        ShowSenders::Written => Show::Written,
        ShowSenders::Paper => Show::Paper,
        ShowSenders::New => Show::New,
    };
    let selection = select(senders, show, &query.search, query.letter.as_deref());
    Rules {
        senders: selection.rows.into_iter().map(row).collect(),
        letters: selection.letters,
        letter: selection.letter,
        found: selection.found,
        total,
        written,
        paper,
        new,
        changes,
    }
}

fn row(sender: Listed) -> SenderRow {
    SenderRow {
        number: sender.number.to_string(),
        organisation: as_written(sender.number),
        name: sender.name,
        in_register: sender.in_register,
        digital: sender.digital,
        last_letter: sender.last_letter,
        new: sender.new,
    }
}

pub(super) fn for_page(change: &Change) -> RuleChange {
    RuleChange {
        name: change.name.clone(),
        organisation: as_written(change.number),
        digital: change.digital,
    }
}
