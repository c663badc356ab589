//! Mailboxes of companies: opened, ended and changed by those who sign, with a FaR that keeps books; and entered by what Authority says.

use crate::consents::entered_for;
use crate::harness::{Town, login, open_mailbox_of, person};
use crate::keep::{Home, delivery};
use async_trait::async_trait;
use contracts::identifier::{OrganisationNumber, PersonalNumber, RecipientId};
use server::domain::access::{Act, Capacity};
use server::domain::acts_for::{ActsFor, Company, Ground, Learned};
use server::domain::consent::Level;
use server::domain::handling::Step;
use server::domain::reception::Change;
use server::domain::right::Right;
use server::mailbox::access::{AskedFor, Person, Whose, enter, look_around};
use server::mailbox::access_log::{Show, read_access_log};
use server::mailbox::companies::{
    Desk, Firm, Kind, Look, Signed, Standing, ToSign, Wording, asked_again, learn, look, sign, take_back,
};
use server::mailbox::consents::{self, Offered, Typed, Wrong, answer, offer, received};
use server::mailbox::handling::{Changed, Decision, decide, remove_note, taken, work_on, write_note};
use server::mailbox::leaving::{Ended, end};
use server::mailbox::reception::{self, keep_ticks, mark_of, tick_all};
use server::mailbox::ways::ways;
use server::register::{self as far, Agreement, Register, RegisterError, Registered};
use std::collections::BTreeSet;
use std::sync::Arc;
use uuid::Uuid;

const EK_BYGG: &str = "165599999033";
const FORS_AND_GRAN: &str = "169699999042";
const UDDEN: &str = "167696999999";
const VIK: &str = "165599999066";
const FOUNDATION: &str = "168029999052";

fn eva() -> Person {
    person("196808179847", "Eva Ek")
}
fn filip() -> Person {
    person("197209239859", "Filip Fors")
}
fn greta() -> Person {
    person("198502149860", "Greta Gran")
}
fn sara() -> Person {
    person("198206309802", "Sara Sand")
}
fn tor() -> Person {
    person("197501149814", "Tor Tall")
}
fn ylva() -> Person {
    person("198805059840", "Ylva Ytter")
}
fn vera() -> Person {
    person("195803179869", "Vera Vik")
}

struct Words;

impl Wording for Words {
    fn opening(&self, company: &str, number: &str) -> String {
        format!("{company} {number} öppnar.")
    }

    fn moving(&self, company: &str, _: &str, from: &str) -> String {
        format!("{company} flyttar från {from}.")
    }

    fn rules(&self, company: &str, _: &str, changes: &[Change]) -> String {
        let names: Vec<_> = changes
            .iter()
            .map(|change| format!("{} {}", change.name, change.digital))
            .collect();
        format!("{company}: {}", names.join(", "))
    }
}

impl Town {
    fn at_desk<'a>(&'a self, person: &'a Person) -> Desk<'a> {
        self.at_desk_of(person, &*self.far)
    }

    fn at_desk_of<'a>(&'a self, person: &'a Person, far: &'a dyn Register) -> Desk<'a> {
        Desk {
            house: &self.house,
            far,
            companies: &*self.register.companies,
            rights: &*self.register.rights,
            senders: &self.senders,
            person,
        }
    }

    async fn firm(&self, person: &Person, number: &str) -> Firm {
        match look(self.at_desk(person), number.parse().unwrap(), &Words)
            .await
            .unwrap()
        {
            Look::Firm(firm) => *firm,
            other => panic!("{other:?}"),
        }
    }

    /// Reads what there is to sign, and signs it.
    async fn signs(&self, person: &Person, number: &str, kind: Kind) -> Signed {
        self.signs_by(self.at_desk(person), number, kind).await
    }

    async fn signs_by(&self, desk: Desk<'_>, number: &str, kind: Kind) -> Signed {
        let number = number.parse().unwrap();
        let mark = match look(desk, number, &Words).await.unwrap() {
            Look::Firm(firm) => firm.to_sign.iter().find(|it| it.kind == kind).map(ToSign::mark),
            _ => None,
        };
        let mark = mark.unwrap_or_default();
        sign(desk, number, &Words, (kind, &mark), login(), "sv").await.unwrap()
    }

    /// The person in a company's mailbox, as Authority says when it is asked for an act.
    async fn acting(&self, person: &Person, mailbox: Uuid) -> Person {
        let asked = asked_again(&*self.register.rights, person).await.unwrap();
        asked.at(Whose::Of(mailbox))
    }

    async fn may(&self, person: &Person, right: Right) -> bool {
        let mut tx = self.house.db.read().await.unwrap();
        enter(&mut tx, &self.house, person, right).await.unwrap().is_some()
    }

    /// Who did what in which right, the newest first.
    async fn company_log(&self, person: &Person) -> Vec<(String, Capacity, Act)> {
        let page = read_access_log(&self.house, person, Show::All, None).await.unwrap();
        let entries = page.entries.into_iter();
        entries.map(|entry| (entry.who, entry.capacity, entry.act)).collect()
    }

    /// Both sign, and the mailbox is there.
    async fn fors_and_gran(&self) -> Uuid {
        assert_eq!(
            self.signs(&filip(), FORS_AND_GRAN, Kind::Opening).await,
            Signed::MoreMustSign
        );
        match self.signs(&greta(), FORS_AND_GRAN, Kind::Opening).await {
            Signed::Done(Some(mailbox)) => mailbox,
            other => panic!("{other:?}"),
        }
    }
}

on_both_databases! {
    /// The first signature waits, others see who has signed and the very text, the second opens; the third finds it open.
    async fn a_mailbox_is_opened_when_enough_have_signed(town: Town) {
        let before = town.firm(&sara(), UDDEN).await;
        assert_eq!((before.standing, before.others.len()), (Standing::Nowhere, 2));
        assert!(before.rule.contains("två ledamöter i förening"));
        assert!(before.to_sign[0].waits.is_none() && !before.to_sign[0].is_signed);

        assert_eq!(town.signs(&sara(), UDDEN, Kind::Opening).await, Signed::MoreMustSign);
        assert_eq!(town.signs(&sara(), UDDEN, Kind::Opening).await, Signed::MoreMustSign, "twice is once");
        let mine = town.firm(&sara(), UDDEN).await;
        assert!(mine.to_sign[0].is_signed);
        let others = town.firm(&tor(), UDDEN).await.to_sign.remove(0);
        assert!(!others.is_signed);
        assert_eq!(others.text, before.to_sign[0].text);
        let waits = others.waits.clone().unwrap();
        assert_eq!((waits.signed[0].name.as_str(), waits.may_sign.len()), ("Sara Sand", 2));
        let desk = tor();
        let stale = sign(town.at_desk(&desk), UDDEN.parse().unwrap(), &Words, (Kind::Opening, "annat"), login(), "sv").await;
        assert_eq!(stale.unwrap(), Signed::ReadAgain, "only what was read is signed");

        let Signed::Done(Some(mailbox)) = town.signs(&tor(), UDDEN, Kind::Opening).await else { panic!("enough have signed") };
        let third = town.firm(&person("196909229830", "Ulf Udd"), UDDEN).await;
        assert_eq!((third.standing, third.to_sign), (Standing::Here(Some(mailbox)), vec![]));
        assert!(matches!(town.far.standing(&UDDEN.parse().unwrap()).await, Ok(far::Standing::Here)));
        let there = town.acting(&tor(), mailbox).await;
        assert_eq!(town.company_log(&there).await, [("Tor Tall".to_owned(), Capacity::Signatory, Act::OpenedMailbox)]);
        town.may_send("162021004748", UDDEN).await.unwrap();
    }

    /// Two press the button in the same moment: one mailbox, and both are told of the same one.
    async fn two_who_sign_at_once_open_one_mailbox(town: Town) {
        let (sara, tor) = (sara(), tor());
        let (one, other) = tokio::join!(town.signs(&sara, UDDEN, Kind::Opening), town.signs(&tor, UDDEN, Kind::Opening));
        let done: BTreeSet<_> = [&one, &other]
            .into_iter()
            .filter_map(|signed| match signed {
                Signed::Done(Some(mailbox)) => Some(*mailbox),
                Signed::MoreMustSign => None,
                other => panic!("{other:?}"),
            })
            .collect();
        assert_eq!(done.len(), 1, "{one:?} {other:?}");
        let firm = town.firm(&sara, UDDEN).await;
        assert_eq!((firm.standing, firm.to_sign), (Standing::Here(done.first().copied()), vec![]));
        assert!(town.may(&town.acting(&sara, *done.first().unwrap()).await, Right::Account).await);
    }

    /// The answer is lost after FaR has counted, or the house stops between FaR's yes and its own row: trying again is enough.
    async fn a_break_in_the_middle_is_survived_by_trying_again(town: Town) {
        let lost = LostAnswer { far: town.far.clone() };
        let (filip, greta) = (filip(), greta());
        let first = town.signs_by(town.at_desk_of(&filip, &lost), FORS_AND_GRAN, Kind::Opening).await;
        assert_eq!(first, Signed::MoreMustSign, "FaR has it, so it counts");
        let second = town.signs_by(town.at_desk_of(&greta, &lost), FORS_AND_GRAN, Kind::Opening).await;
        assert!(matches!(second, Signed::Done(Some(_))), "{second:?}");

        let eva = eva();
        let agreement = Agreement {
            holder: EK_BYGG.parse().unwrap(),
            person: eva.number,
            name: eva.name.clone(),
            text: Words.opening("Ek Bygg AB", EK_BYGG),
            at: town.house.clock.now(),
            login: login(),
        };
        assert_eq!(town.far.register(&agreement).await, Ok(Registered::Complete));
        assert_eq!(town.firm(&eva, EK_BYGG).await.standing, Standing::Here(None));
        let opened = town.signs(&eva, EK_BYGG, Kind::Opening).await;
        let Signed::Done(Some(mailbox)) = opened else { panic!("{opened:?}") };
        assert_eq!(town.firm(&eva, EK_BYGG).await.standing, Standing::Here(Some(mailbox)));

        town.stop_around().await;
        let down = look(town.at_desk(&greta), UDDEN.parse().unwrap(), &Words).await.unwrap();
        assert_eq!(down, Look::TryAgain);
        assert_eq!(town.signs(&greta, UDDEN, Kind::Opening).await, Signed::TryAgain);
        assert!(!take_back(town.at_desk(&greta), UDDEN.parse().unwrap(), Kind::Opening).await.unwrap());
        assert_eq!(learn(town.at_desk(&eva)).await, Learned::NoAnswer);
        assert!(asked_again(&*town.register.rights, &eva).await.is_none());
    }

    /// Each no is told apart, and nothing is done.
    async fn who_may_not_is_told_why(town: Town) {
        let seen = async |person: &Person, number: &str| look(town.at_desk(person), number.parse().unwrap(), &Words).await.unwrap();
        assert_eq!(seen(&eva(), UDDEN).await, Look::NotSignatory);
        assert_eq!(seen(&greta(), FOUNDATION).await, Look::Form);
        assert_eq!(seen(&greta(), "165599999108").await, Look::Unknown);
        assert_eq!(seen(&ylva(), EK_BYGG).await, Look::NotSignatory, "a role does not sign");
        assert_eq!(town.signs(&vera(), VIK, Kind::Opening).await, Signed::RuleNotSupported);
        assert_eq!(town.signs(&eva(), UDDEN, Kind::Opening).await, Signed::Refused);
        assert!(matches!(town.far.standing(&VIK.parse().unwrap()).await, Ok(far::Standing::Nowhere)));
    }

    /// What waits is taken back by another signatory, and then counts no more.
    async fn what_waits_is_taken_back(town: Town) {
        assert_eq!(town.signs(&sara(), UDDEN, Kind::Opening).await, Signed::MoreMustSign);
        let (tor, eva) = (tor(), eva());
        assert!(!take_back(town.at_desk(&eva), UDDEN.parse().unwrap(), Kind::Opening).await.unwrap(), "not by others");
        assert!(take_back(town.at_desk(&tor), UDDEN.parse().unwrap(), Kind::Opening).await.unwrap());
        assert!(take_back(town.at_desk(&tor), UDDEN.parse().unwrap(), Kind::Opening).await.unwrap(), "twice is once");
        let firm = town.firm(&tor, UDDEN).await;
        assert!(firm.to_sign[0].waits.is_none());
        assert_eq!(town.signs(&tor, UDDEN, Kind::Opening).await, Signed::MoreMustSign, "the other's counts no more");
    }

    /// Authority's answer at login lets in; what binds the company asks again; and who has left the board is out at that moment.
    async fn acts_of_the_account_ask_again(town: Town) {
        let Signed::Done(Some(mailbox)) = town.signs(&eva(), EK_BYGG, Kind::Opening).await else { panic!("alone is enough") };
        let learned = learn(town.at_desk(&eva())).await;
        let said = Arc::new(learned.told().unwrap().clone());
        let at_login = eva().acting(said, AskedFor::TheSession).at(Whose::Of(mailbox));
        assert!(town.may(&at_login, Right::View).await && town.may(&at_login, Right::EditSettings).await);
        assert!(!town.may(&at_login, Right::Account).await);
        assert!(town.may(&town.acting(&eva(), mailbox).await, Right::Account).await);
        assert!(!town.may(&eva().at(Whose::Of(mailbox)), Right::View).await, "who has not asked acts for nobody");
        assert!(!town.may(&town.acting(&filip(), mailbox).await, Right::View).await);

        let ylva_there = town.acting(&ylva(), mailbox).await;
        for (right, let_in) in [
            (Right::View, true),
            (Right::Forward, true),
            (Right::Organise, false),
            (Right::EditContacts, false),
            (Right::SeeAccess, false),
            (Right::Account, false),
        ] {
            assert_eq!(town.may(&ylva_there, right).await, let_in, "{right:?}");
        }

        town.kept_by_far.remove_signatory(EK_BYGG.parse().unwrap(), eva().number).await.unwrap();
        assert!(!town.may(&town.acting(&eva(), mailbox).await, Right::View).await);
    }

    /// A mailbox is ended when both have signed, and the first signature changes nothing.
    async fn a_mailbox_is_ended_by_all_together(town: Town) {
        let mailbox = town.fors_and_gran().await;
        let filip_there = town.acting(&filip(), mailbox).await;
        let text = |until: time::OffsetDateTime| format!("Vi avslutar, senast läsbar {}.", until.date());
        let until = server::domain::leaving::destroyed_at(town.house.clock.now());
        let ended = end(&town.house, &*town.far, &filip_there, text, &mark_of(&text(until)), login()).await.unwrap();
        assert_eq!(ended, Ended::MoreMustSign);
        assert!(town.company_log(&filip_there).await.contains(&("Filip Fors".to_owned(), Capacity::Signatory, Act::SignedInPart)));
        let firm = town.firm(&greta(), FORS_AND_GRAN).await;
        assert_eq!((firm.standing, firm.to_sign[0].kind), (Standing::Here(Some(mailbox)), Kind::Ending));
        assert_eq!(firm.to_sign[0].text, text(until), "what the first has signed");
        assert_eq!(town.signs(&greta(), FORS_AND_GRAN, Kind::Ending).await, Signed::Done(None));
        assert!(matches!(town.far.standing(&FORS_AND_GRAN.parse().unwrap()).await, Ok(far::Standing::Nowhere)));
        let greta_there = town.acting(&greta(), mailbox).await;
        let told = server::mailbox::leaving::told(&town.house, &greta_there).await.unwrap().unwrap();
        assert!(matches!(told.standing, server::mailbox::leaving::Standing::Ended { until: Some(_), .. }));
        assert!(town.company_log(&greta_there).await.contains(&("Greta Gran".to_owned(), Capacity::Signatory, Act::EndedMailbox)));

        // And opened again by both: with everything that was there.
        assert_eq!(town.fors_and_gran().await, mailbox);
    }

    /// Reception rules hold when both have signed the same; what waits is shown, and can be taken back.
    async fn reception_rules_are_signed_by_all_together(town: Town) {
        let mailbox = town.fors_and_gran().await;
        let filip_there = town.acting(&filip(), mailbox).await;
        let desk = reception::Desk { house: &town.house, far: &*town.far, senders: &town.senders, person: &filip_there };
        let tick = reception::Tick { sender: "162021004748".parse().unwrap(), was: true, wanted: false };
        assert!(keep_ticks(desk, &[tick]).await.unwrap());
        let words = |changes: &[Change]| Words.rules("Fors & Gran HB", FORS_AND_GRAN, changes);
        let signs_rules = async || {
            let reception::Review::Changes(changes) = reception::review(desk).await.unwrap() else { panic!("something to sign") };
            reception::sign(desk, words, &mark_of(&words(&changes)), login()).await.unwrap()
        };
        assert_eq!(signs_rules().await, reception::Signed::MoreMustSign);
        assert_eq!(reception::review(desk).await.unwrap(), reception::Review::Nothing, "the ticks are signed");
        let accepts = async || {
            let accepted = town.far.preferences(&FORS_AND_GRAN.parse().unwrap(), filip().number).await.unwrap();
            accepted.iter().any(|(number, _)| number.to_string() == "162021004748")
        };
        assert!(accepts().await, "nothing holds yet");

        let waits = town.firm(&greta(), FORS_AND_GRAN).await.to_sign.remove(0);
        assert_eq!((waits.kind, waits.is_signed), (Kind::Rules, false));
        assert_eq!(waits.text, "Fors & Gran HB: Kommun A false");
        let greta = greta();
        assert!(take_back(town.at_desk(&greta), FORS_AND_GRAN.parse().unwrap(), Kind::Rules).await.unwrap());
        assert!(town.firm(&greta, FORS_AND_GRAN).await.to_sign.is_empty());
        assert_eq!(town.signs(&greta, FORS_AND_GRAN, Kind::Rules).await, Signed::ReadAgain);

        assert!(tick_all(desk, false).await.unwrap());
        assert_eq!(signs_rules().await, reception::Signed::MoreMustSign);
        assert_eq!(town.signs(&greta, FORS_AND_GRAN, Kind::Rules).await, Signed::Done(None));
        assert!(!accepts().await);
        let acts: Vec<_> = town.company_log(&filip_there).await.into_iter().map(|(_, _, act)| act).collect();
        for act in [Act::ChangedReception, Act::TookBack, Act::SignedInPart] {
            assert!(acts.contains(&act), "{act:?}");
        }
    }

    /// What is unclear grants nothing and is named; what waits for a signature is known from the login on.
    async fn at_login_it_is_learned_for_whom_somebody_acts(town: Town) {
        let Learned::Told(said) = learn(town.at_desk(&vera())).await else { panic!("Authority answers") };
        assert!(said.companies.is_empty() && said.unclear == [VIK]);
        let Learned::Told(said) = learn(town.at_desk(&greta())).await else { panic!("Authority answers") };
        assert_eq!((said.companies.len(), said.unclear.as_slice()), (1, [FOUNDATION.to_owned()].as_slice()));
        assert!(said.waiting.is_empty());
        town.signs(&filip(), FORS_AND_GRAN, Kind::Opening).await;
        assert_eq!(learn(town.at_desk(&greta())).await.told().unwrap().waiting, [FORS_AND_GRAN]);
        assert!(learn(town.at_desk(&filip())).await.told().unwrap().waiting.is_empty(), "he has signed");
        assert_eq!(learn(town.at_desk(&town.tolvan)).await, Learned::Told(ActsFor::default()));
    }

    /// Every use case by each set of activities: let in to what they give, and to nothing else.
    async fn every_act_is_let_in_by_what_authority_grants(home: Home) {
        let house = &home.house;
        let mailbox = open_mailbox_of(house, EK_BYGG, "Ek Bygg AB").await;
        let letter = home.receive(&delivery(EK_BYGG, &["Beslut"])).await[0];
        let rights = |some: &[Right]| -> BTreeSet<String> { some.iter().map(|right| format!("{right:?}")).collect() };
        let all = ["View", "ForwardMessage", "InitiateAccountAction", "EditSettings", "EditSettingsConsent"];
        let daily: Vec<_> = Right::ALL.into_iter().filter(|right| !right.outlasts_the_session()).collect();
        let cases: [(&[&str], AskedFor, BTreeSet<String>); 6] = [
            (&all, AskedFor::ThisAct, rights(&Right::ALL)),
            (&all, AskedFor::TheSession, rights(&daily)),
            (&["View"], AskedFor::ThisAct, rights(&[Right::View, Right::Overview])),
            (&["View", "ForwardMessage"], AskedFor::ThisAct, rights(&[Right::View, Right::Overview, Right::Forward])),
            (
                &["View", "EditSettings"],
                AskedFor::ThisAct,
                rights(&[Right::View, Right::Overview, Right::Organise, Right::Arrange, Right::EditSettings, Right::EditContacts, Right::SeeAccess]),
            ),
            (&["NobodyKnows"], AskedFor::ThisAct, rights(&[])),
        ];
        for (activities, asked_for, allowed) in cases {
            let there = acting_by(activities, EK_BYGG, asked_for).at(Whose::Of(mailbox));
            assert_eq!(entered_for(house, &there, letter).await, allowed, "{activities:?} {asked_for:?}");
        }
        let another = acting_by(&all, FORS_AND_GRAN, AskedFor::ThisAct).at(Whose::Of(mailbox));
        assert_eq!(entered_for(house, &another, letter).await, rights(&[]), "another company's signatory");
    }

    /// Those who sign let somebody in to administer, who lets others in; nothing that binds the company comes with it, and whoever is put
    /// out is out at once.
    async fn an_administrator_does_all_but_what_binds_the_company(home: Home) {
        let house = &home.house;
        let mailbox = open_mailbox_of(house, EK_BYGG, "Ek Bygg AB").await;
        let letter = home.receive(&delivery(EK_BYGG, &["Till bolaget"])).await[0];
        let signs = acting_by(&["View", "EditSettingsConsent"], EK_BYGG, AskedFor::ThisAct).at(Whose::Of(mailbox));
        let through = server::domain::calendar::day_in_sweden(house.clock.now()) + time::Duration::days(30);
        let typed = |who: &Person, level, old_letters| Typed {
            number: who.number.to_string(),
            level,
            old_letters,
            senders: None,
            through: through.to_string(),
        };
        let let_in = async |by: &Person, who: &Person, level| {
            assert_eq!(offer(house, by, &typed(who, level, true)).await.unwrap(), Offered::Done);
            let asked = received(house, who).await.unwrap();
            assert!(answer(house, who, asked[0].id, true).await.unwrap());
            (asked[0].id, who.at(Whose::Of(mailbox)))
        };
        let limited = typed(&filip(), Level::Administer, false);
        assert_eq!(offer(house, &signs, &limited).await.unwrap(), Offered::Wrong(Wrong::Administers));
        let (his, filip) = let_in(&signs, &filip(), Level::Administer).await;
        let all_but_the_account = Right::ALL.into_iter().filter(|right| *right != Right::Account);
        let allowed: BTreeSet<String> = all_but_the_account.map(|right| format!("{right:?}")).collect();
        assert_eq!(entered_for(house, &filip, letter).await, allowed);

        let (hers, greta) = let_in(&filip, &greta(), Level::Read).await;
        assert!(look_around(house, &greta).await.unwrap().is_some());
        assert!(!consents::end(house, &greta, his).await.unwrap(), "who reads puts nobody out");
        assert!(consents::end(house, &signs, his).await.unwrap());
        assert!(look_around(house, &filip).await.unwrap().is_none());
        assert!(!consents::end(house, &filip, hers).await.unwrap(), "nor does who was put out");
        assert!(look_around(house, &greta).await.unwrap().is_some(), "whom they let in stays in");
    }

    /// Colleagues take letters, hand them on and say how far they have come; nobody overwrites unseen what another has decided, who only
    /// reads decides nothing, and a letter is given to nobody who may not see it.
    async fn colleagues_share_the_work(home: Home) {
        let house = &home.house;
        let mailbox = open_mailbox_of(house, EK_BYGG, "Ek Bygg AB").await;
        let letter = home.receive(&delivery(EK_BYGG, &["Till bolaget"])).await[0];
        let eva = acting_by(&["View", "EditSettings", "EditSettingsConsent"], EK_BYGG, AskedFor::ThisAct).at(Whose::Of(mailbox));
        let through = server::domain::calendar::day_in_sweden(house.clock.now()) + time::Duration::days(30);
        let let_in = async |who: &Person, level, old_letters| {
            let typed = Typed { number: who.number.to_string(), level, old_letters, senders: None, through: through.to_string() };
            assert_eq!(offer(house, &eva, &typed).await.unwrap(), Offered::Done);
            let asked = received(house, who).await.unwrap();
            assert!(answer(house, who, asked[0].id, true).await.unwrap());
            (asked[0].id, who.at(Whose::Of(mailbox)))
        };
        home.clock.advance(time::Duration::minutes(1));
        let (filips, filip) = let_in(&filip(), Level::Manage, true).await;
        let (gretas, greta) = let_in(&greta(), Level::Read, true).await;
        let (saras, sara) = let_in(&sara(), Level::Manage, false).await;
        let work = async |who: &Person| work_on(house, who, letter).await.unwrap();
        let stands = async |who: &Person| {
            let work = work(who).await.unwrap();
            (work.handling.map(|it| (it.taker, it.mine, it.step, it.by)), work.seen)
        };
        let colleagues: Vec<_> = work(&eva).await.unwrap().colleagues.into_iter().map(|it| (it.consent, it.name)).collect();
        assert_eq!(colleagues, [(filips, "Filip Fors".to_owned())], "who only reads takes none, nor who does not see it");
        assert!(work(&sara).await.is_none(), "it came before she was let in");
        assert!(work(&home.tolvan).await.is_none(), "another's letter");

        for consent in [gretas, saras, Uuid::nil()] {
            assert_eq!(decide(house, &eva, letter, Decision::To(consent), 0).await.unwrap(), Changed::NotFound);
        }
        assert_eq!(decide(house, &greta, letter, Decision::Mine, 0).await.unwrap(), Changed::NotFound);
        assert!(!work(&greta).await.unwrap().may_change);
        assert_eq!(decide(house, &eva, letter, Decision::To(filips), 0).await.unwrap(), Changed::Done);
        assert_eq!(decide(house, &eva, letter, Decision::Mine, 0).await.unwrap(), Changed::Meanwhile, "she has not seen that");
        let (given, seen) = stands(&filip).await;
        assert_eq!(given, Some(("Filip Fors".to_owned(), true, Step::Given, "Eva Ek".to_owned())));
        let taken = async |who: &Person| -> Vec<Uuid> {
            taken(house, who, None).await.unwrap().unwrap().0.into_iter().map(|(letter, _)| letter.id).collect()
        };
        assert_eq!((taken(&filip).await, taken(&eva).await), (vec![letter], vec![]));

        home.clock.advance(time::Duration::minutes(1));
        assert_eq!(decide(house, &filip, letter, Decision::Step(Step::Begun), seen).await.unwrap(), Changed::Done);
        home.clock.advance(time::Duration::minutes(1));
        let (_, seen) = stands(&eva).await;
        assert_eq!(decide(house, &eva, letter, Decision::Step(Step::Done), seen).await.unwrap(), Changed::Done);
        let (done, _) = stands(&filip).await;
        assert_eq!(done, Some(("Filip Fors".to_owned(), true, Step::Done, "Eva Ek".to_owned())));
        assert!(taken(&filip).await.is_empty());

        assert_eq!(write_note(house, &filip, letter, "
").await.unwrap(), Changed::NotTaken);
        assert_eq!(write_note(house, &filip, letter, "Ring kommunen").await.unwrap(), Changed::Done);
        assert_eq!(write_note(house, &greta, letter, "Hej").await.unwrap(), Changed::NotFound);
        let notes = work(&greta).await.unwrap().notes;
        assert_eq!((notes.len(), notes[0].author.as_str(), notes[0].mine, notes[0].text.as_str()), (1, "Filip Fors", false, "Ring kommunen"));
        assert_eq!(remove_note(house, &eva, letter, notes[0].id).await.unwrap(), Changed::NotFound, "another's");
        assert_eq!(remove_note(house, &filip, letter, notes[0].id).await.unwrap(), Changed::Done);
        assert!(work(&eva).await.unwrap().notes.is_empty());
        let log = read_access_log(house, &eva, Show::All, None).await.unwrap();
        let acts: Vec<_> = log.entries.iter().map(|entry| entry.act).collect();
        assert!(acts.contains(&Act::HandledLetter) && acts.contains(&Act::NotedOnLetter));
    }

    /// A person's own letters are nobody else's work.
    async fn in_a_persons_mailbox_nobody_shares_work(home: Home) {
        let letter = home.receive(&delivery("191212121212", &["Beslut"])).await[0];
        assert!(work_on(&home.house, &home.tolvan, letter).await.unwrap().is_none());
        assert_eq!(decide(&home.house, &home.tolvan, letter, Decision::Mine, 0).await.unwrap(), Changed::NotFound);
        assert!(taken(&home.house, &home.tolvan, None).await.unwrap().is_none());
    }

    /// The ways to other mailboxes: the company's, and no more when it is not acted for.
    async fn the_ways_lead_to_companies_too(home: Home) {
        let mailbox = open_mailbox_of(&home.house, EK_BYGG, "Ek Bygg AB").await;
        let acts = acting_by(&["View"], EK_BYGG, AskedFor::TheSession);
        let ways_of = async |person: &Person| -> Vec<(Uuid, String)> {
            ways(&home.house, person).await.unwrap().into_iter().map(|way| (way.mailbox, way.name)).collect()
        };
        assert_eq!(ways_of(&acts).await, [(mailbox, "Ek Bygg AB".to_owned())]);
        assert_eq!(ways_of(&eva()).await, []);
        let unopened = acting_by(&["View"], FORS_AND_GRAN, AskedFor::TheSession);
        assert_eq!(ways_of(&unopened).await, []);
    }
}

/// Eva, to whom Authority grants this for a company.
fn acting_by(activities: &[&str], company: &str, asked_for: AskedFor) -> Person {
    let company = Company {
        number: company.to_owned(),
        name: "Ek Bygg AB".to_owned(),
        ground: Ground::Signatory,
        activities: activities.iter().map(ToString::to_string).collect(),
    };
    let said = ActsFor {
        companies: vec![company],
        ..ActsFor::default()
    };
    eva().acting(Arc::new(said), asked_for)
}

/// A line to FaR on which what is changed arrives, and its answer never comes back.
struct LostAnswer {
    far: Arc<dyn Register>,
}

impl LostAnswer {
    fn lost(_: Result<Registered, RegisterError>) -> Result<Registered, RegisterError> {
        Err(RegisterError::Unreachable("the line broke".into()))
    }
}

#[async_trait]
impl Register for LostAnswer {
    async fn standing(&self, holder: &RecipientId) -> Result<far::Standing, RegisterError> {
        self.far.standing(holder).await
    }

    async fn standings(&self, holders: &[RecipientId]) -> Result<Vec<(RecipientId, far::Standing)>, RegisterError> {
        self.far.standings(holders).await
    }

    async fn move_here(&self, agreement: &Agreement) -> Result<Registered, RegisterError> {
        Self::lost(self.far.move_here(agreement).await)
    }

    async fn register(&self, agreement: &Agreement) -> Result<Registered, RegisterError> {
        Self::lost(self.far.register(agreement).await)
    }

    async fn deregister(&self, agreement: &Agreement) -> Result<Registered, RegisterError> {
        Self::lost(self.far.deregister(agreement).await)
    }

    async fn preferences(
        &self,
        holder: &RecipientId,
        person: PersonalNumber,
    ) -> Result<Vec<(OrganisationNumber, String)>, RegisterError> {
        self.far.preferences(holder, person).await
    }

    async fn store_preferences(
        &self,
        agreement: &Agreement,
        accepted: &[(OrganisationNumber, String)],
    ) -> Result<Registered, RegisterError> {
        Self::lost(self.far.store_preferences(agreement, accepted).await)
    }
}
