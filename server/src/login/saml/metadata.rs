//! Our own metadata: what the federation's operator registers and identity providers read.

use super::keys::ServiceKeys;
use super::names::{
    AES128_CBC, AES128_GCM, AES192_CBC, AES192_GCM, AES256_CBC, AES256_GCM, ALG, DS, ECDSA_SHA256, ECDSA_SHA384,
    ECDSA_SHA512, ENTITY_CATEGORY, MD, MDATTR, MDORGEXT, MDUI, MGF1_SHA256, NAME_FORMAT_URI, PERSISTENT, POST,
    RSA_OAEP, RSA_OAEP_MGF1P, RSA_SHA256, RSA_SHA384, RSA_SHA512, SAML, SAMLP, SHA1, SHA256, SHA384, SHA512, XENC11,
};
use super::request::escape;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::fmt::Write as _;

/// A text in Swedish and English.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InTwoLanguages {
    /// Swedish.
    pub sv: String,
    /// English.
    pub en: String,
}

/// What metadata tells of us beside keys and addresses.
#[derive(Clone, Debug)]
pub struct AboutUs<'a> {
    /// Our entity id.
    pub entity_id: &'a str,
    /// Our assertion consumer address.
    pub acs: &'a str,
    /// Name of the organisation as in the agreement.
    pub organisation: InTwoLanguages,
    /// Its address on the web.
    pub organisation_url: &'a str,
    /// Its number: ten digits.
    pub organisation_number: Option<&'a str>,
    /// Name of the service.
    pub display_name: InTwoLanguages,
    /// One sentence on the service.
    pub description: InTwoLanguages,
    /// Address of the logotype, width and height in pixels.
    pub logo: (&'a str, u32, u32),
    /// Whom an identity provider's engineers write to.
    pub technical_contact: Option<&'a str>,
    /// Entity categories.
    pub categories: &'a [String],
}

/// Writes the metadata (Deployment Profile 2.1). It is not signed: registration is by hand, over a channel of its own.
pub fn write(about: &AboutUs<'_>, keys: &ServiceKeys) -> String {
    let mut xml = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<md:EntityDescriptor xmlns:md=\"{MD}\" xmlns:saml=\"{SAML}\" \
         xmlns:ds=\"{DS}\" xmlns:mdui=\"{MDUI}\" xmlns:mdattr=\"{MDATTR}\" xmlns:alg=\"{ALG}\" entityID=\"{}\">",
        escape(about.entity_id)
    );
    entity_extensions(&mut xml, about);
    let _ = write!(
        xml,
        "<md:SPSSODescriptor AuthnRequestsSigned=\"true\" WantAssertionsSigned=\"false\" \
         protocolSupportEnumeration=\"{SAMLP}\"><md:Extensions>"
    );
    ui_info(&mut xml, about);
    xml.push_str("</md:Extensions>");
    let signing = std::iter::once(keys.signing.certificate_der()).chain(keys.also_announced.iter().map(Vec::as_slice));
    for certificate in signing {
        key_descriptor(&mut xml, "signing", certificate, "");
    }
    key_descriptor(
        &mut xml,
        "encryption",
        keys.encryption.certificate(),
        &encryption_methods(),
    );
    let _ = write!(
        xml,
        "<md:NameIDFormat>{PERSISTENT}</md:NameIDFormat><md:AssertionConsumerService Binding=\"{POST}\" Location=\"{}\" \
         index=\"0\" isDefault=\"true\"/></md:SPSSODescriptor>",
        escape(about.acs)
    );
    organisation(&mut xml, about);
    if let Some(contact) = about.technical_contact {
        for kind in ["technical", "support"] {
            let _ = write!(
                xml,
                "<md:ContactPerson contactType=\"{kind}\"><md:Company>{}</md:Company>\
                 <md:EmailAddress>mailto:{}</md:EmailAddress></md:ContactPerson>",
                escape(&about.organisation.sv),
                escape(contact)
            );
        }
    }
    xml.push_str("</md:EntityDescriptor>\n");
    xml
}

fn entity_extensions(xml: &mut String, about: &AboutUs<'_>) {
    xml.push_str("<md:Extensions>");
    if !about.categories.is_empty() {
        let _ = write!(
            xml,
            "<mdattr:EntityAttributes><saml:Attribute Name=\"{ENTITY_CATEGORY}\" NameFormat=\"{NAME_FORMAT_URI}\">"
        );
        for category in about.categories {
            let _ = write!(xml, "<saml:AttributeValue>{}</saml:AttributeValue>", escape(category));
        }
        xml.push_str("</saml:Attribute></mdattr:EntityAttributes>");
    }
    for digest in [SHA256, SHA384, SHA512] {
        let _ = write!(xml, "<alg:DigestMethod Algorithm=\"{digest}\"/>");
    }
    for method in [
        RSA_SHA256,
        RSA_SHA384,
        RSA_SHA512,
        ECDSA_SHA256,
        ECDSA_SHA384,
        ECDSA_SHA512,
    ] {
        let _ = write!(xml, "<alg:SigningMethod Algorithm=\"{method}\"/>");
    }
    xml.push_str("</md:Extensions>");
}

fn ui_info(xml: &mut String, about: &AboutUs<'_>) {
    xml.push_str("<mdui:UIInfo>");
    in_two_languages(xml, "mdui:DisplayName", &about.display_name);
    in_two_languages(xml, "mdui:Description", &about.description);
    let (address, width, height) = about.logo;
    let _ = write!(
        xml,
        "<mdui:Logo width=\"{width}\" height=\"{height}\">{}</mdui:Logo></mdui:UIInfo>",
        escape(address)
    );
}

fn organisation(xml: &mut String, about: &AboutUs<'_>) {
    xml.push_str("<md:Organization>");
    if let Some(number) = about.organisation_number {
        let _ = write!(
            xml,
            "<md:Extensions><mdorgext:OrganizationNumber xmlns:mdorgext=\"{MDORGEXT}\">{}</mdorgext:OrganizationNumber>\
             </md:Extensions>",
            escape(number)
        );
    }
    in_two_languages(xml, "md:OrganizationName", &about.organisation);
    in_two_languages(xml, "md:OrganizationDisplayName", &about.organisation);
    for language in ["sv", "en"] {
        let _ = write!(
            xml,
            "<md:OrganizationURL xml:lang=\"{language}\">{}</md:OrganizationURL>",
            escape(about.organisation_url)
        );
    }
    xml.push_str("</md:Organization>");
}

fn in_two_languages(xml: &mut String, name: &str, texts: &InTwoLanguages) {
    for (language, text) in [("sv", &texts.sv), ("en", &texts.en)] {
        let _ = write!(xml, "<{name} xml:lang=\"{language}\">{}</{name}>", escape(text));
    }
}

fn key_descriptor(xml: &mut String, usage: &str, certificate: &[u8], methods: &str) {
    let _ = write!(
        xml,
        "<md:KeyDescriptor use=\"{usage}\"><ds:KeyInfo><ds:X509Data><ds:X509Certificate>{}</ds:X509Certificate>\
         </ds:X509Data></ds:KeyInfo>{methods}</md:KeyDescriptor>",
        STANDARD.encode(certificate)
    );
}

/// What we can open, the preferred first. Of `rsa-oaep` only digest and mask of the same length are announced: AWS-LC
/// has no other pairs.
fn encryption_methods() -> String {
    let mut xml = String::new();
    for cipher in [AES256_GCM, AES128_GCM, AES192_GCM, AES256_CBC, AES128_CBC, AES192_CBC] {
        let _ = write!(xml, "<md:EncryptionMethod Algorithm=\"{cipher}\"/>");
    }
    let _ = write!(
        xml,
        "<md:EncryptionMethod Algorithm=\"{RSA_OAEP_MGF1P}\"><ds:DigestMethod Algorithm=\"{SHA1}\"/></md:EncryptionMethod>\
         <md:EncryptionMethod Algorithm=\"{RSA_OAEP}\"><ds:DigestMethod Algorithm=\"{SHA256}\"/>\
         <xenc11:MGF xmlns:xenc11=\"{XENC11}\" Algorithm=\"{MGF1_SHA256}\"/></md:EncryptionMethod>"
    );
    xml
}
