//! What staff see of an account and do for its holder: with a reason, for a while, and never a letter.

use crate::harness::{Database, Engine, Home, house_on, key_of, message, open_mailbox, person, rust_files};
use async_trait::async_trait;
use contracts::identifier::{OrganisationNumber, PersonalNumber, RecipientId};
use server::audit::{Found as Walked, verify};
use server::clock::HandClock;
use server::domain::access::{Act, Capacity};
use server::domain::audit::AuditAct;
use server::domain::channel::Channel;
use server::domain::look::{Cause, Reason};
use server::domain::right::Right;
use server::domain::staff::{Role, Roles};
use server::house::House;
use server::mailbox::access::{Person, enter, is_shut};
use server::mailbox::access_log::{Show, read_access_log};
use server::mailbox::forward::protect as protect_by_command;
use server::outbox::addresses::{Known, sealed};
use server::outbox::tell::{Telling, tell};
use server::register::{Agreement, Operator, Reason as FarReason, Register, RegisterError, Registered, Standing};
use server::seal::Place;
use server::store;
use server::store::address::AddressRow;
use server::store::audit::Filter;
use server::store::notice::{NoticeKind, NoticeState};
use server::store::session::SessionRow;
use server::support::SupportError;
use server::support::access::OnDuty;
use server::support::account::{Account, ArrivalState, ContactStands, Hidden, Onward, PAGE, Seen, When, see};
use server::support::account_acts::{Done, ask_again, end_sessions, lock, protect, resend, unlock};
use server::support::look::{self, FarSays, Found, Standing as Stands, TypedFind, WrongFind, find};
use server::support::register::{New, add, list};
use server::support::second::{answer, waiting};
use std::sync::Mutex;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

const TOLVAN: &str = "19121212-1212";
const EMAIL: &str = "tolvan@post.example";

/// FaR that says what it is told to say.
struct Far(Mutex<Result<Standing, RegisterError>>);

impl Far {
    fn says(&self, what: Result<Standing, RegisterError>) {
        *self.0.lock().unwrap() = what;
    }
}

#[async_trait]
impl Register for Far {
    async fn standing(&self, _: &RecipientId) -> Result<Standing, RegisterError> {
        self.0.lock().unwrap().clone()
    }

    async fn standings(&self, holders: &[RecipientId]) -> Result<Vec<(RecipientId, Standing)>, RegisterError> {
        let says = self.0.lock().unwrap().clone()?;
        Ok(holders.iter().map(|holder| (*holder, says.clone())).collect())
    }

    async fn register(&self, _: &Agreement) -> Result<Registered, RegisterError> {
        unreachable!("staff register nobody")
    }

    async fn move_here(&self, _: &Agreement) -> Result<Registered, RegisterError> {
        unreachable!("staff move nobody")
    }

    async fn deregister(&self, _: &Agreement) -> Result<Registered, RegisterError> {
        unreachable!("staff end nothing")
    }

    async fn preferences(
        &self,
        _: &RecipientId,
        _: PersonalNumber,
    ) -> Result<Vec<(OrganisationNumber, String)>, RegisterError> {
        unreachable!("staff see no rules")
    }

    async fn store_preferences(
        &self,
        _: &Agreement,
        _: &[(OrganisationNumber, String)],
    ) -> Result<Registered, RegisterError> {
        unreachable!("staff change no rules")
    }
}

fn silent() -> RegisterError {
    RegisterError::Unreachable("nobody answers".to_owned())
}

fn says_protected() -> RegisterError {
    RegisterError::Refused {
        reason: FarReason::ProtectedIdentity,
        code: 6006,
        call_id: "x".to_owned(),
    }
}

/// Two of the support, one who is of everything else, and Tolvan with letters, an address and two sessions.
struct Desk {
    home: Home,
    far: Far,
    one: OnDuty,
    other: OnDuty,
    none: OnDuty,
    mailbox: Uuid,
    address: Uuid,
}

impl Desk {
    async fn on(engine: Engine) -> Option<Self> {
        let home = Home::on(engine).await?;
        let mut duties = vec![];
        let not_support = Roles::of(Role::all().filter(|role| *role != Role::Support));
        for (user, roles) in [
            ("hanna", Roles::of([Role::Support])),
            ("ivar", Roles::of([Role::Support])),
            ("annan", not_support),
        ] {
            duties.push(on_duty(&home.house, &home.clock, user, roles).await);
        }
        let none = duties.pop().unwrap();
        let other = duties.pop().unwrap();
        let one = duties.pop().unwrap();
        let mailbox = server::mailbox::access::find_mailbox(&home.house, &home.tolvan)
            .await
            .unwrap()
            .unwrap();
        let mut desk = Self {
            far: Far(Mutex::new(Ok(Standing::Here))),
            one,
            other,
            none,
            mailbox,
            address: Uuid::nil(),
            home,
        };
        desk.address = desk.has_address().await;
        for _ in 0..2 {
            desk.logs_in().await;
        }
        Some(desk)
    }

    fn house(&self) -> &House {
        &self.home.house
    }

    fn tolvan(&self) -> &Person {
        &self.home.tolvan
    }

    async fn has_address(&self) -> Uuid {
        let house = self.house();
        let (id, key) = (house.ids.at(house.clock.now()), key_of(house, self.mailbox).await);
        let address = server::domain::address::Address::parse(Channel::Email, EMAIL).unwrap();
        let row = AddressRow {
            id,
            channel: Channel::Email,
            address: sealed(house.ids, &key, &id, &address).unwrap(),
            confirmed_at: Some(house.clock.now()),
            code: None,
            broken: None,
        };
        let mut tx = house.db.begin().await.unwrap();
        store::address::put(&mut tx, self.mailbox, row).await.unwrap();
        tx.commit().await.unwrap();
        id
    }

    async fn logs_in(&self) {
        let house = self.house();
        let (id, now): ([u8; 32], _) = (house.ids.bytes().unwrap(), house.clock.now());
        let content = serde_json::json!({
            "number": "191212121212", "name": "Tolvan", "assertion_id": "_a", "idp": "x", "level": "y", "device": "Firefox 140, Linux",
        });
        let row = SessionRow {
            id,
            mailbox_id: Some(self.mailbox),
            handle: house.ids.random().as_bytes().to_vec(),
            content: house
                .keys
                .seal_record(house.ids, &Place::new("session", &id, "content"), &content)
                .unwrap(),
            created_at: now,
            seen_at: now,
            expires_at: now + Duration::hours(1),
        };
        let mut tx = house.db.begin().await.unwrap();
        store::session::insert(&mut tx, &row).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// A letter has come and was told of, which failed.
    async fn a_notice_failed(&self) -> Uuid {
        let house = self.house();
        self.home
            .receive(("162021004748", "Kommun A"), self.tolvan(), message("Hemligt ärende"))
            .await;
        let key = key_of(house, self.mailbox).await;
        let mut tx = house.db.begin().await.unwrap();
        let letter = store::account::arrivals(&mut tx, self.mailbox, Uuid::max(), 1)
            .await
            .unwrap()[0]
            .id;
        let row = store::address::by_id(&mut tx, self.mailbox, self.address)
            .await
            .unwrap()
            .unwrap();
        let known = Known {
            address: server::domain::address::Address::parse(Channel::Email, EMAIL).unwrap(),
            row,
        };
        let telling = Telling {
            kind: NoticeKind::Letters,
            round_id: house.ids.random(),
            letters: vec![letter],
            about: None,
        };
        tell(
            &mut tx,
            house,
            (self.mailbox, &key),
            &telling,
            &known,
            NoticeState::Waiting,
        )
        .await
        .unwrap();
        let id = store::notice::page(&mut tx, self.mailbox, None, Uuid::max(), 1)
            .await
            .unwrap()[0]
            .id;
        let words = format!("550 5.1.1 <{EMAIL}> is no address of ours");
        let answer = key
            .seal(house.ids, &Place::of("notice", &id, "answer"), words.as_bytes())
            .unwrap();
        let failed = (NoticeState::Waiting, NoticeState::Failed);
        store::notice::change(&mut tx, self.mailbox, id, failed, 1, Some(answer), house.clock.now())
            .await
            .unwrap();
        tx.commit().await.unwrap();
        id
    }

    async fn finds(&self, duty: &OnDuty) -> Uuid {
        match find(self.house(), &self.far, duty, typed(TOLVAN, "notices", "Ringde i dag"))
            .await
            .unwrap()
        {
            Found::Look(id) => {
                // Ids of one moment have no order.
                self.home.clock.advance(Duration::SECOND);
                id
            }
            wrong @ Found::Wrong(..) => panic!("{wrong:?}"),
        }
    }

    async fn sees(&self, duty: &OnDuty, look: Uuid) -> Seen {
        see(self.house(), &self.far, duty, look, Onward::default())
            .await
            .unwrap()
            .unwrap()
    }

    async fn account(&self, duty: &OnDuty, look: Uuid) -> Account {
        match self.sees(duty, look).await {
            Seen::Account(account) => *account,
            Seen::Nothing(told) => panic!("{told:?}"),
        }
    }

    async fn stands(&self, duty: &OnDuty, look: Uuid) -> Stands {
        match self.sees(duty, look).await {
            Seen::Account(account) => account.look.standing,
            Seen::Nothing(told) => told.standing,
        }
    }

    /// What the holder reads of staff, newest first.
    async fn told_holder(&self) -> Vec<(Act, Option<Reason>)> {
        let page = read_access_log(self.house(), self.tolvan(), Show::Others, None)
            .await
            .unwrap();
        let of_staff = page
            .entries
            .into_iter()
            .filter(|entry| entry.capacity == Capacity::Staff);
        of_staff
            .map(|entry| {
                assert_eq!(entry.who, "", "who of the staff it was is not told");
                (entry.act, entry.reason)
            })
            .collect()
    }

    async fn audited(&self, act: AuditAct) -> usize {
        let mut tx = self.house().db.read().await.unwrap();
        let rows = store::audit::page(&mut tx, Filter::Act(act.as_str()), i64::MAX, 1_000)
            .await
            .unwrap();
        rows.len()
    }

    async fn sessions(&self) -> usize {
        let mut tx = self.house().db.read().await.unwrap();
        let now = self.house().clock.now();
        store::session::of_mailbox(&mut tx, self.mailbox, now)
            .await
            .unwrap()
            .len()
    }

    async fn kinds(&self) -> Vec<NoticeKind> {
        let mut tx = self.house().db.read().await.unwrap();
        let rows = store::notice::page(&mut tx, self.mailbox, None, Uuid::max(), 50)
            .await
            .unwrap();
        rows.into_iter().map(|row| row.kind).collect()
    }
}

async fn on_duty(house: &House, clock: &HandClock, user: &str, roles: Roles) -> OnDuty {
    let new = New {
        name: user.to_owned(),
        login: format!("{user}@5599999017").parse().unwrap(),
        roles,
        password: None,
    };
    add(house, new, "x").await.unwrap();
    let id = list(house).await.unwrap().last().unwrap().id;
    clock.advance(Duration::SECOND);
    let mut tx = house.db.read().await.unwrap();
    OnDuty::of(&mut tx, house, id).await.unwrap().unwrap()
}

fn typed(number: &str, cause: &str, words: &str) -> TypedFind {
    TypedFind {
        number: number.to_owned(),
        cause: cause.to_owned(),
        words: words.to_owned(),
    }
}

fn reason() -> Reason {
    Reason {
        cause: Cause::Notices,
        words: "Ringde i dag".to_owned(),
    }
}

on_both_databases! {
    /// With a reason, for half an hour; masked, without a word of any letter; written down here and for the holder.
    async fn an_account_is_found_and_seen(desk: Desk) {
        desk.a_notice_failed().await;
        let look = desk.finds(&desk.one).await;
        let account = desk.account(&desk.one, look).await;
        let contacts = account.contacts.clone().unwrap();
        assert_eq!(contacts.len(), 1);
        assert_eq!(contacts[0].shown, Hidden::Written("t•••@p•••.example".to_owned()));
        assert!(matches!(contacts[0].stands, ContactStands::Confirmed(When::At(_))));
        assert_eq!((account.far.clone(), account.protected, account.locked), (Some(FarSays::Here), false, None));
        assert_eq!(account.sessions.len(), 2);
        assert!(account.sessions.iter().all(|session| session.device.as_deref() == Some("Firefox 140, Linux")));
        assert_eq!(account.arrivals.rows.iter().map(|row| row.state).collect::<Vec<_>>(), [ArrivalState::Unread]);
        assert_eq!(account.notices.rows.len(), 1);
        assert!(account.notices.rows[0].again && account.notices.rows[0].meaning.is_some());
        let everything = format!("{account:?}");
        for no in ["tolvan@", EMAIL, "Hemligt", "Kommun", "162021004748", "191212121212", "Tolvansson"] {
            assert!(!everything.contains(no), "{no} in {everything}");
        }
        assert_eq!(desk.told_holder().await, [(Act::StaffLooked, Some(reason()))]);
        assert_eq!((desk.audited(AuditAct::OpenedLook).await, desk.audited(AuditAct::SawAccount).await), (1, 1));

        // FaR that is down keeps nobody from seeing the rest.
        desk.far.says(Err(silent()));
        assert_eq!(desk.account(&desk.one, look).await.far, Some(FarSays::Silent));
        assert!(see(desk.house(), &desk.far, &desk.other, look, Onward::default()).await.unwrap().is_none(), "another's");
        assert!(see(desk.house(), &desk.far, &desk.one, desk.mailbox, Onward::default()).await.unwrap().is_none());
        desk.home.clock.advance(Duration::minutes(30));
        assert_eq!(desk.stands(&desk.one, look).await, Stands::Over);
        assert_eq!(resend(desk.house(), &desk.one, look, &account.notices.rows[0].handle).await.unwrap(), Done::NoLook);
        assert!(matches!(verify(&desk.house().db, &desk.house().keys, None).await.unwrap(), Walked::Whole(_)));
    }

    /// What is not right gets a sentence, and keeps what was typed; nobody learns more than that there is none.
    async fn what_is_not_right_shows_nothing(desk: Desk) {
        let house = desk.house();
        for (number, cause, words, wrong) in [
            ("1912121212", "login", "Ringde", WrongFind::Number),
            ("", "login", "Ringde", WrongFind::Number),
            (TOLVAN, "", "Ringde", WrongFind::Cause),
            (TOLVAN, "login", " ", WrongFind::Words),
            ("197503029816", "login", "Ringde", WrongFind::Nobody),
        ] {
            let found = find(house, &desk.far, &desk.one, typed(number, cause, words)).await.unwrap();
            let Found::Wrong(told, draft) = found else { panic!("{found:?}") };
            assert_eq!(told, wrong);
            let (kept, looks) = look::form(house, &desk.one, Some(draft)).await.unwrap();
            assert_eq!(kept, Some(typed(number, cause, words)));
            assert!(looks.is_empty());
            assert_eq!(look::form(house, &desk.other, Some(draft)).await.unwrap().0, None, "theirs alone");
        }
        assert!(desk.told_holder().await.is_empty());
        assert_eq!(desk.audited(AuditAct::OpenedLook).await, 1, "that somebody searched for nobody");

        let look = desk.finds(&desk.one).await;
        assert!(look::close(house, &desk.one, look).await.unwrap() && !look::close(house, &desk.one, look).await.unwrap());
        assert_eq!(desk.stands(&desk.one, look).await, Stands::Over);
        for denied in [
            find(house, &desk.far, &desk.none, typed(TOLVAN, "login", "Ringde")).await.map(drop),
            see(house, &desk.far, &desk.none, look, Onward::default()).await.map(drop),
            lock(house, &desk.none, look, true).await.map(drop),
            waiting(house, &desk.none).await.map(drop),
            answer(house, &desk.none, look, true).await.map(drop),
        ] {
            assert!(matches!(denied, Err(SupportError::NotAllowed)), "{denied:?}");
        }
        assert_eq!(desk.audited(AuditAct::DeniedStaff).await, 5);
    }

    /// A notice again, five an hour; a session, then all; an address to be confirmed again. Each for the holder to see.
    async fn staff_help_a_holder(desk: Desk) {
        let house = desk.house();
        desk.a_notice_failed().await;
        let look = desk.finds(&desk.one).await;
        let account = desk.account(&desk.one, look).await;
        let notice = &account.notices.rows[0].handle;
        for _ in 0..5 {
            assert_eq!(resend(house, &desk.one, look, notice).await.unwrap(), Done::Done);
        }
        assert_eq!(resend(house, &desk.one, look, notice).await.unwrap(), Done::TooMany);
        assert_eq!(desk.kinds().await, vec![NoticeKind::Letters; 6]);
        let contact = &account.contacts.as_ref().unwrap()[0].handle;
        for made_up in ["", "00", contact.as_str(), account.sessions[0].handle.as_str()] {
            assert_eq!(resend(house, &desk.one, look, made_up).await.unwrap(), Done::Nothing);
        }

        assert_eq!(end_sessions(house, &desk.one, look, Some(&account.sessions[0].handle)).await.unwrap(), Done::Done);
        assert_eq!(desk.sessions().await, 1);
        assert_eq!(end_sessions(house, &desk.one, look, Some(&account.sessions[0].handle)).await.unwrap(), Done::Nothing);
        assert_eq!(end_sessions(house, &desk.one, look, None).await.unwrap(), Done::Done);
        assert_eq!(end_sessions(house, &desk.one, look, None).await.unwrap(), Done::Nothing);
        assert_eq!(desk.sessions().await, 0);

        assert_eq!(ask_again(house, &desk.one, look, contact).await.unwrap(), Done::Done);
        let contacts = desk.account(&desk.one, look).await.contacts.unwrap();
        assert_eq!(contacts[0].stands, ContactStands::Waiting);
        let mut tx = house.db.read().await.unwrap();
        assert!(store::job::counts(&mut tx).await.unwrap().iter().any(|jobs| jobs.kind == "code"));
        assert!(store::address::by_id(&mut tx, desk.mailbox, desk.address).await.unwrap().unwrap().code.is_some());
        drop(tx);
        // What went to an address that waits is not sent there again.
        desk.home.clock.advance(Duration::minutes(1));
        assert_eq!(resend(house, &desk.one, look, notice).await.unwrap(), Done::TooMany);
        let acts: Vec<Act> = desk.told_holder().await.into_iter().map(|(act, _)| act).collect();
        let count = |wanted: Act| acts.iter().filter(|act| **act == wanted).count();
        assert_eq!((count(Act::StaffResentNotice), count(Act::StaffEndedSessions), count(Act::StaffAskedAgain)), (5, 2, 1));
        let audited = (desk.audited(AuditAct::ResentNotice).await, desk.audited(AuditAct::EndedSessions).await, desk.audited(AuditAct::AskedAgain).await);
        assert_eq!(audited, (5, 2, 1), "what came to nothing has no row");
    }

    /// Nobody comes in, letters do, nothing goes on; the holder's addresses are told, and again when it is over.
    async fn a_mailbox_is_locked_and_unlocked(desk: Desk) {
        let house = desk.house();
        let look = desk.finds(&desk.one).await;
        assert_eq!(lock(house, &desk.one, look, false).await.unwrap(), Done::NotAsked);
        assert_eq!(desk.sessions().await, 2, "nothing half done");
        assert_eq!(unlock(house, &desk.one, look, true).await.unwrap(), Done::Nothing);
        assert_eq!(lock(house, &desk.one, look, true).await.unwrap(), Done::Done);
        assert_eq!(lock(house, &desk.one, look, true).await.unwrap(), Done::Nothing);
        assert_eq!(desk.sessions().await, 0);
        assert_eq!(desk.kinds().await, [NoticeKind::Locked]);
        assert!(is_shut(house, desk.tolvan()).await.unwrap() && !is_shut(house, &desk.home.agnes).await.unwrap());
        let mut tx = house.db.read().await.unwrap();
        for right in Right::ALL {
            assert!(enter(&mut tx, house, desk.tolvan(), right).await.unwrap().is_none(), "{right:?}");
        }
        drop(tx);
        desk.home.receive(("162021004748", "Kommun A"), desk.tolvan(), message("Ett brev")).await;
        let account = desk.account(&desk.one, look).await;
        assert!(account.locked.is_some());
        assert_eq!(account.arrivals.rows.len(), 1, "letters come in and are kept");

        assert_eq!(unlock(house, &desk.one, look, false).await.unwrap(), Done::NotAsked);
        assert_eq!(unlock(house, &desk.one, look, true).await.unwrap(), Done::Done);
        assert!(!is_shut(house, desk.tolvan()).await.unwrap());
        assert_eq!(desk.kinds().await.len(), 2);
        assert!(desk.kinds().await.contains(&NoticeKind::Unlocked));
        let acts: Vec<Act> = desk.told_holder().await.into_iter().map(|(act, _)| act).collect();
        assert!(acts.contains(&Act::StaffLocked) && acts.contains(&Act::StaffUnlocked));
        assert_eq!((desk.audited(AuditAct::LockedMailbox).await, desk.audited(AuditAct::UnlockedMailbox).await), (1, 1));
    }

    /// Two are needed, the second is another, and less is shown: days, no addresses, no devices.
    async fn a_protected_holder_needs_two_of_the_staff(desk: Desk) {
        let house = desk.house();
        desk.a_notice_failed().await;
        let look = desk.finds(&desk.one).await;
        let before = desk.account(&desk.one, look).await;
        assert_eq!(protect(house, &desk.one, look, false).await.unwrap(), Done::NotAsked);
        assert_eq!(protect(house, &desk.one, look, true).await.unwrap(), Done::Done);
        assert_eq!(desk.stands(&desk.one, look).await, Stands::Waiting, "this look too");
        assert_eq!(end_sessions(house, &desk.one, look, None).await.unwrap(), Done::NoLook);
        assert!(waiting(house, &desk.one).await.unwrap().is_empty(), "nobody is their own second");
        assert!(!answer(house, &desk.one, look, true).await.unwrap());

        let told = desk.told_holder().await.len();
        let second = desk.finds(&desk.one).await;
        assert_eq!(desk.stands(&desk.one, second).await, Stands::Waiting);
        assert_eq!(desk.told_holder().await.len(), told, "nothing has been seen yet");
        let waits = waiting(house, &desk.other).await.unwrap();
        assert_eq!(waits.iter().map(|look| look.id).collect::<Vec<_>>(), [look, second]);
        assert_eq!((waits[1].who.as_str(), waits[1].reason.clone()), ("hanna", reason()));
        assert!(!format!("{waits:?}").contains("1912"), "not at whose account");
        assert!(answer(house, &desk.other, look, false).await.unwrap());
        assert_eq!(desk.stands(&desk.one, look).await, Stands::Refused);
        assert!(answer(house, &desk.other, second, true).await.unwrap() && !answer(house, &desk.other, second, true).await.unwrap());
        assert_eq!(desk.told_holder().await[0], (Act::StaffLooked, Some(reason())));

        let account = desk.account(&desk.one, second).await;
        assert!(account.protected && account.contacts.is_none());
        assert!(matches!(account.opened, When::On(_)));
        assert!(account.notices.rows.iter().all(|row| row.to.is_none() && row.meaning.is_none() && matches!(row.at, When::On(_))));
        assert!(account.sessions.iter().all(|row| row.device.is_none() && matches!((row.since, row.seen), (When::On(_), When::On(_)))));
        assert!(account.arrivals.rows.iter().all(|row| matches!(row.at, When::On(_))));
        let contact = &before.contacts.unwrap()[0].handle;
        assert_eq!(ask_again(house, &desk.one, second, contact).await.unwrap(), Done::Nothing);
        assert_eq!(protect(house, &desk.one, second, true).await.unwrap(), Done::Nothing);
        assert_eq!(end_sessions(house, &desk.one, second, None).await.unwrap(), Done::Done);
        assert_eq!((desk.audited(AuditAct::AllowedLook).await, desk.audited(AuditAct::RefusedLook).await), (1, 1));

        // A mark by command, and one of FaR's, count for looks that are open too.
        assert!(protect_by_command(house, "191212121212", false).await.unwrap());
        let third = desk.finds(&desk.one).await;
        assert_eq!(desk.stands(&desk.one, third).await, Stands::Open);
        assert!(protect_by_command(house, "191212121212", true).await.unwrap());
        assert_eq!(desk.stands(&desk.one, third).await, Stands::Waiting);
        assert!(protect_by_command(house, "191212121212", false).await.unwrap());
        desk.far.says(Err(says_protected()));
        let fourth = desk.finds(&desk.one).await;
        assert_eq!(desk.stands(&desk.one, fourth).await, Stands::Waiting, "FaR says so");
        desk.home.clock.advance(Duration::hours(8));
        assert_eq!(desk.stands(&desk.one, fourth).await, Stands::Over);
        assert!(!answer(house, &desk.other, fourth, true).await.unwrap(), "too late");
    }

    /// What FaR says while the page is made counts at once.
    async fn far_says_protected_while_somebody_looks(desk: Desk) {
        let look = desk.finds(&desk.one).await;
        desk.far.says(Err(says_protected()));
        assert_eq!(desk.stands(&desk.one, look).await, Stands::Waiting);
        desk.far.says(Ok(Standing::Elsewhere(Operator { organisation: "165599999025".parse().unwrap(), name: "Annan".to_owned() })));
        assert_eq!(desk.stands(&desk.one, look).await, Stands::Waiting, "and stays");
        assert_eq!(desk.audited(AuditAct::ProtectedHolder).await, 1);
    }

    /// Part by part, by names that are good in this look alone.
    async fn lists_go_on(desk: Desk) {
        let house = desk.house();
        for n in 0..=PAGE {
            desk.home.receive(("162021004748", "Kommun A"), desk.tolvan(), message(&format!("Brev {n}"))).await;
        }
        let look = desk.finds(&desk.one).await;
        let first = desk.account(&desk.one, look).await;
        assert_eq!(first.arrivals.rows.len(), PAGE);
        let onward = |next: &Option<String>| Onward { arrivals: next.clone(), ..Onward::default() };
        let next = see(house, &desk.far, &desk.one, look, onward(&first.arrivals.next)).await.unwrap().unwrap();
        let Seen::Account(second) = next else { panic!("{next:?}") };
        assert_eq!((second.arrivals.rows.len(), second.arrivals.next.clone(), second.far.clone()), (1, None, None));
        let another = desk.finds(&desk.one).await;
        let elsewhere = see(house, &desk.far, &desk.one, another, onward(&first.arrivals.next)).await.unwrap().unwrap();
        let Seen::Account(elsewhere) = elsewhere else { panic!("{elsewhere:?}") };
        assert_eq!(elsewhere.arrivals.rows.len(), PAGE, "a name of another look is none");
    }
}

/// However many letters there are, an account is seen in a moment.
#[tokio::test]
async fn a_mailbox_with_a_hundred_thousand_letters_is_seen_at_once() {
    let desk = Desk::on(Engine::Sqlite).await.unwrap();
    let house = desk.house();
    let mut tx = house.db.begin().await.unwrap();
    let begin = house.clock.now() - Duration::days(4_000);
    for n in 0..100_000_i64 {
        let at = begin + Duration::minutes(n * 50);
        let (id, delivery) = (house.ids.at(at), house.ids.at(at));
        let insert = "INSERT INTO letter (mailbox_id, id, delivery_id, place, header, attachments, received_at) VALUES ($1, $2, $3, 0, $4, 0, $5)";
        tx.execute(insert, server::params![desk.mailbox, id, delivery, vec![0_u8; 8], at])
            .await
            .unwrap();
    }
    tx.commit().await.unwrap();
    let look = desk.finds(&desk.one).await;
    let began = std::time::Instant::now();
    let account = desk.account(&desk.one, look).await;
    assert_eq!(account.arrivals.rows.len(), PAGE);
    let took = began.elapsed();
    assert!(took < std::time::Duration::from_millis(500), "{took:?}");
}

/// The one place that takes a mailbox's key gives it to nobody, and nothing on the staff's side reads letters.
#[test]
fn nothing_of_the_staffs_side_can_open_a_letter() {
    for file in rust_files("server/src/support") {
        let path = file.path.display().to_string();
        for no in [
            "store::letter",
            "store::matter",
            "store::payment",
            "store::delivery",
            "store::search",
            "crate::original",
            "record::header",
            "MailboxKey, ",
        ] {
            assert!(!file.code.contains(no), "{no} in {path}");
        }
        let takes_keys = file.code.contains("unwrap(&row.id") || file.code.contains("MailboxKey");
        assert_eq!(takes_keys, path.ends_with("keyhole.rs"), "{path}");
    }
}

/// Whose key is gone is not found, and not seen by a look from before.
#[tokio::test]
async fn a_destroyed_mailbox_has_no_account() {
    let database = Database::on(Engine::Sqlite).await.unwrap();
    let (house, clock) = house_on(&database, OffsetDateTime::from_unix_timestamp(1_800_000_000).unwrap());
    let tolvan = person("191212121212", "Tolvan Tolvansson");
    let mailbox = open_mailbox(&house, &tolvan).await;
    let duty = on_duty(&house, &clock, "hanna", Roles::of([Role::Support])).await;
    let far = Far(Mutex::new(Ok(Standing::Nowhere)));
    let Found::Look(look) = find(&house, &far, &duty, typed(TOLVAN, "other", "Ringde"))
        .await
        .unwrap()
    else {
        panic!("there is one");
    };
    let mut tx = house.db.begin().await.unwrap();
    let destroy = "UPDATE mailbox SET state = 'destroyed', wrapped_key = $2 WHERE id = $1";
    tx.execute(destroy, server::params![mailbox, vec![0_u8; 4]])
        .await
        .unwrap();
    tx.commit().await.unwrap();
    assert!(
        see(&house, &far, &duty, look, Onward::default())
            .await
            .unwrap()
            .is_none()
    );
    let found = find(&house, &far, &duty, typed(TOLVAN, "other", "Ringde"))
        .await
        .unwrap();
    assert!(matches!(found, Found::Wrong(WrongFind::Nobody, _)), "{found:?}");
}
