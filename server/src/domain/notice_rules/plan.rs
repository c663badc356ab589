//! What a letter leads to.

use super::{Letters, Rules, Ways, When};
use crate::domain::channel::Channel;
use crate::domain::letter::Header;
use time::{Date, Duration, OffsetDateTime};

/// The hour when reminders are sent.
const REMINDERS_AT: u8 = 17;

/// What rules ask of a letter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// The sender's organisation number.
    pub sender: Option<String>,
    /// It has something to pay.
    pub to_pay: bool,
    /// It belongs to a matter.
    pub in_matter: bool,
}

impl Facts {
    /// Of a letter with this header.
    pub fn of(header: &Header) -> Self {
        Self {
            sender: header.sender_number.clone(),
            to_pay: header.payment.is_some(),
            in_matter: header.matter.is_some(),
        }
    }

    fn are_meant_by(&self, letters: &Letters) -> bool {
        match letters {
            Letters::From { number, .. } => self.sender.as_deref() == Some(number),
            Letters::ToPay => self.to_pay,
            Letters::InMatter => self.in_matter,
        }
    }
}

/// One way that a person is told of a letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Planned {
    /// By this channel.
    pub channel: Channel,
    /// Not before. The same moment for everything that is told together.
    pub at: OffsetDateTime,
}

impl Rules {
    /// By which channels, and when, the person is told of a letter that came at `now`. Not at all is an answer too.
    pub fn plan(&self, letter: &Facts, now: OffsetDateTime) -> Vec<Planned> {
        let (ways, always) = self.ways_for(letter);
        let way = |channel| {
            let at = match ways.by(channel) {
                When::Never => return None,
                When::AtOnce => now,
                gathered => self.next_gathering(gathered, now),
            };
            let at = if always { at } else { self.released(at) };
            Some(Planned { channel, at })
        };
        Channel::ALL.into_iter().filter_map(way).collect()
    }

    /// The same for a letter that has waited by some channels while the rules were changed. Those it still has are kept to, so that nobody
    /// is told again by a channel that has told; when it has none of them left, it is told as if it came now.
    pub fn plan_again(&self, letter: &Facts, waited: &[Channel], now: OffsetDateTime) -> Vec<Planned> {
        let (kept, other): (Vec<Planned>, Vec<Planned>) = self
            .plan(letter, now)
            .into_iter()
            .partition(|planned| waited.contains(&planned.channel));
        if kept.is_empty() { other } else { kept }
    }

    /// Whether the person wants to hear of a letter in quiet hours and on free days too.
    pub fn is_always_told(&self, letter: &Facts) -> bool {
        self.ways_for(letter).1
    }

    /// What the first rule that means the letter says: a sender's before a kind's, then the usual.
    fn ways_for(&self, letter: &Facts) -> (Ways, bool) {
        let is_sender = |letters: &Letters| matches!(letters, Letters::From { .. });
        let meant = |by_sender| {
            let mut own = self.own.iter();
            own.find(|rule| is_sender(&rule.letters) == by_sender && letter.are_meant_by(&rule.letters))
        };
        meant(true)
            .or_else(|| meant(false))
            .map_or((self.usual, false), |rule| (rule.ways, rule.always))
    }

    /// The next time that gathered letters are told, later than `now`.
    fn next_gathering(&self, when: When, now: OffsetDateTime) -> OffsetDateTime {
        let weekly = when == When::Weekly;
        let hour = if weekly {
            self.gathered.weekly
        } else {
            self.gathered.daily
        };
        let today = self.zone.local(now).date();
        // Within eight days there is every weekday, once with its hour still to come.
        (0..=8)
            .map(|days| today + Duration::days(days))
            .filter(|day| !weekly || day.weekday() == self.gathered.weekday)
            .map(|day| self.zone.moment(day, hour.into()))
            .find(|at| *at > now)
            .unwrap_or(now)
    }

    /// The days on which somebody is reminded of a letter that came at `came`, if it is still unread then: counted by the person's
    /// own calendar.
    pub fn reminder_days(&self, came: OffsetDateTime) -> [Date; 2] {
        let day = self.zone.local(came).date();
        [Self::first_days(), Self::second_days()].map(|days| day + days)
    }

    /// When reminders of a day are sent.
    pub fn reminders_at(&self, day: Date) -> OffsetDateTime {
        self.released(self.zone.moment(day, REMINDERS_AT))
    }

    /// The letters that a reminder on `day` speaks of, as moments of arrival, from (inclusive) and to (exclusive), with whether it is
    /// the second reminder of them. Nothing for reminders that are switched off.
    pub fn reminded_of(&self, day: Date) -> Vec<(OffsetDateTime, OffsetDateTime, bool)> {
        let came = |days: Duration, second| {
            let came = day - days;
            (
                self.zone.moment(came, 0),
                self.zone.moment(came + Duration::DAY, 0),
                second,
            )
        };
        let first = self.reminders.first.then(|| came(Self::first_days(), false));
        let second = self.reminders.second.then(|| came(Self::second_days(), true));
        first.into_iter().chain(second).collect()
    }

    /// The channels that reminders go by: those of the usual rule, or e-mail for somebody who wants to hear of nothing else.
    pub fn reminder_channels(&self) -> Vec<Channel> {
        let wanted = self.usual.wanted();
        if wanted.is_empty() {
            vec![Channel::Email]
        } else {
            wanted
        }
    }

    fn first_days() -> Duration {
        Duration::days(super::Reminders::FIRST)
    }

    fn second_days() -> Duration {
        Duration::days(super::Reminders::SECOND)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Gathered, Hour, OwnRule, Quiet, ZONES, Zone};
    use super::*;
    use proptest::prelude::*;
    use time::Weekday;
    use time::macros::{date, datetime};
    use uuid::Uuid;

    fn hour(hour: u8) -> Hour {
        Hour::try_from(hour).unwrap()
    }

    fn usual(email: When, sms: When) -> Rules {
        Rules {
            usual: ways(email, sms),
            ..Rules::default()
        }
    }

    fn ways(email: When, sms: When) -> Ways {
        Ways {
            email,
            sms,
            push: When::Never,
        }
    }

    fn own(letters: Letters, email: When, sms: When, always: bool) -> OwnRule {
        OwnRule {
            id: Uuid::nil(),
            letters,
            ways: ways(email, sms),
            always,
        }
    }

    fn from(number: &str) -> Letters {
        Letters::From {
            number: number.to_owned(),
            name: "Region A".to_owned(),
        }
    }

    #[test]
    fn a_new_mailbox_is_told_at_once_by_email() {
        let now = datetime!(2027-02-03 22:30 UTC);
        let planned = Rules::default().plan(&Facts::default(), now);
        assert_eq!(
            planned,
            [Planned {
                channel: Channel::Email,
                at: now
            }]
        );
    }

    #[test]
    fn gathered_letters_are_told_at_the_hour_and_on_the_day() {
        let rules = usual(When::Daily, When::Weekly);
        let wednesday = datetime!(2027-02-03 10:00 UTC);
        let at = |rules: &Rules, now| -> Vec<OffsetDateTime> {
            rules
                .plan(&Facts::default(), now)
                .iter()
                .map(|planned| planned.at)
                .collect()
        };
        assert_eq!(
            at(&rules, wednesday),
            [datetime!(2027-02-03 16:00 UTC), datetime!(2027-02-08 08:00 UTC)]
        );
        // The stroke itself belongs to what was gathered before it.
        assert_eq!(
            at(&rules, datetime!(2027-02-03 16:00 UTC))[0],
            datetime!(2027-02-04 16:00 UTC)
        );
        // Both days when the clock is moved: 17.00 is 17.00.
        assert_eq!(
            at(&rules, datetime!(2027-03-28 05:00 UTC))[0],
            datetime!(2027-03-28 15:00 UTC)
        );
        assert_eq!(
            at(&rules, datetime!(2027-10-31 05:00 UTC))[0],
            datetime!(2027-10-31 16:00 UTC)
        );
    }

    #[test]
    fn a_senders_rule_comes_before_a_kinds_and_that_before_the_usual() {
        let mut rules = usual(When::Daily, When::Never);
        rules.quiet = Quiet::new(hour(20), hour(8));
        rules.own = vec![
            own(Letters::ToPay, When::Never, When::Never, false),
            own(from("162021004748"), When::Never, When::AtOnce, true),
        ];
        let night = datetime!(2027-02-03 23:00 UTC);
        let mut letter = Facts {
            sender: Some("162021004748".to_owned()),
            to_pay: true,
            in_matter: false,
        };
        assert_eq!(
            rules.plan(&letter, night),
            [Planned {
                channel: Channel::Sms,
                at: night
            }],
            "in quiet hours too"
        );
        assert!(rules.is_always_told(&letter));
        letter.sender = Some("162021003898".to_owned());
        assert_eq!(rules.plan(&letter, night), [], "nothing for what is to be paid");
        letter.to_pay = false;
        assert_eq!(rules.plan(&letter, night).len(), 1);
    }

    #[test]
    fn reminders_count_days_of_the_persons_calendar() {
        let rules = Rules::default();
        // Half past midnight in Stockholm, still the day before in UTC.
        let came = datetime!(2027-02-03 23:30 UTC);
        let [first, second] = rules.reminder_days(came);
        assert_eq!((first, second), (date!(2027 - 02 - 07), date!(2027 - 02 - 11)));
        for (day, is_second) in [(first, false), (second, true)] {
            let spans = rules.reminded_of(day);
            let found = spans.iter().find(|(from, to, _)| (*from..*to).contains(&came));
            assert_eq!(found.map(|(.., second)| *second), Some(is_second));
        }
        let mut off = rules.clone();
        off.reminders = super::super::Reminders {
            first: false,
            second: false,
        };
        assert_eq!(off.reminded_of(first), []);
        assert_eq!(usual(When::Never, When::Never).reminder_channels(), [Channel::Email]);
    }

    prop_compose! {
        fn whens()(at in 0_usize..4) -> When {
            [When::Never, When::AtOnce, When::Daily, When::Weekly][at]
        }
    }

    prop_compose! {
        fn some_rules()(
            email in whens(), sms in whens(), push in whens(), daily in 0_u8..24, weekly in 0_u8..24, day in 0_u8..7,
            quiet in prop::option::of((0_u8..24, 0_u8..24)), free_days in any::<bool>(), zone in prop::sample::select(ZONES.to_vec()),
        ) -> Rules {
            Rules {
                gathered: Gathered { daily: hour(daily), weekly: hour(weekly), weekday: Weekday::Monday.nth_next(day) },
                quiet: quiet.and_then(|(from, to)| Quiet::new(hour(from), hour(to))),
                free_days,
                zone: Zone::named(zone).unwrap(),
                usual: Ways { email, sms, push },
                ..Rules::default()
            }
        }
    }

    proptest! {
        #[test]
        fn every_channel_that_is_on_is_planned_soon_enough_and_never_in_a_hold(
            rules in some_rules(), seconds in 1_780_000_000_i64..1_900_000_000,
        ) {
            let now = OffsetDateTime::from_unix_timestamp(seconds).unwrap();
            let planned = rules.plan(&Facts::default(), now);
            for channel in Channel::ALL {
                let way = planned.iter().find(|planned| planned.channel == channel);
                let when = rules.usual.by(channel);
                prop_assert_eq!(way.is_some(), when != When::Never);
                let Some(way) = way else { continue };
                let longest = if when == When::Weekly { 15 } else { 9 };
                prop_assert!(way.at >= now && way.at - now <= Duration::days(longest), "{} at {}", when as u8, way.at);
                prop_assert_eq!(rules.released(way.at), way.at);
            }
        }

        /// All that comes between two gatherings is told together, and what comes later is never told earlier.
        #[test]
        fn gatherings_are_the_same_for_all_that_waits(
            rules in some_rules(), seconds in 1_780_000_000_i64..1_900_000_000, later in 0_i64..1_000_000,
        ) {
            let first = OffsetDateTime::from_unix_timestamp(seconds).unwrap();
            let second = first + Duration::seconds(later);
            for (one, other) in rules.plan(&Facts::default(), first).iter().zip(rules.plan(&Facts::default(), second)) {
                prop_assert!(one.at <= other.at);
                if rules.usual.by(one.channel) != When::AtOnce && second < one.at {
                    let held = rules.released(one.at) != one.at || rules.quiet.is_some() || rules.free_days;
                    prop_assert!(one.at == other.at || held);
                }
            }
        }

        /// Each letter is spoken of on both of its reminder days, whatever the zone, and by one span each.
        #[test]
        fn no_letter_is_left_out_of_its_reminders(rules in some_rules(), seconds in 1_780_000_000_i64..1_900_000_000) {
            let came = OffsetDateTime::from_unix_timestamp(seconds).unwrap();
            for day in rules.reminder_days(came) {
                let spans = rules.reminded_of(day);
                prop_assert_eq!(spans.iter().filter(|(from, to, _)| (*from..*to).contains(&came)).count(), 1);
                prop_assert!(rules.reminders_at(day) > came);
            }
        }
    }
}
