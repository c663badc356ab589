//! Metadata of identity providers: fetched, kept, pinned.

use super::*;

#[tokio::test]
async fn metadata_is_fetched_kept_and_used_when_its_owner_is_down() {
    let metadata = idp_metadata(
        IDP,
        &[idp_key().certificate_base64()],
        "validUntil=\"2026-11-24T12:00:00Z\"",
    );
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}/metadata", listener.local_addr().unwrap());
    let served = tokio::spawn(async move {
        axum::serve(
            listener,
            Router::new().route("/metadata", get(|| async move { metadata })),
        )
        .await
        .unwrap();
    });
    let folder = tempfile::tempdir().unwrap();
    let clock = HandClock::at(NOW);
    let desk = desk_for(&folder, &clock, vec![address.clone()]).await;
    assert!(desk.providers().all().is_empty(), "starting waits for nobody");
    desk.providers().renew_all().await.unwrap();
    assert_eq!(desk.providers().all().len(), 1);

    served.abort();
    let _ = served.await;
    assert!(desk.providers().renew_all().await.is_err());
    assert_eq!(desk.providers().all().len(), 1, "the last good copy stays");

    let restarted = desk_for(&folder, &clock, vec![address]).await;
    let stop = tokio_util::sync::CancellationToken::new();
    let (task, running) = (restarted.clone(), stop.clone());
    let run = tokio::spawn(async move { task.run(running).await });
    for _ in 0..100 {
        if !restarted.providers().all().is_empty() {
            break;
        }
        tokio::task::yield_now().await;
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    assert_eq!(restarted.providers().all().len(), 1, "kept over a restart");
    stop.cancel();
    run.await.unwrap();
    clock.advance(Duration::days(2));
    assert!(
        restarted.providers().all().is_empty(),
        "and forgotten when it has expired"
    );
}

#[test]
fn metadata_from_elsewhere_must_be_signed_by_somebody_we_know() {
    let Config { mut saml, .. } = Config::load(None, []).unwrap();
    saml.idp_metadata = vec!["https://md.example/role/idp.xml".into()];
    assert!(saml.sources().unwrap_err().to_string().contains("md.example"));
    let folder = tempfile::tempdir().unwrap();
    let pin = folder.path().join("md.crt");
    std::fs::write(&pin, &idp_key().certificate_pem).unwrap();
    saml.idp_metadata = vec![format!("https://md.example/role/idp.xml cert={}", pin.display())];
    assert!(saml.sources().unwrap()[0].pinned.is_some());
    saml.idp_metadata = vec![
        "https://md.example/role/idp.xml".into(),
        "http://localhost:8090/metadata".into(),
    ];
    saml.metadata_cert_file = Some(pin);
    assert!(saml.sources().unwrap().iter().all(|source| source.pinned.is_some()));
}
