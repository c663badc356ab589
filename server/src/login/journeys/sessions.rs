//! After the login: how long it lasts, where else, and what is left behind.

use super::*;

#[tokio::test]
async fn a_session_runs_idle_unless_it_is_used_and_ends_in_any_case() {
    let town = Town::new().await;
    let cookie = town.log_in().await;
    let begun = town.session(&cookie).await.unwrap();
    assert_eq!(
        (begun.idle_until, begun.ends_at),
        (NOW + Duration::minutes(15), NOW + Duration::hours(8))
    );

    town.clock.advance(Duration::seconds(59));
    let same = town.session(&cookie).await.unwrap();
    assert_eq!(same.idle_until, begun.idle_until, "written at most once a minute");
    town.clock.advance(Duration::minutes(13));
    let used = town.session(&cookie).await.unwrap();
    assert_eq!(used.idle_until, NOW + Duration::minutes(28) + Duration::seconds(59));
    town.clock.advance(Duration::seconds(30));
    let reply = town.post("/session/stanna", &cookie, &[]).await;
    assert_eq!(
        (reply.status, reply.location.as_str()),
        (StatusCode::SEE_OTHER, "/inkorg")
    );
    let stayed = town.session(&cookie).await.unwrap();
    assert_eq!(stayed.idle_until, used.idle_until + Duration::seconds(30));

    town.clock.advance(Duration::minutes(15));
    assert!(town.session(&cookie).await.is_none(), "idle");
    assert_eq!(
        town.post("/session/stanna", &cookie, &[]).await.location,
        "/utloggad?skal=tid"
    );
    assert!(town.session(&cookie).await.is_none(), "nothing wakes it");

    let cookie = town.log_in().await;
    for _ in 0..48 {
        assert!(town.session(&cookie).await.is_some());
        town.clock.advance(Duration::minutes(10));
    }
    assert!(town.session(&cookie).await.is_none(), "eight hours are the end");
    // Two sessions, and a request and an assertion of each login.
    assert_eq!(town.desk.sweep().await.unwrap(), 6);
    assert_eq!(town.desk.sweep().await.unwrap(), 0);
}

#[tokio::test]
async fn other_sessions_are_listed_and_ended() {
    let town = Town::new().await;
    let mailbox = Ids.random();
    let mut sessions = vec![];
    for _ in 0..3 {
        let cookie = town.log_in().await;
        town.clock.advance(Duration::seconds(5));
        let mut session = town.session(&cookie).await.unwrap();
        town.desk
            .sessions()
            .attach_mailbox(&mut session, mailbox)
            .await
            .unwrap();
        sessions.push((cookie, session));
    }
    let stranger = town.log_in().await;
    let mut other = town.session(&stranger).await.unwrap();
    town.desk
        .sessions()
        .attach_mailbox(&mut other, Ids.random())
        .await
        .unwrap();

    let (first, me) = (&sessions[0], &sessions[2].1);
    let listed = town.desk.sessions().list(me).await.unwrap();
    assert_eq!(
        listed.iter().map(|it| it.current).collect::<Vec<_>>(),
        [true, false, false]
    );
    assert!(listed.iter().all(|it| it.device == "Firefox 140, Linux"));
    assert!(listed.iter().any(|it| it.handle == first.1.handle));

    assert!(
        !town.desk.sessions().end(me, &other.handle).await.unwrap(),
        "another person's"
    );
    assert!(!town.desk.sessions().end(me, "not base64!").await.unwrap());
    assert!(town.desk.sessions().end(me, &first.1.handle).await.unwrap());
    assert!(town.session(&first.0).await.is_none());
    assert_eq!(town.desk.sessions().end_others(me).await.unwrap(), 1);
    assert!(town.session(&sessions[2].0).await.is_some() && town.session(&stranger).await.is_some());
}

#[tokio::test]
async fn a_new_login_ends_the_session_before_it() {
    let town = Town::new().await;
    let before = town.log_in().await;
    let (login, asking) = town.begin("/").await;
    let arrived = town.arrive(&asking).await;
    let after = town
        .get(&arrived.location, &format!("{login}; {before}"))
        .await
        .cookie("brevlada");
    assert_ne!(before, after);
    assert_eq!(town.who(&before).await, "");
    assert!(!town.who(&after).await.is_empty());
}

#[tokio::test]
async fn the_database_holds_no_number_no_name_and_no_cookie() {
    let town = Town::new().await;
    let cookie = town.log_in().await;
    let _ = town.begin("/").await;
    town.desk.house.db.close().await;
    let mut stored = vec![];
    for file in std::fs::read_dir(town.folder.path()).unwrap() {
        let path = file.unwrap().path();
        if path.file_name().unwrap().to_str().unwrap().starts_with("brevlada.db") {
            stored.extend(std::fs::read(path).unwrap());
        }
    }
    let value = cookie.strip_prefix("brevlada=").unwrap();
    for secret in ["191212121212", "Tolvansson", value] {
        assert!(
            !stored.windows(secret.len()).any(|window| window == secret.as_bytes()),
            "{secret}"
        );
    }
}

#[tokio::test]
async fn arriving_where_an_idle_session_leads_does_not_wake_it() {
    let town = Town::new().await;
    let pages = Router::new()
        .route(session::SIGNED_OUT, axum::routing::get(|| async {}))
        .route("/inkorg", axum::routing::get(|| async {}))
        .layer(axum::middleware::from_fn_with_state(
            town.desk.sessions().clone(),
            with_session,
        ));
    let visit = async |address: &str, cookie: &str| {
        let request = Request::get(address)
            .header(header::COOKIE, cookie)
            .body(Body::empty())
            .unwrap();
        pages.clone().oneshot(request).await.unwrap()
    };
    for (address, wakes) in [("/utloggad?skal=tid", false), ("/inkorg", true)] {
        let cookie = town.log_in().await;
        town.clock.advance(Duration::minutes(14));
        visit(address, &cookie).await;
        town.clock.advance(Duration::minutes(2));
        assert_eq!(town.session(&cookie).await.is_some(), wakes, "{address}");
    }
}
