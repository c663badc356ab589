//! The port of accounts and traces, kept by this server for one of the staff.

use super::contacts::channel;
use super::notices::{kind, means, state};
use super::staff::{OnDutyHere, refused};
use crate::domain::look::{Cause, Reason};
use crate::store::call::CallOutcome;
use crate::store::leaving::Why;
use crate::support::account::{self, ArrivalState, Hidden, Onward, Seen, When};
use crate::support::account_acts::{self as acts, Done};
use crate::support::look::{self, Found, Standing, Told, TypedFind};
use crate::support::trace::{self, Asked, TypedTrace};
use crate::support::{SupportError, second};
use app::ports::{
    Account, AccountAct, AccountContact, AccountDone, AccountFind, AccountFrom, AccountNotice, AccountSeen,
    AccountSession, AccountWhen, Accounts, Arrived, ArrivedState, Closed, ContactStands, FarSays, FoundAccount,
    LookCause, LookReason, LookRow, LookStands, LooksPage, Notified, PortError, Shown, Trace, TraceAsked, TraceCall,
    TraceForm, TraceOutcome, TraceStored, WaitingLook, WrongFind, WrongTrace,
};
use async_trait::async_trait;
use contracts::identifier::OrganisationNumber;
use uuid::Uuid;

fn maybe(text: Option<String>) -> Option<Uuid> {
    text.and_then(|text| Uuid::parse_str(&text).ok())
}

#[async_trait]
impl Accounts for OnDutyHere {
    async fn looks(&self, draft: Option<String>) -> Result<LooksPage, PortError> {
        let (typed, looks) = look::form(&self.house, &self.staff.duty, maybe(draft))
            .await
            .map_err(refused)?;
        Ok(LooksPage {
            typed: typed.map_or_else(AccountFind::default, |typed| AccountFind {
                number: typed.number,
                cause: typed.cause,
                words: typed.words,
            }),
            looks: looks.into_iter().map(look_row).collect(),
        })
    }

    async fn find(&self, form: AccountFind) -> Result<FoundAccount, PortError> {
        let typed = TypedFind {
            number: form.number,
            cause: form.cause,
            words: form.words,
        };
        let found = look::find(&self.house, &*self.far, &self.staff.duty, typed)
            .await
            .map_err(refused)?;
        Ok(match found {
            Found::Look(look) => FoundAccount::Look(look.to_string()),
            Found::Wrong(wrong, draft) => FoundAccount::Wrong(
                match wrong {
                    look::WrongFind::Number => WrongFind::Number,
                    look::WrongFind::Nobody => WrongFind::Nobody,
                    look::WrongFind::Cause => WrongFind::Cause,
                    look::WrongFind::Words => WrongFind::Words,
                },
                draft.to_string(),
            ),
        })
    }

    async fn account(&self, look: String, from: AccountFrom) -> Result<AccountSeen, PortError> {
        let from = Onward {
            notices: from.notices,
            arrivals: from.arrivals,
        };
        // An address that names no look is asked like one that names another's: who may not look is told that first.
        let look = Uuid::parse_str(&look).unwrap_or_default();
        let seen = account::see(&self.house, &*self.far, &self.staff.duty, look, from)
            .await
            .map_err(refused)?;
        Ok(match seen.ok_or(PortError::NotFound)? {
            Seen::Account(account) => AccountSeen::Account(Box::new(shown(*account))),
            Seen::Nothing(told) => AccountSeen::Nothing(look_row(told)),
        })
    }

    async fn act(&self, look: String, act: AccountAct) -> Result<AccountDone, PortError> {
        let (house, duty) = (&self.house, &self.staff.duty);
        let look = Uuid::parse_str(&look).unwrap_or_default();
        let done = match act {
            AccountAct::Resend(handle) => acts::resend(house, duty, look, &handle).await,
            AccountAct::EndSession(handle) => acts::end_sessions(house, duty, look, Some(&handle)).await,
            AccountAct::EndSessions => acts::end_sessions(house, duty, look, None).await,
            AccountAct::Lock(asked) => acts::lock(house, duty, look, asked).await,
            AccountAct::Unlock(asked) => acts::unlock(house, duty, look, asked).await,
            AccountAct::AskAgain(handle) => acts::ask_again(house, duty, look, &handle).await,
            AccountAct::Protect(asked) => acts::protect(house, duty, look, asked).await,
            AccountAct::Close => closed(look::close(house, duty, look).await),
        };
        Ok(match done.map_err(refused)? {
            Done::Done => AccountDone::Done,
            Done::Nothing => AccountDone::Nothing,
            Done::TooMany => AccountDone::TooMany,
            Done::NotAsked => AccountDone::NotAsked,
            Done::NoLook => AccountDone::NoLook,
        })
    }

    async fn waiting_looks(&self) -> Result<Vec<WaitingLook>, PortError> {
        let waiting = second::waiting(&self.house, &self.staff.duty).await.map_err(refused)?;
        let waiting = waiting.into_iter().map(|look| WaitingLook {
            id: look.id.to_string(),
            who: look.who,
            reason: reason(look.reason),
            asked_at: look.asked_at,
            ends_at: look.ends_at,
        });
        Ok(waiting.collect())
    }

    async fn answer_look(&self, look: String, allowed: bool) -> Result<bool, PortError> {
        let look = Uuid::parse_str(&look).unwrap_or_default();
        second::answer(&self.house, &self.staff.duty, look, allowed)
            .await
            .map_err(refused)
    }

    async fn trace_form(&self, draft: Option<String>) -> Result<TraceForm, PortError> {
        let typed = trace::form(&self.house, &self.staff.duty, maybe(draft))
            .await
            .map_err(refused)?;
        Ok(typed.map_or_else(TraceForm::default, |typed| TraceForm {
            what: typed.what,
            number: typed.number,
            first: typed.first,
            last: typed.last,
            cause: typed.cause,
            words: typed.words,
        }))
    }

    async fn ask_trace(&self, form: TraceForm) -> Result<TraceAsked, PortError> {
        let typed = TypedTrace {
            what: form.what,
            number: form.number,
            first: form.first,
            last: form.last,
            cause: form.cause,
            words: form.words,
        };
        let asked = trace::ask(&self.house, &self.staff.duty, typed)
            .await
            .map_err(refused)?;
        Ok(match asked {
            Asked::Trace(id) => TraceAsked::Trace(id.to_string()),
            Asked::Wrong(wrong, draft) => TraceAsked::Wrong(
                match wrong {
                    trace::WrongTrace::What => WrongTrace::What,
                    trace::WrongTrace::Number => WrongTrace::Number,
                    trace::WrongTrace::Days => WrongTrace::Days,
                    trace::WrongTrace::Cause => WrongTrace::Cause,
                    trace::WrongTrace::Words => WrongTrace::Words,
                    trace::WrongTrace::Protected => WrongTrace::Protected,
                },
                draft.to_string(),
            ),
        })
    }

    async fn trace(&self, trace: String, from: Option<String>) -> Result<Trace, PortError> {
        let trace = Uuid::parse_str(&trace).unwrap_or_default();
        let found = trace::see(&self.house, &self.staff.duty, trace, from)
            .await
            .map_err(refused)?;
        let found = found.ok_or(PortError::NotFound)?;
        let name = |sender: OrganisationNumber| {
            let name = self.senders.name_of(sender);
            name.unwrap_or_else(|| sender.to_string())
        };
        Ok(Trace {
            calls: found.calls.into_iter().map(|call| traced(call, name)).collect(),
            next: found.next,
            by_name: found.by_name,
        })
    }
}

fn closed(closed: Result<bool, SupportError>) -> Result<Done, SupportError> {
    Ok(if closed? { Done::Done } else { Done::NoLook })
}

/// A reason for a page.
pub(super) fn reason(reason: Reason) -> LookReason {
    LookReason {
        cause: match reason.cause {
            Cause::Login => LookCause::Login,
            Cause::Notices => LookCause::Notices,
            Cause::Letter => LookCause::Letter,
            Cause::Lock => LookCause::Lock,
            Cause::Protected => LookCause::Protected,
            Cause::Other => LookCause::Other,
        },
        words: reason.words,
    }
}

fn look_row(told: Told) -> LookRow {
    LookRow {
        id: told.id.to_string(),
        reason: reason(told.reason),
        stands: match told.standing {
            Standing::Open => LookStands::Open,
            Standing::Waiting => LookStands::Waiting,
            Standing::Refused => LookStands::Refused,
            Standing::Over => LookStands::Over,
        },
        asked_at: told.asked_at,
        ends_at: told.ends_at,
    }
}

fn when(when: When) -> AccountWhen {
    match when {
        When::At(at) => AccountWhen::At(at),
        When::On(day) => AccountWhen::On(day),
    }
}

fn hidden(hidden: Hidden) -> Shown {
    match hidden {
        Hidden::Written(text) => Shown::Written(text),
        Hidden::Browser(device) => Shown::Browser {
            name: device.browser.map(|it| it.name().to_owned()),
            system: device.system.map(|it| it.name().to_owned()),
        },
    }
}

fn shown(account: account::Account) -> Account {
    Account {
        look: look_row(account.look),
        protected: account.protected,
        opened: when(account.opened),
        closed: account.closed.map(|(why, since)| (why_closed(why), when(since))),
        locked: account.locked.map(when),
        contacts: account
            .contacts
            .map(|contacts| contacts.into_iter().map(contact).collect()),
        notices: account.notices.rows.into_iter().map(notice).collect(),
        more_notices: account.notices.next,
        sessions: account.sessions.into_iter().map(session).collect(),
        arrivals: account
            .arrivals
            .rows
            .into_iter()
            .map(|one| Arrived {
                at: when(one.at),
                state: arrived(one.state),
            })
            .collect(),
        more_arrivals: account.arrivals.next,
        far: account.far.map(far),
    }
}

fn why_closed(why: Why) -> Closed {
    match why {
        Why::Moved => Closed::Moved,
        Why::Left => Closed::Left,
        Why::Ended => Closed::Ended,
    }
}

fn contact(contact: account::Contact) -> AccountContact {
    AccountContact {
        handle: contact.handle,
        channel: channel(contact.channel),
        shown: hidden(contact.shown),
        stands: match contact.stands {
            account::ContactStands::Confirmed(at) => ContactStands::Confirmed(when(at)),
            account::ContactStands::Waiting => ContactStands::Waiting,
            account::ContactStands::Broken(at, number) => ContactStands::Broken(when(at), number),
        },
    }
}

fn notice(notice: account::Notice) -> AccountNotice {
    AccountNotice {
        handle: notice.handle,
        at: when(notice.at),
        kind: kind(notice.kind),
        letters: notice.letters,
        to: notice.to.map(|(way, to)| (channel(way), hidden(to))),
        state: state(notice.state),
        attempts: notice.attempts,
        means: notice.meaning.map(|(way, meaning)| (channel(way), means(meaning))),
        arrived: notice.arrived.map(when),
        again: notice.again,
    }
}

fn session(session: account::Session) -> AccountSession {
    AccountSession {
        handle: session.handle,
        device: session.device,
        since: when(session.since),
        seen: when(session.seen),
    }
}

fn arrived(state: ArrivalState) -> ArrivedState {
    match state {
        ArrivalState::Unread => ArrivedState::Unread,
        ArrivalState::Read => ArrivedState::Read,
        ArrivalState::Binned => ArrivedState::Binned,
    }
}

fn far(says: look::FarSays) -> FarSays {
    match says {
        look::FarSays::Here => FarSays::Here,
        look::FarSays::Elsewhere(operator) => FarSays::Elsewhere(operator),
        look::FarSays::Nowhere => FarSays::Nowhere,
        look::FarSays::Pending => FarSays::Pending,
        look::FarSays::Silent => FarSays::Silent,
        look::FarSays::Protected => FarSays::Protected,
    }
}

fn traced(call: trace::Traced, name: impl Fn(OrganisationNumber) -> String) -> TraceCall {
    TraceCall {
        at: when(call.at),
        outcome: match call.outcome {
            CallOutcome::Delivered => TraceOutcome::Delivered,
            CallOutcome::Duplicate => TraceOutcome::Duplicate,
            CallOutcome::NotHere => TraceOutcome::NotHere,
            CallOutcome::Refused => TraceOutcome::Refused,
            CallOutcome::Failed => TraceOutcome::Failed,
        },
        code: call.code,
        call_id: call.call_id.map(|id| id.to_string()),
        sender: call.sender.map(name),
        stored: call.stored.map(|stored| TraceStored {
            at: when(stored.at),
            letters: stored.letters.into_iter().map(arrived).collect(),
            notices: stored
                .notices
                .into_iter()
                .map(|one| Notified {
                    channel: channel(one.channel),
                    at: one.at,
                    state: one.state.map(state),
                    arrived: one.arrived,
                })
                .collect(),
        }),
    }
}
