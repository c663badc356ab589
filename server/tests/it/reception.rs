//! From whom letters come here: the person's wishes, kept in a FaR that keeps books and is asked over the wire.

use crate::harness::{Town, login, person};
use async_trait::async_trait;
use contracts::identifier::{OrganisationNumber, PersonalNumber, RecipientId};
use infrastruktur::sending::SendError;
use server::domain::reception::{Change, Listed};
use server::mailbox::access::Person;
use server::mailbox::access_log::{Show, read_access_log};
use server::mailbox::reception::{
    Desk, Reception, Review, Signed, Tick, forget_ticks, keep_ticks, mark_of, open_reception, review, see_all, settle,
    sign, tick_all,
};
use server::register::{Agreement, Register, RegisterError, Registered, Standing};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

const KOMMUN_A: &str = "162021004748";
const KOMMUN_B: &str = "162021003898";

impl Town {
    fn desk(&self) -> Desk<'_> {
        self.desk_of(&self.tolvan, &*self.far)
    }

    fn desk_of<'a>(&'a self, person: &'a Person, far: &'a dyn Register) -> Desk<'a> {
        Desk {
            house: &self.house,
            far,
            senders: &self.senders,
            person,
        }
    }

    async fn seen(&self) -> Vec<Listed> {
        match open_reception(self.desk()).await.unwrap() {
            Reception::Rules { senders, .. } => senders,
            other => panic!("{other:?}"),
        }
    }

    /// What FaR says of a sender.
    async fn accepts(&self, sender: &str) -> bool {
        let accepted = self.far.preferences(&recipient(&self.tolvan), self.tolvan.number).await;
        accepted.unwrap().iter().any(|(number, _)| number.to_string() == sender)
    }

    /// Somebody changes the rules past our pages: in another window, or by another way to FaR.
    async fn changed_elsewhere(&self, without: &[&str]) {
        let mut accepted = self
            .far
            .preferences(&recipient(&self.tolvan), self.tolvan.number)
            .await
            .unwrap();
        accepted.retain(|(number, _)| !without.contains(&number.to_string().as_str()));
        let agreement = Agreement {
            holder: recipient(&self.tolvan),
            person: self.tolvan.number,
            name: self.tolvan.name.clone(),
            text: "Jag har ändrat mig.".into(),
            at: self.house.clock.now(),
            login: login(),
        };
        self.far.store_preferences(&agreement, &accepted).await.unwrap();
    }
}

fn recipient(person: &Person) -> RecipientId {
    RecipientId::Person(person.number)
}

fn tick(sender: &str, was: bool, wanted: bool) -> Tick {
    Tick {
        sender: sender.parse().unwrap(),
        was,
        wanted,
    }
}

fn text(changes: &[Change]) -> String {
    changes
        .iter()
        .map(|change| format!("{} {}", change.name, change.digital))
        .collect::<Vec<_>>()
        .join("\n")
}

/// Reads what is to be signed, and signs it.
async fn read_and_sign(desk: Desk<'_>) -> Signed {
    let Review::Changes(changes) = review(desk).await.unwrap() else {
        panic!("there is something to sign")
    };
    sign(desk, text, &mark_of(&text(&changes)), login()).await.unwrap()
}

/// A line to FaR that breaks when rules are stored: before FaR has heard, or after it has done it.
struct BrokenLine {
    far: Arc<dyn Register>,
    arrives: bool,
    down_after: bool,
    broken: AtomicBool,
}

#[async_trait]
impl Register for BrokenLine {
    async fn standing(&self, holder: &RecipientId) -> Result<Standing, RegisterError> {
        self.far.standing(holder).await
    }

    async fn standings(&self, holders: &[RecipientId]) -> Result<Vec<(RecipientId, Standing)>, RegisterError> {
        self.far.standings(holders).await
    }

    async fn move_here(&self, agreement: &Agreement) -> Result<Registered, RegisterError> {
        self.far.move_here(agreement).await
    }

    async fn register(&self, agreement: &Agreement) -> Result<Registered, RegisterError> {
        self.far.register(agreement).await
    }

    async fn deregister(&self, agreement: &Agreement) -> Result<Registered, RegisterError> {
        self.far.deregister(agreement).await
    }

    async fn preferences(
        &self,
        holder: &RecipientId,
        person: PersonalNumber,
    ) -> Result<Vec<(OrganisationNumber, String)>, RegisterError> {
        if self.broken.load(Ordering::SeqCst) && self.down_after {
            return Err(RegisterError::Unreachable("the line is down".into()));
        }
        self.far.preferences(holder, person).await
    }

    async fn store_preferences(
        &self,
        agreement: &Agreement,
        accepted: &[(OrganisationNumber, String)],
    ) -> Result<Registered, RegisterError> {
        if self.arrives {
            self.far.store_preferences(agreement, accepted).await?;
        }
        self.broken.store(true, Ordering::SeqCst);
        Err(RegisterError::Unreachable("no answer in time".into()))
    }
}

on_both_databases! {
    /// Off, signed, and on again; a sender that asks FaR is told so, and the person's log has both.
    async fn a_sender_is_sent_to_paper_and_called_back(town: Town) {
        assert_eq!(town.seen().await.iter().filter(|sender| sender.digital).count(), 4);
        town.may_send(KOMMUN_A, "191212121212").await.unwrap();

        assert!(keep_ticks(town.desk(), &[tick(KOMMUN_A, true, false), tick(KOMMUN_B, true, true)]).await.unwrap());
        assert!(town.accepts(KOMMUN_A).await, "nothing is said to FaR before it is signed");
        let row = town.seen().await.into_iter().find(|sender| sender.number.to_string() == KOMMUN_A).unwrap();
        assert_eq!((row.in_register, row.digital), (true, false));
        assert_eq!(read_and_sign(town.desk()).await, Signed::Stored);
        assert!(!town.accepts(KOMMUN_A).await);
        assert!(matches!(town.may_send(KOMMUN_A, "191212121212").await, Err(SendError::NotAccepted { .. })));
        town.may_send(KOMMUN_B, "191212121212").await.unwrap();
        assert_eq!(review(town.desk()).await.unwrap(), Review::Nothing);

        assert!(keep_ticks(town.desk(), &[tick(KOMMUN_A, false, true)]).await.unwrap());
        assert_eq!(read_and_sign(town.desk()).await, Signed::Stored);
        town.may_send(KOMMUN_A, "191212121212").await.unwrap();
        let log = read_access_log(&town.house, &town.tolvan, Show::All, None).await.unwrap();
        assert_eq!(log.entries.len(), 2);
    }

    /// All at once, and taken back before it was signed.
    async fn all_are_ticked_and_the_ticks_forgotten(town: Town) {
        assert!(tick_all(town.desk(), false).await.unwrap());
        assert!(town.seen().await.iter().all(|sender| !sender.digital && sender.in_register));
        assert!(forget_ticks(town.desk()).await.unwrap());
        assert_eq!(review(town.desk()).await.unwrap(), Review::Nothing);
        assert!(tick_all(town.desk(), false).await.unwrap());
        assert_eq!(read_and_sign(town.desk()).await, Signed::Stored);
        assert!(town.far.preferences(&recipient(&town.tolvan), town.tolvan.number).await.unwrap().is_empty());
    }

    /// What is signed is what was read.
    async fn a_text_that_changed_since_it_was_read_is_not_signed(town: Town) {
        keep_ticks(town.desk(), &[tick(KOMMUN_A, true, false)]).await.unwrap();
        let Review::Changes(read) = review(town.desk()).await.unwrap() else { panic!("one change") };
        let mark = mark_of(&text(&read));
        keep_ticks(town.desk(), &[tick(KOMMUN_B, true, false)]).await.unwrap();
        assert_eq!(sign(town.desk(), text, &mark, login()).await.unwrap(), Signed::ReadAgain);
        assert!(town.accepts(KOMMUN_A).await && town.accepts(KOMMUN_B).await);
    }

    /// FaR changed while the page was open: both are shown, nothing is stored, and the person decides.
    async fn a_change_made_elsewhere_is_shown_and_asked_about(town: Town) {
        keep_ticks(town.desk(), &[tick(KOMMUN_A, true, false), tick(KOMMUN_B, true, true)]).await.unwrap();
        let Review::Changes(read) = review(town.desk()).await.unwrap() else { panic!("one change") };
        town.changed_elsewhere(&[KOMMUN_B]).await;
        let signed = sign(town.desk(), text, &mark_of(&text(&read)), login()).await.unwrap();
        assert_eq!(signed, Signed::ReadAgain);
        assert!(town.accepts(KOMMUN_A).await, "nothing was stored");
        let Review::Conflicts(conflicts) = review(town.desk()).await.unwrap() else { panic!("a conflict") };
        assert_eq!((conflicts.len(), conflicts[0].now, conflicts[0].chosen), (1, false, true));

        assert!(settle(town.desk()).await.unwrap());
        assert_eq!(read_and_sign(town.desk()).await, Signed::Stored);
        assert!(!town.accepts(KOMMUN_A).await && !town.accepts(KOMMUN_B).await);
    }

    /// A line that breaks leaves nothing half stored, and «saved» is said only when FaR says so.
    async fn an_answer_that_is_lost_is_asked_for(town: Town) {
        keep_ticks(town.desk(), &[tick(KOMMUN_A, true, false)]).await.unwrap();
        for (arrives, down_after, expected) in [
            (false, false, Signed::NotStored),
            (false, true, Signed::Unknown),
            (true, false, Signed::Stored),
        ] {
            let line = BrokenLine { far: town.far.clone(), arrives, down_after, broken: AtomicBool::new(false) };
            assert_eq!(read_and_sign(town.desk_of(&town.tolvan, &line)).await, expected);
            assert_eq!(town.accepts(KOMMUN_A).await, !arrives);
        }
    }

    /// FaR is down: the page says so, ticks wait, and nothing is stored.
    async fn a_register_that_is_down_loses_no_tick(town: Town) {
        keep_ticks(town.desk(), &[tick(KOMMUN_A, true, false)]).await.unwrap();
        town.stop_around().await;
        assert!(matches!(open_reception(town.desk()).await.unwrap(), Reception::TryAgain));
        assert_eq!(review(town.desk()).await.unwrap(), Review::TryAgain);
        assert_eq!(sign(town.desk(), text, "any", login()).await.unwrap(), Signed::NotStored);
        assert!(keep_ticks(town.desk(), &[tick(KOMMUN_B, true, false)]).await.unwrap(), "ticks can still be made");
        assert!(!tick_all(town.desk(), false).await.unwrap());
    }

    /// Who joins after the person has looked is marked, until it has been seen; three hundred are no more work than four.
    async fn new_senders_are_pointed_out(town: Town) {
        assert!(town.seen().await.iter().all(|sender| !sender.new));
        let more = (0..300).map(|n| (format!("16212{n:07}").parse().unwrap(), format!("Kommun {n}")));
        town.kept_by_far.add_senders(more).await.unwrap();
        let seen = town.seen().await;
        assert_eq!(seen.len(), 304);
        assert_eq!(seen.iter().filter(|sender| sender.new && sender.digital).count(), 300);
        assert!(see_all(town.desk()).await.unwrap());
        assert!(town.seen().await.iter().all(|sender| !sender.new));
        assert!(tick_all(town.desk(), false).await.unwrap());
        assert_eq!(read_and_sign(town.desk()).await, Signed::Stored);
        assert_eq!(town.seen().await.len(), 304, "a new sender that is refused stays in the list, to be called back");
    }

    /// Somebody without a mailbox here, and somebody whose mailbox is elsewhere: no rules, no ticks, and nobody else's change.
    async fn nobody_elses_rules_are_reached(town: Town) {
        keep_ticks(town.desk(), &[tick(KOMMUN_A, true, false)]).await.unwrap();
        for other in [person("197503029816", "Bertil Berg"), person("198005159804", "Agnes Andersson")] {
            let desk = town.desk_of(&other, &*town.far);
            assert!(matches!(open_reception(desk).await.unwrap(), Reception::NotHere));
            assert_eq!(review(desk).await.unwrap(), Review::NotHere);
            assert!(!keep_ticks(desk, &[tick(KOMMUN_B, true, false)]).await.unwrap());
            assert!(!forget_ticks(desk).await.unwrap());
            assert!(!settle(desk).await.unwrap());
            assert!(!see_all(desk).await.unwrap());
            assert!(!tick_all(desk, false).await.unwrap());
            assert_eq!(sign(desk, text, "any", login()).await.unwrap(), Signed::NotHere);
            let asked = town.far.preferences(&recipient(&town.tolvan), other.number).await;
            assert!(matches!(asked, Err(RegisterError::Refused { code: 5002, .. })), "FaR does not tell either");
        }
        let Review::Changes(changes) = review(town.desk()).await.unwrap() else { panic!("one change") };
        assert_eq!(changes.len(), 1);
    }
}
