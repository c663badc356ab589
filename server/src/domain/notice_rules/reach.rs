//! Which of a person's addresses a message goes to, and where it goes when that fails.

use super::super::channel::Channel;
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
        fn some_ways()(marks in prop::collection::vec((any::<bool>(), any::<bool>(), any::<bool>()), 0..6)) -> Vec<Way> {
            (1..).zip(marks).map(|(id, (email, confirmed, broken))| Way {
                id: Uuid::from_u128(id),
                channel: if email { Channel::Email } else { Channel::Sms },
                confirmed,
                broken,
            }).collect()
        }
    }

    proptest! {
        /// Nothing that is to be told is dropped in silence while there is an address that works, or one that has failed.
        #[test]
        fn whoever_can_be_reached_is_reached(ways in some_ways(), wanted in prop::sample::subsequence(Channel::ALL.to_vec(), 1..=2)) {
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
