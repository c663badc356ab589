//! The way back, and everything that may go wrong on it.

use super::*;
use crate::store;

#[tokio::test]
async fn from_the_button_to_the_letter_and_out_again() {
    let town = Town::new().await;
    let session = town.log_in().await;
    assert_eq!(town.who(&session).await, "191212121212 Tolvan Tolvansson");
    assert_eq!(town.who("").await, "");
    let reply = town.post("/logga-ut", &session, &[]).await;
    assert_eq!(reply.location, "/utloggad");
    assert_eq!(reply.cookie("brevlada"), "brevlada=");
    assert_eq!(town.who(&session).await, "", "the old cookie opens nothing any more");
}

#[tokio::test]
async fn only_the_browser_that_began_is_logged_in() {
    let town = Town::new().await;
    for other in ["", "login=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"] {
        let (login, asking) = town.begin("/").await;
        let arrived = town.arrive(&asking).await;
        assert_eq!(town.get(&arrived.location, other).await.code(), "gammal");
        let late = town.get(&arrived.location, &login).await;
        assert_eq!(
            late.code(),
            "gammal",
            "the handle is used up, for the right browser too"
        );
    }
    assert_eq!(town.get("/logga-in/klar", "").await.code(), "gammal");
    assert_eq!(town.get("/logga-in/klar?h=x", "").await.code(), "gammal");
}

#[tokio::test]
async fn two_tabs_at_once() {
    let town = Town::new().await;
    let (login, first) = town.begin("/brev/1").await;
    let reply = town
        .post("/logga-in", &login, &[("idp", IDP), ("next", "/brev/2")])
        .await;
    assert_eq!(reply.cookie("login"), login);
    let second = Asking::of(&reply.location);
    for (asking, next) in [(&second, "/brev/2"), (&first, "/brev/1")] {
        let arrived = town.arrive(asking).await;
        assert_eq!(town.get(&arrived.location, &login).await.location, next);
    }
}

#[tokio::test]
async fn an_answer_is_used_once_also_in_parallel() {
    let town = Town::new().await;
    let (login, asking) = town.begin("/").await;
    let answer = asking.answer(&town);
    let replies = futures::future::join_all((0..8).map(|_| town.deliver(&answer, &asking))).await;
    let (good, bad): (Vec<_>, Vec<_>) = replies
        .iter()
        .partition(|reply| reply.location.starts_with("/logga-in/klar"));
    assert_eq!((good.len(), bad.len()), (1, 7));
    assert!(bad.iter().all(|reply| reply.code() == "gammal"));
    assert!(!town.get(&good[0].location, &login).await.cookie("brevlada").is_empty());
    assert_eq!(town.get(&good[0].location, &login).await.code(), "gammal");
    assert_eq!(town.deliver(&answer, &asking).await.code(), "gammal");

    // The same assertion as the answer to another request of ours.
    let (_, other) = town.begin("/").await;
    assert_eq!(town.deliver(&other.answer(&town), &other).await.code(), "gammal");
}

/// What an answer has been changed in.
type Change = Box<dyn Fn(&mut Answer)>;

#[tokio::test]
async fn what_goes_wrong_is_told_in_plain_codes() {
    let town = Town::new().await;
    let status = |top: &str, second: &str| {
        format!("<samlp:StatusCode Value=\"{top}\"><samlp:StatusCode Value=\"{second}\"/></samlp:StatusCode>")
    };
    let cases: [(Change, &str); 6] = [
        (
            Box::new(|it| it.level = "http://id.elegnamnden.se/loa/1.0/loa2".into()),
            "niva",
        ),
        (
            Box::new(|it| it.attributes.retain(|(name, _)| name != PERSONAL_NUMBER)),
            "nummer",
        ),
        (Box::new(|it| it.issued = NOW - Duration::hours(1)), "gammal"),
        (Box::new(|it| it.signer = stranger_key()), "tekniskt"),
        (Box::new(|it| it.recipient = "https://other.example".into()), "tekniskt"),
        (Box::new(|it| it.in_response_to = "_other".into()), "tekniskt"),
    ];
    for (change, code) in cases {
        let (_, asking) = town.begin("/").await;
        let mut answer = asking.answer(&town);
        change(&mut answer);
        assert_eq!(town.deliver(&answer, &asking).await.code(), code);
        // What was no proper answer has not used up the request.
        assert!(town.arrive(&asking).await.location.starts_with("/logga-in/klar?h="));
    }
    for (second, code) in [
        (STATUS_CANCEL, "avbruten"),
        (STATUS_FRAUD, "misstankt"),
        (STATUS_NO_AUTHN_CONTEXT, "tekniskt"),
    ] {
        let (_, asking) = town.begin("/").await;
        let mut answer = asking.answer(&town);
        answer.status = status(STATUS_RESPONDER, second);
        let fields = [
            ("SAMLResponse", field(&answer.signed(""))),
            ("RelayState", asking.relay_state.clone()),
        ];
        let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
        assert_eq!(town.post("/saml/acs", "", &fields).await.code(), code);
        assert_eq!(
            town.post("/saml/acs", "", &fields).await.code(),
            "gammal",
            "a no is an answer too"
        );
    }
}

#[tokio::test]
async fn an_answer_that_comes_late_or_to_nothing() {
    let town = Town::new().await;
    let (_, asking) = town.begin("/").await;
    town.clock.advance(Duration::minutes(11));
    assert_eq!(town.deliver(&asking.answer(&town), &asking).await.code(), "gammal");
    let (_, asking) = town.begin("/").await;
    let lost = Asking {
        relay_state: "other".into(),
        ..asking
    };
    assert_eq!(town.deliver(&lost.answer(&town), &lost).await.code(), "gammal");
    let (login, asking) = town.begin("/").await;
    let arrived = town.deliver(&asking.answer(&town), &asking).await;
    town.clock.advance(Duration::minutes(3));
    assert_eq!(town.get(&arrived.location, &login).await.code(), "gammal");
    let huge = "A".repeat(2 * MAX_RESPONSE + 1);
    let reply = town
        .post("/saml/acs", "", &[("SAMLResponse", &huge), ("RelayState", "x")])
        .await;
    assert_eq!(reply.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(
        town.post("/saml/acs", "", &[("RelayState", "x")]).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
}

/// Whoever can use their e-legitimation: into a locked mailbox nobody is let, and no session begins. Unlocked, the holder is.
#[tokio::test]
async fn a_locked_mailbox_lets_nobody_in() {
    let town = Town::new().await;
    let house = &town.desk.house;
    let (id, now) = (house.ids.at(house.clock.now()), house.clock.now());
    let (_, wrapped) = house.keys.new_mailbox_key(house.ids, &id).unwrap();
    let new = store::mailbox::NewMailbox {
        id,
        holder_index: house.keys.blind_index("holder", "191212121212"),
        holder: vec![],
        wrapped,
        language: "sv".to_owned(),
        terms: "1".to_owned(),
        opened_at: now,
    };
    let mut tx = house.db.begin().await.unwrap();
    store::mailbox::insert(&mut tx, new).await.unwrap();
    assert!(store::mailbox::set_locked(&mut tx, id, Some(now)).await.unwrap());
    tx.commit().await.unwrap();

    let (login, asking) = town.begin("/").await;
    let arrived = town.arrive(&asking).await;
    let reply = town.get(&arrived.location, &login).await;
    assert_eq!(reply.code(), "last");
    assert!(!reply.cookies.iter().any(|cookie| cookie.starts_with("brevlada=")));
    assert_eq!(
        town.get(&arrived.location, &login).await.code(),
        "gammal",
        "taken is taken"
    );

    let mut tx = house.db.begin().await.unwrap();
    store::mailbox::set_locked(&mut tx, id, None).await.unwrap();
    tx.commit().await.unwrap();
    let session = town.log_in().await;
    assert_eq!(town.who(&session).await, "191212121212 Tolvan Tolvansson");
}
