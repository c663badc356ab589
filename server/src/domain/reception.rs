//! Reception rules (mottagningsregler): from whom letters come here, and from whom on paper.
//!
//! The rules are what FaR says (infrastructure.md 11 and 12); nothing here decides about a delivery. A person's ticks are kept as
//! a [`Draft`] until they are signed: what was wanted, and what FaR said when the page with the ticks was made. So a change that
//! somebody made in FaR in the meantime is seen before anything is written over it.

use super::alphabet::sort_key;
use contracts::identifier::OrganisationNumber;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A sender of Mina meddelanden, and whether its letters come here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// The sender's name.
    pub name: String,
    /// Letters come here; else on paper.
    pub digital: bool,
}

/// What FaR says of every sender.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rules(BTreeMap<OrganisationNumber, Rule>);

impl Rules {
    /// From the senders that there are and those that FaR has as accepted. Somebody accepted is a sender, even if our list of
    /// them is too old to say so.
    pub fn of(
        senders: impl IntoIterator<Item = (OrganisationNumber, String)>,
        accepted: impl IntoIterator<Item = (OrganisationNumber, String)>,
    ) -> Self {
        let rule = |digital| move |(number, name)| (number, Rule { name, digital });
        let mut rules: BTreeMap<_, _> = senders.into_iter().map(rule(false)).collect();
        rules.extend(accepted.into_iter().map(rule(true)));
        Self(rules)
    }

    /// Every sender and its rule, by number.
    pub fn iter(&self) -> impl Iterator<Item = (OrganisationNumber, &Rule)> {
        self.0.iter().map(|(number, rule)| (*number, rule))
    }

    /// Whether this sender's letters come here; nothing when it is no sender.
    pub fn digital(&self, sender: OrganisationNumber) -> Option<bool> {
        self.0.get(&sender).map(|rule| rule.digital)
    }

    /// The senders whose letters come here, with their names.
    pub fn accepted(&self) -> Vec<(OrganisationNumber, String)> {
        self.iter()
            .filter(|(_, rule)| rule.digital)
            .map(|(number, rule)| (number, rule.name.clone()))
            .collect()
    }

    /// These rules with a draft's wishes in them.
    #[must_use]
    pub fn with(&self, draft: &Draft) -> Self {
        let mut rules = self.clone();
        for (number, digital) in &draft.wanted {
            if let Some(rule) = rules.0.get_mut(number) {
                rule.digital = *digital;
            }
        }
        rules
    }
}

/// One change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The sender's number.
    pub number: OrganisationNumber,
    /// Its name.
    pub name: String,
    /// How it is to be.
    pub digital: bool,
}

/// What FaR says of a sender now, and did not say when the page was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// The sender's name.
    pub name: String,
    /// What FaR says now.
    pub now: bool,
    /// What the person chose: on the page, or by leaving it as it was.
    pub chosen: bool,
}

/// Ticks that are not signed yet.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// What the pages showed of FaR's rules when the ticks were made.
    shown: BTreeMap<OrganisationNumber, bool>,
    /// What is to be otherwise.
    wanted: BTreeMap<OrganisationNumber, bool>,
}

/// A draft holds no more senders than this: there are some hundred.
const MOST_TICKS: usize = 10_000;

impl Draft {
    /// Takes a tick: the page said `was`, the person says `wanted`. One too many is none.
    pub fn tick(&mut self, sender: OrganisationNumber, was: bool, wanted: bool) {
        if self.shown.len() >= MOST_TICKS && !self.shown.contains_key(&sender) {
            return;
        }
        // What was shown first counts: that is what the person has been told.
        let was = *self.shown.entry(sender).or_insert(was);
        if wanted == was {
            self.wanted.remove(&sender);
        } else {
            self.wanted.insert(sender, wanted);
        }
    }

    /// Whether nothing is to be changed.
    pub fn is_empty(&self) -> bool {
        self.wanted.is_empty()
    }

    /// What this draft changes in `rules`, by the senders' names.
    pub fn changes(&self, rules: &Rules) -> Vec<Change> {
        let mut changes: Vec<_> = self
            .wanted
            .iter()
            .filter_map(|(number, digital)| {
                let rule = rules.0.get(number).filter(|rule| rule.digital != *digital)?;
                Some(Change {
                    number: *number,
                    name: rule.name.clone(),
                    digital: *digital,
                })
            })
            .collect();
        changes.sort_by_key(|change| sort_key(&change.name));
        changes
    }

    /// Where FaR has changed since the pages were made, and not to what the person wants.
    pub fn conflicts(&self, now: &Rules) -> Vec<Conflict> {
        let mut conflicts: Vec<_> = self
            .shown
            .iter()
            .filter_map(|(number, shown)| {
                let rule = now.0.get(number)?;
                let chosen = self.wanted.get(number).copied().unwrap_or(*shown);
                (rule.digital != *shown && rule.digital != chosen).then(|| Conflict {
                    name: rule.name.clone(),
                    now: rule.digital,
                    chosen,
                })
            })
            .collect();
        conflicts.sort_by_key(|conflict| sort_key(&conflict.name));
        conflicts
    }

    /// The same wishes, on what FaR says now: what was left alone stays as FaR has it.
    #[must_use]
    pub fn on(&self, now: &Rules) -> Self {
        let mut draft = Self::default();
        for (number, wanted) in &self.wanted {
            if let Some(was) = now.digital(*number) {
                draft.tick(*number, was, *wanted);
            }
        }
        draft
    }
}

/// Which senders a page shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Show {
    /// Every one.
    #[default]
    All,
    /// Those that have written to this mailbox.
    Written,
    /// Those whose letters come on paper.
    Paper,
    /// Those that have joined since the person last looked through the list.
    New,
}

/// A sender as a list shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Its number.
    pub number: OrganisationNumber,
    /// Its name.
    pub name: String,
    /// What FaR says.
    pub in_register: bool,
    /// What the ticks say.
    pub digital: bool,
    /// When its newest letter came.
    pub last_letter: Option<time::OffsetDateTime>,
    /// Has joined since the person last looked through the list.
    pub new: bool,
}

impl Listed {
    fn belongs_to(&self, show: Show) -> bool {
        match show {
            Show::All => true,
            Show::Written => self.last_letter.is_some(),
            Show::Paper => !self.digital || !self.in_register,
            Show::New => self.new,
        }
    }

    /// By a part of the name, or of the number as people write it.
    fn fits(&self, folded: &str) -> bool {
        let digits: String = folded.chars().filter(char::is_ascii_digit).collect();
        let only_a_number = !digits.is_empty() && folded.chars().all(|c| c.is_ascii_digit() || c == '-');
        folded.is_empty()
            || self.name.to_lowercase().contains(folded)
            || (only_a_number && self.number.to_string().contains(&digits))
    }
}

/// Senders on one page; longer lists are parted by their first letter.
pub const ONE_PAGE: usize = 60;

/// What a page shows of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// The senders of this page, by name.
    pub rows: Vec<Listed>,
    /// The first letters that there are; none when everything fits on one page.
    pub letters: Vec<String>,
    /// The one that this page is of.
    pub letter: Option<String>,
    /// How many fit what was asked for, on all pages.
    pub found: usize,
}

/// The page of `all` that was asked for.
pub fn select(all: Vec<Listed>, show: Show, search: &str, letter: Option<&str>) -> Selection {
    let folded = search.trim().to_lowercase();
    let mut rows: Vec<_> = all
        .into_iter()
        .filter(|row| row.belongs_to(show) && row.fits(&folded))
        .collect();
    rows.sort_by_cached_key(|row| (sort_key(&row.name), row.number));
    let found = rows.len();
    if found <= ONE_PAGE {
        return Selection {
            rows,
            found,
            ..Selection::default()
        };
    }
    let mut letters: Vec<_> = rows.iter().map(|row| first_letter(&row.name)).collect();
    letters.dedup();
    let letter = letter
        .filter(|asked| letters.iter().any(|letter| letter == asked))
        .map(str::to_owned)
        .or_else(|| letters.first().cloned());
    rows.retain(|row| Some(first_letter(&row.name)) == letter);
    Selection {
        rows,
        letters,
        letter,
        found,
    }
}

/// The letter that a name stands under: what is no letter stands under `#`.
fn first_letter(name: &str) -> String {
    match name.chars().find(|c| !c.is_whitespace()) {
        Some(c) if c.is_alphabetic() => plain(c).to_uppercase().collect(),
        _ => "#".to_owned(),
    }
}

/// In lower case, without the accents that Swedish does not sort by.
fn plain(c: char) -> char {
    match c.to_lowercase().next().unwrap_or(c) {
        'à' | 'á' | 'â' | 'ã' => 'a',
        'ç' => 'c',
        'è' | 'é' | 'ê' | 'ë' => 'e',
        'ì' | 'í' | 'î' | 'ï' => 'i',
        'ñ' => 'n',
        'ò' | 'ó' | 'ô' | 'õ' => 'o',
        'ù' | 'ú' | 'û' => 'u',
        'ý' | 'ÿ' | 'ü' => 'y',
        'æ' => 'ä',
        'ø' => 'ö',
        c => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn number(n: usize) -> OrganisationNumber {
        format!("16212{n:07}").parse().unwrap()
    }

    fn rules(digital: &[bool]) -> Rules {
        Rules(
            digital
                .iter()
                .enumerate()
                .map(|(n, digital)| {
                    let rule = Rule {
                        name: format!("Kommun {n}"),
                        digital: *digital,
                    };
                    (number(n), rule)
                })
                .collect(),
        )
    }

    fn listed(name: &str, n: usize) -> Listed {
        Listed {
            number: number(n),
            name: name.to_owned(),
            in_register: true,
            digital: true,
            last_letter: None,
            new: false,
        }
    }

    #[test]
    fn a_draft_does_not_grow_without_end() {
        let mut draft = Draft::default();
        for n in 0..MOST_TICKS + 5 {
            draft.tick(number(n), true, false);
        }
        assert_eq!(draft.wanted.len(), MOST_TICKS);
        draft.tick(number(0), true, true);
        assert_eq!(draft.wanted.len(), MOST_TICKS - 1, "what is there can be changed");
    }

    #[test]
    fn a_tick_that_is_taken_back_changes_nothing() {
        let mut draft = Draft::default();
        draft.tick(number(0), true, false);
        assert!(!draft.is_empty());
        draft.tick(number(0), true, true);
        assert!(draft.is_empty());
    }

    #[test]
    fn what_the_register_changed_meanwhile_is_a_conflict_unless_it_is_what_was_wanted() {
        let mut draft = Draft::default();
        draft.tick(number(0), true, false); // turned off here, and in the register too
        draft.tick(number(1), true, true); // left on here, turned off in the register
        draft.tick(number(2), true, false); // turned off here alone
        let now = rules(&[false, false, true, false]);
        let conflicts = draft.conflicts(&now);
        assert_eq!(conflicts.len(), 1);
        assert_eq!((conflicts[0].now, conflicts[0].chosen), (false, true));
        let settled = draft.on(&now);
        assert!(settled.conflicts(&now).is_empty());
        let changes = settled.changes(&now);
        assert_eq!(
            changes.iter().map(|c| c.name.as_str()).collect::<Vec<_>>(),
            ["Kommun 2"]
        );
    }

    #[test]
    fn somebody_who_is_no_sender_any_more_is_left_out() {
        let mut draft = Draft::default();
        draft.tick(number(7), true, false);
        assert!(draft.changes(&rules(&[true])).is_empty());
        assert!(draft.conflicts(&rules(&[true])).is_empty());
    }

    #[test]
    fn an_accepted_sender_that_our_list_lacks_is_a_sender() {
        let rules = Rules::of([(number(0), "A".to_owned())], [(number(1), "B".to_owned())]);
        assert_eq!(
            (rules.digital(number(0)), rules.digital(number(1))),
            (Some(false), Some(true))
        );
    }

    #[test]
    fn names_stand_in_swedish_order_and_under_their_letter() {
        let names = [
            "Örebro kommun",
            "Älvdalen",
            "Åmål",
            "Zinkgruvan",
            "Éskilstuna",
            "Eslöv",
            "1177",
        ];
        let all = names.iter().enumerate().map(|(n, name)| listed(name, n)).collect();
        let page = select(all, Show::All, "", None);
        let order: Vec<_> = page.rows.iter().map(|row| row.name.as_str()).collect();
        assert_eq!(
            order,
            [
                "1177",
                "Éskilstuna",
                "Eslöv",
                "Zinkgruvan",
                "Åmål",
                "Älvdalen",
                "Örebro kommun"
            ]
        );
        assert_eq!(
            (first_letter("éa"), first_letter("1177"), first_letter("åmål")),
            ("E".into(), "#".into(), "Å".into())
        );
    }

    #[test]
    fn a_long_list_is_parted_by_letter_and_a_search_looks_at_all_of_it() {
        let mut all: Vec<_> = (0..150).map(|n| listed(&format!("Alfa {n:03}"), n)).collect();
        all.extend((150..300).map(|n| listed(&format!("Östra {n:03}"), n)));
        let page = select(all.clone(), Show::All, "", None);
        assert_eq!((page.found, page.rows.len(), page.letters.len()), (300, 150, 2));
        assert_eq!(page.letter.as_deref(), Some("A"));
        let page = select(all.clone(), Show::All, "", Some("Ö"));
        assert_eq!(page.rows[0].name, "Östra 150");
        let page = select(all.clone(), Show::All, " östRA 299 ", Some("A"));
        assert_eq!((page.found, page.letters.len()), (1, 0));
        assert_eq!(select(all, Show::All, "212000-0007", None).found, 1);
    }

    proptest! {
        /// Whatever was ticked in whatever order: signing gives what FaR says now, with the wishes in it and nothing else changed.
        #[test]
        fn only_what_was_wanted_is_changed(
            first in proptest::collection::vec(any::<bool>(), 1..12),
            ticks in proptest::collection::vec((0_usize..12, any::<bool>()), 0..30),
            now in proptest::collection::vec(any::<bool>(), 1..12),
        ) {
            let mut draft = Draft::default();
            let before = rules(&first);
            let mut said = BTreeMap::new();
            for (n, wanted) in ticks.iter().filter(|(n, _)| *n < first.len()) {
                draft.tick(number(*n), before.digital(number(*n)).unwrap(), *wanted);
                said.insert(*n, *wanted);
            }
            let now = rules(&now);
            let settled = draft.on(&now);
            let after = now.with(&settled);
            for (n, rule) in now.iter().enumerate().map(|(n, (_, rule))| (n, rule.digital)) {
                let wish = said.get(&n).copied().filter(|wish| Some(*wish) != before.digital(number(n)));
                prop_assert_eq!(after.digital(number(n)), Some(wish.unwrap_or(rule)));
            }
            prop_assert!(settled.conflicts(&now).is_empty());
        }
    }
}
