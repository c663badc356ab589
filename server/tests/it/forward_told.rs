//! What is passed on is told to the holder's own addresses, whatever they have said of notices.

use crate::forward_desk::{BERTIL, Desk, TOLVAN};
use crate::harness::key_of;
use crate::keep::delivery;
use infrastruktur::catcher::Kind;
use server::domain::address::Address;
use server::domain::channel::Channel::{self, Email, Sms};
use server::domain::forward::Way;
use server::domain::notice_rules::{Hour, Quiet, When};
use server::mailbox::access::find_mailbox;
use server::mailbox::forward::{Also, Days, Sent};
use server::mailbox::notice_log::notices;
use server::mailbox::notice_rules::{Changed, change};
use server::outbox::addresses::sealed;
use server::store;
use server::store::address::AddressRow;
use server::store::notice::{NoticeKind, NoticeState};
use std::collections::BTreeSet;
use time::Time;

const OWN: &str = "tolvan@example.se";
const MOBILE: &str = "+46701740605";
const ANNA: &str = "anna@example.com";

impl Desk {
    /// An address of Tolvan's, its code given back or not.
    async fn reached_at(&self, channel: Channel, address: &str, confirmed: bool) {
        let (house, now) = (&self.home.house, self.home.house.clock.now());
        let mailbox = find_mailbox(house, &self.home.tolvan).await.unwrap().unwrap();
        let (id, key) = (house.ids.at(now), key_of(house, mailbox).await);
        let address = Address::parse(channel, address).unwrap();
        let row = AddressRow {
            id,
            channel,
            address: sealed(house.ids, &key, &id, &address).unwrap(),
            confirmed_at: confirmed.then_some(now),
            code: None,
            broken: None,
        };
        let mut tx = house.db.begin().await.unwrap();
        store::address::put(&mut tx, mailbox, row).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// Passes a new letter on, and does everything that is due. Gives what was told of it: to whom, in which words.
    async fn told_of(&self, to: (Way, &str), also: Also) -> Vec<(Kind, String, String)> {
        // The same letter twice would be one.
        let subject = format!("Brev {}", self.home.house.ids.random());
        let letter = self.a_letter(&subject).await;
        self.home.run_jobs().await;
        let before = self.caught.all().len();
        let sent = self.passes_on(&self.tolvan, letter, to, also).await;
        assert!(matches!(sent, Sent::Waiting | Sent::Asking), "{sent:?}");
        self.home.run_jobs().await;
        let new = self.caught.all().into_iter().skip(before);
        new.filter(|message| message.to != to.1)
            .map(|message| (message.kind, message.to, message.text.unwrap_or_default()))
            .collect()
    }

    /// The notices about passing on in the person's own log: what, how it went.
    async fn notices_of_it(&self) -> Vec<(NoticeKind, Channel, NoticeState)> {
        let (logged, _) = notices(&self.home.house, &self.home.tolvan, None, None).await.unwrap();
        let rows = logged
            .into_iter()
            .map(|logged| (logged.row.kind, logged.row.channel, logged.row.state));
        let mut rows: Vec<_> = rows
            .filter(|(kind, ..)| matches!(kind, NoticeKind::ForwardRule | NoticeKind::Forwarded))
            .collect();
        rows.sort_by_key(|row| format!("{row:?}"));
        rows
    }
}

fn to(told: &[(Kind, String, String)]) -> BTreeSet<&str> {
    told.iter().map(|(_, to, _)| to.as_str()).collect()
}

/// Says where, when and what to do; neither the address in full nor a way in.
fn is_careful(told: &[(Kind, String, String)]) {
    for (_, _, text) in told {
        assert!(
            !text.contains("anna@") && !text.contains("http") && !text.contains("Ekeby"),
            "{text}"
        );
        assert!(text.contains("Inställningar") && text.contains("klockan"), "{text}");
    }
}

fn a_month() -> Days {
    Days::new(30).unwrap()
}

on_both_databases! {
    /// At night, with every notice switched off: told at once all the same, by every address that is confirmed.
    async fn a_rule_is_told_to_every_address(desk: Desk) {
        desk.reached_at(Email, OWN, true).await;
        desk.reached_at(Sms, MOBILE, true).await;
        desk.reached_at(Email, "other@example.se", false).await;
        let night = desk.home.house.clock.now().replace_time(Time::from_hms(23, 30, 0).unwrap());
        desk.home.clock.advance(night - desk.home.house.clock.now());
        let hour = |hour| Hour::try_from(hour).unwrap();
        let changed = change(&desk.home.house, &desk.home.tolvan, |rules| {
            (rules.usual.email, rules.usual.sms, rules.second_way) = (When::Never, When::Never, false);
            (rules.quiet, rules.free_days) = (Quiet::new(hour(18), hour(8)), true);
            rules.word = Some("Blåklocka".parse().unwrap());
            Changed::Done
        });
        assert_eq!(changed.await.unwrap(), Changed::Done);

        let told = desk.told_of((Way::Mail, ANNA), Also::Everything(a_month())).await;
        assert_eq!(to(&told), BTreeSet::from([OWN, MOBILE]));
        is_careful(&told);
        assert!(told.iter().all(|(_, _, text)| text.contains("a•••••@example.com") && text.contains("Blåklocka")), "{told:?}");
        let sent = NoticeState::Sent;
        assert_eq!(desk.notices_of_it().await, [(NoticeKind::ForwardRule, Email, sent), (NoticeKind::ForwardRule, Sms, sent)]);
        // What the rule then does is not told again, nor another letter to the same address; another rule is.
        desk.home.receive(&delivery(TOLVAN, &["Två", "Tre"])).await;
        desk.home.run_jobs().await;
        assert_eq!(desk.told_of((Way::Mail, ANNA), Also::Nothing).await, []);
        assert_eq!(desk.notices_of_it().await.len(), 2);
        let told = desk.told_of((Way::Mail, ANNA), Also::FromSender(a_month())).await;
        assert_eq!(to(&told), BTreeSet::from([OWN, MOBILE]));
    }

    async fn the_first_letter_to_an_address_is_told_and_no_other(desk: Desk) {
        desk.reached_at(Email, OWN, true).await;
        desk.reached_at(Sms, MOBILE, true).await;
        let told = desk.told_of((Way::Mail, ANNA), Also::Nothing).await;
        assert_eq!(to(&told), BTreeSet::from([OWN, MOBILE]));
        is_careful(&told);
        assert!(told.iter().all(|(_, _, text)| text.contains("a•••••@example.com")), "{told:?}");
        assert_eq!(desk.notices_of_it().await[0].0, NoticeKind::Forwarded);
        assert_eq!(desk.told_of((Way::Mail, ANNA), Also::Nothing).await, []);
        assert_eq!(desk.told_of((Way::Mail, OWN), Also::Nothing).await, [], "nobody else's address");
        let told = desk.told_of((Way::Mail, "b@example.com"), Also::Nothing).await;
        assert_eq!(to(&told), BTreeSet::from([OWN, MOBILE]));
    }

    /// Into another mailbox: a single letter waits for its holder's yes and is in the log; a rule is told, without the number.
    async fn a_rule_into_a_mailbox_is_told_without_the_number(desk: Desk) {
        desk.reached_at(Email, OWN, true).await;
        assert_eq!(desk.told_of((Way::Mailbox, BERTIL), Also::Nothing).await, []);
        let told = desk.told_of((Way::Mailbox, BERTIL), Also::Everything(a_month())).await;
        assert_eq!(to(&told), BTreeSet::from([OWN]));
        is_careful(&told);
        let text = &told[0].2;
        assert!(text.contains("någon annans brevlåda") && !text.contains("9816") && !text.contains("Bertil"), "{text}");
    }

    async fn without_an_address_the_letter_goes_and_nobody_is_told(desk: Desk) {
        desk.reached_at(Email, OWN, false).await;
        assert_eq!(desk.told_of((Way::Mail, ANNA), Also::Everything(a_month())).await, []);
        assert_eq!(desk.caught.all().last().unwrap().to, ANNA);
        assert_eq!(desk.notices_of_it().await, []);
    }
}
