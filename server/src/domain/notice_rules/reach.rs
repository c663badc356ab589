//! Which of a person's addresses a message goes to, and where it goes when that fails.

use super::super::channel::Channel;
use super::plan::Planned;
use uuid::Uuid;

/// An address, as far as it matters here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Way {
    /// The address.
    pub id: Uuid,
    /// The channel that leads to it.
    pub channel: Channel,
    /// Its code has come back.
    pub confirmed: bool,
    /// It takes nothing any more.
    pub broken: bool,
}

impl Way {
    /// Messages go there.
    pub fn is_in_use(&self) -> bool {
        self.confirmed && !self.broken
    }
}

/// Where a message goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reach {
    /// To these addresses.
    To(Vec<Uuid>),
    /// To none of these, which take nothing any more: it has failed before it was tried.
    Broken(Vec<Uuid>),
    /// There is nowhere for it to go.
    Nowhere,
}

/// Of what is planned, that which leads to an address of the person's. A channel that leads to none must not be taken by the second way,
/// hours before the one that does: it is passed over, unless there is nothing else; then the soonest is kept.
pub fn leading_somewhere(planned: Vec<Planned>, ways: &[Way]) -> Vec<Planned> {
    let leads = |planned: &Planned| ways.iter().any(|way| way.confirmed && way.channel == planned.channel);
    let (leading, other): (Vec<Planned>, Vec<Planned>) = planned.into_iter().partition(leads);
    if leading.is_empty() {
        other.into_iter().min_by_key(|planned| planned.at).into_iter().collect()
    } else {
        leading
    }
}

/// The addresses of the channels that are wanted; when none of them can be used and `second_way` allows it, those of the others.
pub fn reach(wanted: &[Channel], ways: &[Way], second_way: bool) -> Reach {
    let those = |in_use: bool, of_wanted: bool| -> Vec<Uuid> {
        ways.iter()
            .filter(|way| way.confirmed && way.broken != in_use && wanted.contains(&way.channel) == of_wanted)
            .map(|way| way.id)
            .collect()
    };
    let to = [
        those(true, true),
        if second_way { those(true, false) } else { Vec::new() },
    ]
    .into_iter()
    .find(|to| !to.is_empty());
    if let Some(to) = to {
        return Reach::To(to);
    }
    let broken = those(false, true);
    if broken.is_empty() {
        Reach::Nowhere
    } else {
        Reach::Broken(broken)
    }
}

/// How one message of several about the same thing stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tried {
    /// The address that it goes to.
    pub address: Option<Uuid>,
    /// It has failed for good.
    pub failed: bool,
}

/// Where to go on when a message has failed: nowhere while another about the same thing has arrived or is on its way, else to every
/// address that has not been tried.
pub fn second_way(tried: &[Tried], ways: &[Way]) -> Vec<Uuid> {
    if tried.iter().any(|one| !one.failed) {
        return Vec::new();
    }
    ways.iter()
        .filter(|way| way.confirmed && !way.broken && !tried.iter().any(|one| one.address == Some(way.id)))
        .map(|way| way.id)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    prop_compose! {
        fn some_ways()(marks in prop::collection::vec((0_usize..3, any::<bool>(), any::<bool>()), 0..6)) -> Vec<Way> {
            (1..).zip(marks).map(|(id, (channel, confirmed, broken))| Way {
                id: Uuid::from_u128(id),
                channel: Channel::ALL[channel],
                confirmed,
                broken,
            }).collect()
        }
    }

    proptest! {
        /// Nothing that is to be told is dropped in silence while there is an address that works, or one that has failed.
        #[test]
        fn whoever_can_be_reached_is_reached(ways in some_ways(), wanted in prop::sample::subsequence(Channel::ALL.to_vec(), 1..=3)) {
            let in_use = |way: &&Way| way.confirmed && !way.broken;
            match reach(&wanted, &ways, true) {
                Reach::To(to) => {
                    prop_assert!(!to.is_empty());
                    prop_assert!(ways.iter().filter(|way| to.contains(&way.id)).all(|way| in_use(&way)));
                }
                Reach::Broken(ids) => {
                    prop_assert!(!ids.is_empty());
                    prop_assert_eq!(ways.iter().filter(in_use).count(), 0);
                }
                Reach::Nowhere => prop_assert_eq!(ways.iter().filter(in_use).count(), 0),
            }
        }

        /// A person is told by the ways they have when there are some, and not sooner than they want.
        #[test]
        fn what_leads_nowhere_hurries_nothing(ways in some_ways(), minutes in prop::array::uniform3(0_i64..600)) {
            let now = time::OffsetDateTime::UNIX_EPOCH;
            let planned: Vec<Planned> = Channel::ALL
                .into_iter()
                .zip(minutes)
                .map(|(channel, minutes)| Planned { channel, at: now + time::Duration::minutes(minutes) })
                .collect();
            let kept = leading_somewhere(planned.clone(), &ways);
            let has = |channel| ways.iter().any(|way| way.confirmed && way.channel == channel);
            if Channel::ALL.into_iter().any(has) {
                for one in &planned {
                    prop_assert_eq!(kept.contains(one), has(one.channel));
                }
            } else {
                prop_assert_eq!(kept.len(), 1);
                prop_assert_eq!(kept[0].at, planned.iter().map(|one| one.at).min().unwrap());
            }
        }

        /// Trying on until nothing is left: each address at most once, and the end comes when one has arrived or all have failed.
        #[test]
        fn the_second_way_ends(ways in some_ways(), arrives in prop::collection::vec(any::<bool>(), 6)) {
            let mut tried: Vec<Tried> = Vec::new();
            let mut next = match reach(&[Channel::Email], &ways, true) {
                Reach::To(to) => to,
                Reach::Broken(_) | Reach::Nowhere => Vec::new(),
            };
            while !next.is_empty() {
                for id in &next {
                    prop_assert!(!tried.iter().any(|one| one.address == Some(*id)), "nobody is told twice");
                    let at = usize::try_from(id.as_u128()).unwrap() - 1;
                    tried.push(Tried { address: Some(*id), failed: !arrives[at] });
                }
                next = second_way(&tried, &ways);
            }
            let in_use = ways.iter().filter(|way| way.confirmed && !way.broken).count();
            prop_assert!(tried.iter().any(|one| !one.failed) || tried.len() == in_use);
        }
    }
}
