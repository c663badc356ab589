//! Companies: who may sign, what waits for others, and who acts for one by a role.

use super::House;
use super::far::{AGREEMENT, FAR, code};
use contracts::authority::{Activity, AuthorisationStatus, GetUserAccessRights, GrantType, ProblemType};
use contracts::call::AnswerError;
use contracts::fault::ErrorCode;
use contracts::recipient::{
    AccountAction, AccountState, DeletePendingAccountRequest, Deregister, GetPendingAccountRequest, IsAuthorizedSigner,
    IsAuthorizedSignerAnswer, IsRegistered, PendingAccountRequest,
};
use time::OffsetDateTime;

const UDDEN: &str = "167696999999";
const SARA: &str = "198206309802";
const TOR: &str = "197501149814";
const ULF: &str = "196909229830";
const FORS_AND_GRAN: &str = "169699999042";
const FILIP: &str = "197209239859";
const GRETA: &str = "198502149860";

impl House {
    async fn signer(&self, company: &str, person: &str) -> Result<IsAuthorizedSignerAnswer, AnswerError> {
        let question = IsAuthorizedSigner {
            company: company.parse().unwrap(),
            user: person.parse().unwrap(),
        };
        self.ask("brevlada", FAR, &question).await
    }

    async fn waits(&self, company: Option<&str>, person: &str) -> Vec<PendingAccountRequest> {
        let question = GetPendingAccountRequest {
            recipients: company.iter().map(|number| number.parse().unwrap()).collect(),
            user: person.parse().unwrap(),
        };
        self.ask("brevlada", FAR, &question).await.unwrap().0
    }

    async fn take_back(&self, company: &str, person: &str) -> Option<ErrorCode> {
        let question = DeletePendingAccountRequest {
            recipient: company.parse().unwrap(),
            user: person.parse().unwrap(),
        };
        code(self.ask("brevlada", FAR, &question).await)
    }
}

#[tokio::test]
async fn any_two_of_three_open_an_account_and_who_may_is_told() {
    let house = House::open().await;
    let before = house.signer(UDDEN, SARA).await.unwrap();
    assert!(before.may_sign && before.account.is_none());
    assert_eq!(before.possible_signers.len(), 2);
    assert!(before.rule.contains("två ledamöter i förening"), "{}", before.rule);
    assert!(house.waits(None, SARA).await.is_empty());

    let first = house.register(UDDEN, SARA).await.unwrap();
    assert_eq!(first.status, Some(AuthorisationStatus::Incomplete));
    // The same person twice is one signature.
    let again = house.register(UDDEN, SARA).await.unwrap();
    assert_eq!(again.status, Some(AuthorisationStatus::Incomplete));
    let seen = house.signer(UDDEN, ULF).await.unwrap();
    let account = seen.account.unwrap();
    assert_eq!(
        (account.state, account.signed_by[0].id.as_str()),
        (AccountState::Pending, SARA)
    );
    assert_eq!(account.agreement.as_deref(), Some(AGREEMENT));
    assert_eq!(seen.possible_signers[0].id, TOR, "neither who asks nor who has signed");
    let waits = house.waits(Some(UDDEN), TOR).await;
    assert_eq!(waits[0].request.action, AccountAction::Create);
    assert_eq!(waits[0].request.agreement, AGREEMENT);
    assert_eq!(
        house.waits(None, TOR).await,
        waits,
        "asked about nobody, it is about all"
    );
    assert!(house.waits(None, FILIP).await.is_empty());

    let second = house.register(UDDEN, ULF).await.unwrap();
    assert_eq!(second.status, Some(AuthorisationStatus::Complete));
    assert!(house.waits(None, TOR).await.is_empty());
    let after = house.signer(UDDEN, TOR).await.unwrap().account.unwrap();
    assert_eq!(
        (after.state, after.status),
        (AccountState::Active, AuthorisationStatus::Complete)
    );
    house.running.stop().await;
}

#[tokio::test]
async fn two_who_sign_at_once_open_one_account_and_leave_nothing_waiting() {
    let house = House::open().await;
    let (sara, tor, ulf) = tokio::join!(
        house.register(UDDEN, SARA),
        house.register(UDDEN, TOR),
        house.register(UDDEN, ULF)
    );
    let statuses = [sara, tor, ulf].map(|answer| answer.unwrap().status.unwrap());
    assert!(statuses.contains(&AuthorisationStatus::Complete), "{statuses:?}");
    let question = IsRegistered {
        recipients: vec![UDDEN.parse().unwrap()],
    };
    let registered = house.ask("brevlada", FAR, &question).await.unwrap().0.remove(0);
    assert!(registered.operator.is_some() && !registered.pending);
    house.running.stop().await;
}

#[tokio::test]
async fn what_waits_is_taken_back_by_a_signatory_and_nobody_else() {
    let house = House::open().await;
    assert_eq!(house.take_back(UDDEN, TOR).await, Some(ErrorCode::ObjectNotFound));
    house.register(UDDEN, SARA).await.unwrap();
    assert_eq!(house.take_back(UDDEN, FILIP).await, Some(ErrorCode::AccessDenied));
    assert_eq!(house.take_back(UDDEN, TOR).await, None);
    assert!(house.waits(None, SARA).await.is_empty());
    let anew = house.register(UDDEN, TOR).await.unwrap();
    assert_eq!(anew.signed_by.len(), 1, "what was taken back counts no more");
    house.running.stop().await;
}

#[tokio::test]
async fn the_end_of_an_account_waits_and_is_shown_as_such() {
    let house = House::open().await;
    for person in [FILIP, GRETA] {
        house.register(FORS_AND_GRAN, person).await.unwrap();
    }
    let end = Deregister {
        request: House::request(FORS_AND_GRAN, AccountAction::Delete),
        signatures: vec![house.signed("brevlada", FORS_AND_GRAN, FILIP, OffsetDateTime::now_utc())],
    };
    let first = house.ask("brevlada", FAR, &end).await.unwrap().0;
    assert_eq!(first.status, Some(AuthorisationStatus::Incomplete));
    let waits = house.waits(None, GRETA).await;
    assert_eq!(waits[0].request.action, AccountAction::Delete);
    assert_eq!(waits[0].signatures.signed_by[0].id, FILIP);
    assert_eq!(house.take_back(FORS_AND_GRAN, GRETA).await, None);
    assert!(house.waits(None, GRETA).await.is_empty());
    house.running.stop().await;
}

#[tokio::test]
async fn forms_rules_and_persons_that_will_not_do_are_told_apart() {
    let house = House::open().await;
    let foundation = house.signer("168029999052", GRETA).await;
    assert_eq!(code(foundation), Some(ErrorCode::CompanyFormNotSupported));
    assert_eq!(
        code(house.signer("165599999108", GRETA).await),
        Some(ErrorCode::NoSuchIdentity)
    );
    let stranger = house.signer(UDDEN, FILIP).await.unwrap();
    assert!(!stranger.may_sign && stranger.possible_signers.is_empty() && stranger.account.is_none());
    let vera = "195803179869";
    assert!(house.signer("165599999066", vera).await.unwrap().may_sign);
    let unreadable = house.register("165599999066", vera).await.unwrap();
    assert_eq!(unreadable.status, Some(AuthorisationStatus::RulesNotSupported));
    house.running.stop().await;
}

#[tokio::test]
async fn authority_tells_signatories_from_roles_and_says_what_it_cannot() {
    let house = House::open().await;
    let rights = |number: &str| GetUserAccessRights(number.parse().unwrap());
    let ylva = house
        .ask("brevlada", "/authority", &rights("198805059840"))
        .await
        .unwrap();
    assert_eq!(ylva.rights[0].grant, GrantType::AuthorizedRole);
    assert_eq!(ylva.rights[0].role.as_deref(), Some("Verkställande direktör"));
    assert!(!ylva.rights[0].activities.contains(&Activity::InitiateAccountAction));
    let vera = house
        .ask("brevlada", "/authority", &rights("195803179869"))
        .await
        .unwrap();
    assert!(vera.rights.is_empty());
    assert_eq!(vera.problems[0].kind, ProblemType::DataUncertain);
    assert_eq!(vera.problems[0].object.as_deref(), Some("165599999066"));
    house.running.stop().await;
}
