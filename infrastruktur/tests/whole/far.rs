//! FaR and Authority over mutual TLS.

use super::House;
use contracts::authority::{
    AuthorisationStatus, GetDispatchers, GetSenders, GetUserAccessRights, IsSenderAccepted, SignatureAuthorisation,
};
use contracts::call::AnswerError;
use contracts::fault::ErrorCode;
use contracts::identifier::RecipientId;
use contracts::recipient::{
    AccountAction, AccountPreferences, AccountRequest, AccountType, Deregister, GetAccountPreferences, IsReachable,
    IsRegistered, Reachability, Register, SignatureData, Statement, StoreAccountPreferences,
};
use contracts::signature::{SigningIdentity, sign_enveloped};
use infrastruktur::{http_client::Connection, people, tls};
use time::{Duration, OffsetDateTime};
use url::Url;

pub(crate) const FAR: &str = "/recipient/v3";
const AUTHORITY: &str = "/authority";
pub(crate) const AGREEMENT: &str = "Jag vill ha min post i brevlådan.";

pub(crate) fn code<T>(answer: Result<T, AnswerError>) -> Option<ErrorCode> {
    match answer {
        Err(AnswerError::Fault(fault)) => fault.code(),
        _ => None,
    }
}

impl House {
    pub(crate) async fn reach(&self, sender: &str, recipient: &str) -> Reachability {
        let question = IsReachable {
            sender: sender.parse().unwrap(),
            recipients: vec![recipient.parse().unwrap()],
        };
        self.ask(sender, FAR, &question).await.unwrap().0.remove(0)
    }

    pub(crate) fn signed(&self, by: &str, recipient: &str, person: &str, at: OffsetDateTime) -> SignatureData {
        let pair = self.running.pki.pair(by).unwrap();
        let identity = SigningIdentity::from_pem(&pair.certificate, &pair.key).unwrap();
        let statement = Statement {
            recipient: recipient.parse().unwrap(),
            person: person.parse().unwrap(),
            name: "Någon".into(),
            agreement: AGREEMENT.into(),
            at,
            identity_provider: "http://idp".into(),
            level: "loa3".into(),
            assertion: "_a".into(),
        };
        SignatureData {
            signature: sign_enveloped(&statement.to_xml(), &identity).unwrap().into_bytes(),
            certificate: pair.certificate,
            nonce: None,
            encoding: None,
        }
    }

    pub(crate) fn request(recipient: &str, action: AccountAction) -> AccountRequest {
        AccountRequest {
            recipient: recipient.parse().unwrap(),
            action,
            agreement: AGREEMENT.into(),
            day: OffsetDateTime::now_utc().date(),
            operator: people::THIS_OPERATOR.domain.into(),
        }
    }

    pub(crate) async fn register(&self, recipient: &str, person: &str) -> Result<SignatureAuthorisation, AnswerError> {
        let register = Register {
            request: Self::request(recipient, AccountAction::Create),
            account: AccountType::Secure,
            signatures: vec![self.signed("brevlada", recipient, person, OffsetDateTime::now_utc())],
        };
        self.ask("brevlada", FAR, &register).await.map(|answer| answer.0)
    }
}

#[tokio::test]
async fn a_mediator_finds_out_where_people_are() {
    let house = House::open().await;
    let here = house.reach("162021004748", "191212121212").await;
    assert!(here.sender_accepted);
    let operator = here.status.operator.unwrap();
    assert_eq!(operator.id.to_string(), people::OPERATOR);
    assert_eq!(operator.service_address, "https://localhost:8443/service/v3");
    let elsewhere = house.reach("162021004748", "198005159804").await;
    assert_eq!(
        elsewhere.status.operator.unwrap().id.to_string(),
        people::OTHER_OPERATOR
    );
    let nowhere = house.reach("162021004748", "197503029816").await;
    assert_eq!(
        (nowhere.status.account, nowhere.sender_accepted),
        (AccountType::Not, false)
    );

    let question = |sender: &str, count: usize| IsReachable {
        sender: sender.parse().unwrap(),
        recipients: people::crowd().map(RecipientId::from).take(count).collect(),
    };
    assert_eq!(
        house
            .ask("162021004748", FAR, &question("162021004748", 1_000))
            .await
            .unwrap()
            .0
            .len(),
        1_000
    );
    let too_many = house.ask("162021004748", FAR, &question("162021004748", 1_001)).await;
    assert_eq!(code(too_many), Some(ErrorCode::MaxExceeded));
    // Kommun B mediates for Kommun A, not the other way round.
    assert!(
        house
            .ask("162021003898", FAR, &question("162021004748", 1))
            .await
            .is_ok()
    );
    let another = house.ask("162021004748", FAR, &question("162021003898", 1)).await;
    assert_eq!(code(another), Some(ErrorCode::DispatcherNotApproved));
    let unknown = house.ask("162021004748", FAR, &question(people::OPERATOR, 1)).await;
    assert_eq!(code(unknown), Some(ErrorCode::UnknownSender));
    house.running.stop().await;
}

#[tokio::test]
async fn a_holder_is_registered_changes_the_rules_and_leaves() {
    let house = House::open().await;
    let (number, recipient): (&str, RecipientId) = ("197503029816", "197503029816".parse().unwrap());
    let answer = house.register(number, number).await.unwrap();
    assert_eq!(answer.status, Some(AuthorisationStatus::Complete));
    assert_eq!(
        house.register(number, number).await.unwrap().status,
        Some(AuthorisationStatus::Complete),
        "asked again"
    );
    let status = house
        .ask(
            "brevlada",
            FAR,
            &IsRegistered {
                recipients: vec![recipient],
            },
        )
        .await
        .unwrap()
        .0
        .remove(0);
    assert_eq!((status.account, status.pending), (AccountType::Secure, false));
    assert!(status.registered.is_some());

    let user = number.parse().unwrap();
    let question = GetAccountPreferences { recipient, user };
    let mut rules = house.ask("brevlada", FAR, &question).await.unwrap().0;
    assert_eq!(rules.accepted.len(), people::SENDERS.len());
    rules.accepted.retain(|sender| sender.id.to_string() != "162021004748");
    let store = StoreAccountPreferences {
        recipient,
        user: question.user.clone(),
        preferences: AccountPreferences {
            recipient,
            accepted: rules.accepted.clone(),
        },
        agreement: AGREEMENT.into(),
        signatures: vec![house.signed("brevlada", number, number, OffsetDateTime::now_utc())],
    };
    house.ask("brevlada", FAR, &store).await.unwrap();
    assert_eq!(house.ask("brevlada", FAR, &question).await.unwrap().0, rules);
    assert!(!house.reach("162021004748", number).await.sender_accepted);
    assert!(house.reach("162021003898", number).await.sender_accepted);

    let leave = Deregister {
        request: House::request(number, AccountAction::Delete),
        signatures: vec![house.signed("brevlada", number, number, OffsetDateTime::now_utc())],
    };
    house.ask("brevlada", FAR, &leave).await.unwrap();
    assert_eq!(
        house.reach("162021003898", number).await.status.account,
        AccountType::Not
    );
    assert_eq!(
        code(house.ask("brevlada", FAR, &leave).await),
        Some(ErrorCode::ObjectNotFound)
    );
    house.running.stop().await;
}

#[tokio::test]
async fn who_cannot_be_registered_is_told_why() {
    let house = House::open().await;
    for (number, expected) in [
        ("199011119824", ErrorCode::ProtectedIdentity),
        ("201206019836", ErrorCode::RegisterAccountError),
        ("198005159804", ErrorCode::ObjectAlreadyExists),
        ("194001019801", ErrorCode::NoSuchIdentity),
    ] {
        assert_eq!(code(house.register(number, number).await), Some(expected), "{number}");
    }
    let (number, other) = ("197503029816", "195407209831");
    assert_eq!(
        code(house.register(number, other).await),
        Some(ErrorCode::RegisterAccountSignatureError)
    );
    let now = OffsetDateTime::now_utc();
    let mut changed = house.signed("brevlada", number, number, now);
    let at = changed
        .signature
        .windows(5)
        .position(|w| w == "Någon".as_bytes().get(..5).unwrap())
        .unwrap();
    changed.signature[at] = b'X';
    for signature in [
        house.signed("162021004748", number, number, now),
        house.signed("brevlada", number, number, now - Duration::days(2)),
        house.signed("brevlada", other, number, now),
        changed,
        SignatureData {
            signature: b"not xml".to_vec(),
            certificate: String::new(),
            nonce: None,
            encoding: None,
        },
    ] {
        let register = Register {
            request: House::request(number, AccountAction::Create),
            account: AccountType::Secure,
            signatures: vec![signature],
        };
        let answer = house.ask("brevlada", FAR, &register).await;
        assert_eq!(code(answer), Some(ErrorCode::RegisterAccountSignatureError));
    }
    let sender = house
        .ask(
            "162021004748",
            FAR,
            &IsRegistered {
                recipients: vec![number.parse().unwrap()],
            },
        )
        .await;
    assert_eq!(code(sender), Some(ErrorCode::NotAuthorised), "only operators ask that");
    house.running.stop().await;
}

#[tokio::test]
async fn a_company_is_registered_when_enough_have_signed() {
    let house = House::open().await;
    let alone = house.register("165599999033", "196808179847").await.unwrap();
    assert_eq!(alone.status, Some(AuthorisationStatus::Complete));
    let first = house.register("169699999042", "197209239859").await.unwrap();
    assert_eq!(first.status, Some(AuthorisationStatus::Incomplete));
    assert_eq!(first.possible_signers[0].id, "198502149860");
    let pending = IsRegistered {
        recipients: vec!["169699999042".parse().unwrap()],
    };
    assert!(house.ask("brevlada", FAR, &pending).await.unwrap().0[0].pending);
    let second = house.register("169699999042", "198502149860").await.unwrap();
    assert_eq!(second.status, Some(AuthorisationStatus::Complete));
    assert!(!house.ask("brevlada", FAR, &pending).await.unwrap().0[0].pending);
    let stranger = house.register("165599999033", "197503029816").await;
    assert!(stranger.is_ok(), "registered already");
    assert_eq!(
        code(house.register("168029999052", "198502149860").await),
        Some(ErrorCode::CompanyFormNotSupported)
    );
    house.running.stop().await;
}

#[tokio::test]
async fn authority_knows_senders_mediators_and_signatories() {
    let house = House::open().await;
    let senders = house.ask("brevlada", AUTHORITY, &GetSenders).await.unwrap().0;
    assert_eq!(senders.len(), people::SENDERS.len());
    let mediators = house.ask("brevlada", AUTHORITY, &GetDispatchers).await.unwrap().0;
    let of = |number: &str| {
        mediators
            .iter()
            .find(|m| m.id.to_string() == number)
            .unwrap()
            .senders
            .len()
    };
    assert_eq!((of("162021003898"), of("162021004748")), (2, 1));
    let accepted = |number: &str| IsSenderAccepted(number.parse().unwrap());
    assert!(
        house
            .ask("brevlada", AUTHORITY, &accepted("162021004748"))
            .await
            .unwrap()
            .0
    );
    assert!(
        !house
            .ask("brevlada", AUTHORITY, &accepted("165599999033"))
            .await
            .unwrap()
            .0
    );
    let rights = |number: &str| GetUserAccessRights(number.parse().unwrap());
    let eva = house.ask("brevlada", AUTHORITY, &rights("196808179847")).await.unwrap();
    assert_eq!(eva.rights[0].recipient.to_string(), "165599999033");
    let greta = house.ask("brevlada", AUTHORITY, &rights("198502149860")).await.unwrap();
    assert_eq!(
        (greta.rights.len(), greta.problems.len()),
        (1, 1),
        "one company's rule cannot be read"
    );
    house.running.stop().await;
}

#[tokio::test]
async fn nobody_is_let_in_without_a_certificate_and_nonsense_gets_a_fault() {
    let house = House::open().await;
    let port = house.running.addresses.register.port();
    let url = Url::parse(&format!("https://localhost:{port}{FAR}")).unwrap();
    let bare = tls::client(None, house.running.pki.authority()).unwrap();
    let refused = match Connection::open(&url, Some(bare)).await {
        Err(_) => true,
        // With TLS 1.3 the client learns it with the first answer.
        Ok(mut connection) => connection.post_soap("<x/>".into()).await.is_err(),
    };
    assert!(refused);

    let pair = house.running.pki.pair("brevlada").unwrap();
    let tls = tls::client(Some(&pair), house.running.pki.authority()).unwrap();
    let mut connection = Connection::open(&url, Some(tls.clone())).await.unwrap();
    for nonsense in ["", "<x/>", "<!DOCTYPE x><x/>", "not xml"] {
        let (status, answer) = connection.post_soap(nonsense.into()).await.unwrap();
        let text = String::from_utf8(answer.to_vec()).unwrap();
        assert_eq!(status.as_u16(), 500);
        assert!(text.contains("<ErrorCode>1</ErrorCode>"), "{text}");
    }
    for path in ["/message/v3", "/notification/v3"] {
        let url = Url::parse(&format!("https://localhost:{port}{path}")).unwrap();
        let mut connection = Connection::open(&url, Some(tls.clone())).await.unwrap();
        let (_, answer) = connection.post_soap("<x/>".into()).await.unwrap();
        assert!(
            String::from_utf8(answer.to_vec())
                .unwrap()
                .contains("<ErrorCode>5000</ErrorCode>")
        );
    }
    house.running.stop().await;
}
