//! What identity providers are asked and told.

use super::*;

#[tokio::test]
async fn what_the_identity_provider_is_asked() {
    let town = Town::new().await;
    let reply = town.post("/logga-in", "", &[("idp", IDP)]).await;
    let (start, query) = reply.location.split_once("&SAMLRequest=").unwrap();
    assert_eq!(start, "https://idp.example/sso?x=1");
    // The signature is over the query as it stands.
    let (signed, value) = query.split_once("&Signature=").unwrap();
    let value = STANDARD.decode(
        url::form_urlencoded::parse(format!("v={value}").as_bytes())
            .next()
            .unwrap()
            .1
            .as_bytes(),
    );
    let key = bergshamra::keys::loader::load_x509_cert_der(sp_signing().pair.certificate()).unwrap();
    let algorithm = bergshamra::crypto::sign::from_uri(RSA_SHA256).unwrap();
    let signed = format!("SAMLRequest={signed}");
    assert!(
        algorithm
            .verify(
                &key.software_key().unwrap().unwrap(),
                signed.as_bytes(),
                &value.unwrap()
            )
            .unwrap()
    );

    let asking = Asking::of(&reply.location);
    assert!(asking.relay_state.len() <= 80);
    let document = tree::parse(&asking.xml, &MESSAGE).unwrap();
    let request = document.root();
    assert!(request.is(SAMLP, "AuthnRequest"));
    for (name, value) in [
        ("Version", "2.0"),
        ("Destination", "https://idp.example/sso?x=1"),
        ("ForceAuthn", "true"),
        ("AssertionConsumerServiceURL", "http://localhost:8080/saml/acs"),
        ("ProtocolBinding", POST),
        ("IssueInstant", "2026-11-23T12:00:00Z"),
    ] {
        assert_eq!(request.attribute(name), Some(value));
    }
    assert_eq!(request.attribute("AssertionConsumerServiceIndex"), None);
    assert_eq!(
        request.one(SAML, "Issuer").unwrap().value().unwrap(),
        "http://localhost:8080/saml/metadata"
    );
    let context = request.one(SAMLP, "RequestedAuthnContext").unwrap();
    assert_eq!(context.attribute("Comparison"), Some("exact"));
    let levels: Vec<_> = context.children().map(|level| level.value().unwrap()).collect();
    assert_eq!(levels, [LOA3, LOA4]);
    let other = Asking::of(&town.post("/logga-in", "", &[("idp", IDP)]).await.location);
    assert!(other.id() != asking.id() && asking.id().len() >= 33);
}

#[tokio::test]
async fn an_identity_provider_that_only_takes_forms() {
    let metadata = idp_metadata(IDP, &[idp_key().certificate_base64()], "");
    let redirect = cut(&metadata, "<md:SingleSignOnService", "/>").to_owned();
    let town = Town::with_metadata(&metadata.replacen(&redirect, "", 1)).await;
    let reply = town.post("/logga-in", "sprak=en", &[("idp", IDP)]).await;
    assert_eq!(reply.status, StatusCode::OK);
    assert!(reply.body.contains("action=\"https://idp.example/post\"") && reply.body.contains("Continue"));
    assert!(!reply.body.contains("<script>"), "no script in the page itself");
    assert!(!reply.cookie("login").is_empty());
    let field = reply
        .body
        .split("name=\"SAMLRequest\" value=\"")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap();
    let field = field.replace("&#43;", "+").replace("&#x2b;", "+").replace("&#61;", "=");
    let xml = String::from_utf8(STANDARD.decode(field).unwrap()).unwrap();
    let document = tree::parse(&xml, &MESSAGE).unwrap();
    let keys = SigningKeys::from_certificates([sp_signing().pair.certificate()]);
    signature::require(document.root(), &keys).unwrap();
    assert!(town.get("/logga-in/vidare.js", "").await.body.contains("submit"));
}

#[tokio::test]
async fn our_metadata() {
    let town = Town::new().await;
    let reply = town.get("/saml/metadata", "").await;
    let document = tree::parse(&reply.body, &MESSAGE).unwrap();
    let entity = document.root();
    assert_eq!(
        entity.attribute("entityID"),
        Some("http://localhost:8080/saml/metadata")
    );
    let role = entity.one(MD, "SPSSODescriptor").unwrap();
    assert_eq!(role.attribute("AuthnRequestsSigned"), Some("true"));
    let uses: Vec<_> = role
        .all(MD, "KeyDescriptor")
        .map(|key| key.attribute("use").unwrap())
        .collect();
    assert_eq!(uses, ["signing", "encryption"]);
    let methods = role
        .all(MD, "KeyDescriptor")
        .last()
        .unwrap()
        .all(MD, "EncryptionMethod")
        .count();
    assert_eq!(methods, 8);
    let service = role.one(MD, "AssertionConsumerService").unwrap();
    assert_eq!(service.attribute("Location"), Some("http://localhost:8080/saml/acs"));
    let info = role.one(MD, "Extensions").unwrap().one(MDUI, "UIInfo").unwrap();
    assert_eq!(
        info.one(MDUI, "Logo").unwrap().value().unwrap(),
        "http://localhost:8080/ikon-192.png"
    );
    assert!(
        info.all(MDUI, "DisplayName")
            .any(|name| name.attribute_in(XML, "lang") == Some("sv"))
    );
    let attributes = entity
        .one(MD, "Extensions")
        .unwrap()
        .one(MDATTR, "EntityAttributes")
        .unwrap();
    let values: Vec<_> = attributes
        .one(SAML, "Attribute")
        .unwrap()
        .children()
        .map(|it| it.value().unwrap())
        .collect();
    assert!(values.contains(&"http://id.elegnamnden.se/ec/1.0/loa3-pnr".to_owned()));
    assert!(values.contains(&"http://id.swedenconnect.se/general-ec/1.0/accepts-coordination-number".to_owned()));
    entity.one(MD, "Organization").unwrap();
}

#[tokio::test]
async fn the_choices_on_the_page() {
    let town = Town::new().await;
    let choices = town.desk.choices().await.unwrap();
    assert_eq!(choices.len(), 1);
    assert_eq!(
        (choices[0].name_sv.as_str(), choices[0].name_en.as_str()),
        ("Exempel-ID", "Example ID")
    );
    assert!(!choices[0].demonstration);
    assert_eq!(
        town.post("/logga-in", "", &[("idp", "https://none.example")])
            .await
            .code(),
        "tekniskt"
    );
}
