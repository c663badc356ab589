//! Where notices go by a person's rules, whatever their time: also by channels that the rules say "not at all" of.

use super::reach::{Reach, Way, reach};
use super::{Rules, Ways, When};
use crate::domain::channel::Channel;
use uuid::Uuid;

/// What a channel is used for although the usual rule says that it does not tell at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spare {
    /// Everything: no channel that is wanted leads to an address in use.
    Everything,
    /// What does not arrive by the others.
    WhenOthersFail,
    /// Reminders alone: no channel is wanted.
    Reminders,
}

impl Rules {
    /// The addresses that a notice of some letter goes to: of one that no rule of the person's own speaks of, or of one that a rule means.
    pub fn reached(&self, ways: &[Way]) -> Vec<Uuid> {
        let all = std::iter::once(self.usual).chain(self.own.iter().map(|own| own.ways));
        let mut reached: Vec<Uuid> = all.flat_map(|by| self.told_by(by, ways)).collect();
        reached.sort_unstable();
        reached.dedup();
        reached
    }

    /// What a channel is used for although the usual rule says "not at all"; nothing when it says something else, or the channel tells
    /// of nothing.
    pub fn spare(&self, channel: Channel, ways: &[Way]) -> Option<Spare> {
        let leads = |to: &[Uuid]| ways.iter().any(|way| way.channel == channel && to.contains(&way.id));
        if self.usual.by(channel) != When::Never {
            return None;
        }
        if self.usual.wanted().is_empty() {
            let reminded = to(reach(&self.reminder_channels(), ways, self.second_way));
            return (self.reminders.first && leads(&reminded)).then_some(Spare::Reminders);
        }
        if leads(&self.told_by(self.usual, ways)) {
            return Some(Spare::Everything);
        }
        let is_there = ways.iter().any(|way| way.channel == channel && way.is_in_use());
        (self.second_way && is_there).then_some(Spare::WhenOthersFail)
    }

    /// The addresses that are told by some ways; none when no channel is wanted, for then there is no second way either.
    fn told_by(&self, by: Ways, ways: &[Way]) -> Vec<Uuid> {
        let wanted = by.wanted();
        if wanted.is_empty() {
            return Vec::new();
        }
        to(reach(&wanted, ways, self.second_way))
    }
}

fn to(reach: Reach) -> Vec<Uuid> {
    match reach {
        Reach::To(ids) => ids,
        Reach::Broken(_) | Reach::Nowhere => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Letters, OwnRule, Reminders};
    use super::*;
    use Channel::{Email, Push, Sms};

    fn way(id: u128, channel: Channel) -> Way {
        Way {
            id: Uuid::from_u128(id),
            channel,
            confirmed: true,
            broken: false,
        }
    }

    fn usual(email: When, sms: When) -> Rules {
        Rules {
            usual: Ways {
                email,
                sms,
                push: When::Never,
            },
            ..Rules::default()
        }
    }

    #[test]
    fn the_only_number_is_told_although_the_rule_says_not_at_all() {
        let rules = usual(When::AtOnce, When::Never);
        let (mobile, mail) = (way(1, Sms), way(2, Email));
        assert_eq!(rules.spare(Sms, &[mobile]), Some(Spare::Everything));
        assert_eq!(rules.reached(&[mobile]), [mobile.id]);
        assert_eq!(rules.spare(Sms, &[mobile, mail]), Some(Spare::WhenOthersFail));
        assert_eq!(rules.reached(&[mobile, mail]), [mail.id]);
        let broken = Way { broken: true, ..mail };
        assert_eq!(rules.spare(Sms, &[mobile, broken]), Some(Spare::Everything));
        assert_eq!(rules.spare(Push, &[mobile]), None, "it leads nowhere");
        assert_eq!(rules.spare(Email, &[mail]), None, "the rule says something else");
    }

    #[test]
    fn without_a_second_way_nothing_is_spare() {
        let rules = Rules {
            second_way: false,
            ..usual(When::AtOnce, When::Never)
        };
        let (mobile, mail) = (way(1, Sms), way(2, Email));
        assert_eq!(
            (rules.spare(Sms, &[mobile]), rules.spare(Sms, &[mobile, mail])),
            (None, None)
        );
        assert!(rules.reached(&[mobile]).is_empty());
    }

    #[test]
    fn whoever_wants_no_notices_is_only_reminded() {
        let mut rules = usual(When::Never, When::Never);
        let (mobile, mail) = (way(1, Sms), way(2, Email));
        assert!(rules.reached(&[mobile, mail]).is_empty());
        assert_eq!(rules.spare(Email, &[mobile, mail]), Some(Spare::Reminders));
        assert_eq!(rules.spare(Sms, &[mobile, mail]), None);
        assert_eq!(rules.spare(Sms, &[mobile]), Some(Spare::Reminders));
        rules.reminders = Reminders {
            first: false,
            second: true,
        };
        assert_eq!(rules.spare(Email, &[mobile, mail]), None);
    }

    #[test]
    fn a_rule_of_ones_own_reaches_too() {
        let mut rules = usual(When::Weekly, When::Never);
        rules.own.push(OwnRule {
            id: Uuid::from_u128(9),
            letters: Letters::ToPay,
            ways: Ways {
                email: When::Never,
                sms: When::AtOnce,
                push: When::Never,
            },
            always: false,
        });
        let (mobile, mail) = (way(1, Sms), way(2, Email));
        assert_eq!(rules.reached(&[mobile, mail]), [mobile.id, mail.id]);
    }
}
