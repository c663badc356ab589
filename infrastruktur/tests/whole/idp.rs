//! The demonstration e-legitimation, as a service provider and a browser see it.

use super::House;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use contracts::namespace::DSIG;
use contracts::signature::{Placement, Policy, PublicKey, SigningIdentity, sign_enveloped_at, verify_with_keys};
use contracts::xml::{Element, Limits, Xml, decode_base64, write_date_time};
use infrastruktur::http_client::Connection;
use infrastruktur::pki::{Issued, Order, Purpose};
use std::io::Write as _;
use time::{Duration, OffsetDateTime};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use url::Url;
use url::form_urlencoded::byte_serialize;

const ENTITY: &str = "http://sp.test/saml/metadata";
const ACS: &str = "http://sp.test/saml/acs";
const MD: &str = "urn:oasis:names:tc:SAML:2.0:metadata";
const SAML: &str = "urn:oasis:names:tc:SAML:2.0:assertion";
const SAMLP: &str = "urn:oasis:names:tc:SAML:2.0:protocol";
const RSA_SHA256: &str = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";

/// A service provider with its keys.
struct Service {
    house: House,
    pair: Issued,
    signing: SigningIdentity,
}

/// How a request differs from a good one.
struct Asking<'a> {
    consumer: &'a str,
    level: &'a str,
    issued: OffsetDateTime,
    relay_state: &'a str,
}

impl Default for Asking<'_> {
    fn default() -> Self {
        Self {
            consumer: ACS,
            level: "http://id.elegnamnden.se/loa/1.0/loa3",
            issued: OffsetDateTime::now_utc(),
            relay_state: "relay <&\"> 1",
        }
    }
}

impl Service {
    async fn open(categories: &[&str]) -> Self {
        let house = House::open().await;
        let now = OffsetDateTime::now_utc();
        let order = Order {
            organisation: "SP",
            common_name: "sp",
            serial_number: None,
            purpose: Purpose::SamlSigning,
            not_before: now - Duration::days(1),
            not_after: now + Duration::days(1),
        };
        let pair = house.running.pki.issue(&order).unwrap();
        let signing = SigningIdentity::from_pem(&pair.certificate, &pair.key).unwrap();
        let certificate = STANDARD.encode(signing.certificate_der());
        let key = |usage: &str| {
            format!(
                "<md:KeyDescriptor use='{usage}'><ds:KeyInfo xmlns:ds='{DSIG}'><ds:X509Data><ds:X509Certificate>\
                 {certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>"
            )
        };
        let values = format!(
            "<s:AttributeValue>{}</s:AttributeValue>",
            categories.join("</s:AttributeValue><s:AttributeValue>")
        );
        let metadata = format!(
            "<md:EntityDescriptor xmlns:md='{MD}' entityID='{ENTITY}'><md:Extensions>\
             <a:EntityAttributes xmlns:a='urn:oasis:names:tc:SAML:metadata:attribute' xmlns:s='{SAML}'>\
             <s:Attribute Name='http://macedir.org/entity-category'>{values}</s:Attribute></a:EntityAttributes>\
             </md:Extensions><md:SPSSODescriptor protocolSupportEnumeration='{SAMLP}'>\
             <md:Extensions><u:UIInfo xmlns:u='urn:oasis:names:tc:SAML:metadata:ui'><u:DisplayName xml:lang='sv'>Provtjänsten\
             </u:DisplayName></u:UIInfo></md:Extensions>{}{}<md:AssertionConsumerService index='0' \
             Binding='urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST' Location='{ACS}'/></md:SPSSODescriptor>\
             </md:EntityDescriptor>",
            key("signing"),
            key("encryption"),
        );
        std::fs::write(house.dir.path().join("sp.xml"), metadata).unwrap();
        Self { house, pair, signing }
    }

    fn port(&self) -> u16 {
        self.house.running.addresses.idp.port()
    }

    fn request(&self, asking: &Asking<'_>) -> String {
        format!(
            "<p:AuthnRequest xmlns:p='{SAMLP}' xmlns:s='{SAML}' ID='_request1' Version='2.0' IssueInstant='{}' \
             Destination='http://localhost:{}/sso' ForceAuthn='true' AssertionConsumerServiceURL='{}'>\
             <s:Issuer>{ENTITY}</s:Issuer><p:RequestedAuthnContext Comparison='exact'><s:AuthnContextClassRef>{}\
             </s:AuthnContextClassRef></p:RequestedAuthnContext></p:AuthnRequest>",
            write_date_time(asking.issued),
            self.port(),
            asking.consumer,
            asking.level
        )
    }

    fn redirect(&self, asking: &Asking<'_>) -> String {
        let mut packed = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::default());
        packed.write_all(self.request(asking).as_bytes()).unwrap();
        let encode = |text: &str| byte_serialize(text.as_bytes()).collect::<String>();
        let query = format!(
            "SAMLRequest={}&RelayState={}&SigAlg={}",
            encode(&STANDARD.encode(packed.finish().unwrap())),
            encode(asking.relay_state),
            encode(RSA_SHA256)
        );
        let signature = STANDARD.encode(self.signing.sign_bytes(query.as_bytes()).unwrap());
        format!("/sso?{query}&Signature={}", encode(&signature))
    }

    async fn get(&self, path: &str) -> (u16, String) {
        self.raw(&format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
            .await
    }

    async fn post(&self, path: &str, form: &[(&str, &str)]) -> (u16, String) {
        let form = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(form)
            .finish();
        self.raw(&format!(
            "POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nConnection: close\r\n\
             Content-Length: {}\r\n\r\n{form}",
            form.len()
        ))
        .await
    }

    async fn raw(&self, request: &str) -> (u16, String) {
        let mut stream = TcpStream::connect(self.house.running.addresses.idp).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        (answer[9..12].parse().unwrap(), answer)
    }

    /// Asks, and gives the address of the page of persons.
    async fn begin(&self, asking: &Asking<'_>) -> String {
        let (status, answer) = self.get(&self.redirect(asking)).await;
        assert_eq!(status, 303, "{answer}");
        answer
            .lines()
            .find_map(|l| l.strip_prefix("location: "))
            .unwrap()
            .to_owned()
    }

    /// The response that the browser would carry, with its signature checked.
    fn response(&self, page: &str) -> String {
        let value = page
            .split("name=\"SAMLResponse\" value=\"")
            .nth(1)
            .unwrap()
            .split('"')
            .next()
            .unwrap();
        let value = value.replace("&#43;", "+").replace("&#x2b;", "+").replace("&#61;", "=");
        let text = String::from_utf8(STANDARD.decode(value).unwrap()).unwrap();
        let xml = Xml::parse(&text, &Limits::default()).unwrap();
        verify_with_keys(xml.root(), &[self.idp_key()], Policy::default()).unwrap();
        text
    }

    fn idp_key(&self) -> PublicKey {
        let pair = self.house.running.pki.pair("idp").unwrap();
        let identity = SigningIdentity::from_pem(&pair.certificate, &pair.key).unwrap();
        PublicKey::from_certificate_der(identity.certificate_der()).unwrap()
    }

    /// The assertion in a response, decrypted, with its signature checked.
    fn assertion(&self, response: &str) -> String {
        let mut keys = bergshamra::KeysManager::new();
        keys.add_key(bergshamra::keys::loader::load_pem_auto(self.pair.key.as_bytes(), None).unwrap());
        let xml = Xml::parse(response, &Limits::default()).unwrap();
        let encrypted = xml
            .root()
            .child(SAML, "EncryptedAssertion")
            .unwrap()
            .children()
            .next()
            .unwrap();
        let encrypted = encrypted.document().node_to_xml(encrypted.node());
        let encrypted = if encrypted.contains("xmlns=\"http://www.w3.org/2001/04/xmlenc#\"") {
            encrypted
        } else {
            encrypted.replacen(
                "<EncryptedData",
                "<EncryptedData xmlns=\"http://www.w3.org/2001/04/xmlenc#\"",
                1,
            )
        };
        let plain = bergshamra::decrypt(&bergshamra::EncContext::new(keys), &encrypted).unwrap();
        let xml = Xml::parse(&plain, &Limits::default()).unwrap();
        verify_with_keys(xml.root(), &[self.idp_key()], Policy::default()).unwrap();
        plain
    }
}

fn attribute(assertion: &str, name: &str) -> Option<String> {
    let xml = Xml::parse(assertion, &Limits::default()).unwrap();
    let found = xml
        .root()
        .descend()
        .into_iter()
        .find(|e| e.attribute("Name") == Some(name))?;
    Some(found.children().next()?.text().unwrap().into_owned())
}

fn text_of(xml: &Xml<'_>, name: &str) -> String {
    let found: Vec<Element<'_>> = xml.root().descend().into_iter().filter(|e| e.name() == name).collect();
    found[0].text().unwrap().into_owned()
}

#[tokio::test]
async fn a_person_logs_in_and_the_service_learns_who() {
    let service = Service::open(&["http://id.elegnamnden.se/ec/1.0/loa3-pnr"]).await;
    let persons = service.begin(&Asking::default()).await;
    let (_, page) = service.get(&format!("{persons}?lang=sv")).await;
    assert!(page.contains("Provtjänsten") && page.contains("Tolvan Tolvansson") && page.contains("Demonstration"));
    for encryption in ["", "aes128-cbc"] {
        let persons = service.begin(&Asking::default()).await;
        let (_, page) = service
            .post(
                &persons,
                &[("person", "191212121212"), ("level", ""), ("encryption", encryption)],
            )
            .await;
        assert!(
            page.contains(&format!("action=\"{ACS}\"")) && page.contains("form-action http://sp.test;"),
            "{page}"
        );
        assert!(
            page.contains("name=\"RelayState\" value=\"relay &#60;&#38;&#34;&#62; 1\""),
            "{page}"
        );
        let response = service.response(&page);
        let cipher = if encryption.is_empty() {
            "xmlenc11#aes256-gcm"
        } else {
            "xmlenc#aes128-cbc"
        };
        assert!(response.contains(cipher) && !response.contains("191212121212"));
        let assertion = service.assertion(&response);
        assert_eq!(
            attribute(&assertion, "urn:oid:1.2.752.29.4.13").as_deref(),
            Some("191212121212")
        );
        assert_eq!(attribute(&assertion, "urn:oid:2.5.4.42").as_deref(), Some("Tolvan"));
        assert_eq!(
            attribute(&assertion, "urn:oid:1.3.6.1.5.5.7.9.1").as_deref(),
            Some("1912-12-12")
        );
        let xml = Xml::parse(&assertion, &Limits::default()).unwrap();
        assert_eq!(text_of(&xml, "Audience"), ENTITY);
        assert_eq!(
            text_of(&xml, "AuthnContextClassRef"),
            "http://id.elegnamnden.se/loa/1.0/loa3"
        );
        let (again, _) = service.post(&persons, &[("person", "191212121212")]).await;
        assert_eq!(again, 400, "a login is used once");
    }
    service.house.running.stop().await;
}

#[tokio::test]
async fn what_goes_wrong_comes_back_as_a_status() {
    let service = Service::open(&["http://id.elegnamnden.se/ec/1.0/loa3-pnr"]).await;
    let persons = service.begin(&Asking::default()).await;
    let (_, page) = service.post(&persons, &[]).await;
    let cancelled = service.response(&page);
    assert!(cancelled.contains("http://id.elegnamnden.se/status/1.0/cancel") && !cancelled.contains("Assertion>"));
    assert!(cancelled.contains("InResponseTo=\"_request1\""));

    let persons = service.begin(&Asking::default()).await;
    let (_, page) = service.post(&persons, &[("person", "198501699881")]).await;
    assert!(
        service.response(&page).contains("status:AuthnFailed"),
        "no samordningsnummer unless asked for"
    );

    let level = "http://id.elegnamnden.se/loa/1.0/loa4";
    let (_, page) = service
        .get(&service.redirect(&Asking {
            level,
            ..Asking::default()
        }))
        .await;
    assert!(service.response(&page).contains("status:NoAuthnContext"));
    service.house.running.stop().await;
}

#[tokio::test]
async fn a_request_that_does_not_hold_is_not_taken() {
    let service = Service::open(&[]).await;
    let good = service.redirect(&Asking::default());
    let unsigned = good.split("&SigAlg=").next().unwrap().to_owned();
    let changed = good.replace("RelayState=relay", "RelayState=other");
    let twice = format!("{good}&RelayState=x");
    let elsewhere = service.redirect(&Asking {
        consumer: "http://evil.test/acs",
        ..Asking::default()
    });
    let old = service.redirect(&Asking {
        issued: OffsetDateTime::now_utc() - Duration::hours(1),
        ..Asking::default()
    });
    let weak = good.replace("rsa-sha256", "rsa-sha1");
    for bad in [
        unsigned,
        changed,
        twice,
        elsewhere,
        old,
        weak,
        "/sso".to_owned(),
        "/sso?SAMLRequest=x".to_owned(),
    ] {
        let (status, page) = service.get(&bad).await;
        assert_eq!(status, 400, "{bad}\n{page}");
        assert!(!page.contains("SAMLResponse"));
    }
    service.house.running.stop().await;
}

#[tokio::test]
async fn a_request_may_come_by_a_form() {
    let service = Service::open(&[]).await;
    let request = service.request(&Asking::default());
    let placement = Placement::Saml {
        after: Some((SAML, "Issuer")),
    };
    let signed = sign_enveloped_at(&request, &service.signing, placement).unwrap();
    let (status, _) = service
        .post(
            "/sso",
            &[("SAMLRequest", &STANDARD.encode(&signed)), ("RelayState", "r")],
        )
        .await;
    assert_eq!(status, 303);
    let changed = signed.replace("_request1'", "_request1' IsPassive='true'");
    for bad in [changed, request] {
        let (status, _) = service.post("/sso", &[("SAMLRequest", &STANDARD.encode(bad))]).await;
        assert_eq!(status, 400);
    }
    service.house.running.stop().await;
}

#[tokio::test]
async fn staff_are_known_by_their_organisation() {
    let service = Service::open(&["http://id.swedenconnect.se/ec/1.0/loa3-orgid"]).await;
    let persons = service.begin(&Asking::default()).await;
    let (_, page) = service.get(&persons).await;
    assert!(page.contains("Hanna Hjelm") && !page.contains("Tolvan"));
    let (_, page) = service.post(&persons, &[("person", "198304099826")]).await;
    let assertion = service.assertion(&service.response(&page));
    assert_eq!(
        attribute(&assertion, "urn:oid:1.2.752.201.3.1").as_deref(),
        Some("hanna.hjelm@5599999017")
    );
    assert_eq!(attribute(&assertion, "urn:oid:1.2.752.29.4.13"), None);
    service.house.running.stop().await;
}

#[tokio::test]
async fn metadata_is_signed_and_says_the_levels() {
    let service = Service::open(&[]).await;
    let url = Url::parse(&format!("http://localhost:{}/metadata", service.port())).unwrap();
    let (_, body) = Connection::open(&url, None).await.unwrap().get().await.unwrap();
    let text = String::from_utf8(body.to_vec()).unwrap();
    let xml = Xml::parse(&text, &Limits::default()).unwrap();
    verify_with_keys(xml.root(), &[service.idp_key()], Policy::default()).unwrap();
    assert_eq!(xml.root().attribute("entityID"), Some(url.as_str()));
    assert!(text.contains("assurance-certification") && text.contains("loa3</AttributeValue>"));
    let certificate = xml
        .root()
        .descend()
        .into_iter()
        .find(|e| e.name() == "X509Certificate")
        .unwrap();
    assert!(decode_base64(&certificate.text().unwrap()).is_some());
    service.house.running.stop().await;
}
