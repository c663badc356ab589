//! When and how the person who is logged in is told of letters.

use super::contacts::{address_id, channel, shown};
use super::ports::unavailable;
use crate::domain::answer::{self, Meaning};
use crate::domain::channel::Channel as Way;
use crate::domain::notice_rules as rules;
use crate::house::House;
use crate::mailbox::access::Person;
use crate::mailbox::notice_rules::{self, Changed};
use crate::mailbox::{notice_log, notice_try};
use crate::store::notice as store;
use app::ports::{
    AddressId, Answer, AnswerMeans, LetterId, Letters, LogPage, LogQuery, NoticeKind, NoticePage, NoticeRow,
    NoticeState, Notices, OwnRule, OwnRuleForm, PortError, Preview, RulesForm, Saved, SavedOwn, Says, Sender, Spare,
    Tested, WaitingRow, When,
};
use async_trait::async_trait;
use time::Weekday;
use uuid::Uuid;

/// The notices of one mailbox, for its holder.
pub(super) struct OwnNotices {
    pub(super) house: House,
    pub(super) person: Person,
    /// What people type to get here.
    pub(super) host: String,
}

#[async_trait]
impl Notices for OwnNotices {
    async fn rules(&self, typed: bool) -> Result<NoticePage, PortError> {
        let current = notice_rules::current(&self.house, &self.person).await;
        let current = current.map_err(unavailable)?.ok_or(PortError::NotFound)?;
        let typed = current.typed.filter(|_| typed);
        let unsaved = typed.is_some();
        let form = typed.unwrap_or_else(|| form_of(&current.rules));
        // What cannot be saved is shown as it would be without the word that is not one.
        let mut shown = current.rules.clone();
        if put_form(&mut shown, &form) == Saved::NotAWord {
            let without_word = RulesForm {
                word: String::new(),
                ..form.clone()
            };
            put_form(&mut shown, &without_word);
        }
        let previews = notice_rules::shown(current.language, &self.host, &shown, current.company.as_deref())
            .map_err(unavailable)?;
        Ok(NoticePage {
            form,
            unsaved,
            undoable: current.undoable,
            own: current.rules.own.iter().map(own_rule).collect(),
            zones: rules::ZONES.iter().map(|zone| (*zone).to_owned()).collect(),
            previews: previews
                .into_iter()
                .map(|shown| Preview {
                    channel: channel(shown.channel),
                    subject: shown.subject,
                    text: shown.text,
                })
                .collect(),
            spare: Way::ALL
                .into_iter()
                .filter_map(|way| Some((channel(way), spare(shown.spare(way, &current.ways)?))))
                .collect(),
        })
    }

    async fn save(&self, form: RulesForm) -> Result<Saved, PortError> {
        let saved = put_form(&mut rules::Rules::default(), &form);
        if saved != Saved::Done {
            self.try_out(form).await?;
            return Ok(saved);
        }
        let change = |rules: &mut rules::Rules| {
            put_form(rules, &form);
            Changed::Done
        };
        match notice_rules::change(&self.house, &self.person, change)
            .await
            .map_err(unavailable)?
        {
            Changed::Done => Ok(Saved::Done),
            Changed::NotFound | Changed::Already | Changed::Full => Err(PortError::NotFound),
        }
    }

    async fn try_out(&self, form: RulesForm) -> Result<(), PortError> {
        // What a browser sends by itself is bounded; what anybody else sends is cut.
        let form = RulesForm {
            word: form.word.chars().take(100).collect(),
            zone: form.zone.chars().take(100).collect(),
            ..form
        };
        notice_rules::keep_typed(&self.house, &self.person, &form)
            .await
            .map_err(unavailable)
    }

    async fn undo(&self) -> Result<(), PortError> {
        match notice_rules::undo(&self.house, &self.person)
            .await
            .map_err(unavailable)?
        {
            Changed::Done => Ok(()),
            _ => Err(PortError::NotFound),
        }
    }

    async fn senders(&self) -> Result<Vec<Sender>, PortError> {
        let found = notice_rules::senders(&self.house, &self.person)
            .await
            .map_err(unavailable)?;
        let mut senders: Vec<Sender> = found
            .into_iter()
            .map(|(number, name)| Sender { number, name })
            .collect();
        senders.sort_by_key(|sender| sender.name.to_lowercase());
        Ok(senders)
    }

    async fn save_own(&self, id: Option<String>, form: OwnRuleForm) -> Result<SavedOwn, PortError> {
        let letters = match form.letters.as_str() {
            "betala" => rules::Letters::ToPay,
            "arende" => rules::Letters::InMatter,
            number => {
                let senders = notice_rules::senders(&self.house, &self.person)
                    .await
                    .map_err(unavailable)?;
                let name = senders.get(number).cloned().ok_or(PortError::NotFound)?;
                rules::Letters::From {
                    number: number.to_owned(),
                    name,
                }
            }
        };
        let known = id
            .map(|id| Uuid::parse_str(&id))
            .transpose()
            .map_err(|_| PortError::NotFound)?;
        let rule = rules::OwnRule {
            id: known.unwrap_or_else(|| self.house.ids.random()),
            letters,
            ways: rules::Ways {
                email: when(form.email),
                sms: when(form.sms),
                push: when(form.push),
            },
            always: form.always,
        };
        let change = |rules: &mut rules::Rules| notice_rules::put_own(rules, rule, known.is_none());
        match notice_rules::change(&self.house, &self.person, change)
            .await
            .map_err(unavailable)?
        {
            Changed::Done => Ok(SavedOwn::Done),
            Changed::Already => Ok(SavedOwn::Already),
            Changed::Full => Ok(SavedOwn::Full),
            Changed::NotFound => Err(PortError::NotFound),
        }
    }

    async fn remove_own(&self, id: String) -> Result<(), PortError> {
        let id = Uuid::parse_str(&id).map_err(|_| PortError::NotFound)?;
        let change = |rules: &mut rules::Rules| notice_rules::remove_own(rules, id);
        match notice_rules::change(&self.house, &self.person, change)
            .await
            .map_err(unavailable)?
        {
            Changed::Done => Ok(()),
            _ => Err(PortError::NotFound),
        }
    }

    async fn test(&self, only: Option<AddressId>) -> Result<Tested, PortError> {
        let only = only.as_ref().map(address_id).transpose()?;
        let tested = notice_try::send_to_try(&self.house, &self.person, only)
            .await
            .map_err(unavailable)?;
        Ok(match tested {
            notice_try::ToTry::Sent(to) => Tested::Sent(to),
            notice_try::ToTry::Nowhere => Tested::Nowhere,
            notice_try::ToTry::NotWanted => Tested::NotWanted,
            notice_try::ToTry::TooMany => Tested::TooMany,
        })
    }

    async fn log(&self, query: LogQuery) -> Result<LogPage, PortError> {
        let before = query.before.as_deref().map(Uuid::parse_str).transpose();
        let before = before.map_err(|_| PortError::NotFound)?;
        let state = query.show.map(|show| match show {
            NoticeState::Waiting => store::NoticeState::Waiting,
            NoticeState::Sent => store::NoticeState::Sent,
            NoticeState::Failed => store::NoticeState::Failed,
            NoticeState::NotNeeded => store::NoticeState::NotNeeded,
        });
        let (logged, next) = notice_log::notices(&self.house, &self.person, state, before)
            .await
            .map_err(unavailable)?;
        let shows_waiting = before.is_none() && matches!(query.show, None | Some(NoticeState::Waiting));
        let waiting = if shows_waiting {
            notice_rules::waiting(&self.house, &self.person)
                .await
                .map_err(unavailable)?
        } else {
            Vec::new()
        };
        Ok(LogPage {
            waiting: waiting
                .into_iter()
                .map(|round| WaitingRow {
                    at: round.due_at,
                    channel: channel(round.channel),
                    letters: u32::try_from(round.letters).unwrap_or(u32::MAX),
                })
                .collect(),
            notices: logged.into_iter().map(notice_row).collect(),
            next: next.map(|id| id.to_string()),
        })
    }
}

fn notice_row(logged: notice_log::Logged) -> NoticeRow {
    let row = logged.row;
    NoticeRow {
        at: row.at,
        kind: kind(row.kind),
        channel: channel(row.channel),
        to: shown(&logged.to),
        state: state(row.state),
        attempts: u32::try_from(row.attempts).unwrap_or(u32::MAX),
        answer: logged.answer.map(|words| Answer {
            means: means(answer::meaning(row.channel, &words)),
            words,
        }),
        arrived_at: row.arrived_at,
        letter: row.letter_id.map(|id| LetterId(id.to_string())),
        letters: u32::try_from(row.letters).unwrap_or(u32::MAX),
    }
}

/// What a notice is about, for a page.
pub(super) fn kind(kind: store::NoticeKind) -> NoticeKind {
    match kind {
        store::NoticeKind::Letters => NoticeKind::Letters,
        store::NoticeKind::Reminder => NoticeKind::Reminder,
        store::NoticeKind::Test => NoticeKind::Test,
        store::NoticeKind::Added => NoticeKind::Added,
        store::NoticeKind::Removed => NoticeKind::Removed,
        store::NoticeKind::Broken => NoticeKind::Broken,
        store::NoticeKind::ForwardRule => NoticeKind::ForwardRule,
        store::NoticeKind::Forwarded => NoticeKind::Forwarded,
        store::NoticeKind::Helper => NoticeKind::Helper,
        store::NoticeKind::HelperEnds => NoticeKind::HelperEnds,
        store::NoticeKind::Locked => NoticeKind::Locked,
        store::NoticeKind::Unlocked => NoticeKind::Unlocked,
    }
}

/// What became of it, for a page.
pub(super) fn state(state: store::NoticeState) -> NoticeState {
    match state {
        store::NoticeState::Waiting => NoticeState::Waiting,
        store::NoticeState::Sent => NoticeState::Sent,
        store::NoticeState::Failed => NoticeState::Failed,
        store::NoticeState::NotNeeded => NoticeState::NotNeeded,
    }
}

/// What an answer means, for a page.
pub(super) fn means(meaning: Meaning) -> AnswerMeans {
    match meaning {
        Meaning::Taken => AnswerMeans::Taken,
        Meaning::NoSuchAddress => AnswerMeans::NoSuchAddress,
        Meaning::Full => AnswerMeans::Full,
        Meaning::NotReached => AnswerMeans::NotReached,
        Meaning::NotNow => AnswerMeans::NotNow,
        Meaning::NotWanted => AnswerMeans::NotWanted,
        Meaning::NotTaken => AnswerMeans::NotTaken,
    }
}

fn when(when: When) -> rules::When {
    match when {
        When::Never => rules::When::Never,
        When::AtOnce => rules::When::AtOnce,
        When::Daily => rules::When::Daily,
        When::Weekly => rules::When::Weekly,
    }
}

fn told_when(when: rules::When) -> When {
    match when {
        rules::When::Never => When::Never,
        rules::When::AtOnce => When::AtOnce,
        rules::When::Daily => When::Daily,
        rules::When::Weekly => When::Weekly,
    }
}

fn spare(spare: rules::Spare) -> Spare {
    match spare {
        rules::Spare::Everything => Spare::Everything,
        rules::Spare::WhenOthersFail => Spare::WhenOthersFail,
        rules::Spare::Reminders => Spare::Reminders,
    }
}

fn own_rule(own: &rules::OwnRule) -> OwnRule {
    OwnRule {
        id: own.id.to_string(),
        letters: match &own.letters {
            rules::Letters::From { number, name } => Letters::From(Sender {
                number: number.clone(),
                name: name.clone(),
            }),
            rules::Letters::ToPay => Letters::ToPay,
            rules::Letters::InMatter => Letters::InMatter,
        },
        email: told_when(own.ways.email),
        sms: told_when(own.ways.sms),
        push: told_when(own.ways.push),
        always: own.always,
    }
}

/// The rules as a form has them. Quiet hours that are off show the hours that most choose.
fn form_of(rules: &rules::Rules) -> RulesForm {
    let (quiet_from, quiet_to) = rules
        .quiet
        .map_or((20, 8), |quiet| (quiet.from().into(), quiet.to().into()));
    RulesForm {
        email: told_when(rules.usual.email),
        sms: told_when(rules.usual.sms),
        push: told_when(rules.usual.push),
        daily: rules.gathered.daily.into(),
        weekday: rules.gathered.weekday.number_from_monday(),
        weekly: rules.gathered.weekly.into(),
        quiet: rules.quiet.is_some(),
        quiet_from,
        quiet_to,
        free_days: rules.free_days,
        zone: rules.zone.name().to_owned(),
        says: match rules.says {
            rules::Says::Nothing => Says::Nothing,
            rules::Says::Sender => Says::Sender,
            rules::Says::SenderAndSubject => Says::SenderAndSubject,
        },
        word: rules.word.as_ref().map(ToString::to_string).unwrap_or_default(),
        first_reminder: rules.reminders.first,
        second_reminder: rules.reminders.second,
        second_way: rules.second_way,
    }
}

/// Reads a form into rules, whose own rules stay. Nothing is changed unless everything in it is right.
fn put_form(rules: &mut rules::Rules, form: &RulesForm) -> Saved {
    let word = match form.word.trim() {
        "" => None,
        word => match word.parse() {
            Ok(word) => Some(word),
            Err(rules::NotAWord) => return Saved::NotAWord,
        },
    };
    let hour = |hour: u8| rules::Hour::try_from(hour).ok();
    let read = || {
        let gathered = rules::Gathered {
            daily: hour(form.daily)?,
            weekday: Weekday::Monday.nth_next(form.weekday.checked_sub(1).filter(|day| *day < 7)?),
            weekly: hour(form.weekly)?,
        };
        let quiet = (hour(form.quiet_from)?, hour(form.quiet_to)?);
        Some((gathered, quiet, rules::Zone::named(&form.zone).ok()?))
    };
    let Some((gathered, (from, to), zone)) = read() else {
        return Saved::Wrong;
    };
    *rules = rules::Rules {
        usual: rules::Ways {
            email: when(form.email),
            sms: when(form.sms),
            push: when(form.push),
        },
        own: std::mem::take(&mut rules.own),
        gathered,
        quiet: form.quiet.then(|| rules::Quiet::new(from, to)).flatten(),
        free_days: form.free_days,
        zone,
        says: match form.says {
            Says::Nothing => rules::Says::Nothing,
            Says::Sender => rules::Says::Sender,
            Says::SenderAndSubject => rules::Says::SenderAndSubject,
        },
        word,
        reminders: rules::Reminders {
            first: form.first_reminder,
            second: form.second_reminder,
        },
        second_way: form.second_way,
    };
    Saved::Done
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_becomes_the_rules_that_it_was_made_of() {
        let mut rules = rules::Rules::default();
        let form = RulesForm {
            quiet: true,
            word: " Blåklocka ".to_owned(),
            weekday: 7,
            sms: When::Weekly,
            push: When::Daily,
            ..form_of(&rules)
        };
        assert_eq!(put_form(&mut rules, &form), Saved::Done);
        let again = form_of(&rules);
        assert_eq!(
            again,
            RulesForm {
                word: "Blåklocka".to_owned(),
                ..form
            }
        );
    }

    #[test]
    fn what_no_form_of_ours_sends_changes_nothing() {
        let right = form_of(&rules::Rules::default());
        for wrong in [
            RulesForm {
                weekday: 0,
                ..right.clone()
            },
            RulesForm {
                weekday: 8,
                ..right.clone()
            },
            RulesForm {
                daily: 24,
                ..right.clone()
            },
            RulesForm {
                zone: "Europe/Atlantis".to_owned(),
                ..right.clone()
            },
        ] {
            let mut rules = rules::Rules::default();
            assert_eq!(put_form(&mut rules, &wrong), Saved::Wrong);
            assert_eq!(rules, rules::Rules::default());
        }
        let not_a_word = RulesForm {
            word: "http://x".to_owned(),
            ..right
        };
        assert_eq!(put_form(&mut rules::Rules::default(), &not_a_word), Saved::NotAWord);
    }
}
