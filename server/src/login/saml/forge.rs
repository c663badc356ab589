//! For tests: an identity provider that says whatever it is told to, well or badly signed.

use super::identity::{Employee, Person};
use super::keys::{KeyPair, ServiceKeys};
use super::names::*;
use super::provider::{IdentityProvider, read_feed};
use super::request::{Asked, escape};
use super::response::{Asks, Checked, Expected, Refusal, Who, check};
use super::time::write_time;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bergshamra::crypto::cipher;
use bergshamra::crypto::keytransport::{OaepParams, from_uri_with_params};
use bergshamra::{DsigContext, Key, KeysManager};
use contracts::signature::SigningIdentity;
use std::sync::OnceLock;
use time::macros::datetime;
use time::{Duration, OffsetDateTime};

pub(in crate::login) const NOW: OffsetDateTime = datetime!(2026-11-23 12:00 UTC);
pub(in crate::login) const SP: &str = "https://brevlada.example/saml/metadata";
pub(in crate::login) const ACS: &str = "https://brevlada.example/saml/acs";
pub(in crate::login) const IDP: &str = "https://idp.example/metadata";
pub(in crate::login) const REQUEST: &str = "_request0123456789abcdef";

/// A key pair that is made once for all tests.
pub(in crate::login) struct Made {
    pub(in crate::login) pair: KeyPair,
    pub(in crate::login) certificate_pem: String,
    pub(in crate::login) key_pem: String,
}

impl Made {
    pub(in crate::login) fn certificate_base64(&self) -> String {
        STANDARD.encode(self.pair.certificate())
    }
}

fn make(name: &str) -> Made {
    let key = rcgen::KeyPair::generate_rsa_for(&rcgen::PKCS_RSA_SHA256, rcgen::RsaKeySize::_2048).unwrap();
    let certificate = rcgen::CertificateParams::new(vec![name.to_owned()])
        .unwrap()
        .self_signed(&key)
        .unwrap();
    let (certificate_pem, key_pem) = (certificate.pem(), key.serialize_pem());
    Made {
        pair: KeyPair::from_pem(&certificate_pem, &key_pem).unwrap(),
        certificate_pem,
        key_pem,
    }
}

macro_rules! made_once {
    ($($name:ident),*) => {$(
        pub(in crate::login) fn $name() -> &'static Made {
            static MADE: OnceLock<Made> = OnceLock::new();
            MADE.get_or_init(|| make(stringify!($name)))
        }
    )*};
}
made_once!(
    idp_key,
    next_idp_key,
    stranger_key,
    sp_signing,
    sp_encryption,
    sp_old_encryption
);

/// Our keys: two that open.
pub(in crate::login) fn service_keys() -> ServiceKeys {
    ServiceKeys {
        signing: SigningIdentity::from_pem(&sp_signing().certificate_pem, &sp_signing().key_pem).unwrap(),
        also_announced: vec![],
        encryption: sp_encryption().pair.clone(),
        also_decrypting: vec![sp_old_encryption().pair.clone()],
    }
}

/// Metadata of an identity provider with these signing certificates, at levels 3 and 4.
pub(in crate::login) fn idp_metadata(entity_id: &str, certificates: &[String], attributes: &str) -> String {
    let keys: String = certificates
        .iter()
        .map(|certificate| {
            format!(
                "<md:KeyDescriptor use=\"signing\"><ds:KeyInfo><ds:X509Data><ds:X509Certificate>\n{certificate}\n\
                 </ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>"
            )
        })
        .collect();
    format!(
        "<md:EntityDescriptor xmlns:md=\"{MD}\" xmlns:ds=\"{DS}\" xmlns:saml=\"{SAML}\" ID=\"_md\" \
         entityID=\"{entity_id}\" {attributes}><md:Extensions><mdattr:EntityAttributes xmlns:mdattr=\"{MDATTR}\">\
         <saml:Attribute Name=\"{ASSURANCE}\" NameFormat=\"{NAME_FORMAT_URI}\"><saml:AttributeValue>{LOA3}\
         </saml:AttributeValue><saml:AttributeValue>{LOA4}</saml:AttributeValue></saml:Attribute>\
         </mdattr:EntityAttributes></md:Extensions>\
         <md:IDPSSODescriptor protocolSupportEnumeration=\"{SAMLP}\"><md:Extensions>\
         <shibmd:Scope xmlns:shibmd=\"{SHIBMD}\" regexp=\"false\">idp.example</shibmd:Scope>\
         <mdui:UIInfo xmlns:mdui=\"{MDUI}\"><mdui:DisplayName xml:lang=\"sv\">Exempel-ID</mdui:DisplayName>\
         <mdui:DisplayName xml:lang=\"en\">Example ID</mdui:DisplayName></mdui:UIInfo></md:Extensions>{keys}\
         <md:SingleSignOnService Binding=\"{REDIRECT}\" Location=\"https://idp.example/sso?x=1\"/>\
         <md:SingleSignOnService Binding=\"{POST}\" Location=\"https://idp.example/post\"/></md:IDPSSODescriptor>\
         </md:EntityDescriptor>"
    )
}

/// The identity provider with these keys.
pub(in crate::login) fn provider_with(keys: &[&Made]) -> IdentityProvider {
    let certificates: Vec<_> = keys.iter().map(|made| made.certificate_base64()).collect();
    let feed = read_feed(&idp_metadata(IDP, &certificates, ""), None, NOW).unwrap();
    feed.providers.into_iter().next().unwrap()
}

pub(in crate::login) fn provider() -> IdentityProvider {
    provider_with(&[idp_key()])
}

pub(in crate::login) fn asked() -> Asked {
    Asked {
        id: REQUEST.into(),
        idp: IDP.into(),
        acs: ACS.into(),
        levels: vec![LOA3.into()],
        force_authn: true,
        issued_at: NOW - Duration::seconds(30),
    }
}

/// Checks a form field against the usual expectations.
pub(in crate::login) fn checked(field: &str) -> Result<Checked, Refusal> {
    checked_by(field, &provider(), NOW)
}

pub(in crate::login) fn checked_by(
    field: &str,
    provider: &IdentityProvider,
    now: OffsetDateTime,
) -> Result<Checked, Refusal> {
    let (asked, keys) = (asked(), service_keys());
    check(
        field,
        &Expected {
            entity_id: SP,
            asked: &asked,
            provider,
            keys: &keys,
            skew: Duration::seconds(60),
            asks: Asks::Person {
                coordination_numbers: true,
            },
            now,
        },
    )
}

/// The person of a checked login.
pub(in crate::login) fn person_of(login: Checked) -> Person {
    match login.who {
        Who::Person(person) => person,
        Who::Employee(_) => panic!("a person was asked for"),
    }
}

/// Checks a form field as our entity for staff does.
pub(in crate::login) fn employee_of(field: &str) -> Result<Employee, Refusal> {
    let (asked, keys, provider) = (asked(), service_keys(), provider());
    let expected = Expected {
        entity_id: SP,
        asked: &asked,
        provider: &provider,
        keys: &keys,
        skew: Duration::seconds(60),
        asks: Asks::Employee,
        now: NOW,
    };
    match check(field, &expected)?.who {
        Who::Employee(employee) => Ok(employee),
        Who::Person(_) => panic!("an employee was asked for"),
    }
}

/// Where the `EncryptedKey` goes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::login) enum KeyPlace {
    Inside,
    Beside,
}

/// What the identity provider answers. The default is a good login; a test changes what it is about.
#[derive(Clone)]
pub(in crate::login) struct Answer {
    pub(in crate::login) response_issuer: String,
    pub(in crate::login) assertion_issuer: String,
    pub(in crate::login) destination: Option<String>,
    pub(in crate::login) in_response_to: String,
    pub(in crate::login) confirmed_for: String,
    pub(in crate::login) issued: OffsetDateTime,
    pub(in crate::login) status: String,
    pub(in crate::login) recipient: String,
    pub(in crate::login) confirmed_until: Option<OffsetDateTime>,
    pub(in crate::login) conditions: Option<String>,
    pub(in crate::login) authn_instant: OffsetDateTime,
    pub(in crate::login) level: String,
    pub(in crate::login) attributes: Vec<(String, Vec<String>)>,
    pub(in crate::login) sign_assertion: bool,
    pub(in crate::login) cipher: &'static str,
    pub(in crate::login) transport: (&'static str, Option<&'static str>, Option<&'static str>),
    pub(in crate::login) key_place: KeyPlace,
    pub(in crate::login) signer: &'static Made,
    pub(in crate::login) algorithm: &'static str,
    pub(in crate::login) recipient_key: &'static Made,
}

impl Default for Answer {
    fn default() -> Self {
        let attribute = |name: &str, value: &str| (name.to_owned(), vec![value.to_owned()]);
        Self {
            response_issuer: IDP.into(),
            assertion_issuer: IDP.into(),
            destination: Some(ACS.into()),
            in_response_to: REQUEST.into(),
            confirmed_for: REQUEST.into(),
            issued: NOW,
            status: format!("<samlp:StatusCode Value=\"{STATUS_SUCCESS}\"/>"),
            recipient: ACS.into(),
            confirmed_until: Some(NOW + Duration::minutes(3)),
            conditions: Some(conditions(NOW - Duration::minutes(1), NOW + Duration::minutes(5), SP)),
            authn_instant: NOW - Duration::seconds(10),
            level: LOA3.into(),
            attributes: vec![
                attribute(PERSONAL_NUMBER, "191212121212"),
                attribute(GIVEN_NAME, "Tolvan"),
                attribute(SURNAME, "Tolvansson"),
                attribute(DISPLAY_NAME, "Tolvan Tolvansson"),
                attribute(TRANSACTION, "t-1"),
            ],
            sign_assertion: true,
            cipher: AES256_GCM,
            transport: (RSA_OAEP_MGF1P, None, None),
            key_place: KeyPlace::Inside,
            signer: idp_key(),
            algorithm: RSA_SHA256,
            recipient_key: sp_encryption(),
        }
    }
}

pub(in crate::login) fn conditions(from: OffsetDateTime, until: OffsetDateTime, audience: &str) -> String {
    format!(
        "<saml:Conditions NotBefore=\"{}\" NotOnOrAfter=\"{}\"><saml:AudienceRestriction><saml:Audience>{audience}\
         </saml:Audience></saml:AudienceRestriction></saml:Conditions>",
        write_time(from),
        write_time(until)
    )
}

impl Answer {
    /// The assertion, signed if it is to be.
    pub(in crate::login) fn assertion(&self) -> String {
        let template = if self.sign_assertion {
            template("_assertion", self.algorithm, &self.signer.certificate_base64())
        } else {
            String::new()
        };
        let xml = self.assertion_with(&template);
        if self.sign_assertion {
            sign(&xml, self.signer.pair.private())
        } else {
            xml
        }
    }

    pub(in crate::login) fn assertion_with(&self, signature: &str) -> String {
        let attributes: String = self
            .attributes
            .iter()
            .map(|(name, values)| {
                let values: String = values
                    .iter()
                    .map(|v| format!("<saml:AttributeValue>{v}</saml:AttributeValue>"))
                    .collect();
                format!("<saml:Attribute Name=\"{name}\" NameFormat=\"{NAME_FORMAT_URI}\">{values}</saml:Attribute>")
            })
            .collect();
        let until = self
            .confirmed_until
            .map(|at| format!("NotOnOrAfter=\"{}\"", write_time(at)))
            .unwrap_or_default();
        format!(
            "<saml:Assertion xmlns:saml=\"{SAML}\" ID=\"_assertion\" Version=\"2.0\" IssueInstant=\"{issued}\">\
             <saml:Issuer>{issuer}</saml:Issuer>{signature}<saml:Subject><saml:NameID>n</saml:NameID>\
             <saml:SubjectConfirmation Method=\"{BEARER}\"><saml:SubjectConfirmationData Recipient=\"{recipient}\" \
             InResponseTo=\"{request}\" {until}/></saml:SubjectConfirmation></saml:Subject>{conditions}\
             <saml:AuthnStatement AuthnInstant=\"{instant}\"><saml:AuthnContext><saml:AuthnContextClassRef>{level}\
             </saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement><saml:AttributeStatement>{attributes}\
             </saml:AttributeStatement></saml:Assertion>",
            issued = write_time(self.issued),
            issuer = self.assertion_issuer,
            recipient = self.recipient,
            request = self.confirmed_for,
            conditions = self.conditions.clone().unwrap_or_default(),
            instant = write_time(self.authn_instant),
            level = self.level,
        )
    }

    /// `plain` encrypted for us.
    pub(in crate::login) fn encrypted(&self, plain: &str) -> String {
        let length = match self.cipher {
            AES128_CBC | AES128_GCM => 16,
            AES192_CBC | AES192_GCM => 24,
            _ => 32,
        };
        let session_key: Vec<u8> = (0..length).collect();
        let content = cipher::from_uri(self.cipher)
            .unwrap()
            .encrypt(&session_key, plain.as_bytes())
            .unwrap();
        self.encrypted_parts(&session_key, &content)
    }

    /// An `EncryptedAssertion` of these parts, whatever they are.
    pub(in crate::login) fn encrypted_parts(&self, session_key: &[u8], content: &[u8]) -> String {
        let (algorithm, digest, mgf) = self.transport;
        let params = OaepParams {
            digest_uri: digest.map(Into::into),
            mgf_uri: mgf.map(Into::into),
            oaep_params: None,
        };
        let public = bergshamra::keys::loader::load_x509_cert_der(self.recipient_key.pair.certificate()).unwrap();
        let public = public.software_key().unwrap().unwrap();
        let wrapped = from_uri_with_params(algorithm, params)
            .unwrap()
            .encrypt(&public, session_key)
            .unwrap();
        let digest = digest
            .map(|d| format!("<ds:DigestMethod xmlns:ds=\"{DS}\" Algorithm=\"{d}\"/>"))
            .unwrap_or_default();
        let mgf = mgf
            .map(|m| format!("<m:MGF xmlns:m=\"{XENC11}\" Algorithm=\"{m}\"/>"))
            .unwrap_or_default();
        let key = format!(
            "<e:EncryptedKey xmlns:e=\"{XENC}\"><e:EncryptionMethod Algorithm=\"{algorithm}\">{digest}{mgf}\
             </e:EncryptionMethod><e:CipherData><e:CipherValue>{}</e:CipherValue></e:CipherData></e:EncryptedKey>",
            STANDARD.encode(wrapped)
        );
        let (inside, beside) = match self.key_place {
            KeyPlace::Inside => (format!("<k:KeyInfo xmlns:k=\"{DS}\">{key}</k:KeyInfo>"), String::new()),
            KeyPlace::Beside => (String::new(), key),
        };
        format!(
            "<saml:EncryptedAssertion xmlns:saml=\"{SAML}\"><e:EncryptedData xmlns:e=\"{XENC}\" \
             Type=\"http://www.w3.org/2001/04/xmlenc#Element\"><e:EncryptionMethod Algorithm=\"{}\"/>{inside}<e:CipherData>\
             <e:CipherValue>{}</e:CipherValue></e:CipherData></e:EncryptedData>{beside}</saml:EncryptedAssertion>",
            self.cipher,
            STANDARD.encode(content)
        )
    }

    /// A response around `body`; `signature` stands after the issuer.
    pub(in crate::login) fn response_with(&self, id: &str, signature: &str, body: &str) -> String {
        let destination = self
            .destination
            .as_ref()
            .map(|to| format!("Destination=\"{}\"", escape(to)))
            .unwrap_or_default();
        format!(
            "<samlp:Response xmlns:samlp=\"{SAMLP}\" xmlns:saml=\"{SAML}\" ID=\"{id}\" Version=\"2.0\" \
             IssueInstant=\"{issued}\" InResponseTo=\"{request}\" {destination}><saml:Issuer>{issuer}</saml:Issuer>{signature}\
             <samlp:Status>{status}</samlp:Status>{body}</samlp:Response>",
            issued = write_time(self.issued),
            request = self.in_response_to,
            issuer = self.response_issuer,
            status = self.status,
        )
    }

    /// The template of the Response's signature.
    pub(in crate::login) fn template(&self) -> String {
        template("_response", self.algorithm, &self.signer.certificate_base64())
    }

    /// A signed response around `body`.
    pub(in crate::login) fn signed(&self, body: &str) -> String {
        sign(
            &self.response_with("_response", &self.template(), body),
            self.signer.pair.private(),
        )
    }

    /// The whole signed response.
    pub(in crate::login) fn xml(&self) -> String {
        self.signed(&self.encrypted(&self.assertion()))
    }

    /// The whole as the form field.
    pub(in crate::login) fn field(&self) -> String {
        field(&self.xml())
    }
}

pub(in crate::login) fn field(xml: &str) -> String {
    STANDARD.encode(xml)
}

/// An empty enveloped signature over the element with `id`.
pub(in crate::login) fn template(id: &str, algorithm: &str, certificate_base64: &str) -> String {
    format!(
        "<ds:Signature xmlns:ds=\"{DS}\"><ds:SignedInfo><ds:CanonicalizationMethod Algorithm=\"{EXC_C14N}\"/>\
         <ds:SignatureMethod Algorithm=\"{algorithm}\"/><ds:Reference URI=\"#{id}\"><ds:Transforms>\
         <ds:Transform Algorithm=\"{ENVELOPED}\"/><ds:Transform Algorithm=\"{EXC_C14N}\"/></ds:Transforms>\
         <ds:DigestMethod Algorithm=\"{SHA256}\"/><ds:DigestValue/></ds:Reference></ds:SignedInfo><ds:SignatureValue/>\
         <ds:KeyInfo><ds:X509Data><ds:X509Certificate>{certificate_base64}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>\
         </ds:Signature>"
    )
}

/// Fills the empty signature in `xml`: whatever the template asks for, allowed or not.
pub(in crate::login) fn sign(xml: &str, key: &Key) -> String {
    let mut manager = KeysManager::new();
    manager.add_key(key.clone());
    bergshamra::sign(&DsigContext::new(manager), xml).unwrap()
}

/// The part of `xml` from `start` to the end of `end`.
pub(in crate::login) fn cut<'x>(xml: &'x str, start: &str, end: &str) -> &'x str {
    let from = xml.find(start).unwrap();
    let to = from + xml[from..].find(end).unwrap() + end.len();
    &xml[from..to]
}
