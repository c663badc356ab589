//! Our metadata, signed, with the levels that we claim to be certified for. A demonstration: nobody certified it.

use super::Idp;
use super::attributes::scope;
use super::encrypt;
use super::names::{
    ALG, ASSURANCE, CATEGORY_LOA3_ORGID, CATEGORY_LOA3_PNR, ENTITY_CATEGORY, LOA3, MD, MDATTR, MDUI, NAME_FORMAT_URI,
    PERSISTENT, POST, REDIRECT, SAML, SAMLP, SHIBMD, SIGNATURE_METHODS, TRANSIENT,
};
use super::response::{ResponseError, new_id};
use crate::config::Encryption;
use contracts::namespace::DSIG;
use contracts::signature::{Placement, sign_enveloped_at};
use contracts::xml::{Writer, encode_base64, write_date_time};
use time::Duration;

const VALID_FOR: Duration = Duration::days(7);

/// The signed `EntityDescriptor`.
pub(super) fn write(idp: &Idp) -> Result<String, ResponseError> {
    let swedish = idp.languages.swedish();
    let mut xml = Writer::new();
    xml.start(MD, "EntityDescriptor")
        .attribute("ID", &new_id()?)
        .attribute("cacheDuration", "PT1H");
    xml.attribute("entityID", &idp.entity_id());
    xml.attribute("validUntil", &write_date_time(idp.clock.now() + VALID_FOR));

    xml.start(MD, "Extensions").start(MDATTR, "EntityAttributes");
    entity_attribute(&mut xml, ASSURANCE, &[LOA3]);
    entity_attribute(&mut xml, ENTITY_CATEGORY, &[CATEGORY_LOA3_PNR, CATEGORY_LOA3_ORGID]);
    xml.end();
    xml.start(ALG, "DigestMethod")
        .attribute("Algorithm", "http://www.w3.org/2001/04/xmlenc#sha256")
        .end();
    for method in SIGNATURE_METHODS {
        xml.start(ALG, "SigningMethod").attribute("Algorithm", method).end();
    }
    xml.end();

    xml.start(MD, "IDPSSODescriptor")
        .attribute("WantAuthnRequestsSigned", "true");
    xml.attribute("protocolSupportEnumeration", SAMLP);
    xml.start(MD, "Extensions");
    xml.start(SHIBMD, "Scope")
        .attribute("regexp", "false")
        .text(scope())
        .end();
    xml.start(MDUI, "UIInfo");
    for (language, text) in [
        ("sv", &swedish.idp.service),
        ("en", &idp.languages.english().idp.service),
    ] {
        xml.start(MDUI, "DisplayName")
            .attribute("xml:lang", language)
            .text(text)
            .end();
    }
    xml.start(MDUI, "Description")
        .attribute("xml:lang", "sv")
        .text(&swedish.demonstration_note)
        .end();
    xml.end().end();
    xml.start(MD, "KeyDescriptor").attribute("use", "signing");
    xml.start(DSIG, "KeyInfo").start(DSIG, "X509Data");
    xml.element(DSIG, "X509Certificate", &encode_base64(idp.signing.certificate_der()))
        .end()
        .end()
        .end();
    for format in [PERSISTENT, TRANSIENT] {
        xml.element(MD, "NameIDFormat", format);
    }
    for binding in [REDIRECT, POST] {
        xml.start(MD, "SingleSignOnService")
            .attribute("Binding", binding)
            .attribute("Location", &idp.sso())
            .end();
    }
    xml.end();

    xml.start(MD, "Organization");
    for element in ["OrganizationName", "OrganizationDisplayName"] {
        xml.start(MD, element)
            .attribute("xml:lang", "sv")
            .text("infrastruktur (demonstration)")
            .end();
    }
    xml.start(MD, "OrganizationURL")
        .attribute("xml:lang", "sv")
        .text(&idp.public_url)
        .end();
    xml.end();
    let placement = Placement::Saml { after: None };
    Ok(sign_enveloped_at(&xml.finish(), &idp.signing, placement)?)
}

fn entity_attribute(xml: &mut Writer, name: &str, values: &[&str]) {
    xml.start(SAML, "Attribute")
        .attribute("Name", name)
        .attribute("NameFormat", NAME_FORMAT_URI);
    for value in values {
        xml.element(SAML, "AttributeValue", value);
    }
    xml.end();
}

/// Every block encryption that can be chosen on the page, with its XML name.
pub(super) const ENCRYPTIONS: &[Encryption] = &[
    Encryption::Aes256Gcm,
    Encryption::Aes192Gcm,
    Encryption::Aes128Gcm,
    Encryption::Aes256Cbc,
    Encryption::Aes192Cbc,
    Encryption::Aes128Cbc,
];

/// The end of an algorithm's XML name: `aes256-gcm`.
pub(super) fn short(encryption: Encryption) -> &'static str {
    encrypt::uri(encryption).rsplit('#').next().unwrap_or_default()
}
