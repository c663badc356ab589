//! Moving between operators, and what a company's signatories must sign together.

use super::House;
use super::far::{AGREEMENT, FAR, code};
use contracts::authority::{AuthorisationStatus, SignatureAuthorisation};
use contracts::call::AnswerError;
use contracts::fault::ErrorCode;
use contracts::recipient::{
    AccountAction, AccountPreferences, ActingFor, ChangeServiceSupplier, DeletePendingAccountPreferences,
    DeletePendingChangeServiceSupplier, Deregister, GetAccountPreferences, GetPendingAccountPreferences,
    GetPendingChangeServiceSupplier, StoreAccountPreferences,
};
use infrastruktur::clock::Clock;
use infrastruktur::moving::move_to;
use infrastruktur::people;
use time::OffsetDateTime;

const TOLVAN: &str = "191212121212";
const COMPANY: &str = "169699999042";
const FILIP: &str = "197209239859";
const GRETA: &str = "198502149860";
const KOMMUN_A: &str = "162021004748";

impl House {
    async fn move_by(
        &self,
        caller: &str,
        domain: &str,
        recipient: &str,
        person: &str,
    ) -> Result<SignatureAuthorisation, AnswerError> {
        let change = ChangeServiceSupplier {
            recipient: recipient.parse().unwrap(),
            user: person.parse().unwrap(),
            operator: domain.into(),
            agreement: AGREEMENT.into(),
            signatures: vec![self.signed(caller, recipient, person, OffsetDateTime::now_utc())],
        };
        self.ask(caller, FAR, &change).await.map(|answer| answer.0)
    }

    async fn rules_by(&self, person: &str, without: &[&str]) -> SignatureAuthorisation {
        let mut preferences = self.rules(person).await;
        preferences.accepted = self.every_sender().await;
        preferences
            .accepted
            .retain(|sender| !without.contains(&sender.id.to_string().as_str()));
        let store = StoreAccountPreferences {
            recipient: COMPANY.parse().unwrap(),
            user: person.parse().unwrap(),
            preferences,
            agreement: AGREEMENT.into(),
            signatures: vec![self.signed("brevlada", COMPANY, person, OffsetDateTime::now_utc())],
        };
        self.ask("brevlada", FAR, &store).await.unwrap().0
    }

    async fn rules(&self, person: &str) -> AccountPreferences {
        let question = GetAccountPreferences {
            recipient: COMPANY.parse().unwrap(),
            user: person.parse().unwrap(),
        };
        self.ask("brevlada", FAR, &question).await.unwrap().0
    }

    async fn every_sender(&self) -> Vec<contracts::authority::Sender> {
        let senders = self
            .ask("brevlada", "/authority", &contracts::authority::GetSenders)
            .await;
        senders.unwrap().0
    }

    async fn registered_company(&self) {
        for person in [FILIP, GRETA] {
            self.register(COMPANY, person).await.unwrap();
        }
    }
}

fn acting(person: &str) -> ActingFor {
    ActingFor {
        recipient: COMPANY.parse().unwrap(),
        user: person.parse().unwrap(),
    }
}

fn status(answer: &SignatureAuthorisation) -> AuthorisationStatus {
    answer.status.unwrap()
}

#[tokio::test]
async fn a_holder_moves_away_and_back_and_the_rules_go_along() {
    let house = House::open().await;
    let port = house.running.addresses.register.port();
    let far = format!("https://localhost:{port}{FAR}");
    let person = TOLVAN.parse().unwrap();
    let clock = Clock::system();
    move_to(&house.running.pki, &far, people::ANOTHER_OPERATOR, person, &clock)
        .await
        .unwrap();
    let there = house.reach(KOMMUN_A, TOLVAN).await;
    assert_eq!(there.status.operator.unwrap().id.to_string(), people::OTHER_OPERATOR);
    assert!(there.sender_accepted);
    // Asked again it changes nothing.
    move_to(&house.running.pki, &far, people::ANOTHER_OPERATOR, person, &clock)
        .await
        .unwrap();
    let back = house
        .move_by("brevlada", people::THIS_OPERATOR.domain, TOLVAN, TOLVAN)
        .await;
    assert_eq!(status(&back.unwrap()), AuthorisationStatus::Complete);
    let here = house.reach(KOMMUN_A, TOLVAN).await.status.operator.unwrap();
    assert_eq!(here.id.to_string(), people::OPERATOR);
    house.running.stop().await;
}

#[tokio::test]
async fn nobody_is_moved_by_another_than_the_operator_they_chose() {
    let house = House::open().await;
    let ours = people::THIS_OPERATOR.domain;
    let agnes = "198005159804";
    for (caller, domain, recipient, person, expected) in [
        // We cannot give our holders away, nor can a sender.
        (
            "brevlada",
            people::ANOTHER_OPERATOR.domain,
            TOLVAN,
            TOLVAN,
            ErrorCode::AccessDenied,
        ),
        (KOMMUN_A, ours, agnes, agnes, ErrorCode::NotAuthorised),
        ("brevlada", "nowhere.invalid", agnes, agnes, ErrorCode::ObjectNotFound),
        // Somebody else signs.
        ("brevlada", ours, agnes, TOLVAN, ErrorCode::AccessDenied),
        // There is nothing to move.
        (
            "brevlada",
            ours,
            "197503029816",
            "197503029816",
            ErrorCode::ObjectNotFound,
        ),
        (
            "brevlada",
            ours,
            "199011119824",
            "199011119824",
            ErrorCode::ProtectedIdentity,
        ),
    ] {
        let moved = house.move_by(caller, domain, recipient, person).await;
        assert_eq!(code(moved), Some(expected), "{caller} {domain} {recipient}");
    }
    let still = house.reach(KOMMUN_A, agnes).await.status.operator.unwrap();
    assert_eq!(still.id.to_string(), people::OTHER_OPERATOR);
    house.running.stop().await;
}

#[tokio::test]
async fn a_companys_rules_wait_until_all_have_signed_the_same() {
    let house = House::open().await;
    house.registered_company().await;
    let pending = GetPendingAccountPreferences(acting(GRETA));
    assert_eq!(
        code(house.ask("brevlada", FAR, &pending).await),
        Some(ErrorCode::ObjectNotFound)
    );

    let first = house.rules_by(FILIP, &[KOMMUN_A]).await;
    assert_eq!(status(&first), AuthorisationStatus::Incomplete);
    assert_eq!(first.possible_signers[0].id, GRETA);
    assert!(
        house.reach(KOMMUN_A, COMPANY).await.sender_accepted,
        "nothing holds yet"
    );
    let waiting = house.ask("brevlada", FAR, &pending).await.unwrap();
    assert_eq!(waiting.signatures.signed_by[0].id, FILIP);
    assert!(
        waiting
            .preferences
            .accepted
            .iter()
            .all(|sender| sender.id.to_string() != KOMMUN_A)
    );

    // Another wish starts anew: a signature is never counted for what was not read.
    let other = house.rules_by(GRETA, &["162021003898"]).await;
    assert_eq!(
        (status(&other), other.signed_by.len()),
        (AuthorisationStatus::Incomplete, 1)
    );
    let both = house.rules_by(FILIP, &["162021003898"]).await;
    assert_eq!(status(&both), AuthorisationStatus::Complete);
    assert!(!house.reach("162021003898", COMPANY).await.sender_accepted);
    assert!(house.reach(KOMMUN_A, COMPANY).await.sender_accepted);
    assert_eq!(
        code(house.ask("brevlada", FAR, &pending).await),
        Some(ErrorCode::ObjectNotFound)
    );

    house.rules_by(FILIP, &[]).await;
    house
        .ask("brevlada", FAR, &DeletePendingAccountPreferences(acting(GRETA)))
        .await
        .unwrap();
    assert_eq!(
        code(house.ask("brevlada", FAR, &pending).await),
        Some(ErrorCode::ObjectNotFound)
    );
    let stranger = DeletePendingAccountPreferences(acting(TOLVAN));
    assert_eq!(
        code(house.ask("brevlada", FAR, &stranger).await),
        Some(ErrorCode::AccessDenied)
    );
    house.running.stop().await;
}

#[tokio::test]
async fn a_company_moves_and_leaves_when_all_have_signed() {
    let house = House::open().await;
    house.registered_company().await;
    let grannpost = people::ANOTHER_OPERATOR.domain;
    let pending = GetPendingChangeServiceSupplier(acting(GRETA));
    assert_eq!(house.ask("grannpost", FAR, &pending).await.unwrap().operator, None);
    let first = house.move_by("grannpost", grannpost, COMPANY, FILIP).await.unwrap();
    assert_eq!(status(&first), AuthorisationStatus::Incomplete);
    let waiting = house.ask("grannpost", FAR, &pending).await.unwrap();
    assert_eq!(waiting.operator.unwrap().id.to_string(), people::OTHER_OPERATOR);
    let taken_back = DeletePendingChangeServiceSupplier(acting(GRETA));
    house.ask("grannpost", FAR, &taken_back).await.unwrap();
    assert_eq!(
        code(house.ask("grannpost", FAR, &taken_back).await),
        Some(ErrorCode::ObjectNotFound)
    );

    for (person, expected) in [
        (FILIP, AuthorisationStatus::Incomplete),
        (GRETA, AuthorisationStatus::Complete),
    ] {
        let moved = house.move_by("grannpost", grannpost, COMPANY, person).await.unwrap();
        assert_eq!(status(&moved), expected);
    }
    for (person, expected) in [
        (FILIP, AuthorisationStatus::Incomplete),
        (GRETA, AuthorisationStatus::Complete),
    ] {
        let mut request = House::request(COMPANY, AccountAction::Delete);
        request.operator = grannpost.into();
        let leave = Deregister {
            request,
            signatures: vec![house.signed("grannpost", COMPANY, person, OffsetDateTime::now_utc())],
        };
        let left = house.ask("grannpost", FAR, &leave).await.unwrap().0;
        assert_eq!(status(&left), expected);
    }
    assert!(house.reach(KOMMUN_A, COMPANY).await.status.operator.is_none());
    house.running.stop().await;
}
