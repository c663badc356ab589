//! An assertion, encrypted for one service provider.

use super::names::{SAML, XENC};
use crate::config::Encryption;
use bergshamra::{EncContext, KeysManager};
use contracts::namespace::DSIG;
use contracts::xml::Writer;

const RSA_OAEP_MGF1P: &str = "http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p";
const SHA1: &str = "http://www.w3.org/2000/09/xmldsig#sha1";

/// `EncryptedAssertion` around `assertion`, with a fresh key that only the holder of `certificate` can unwrap.
pub(super) fn assertion(assertion: &str, certificate: &[u8], with: Encryption) -> Result<String, bergshamra::Error> {
    let mut keys = KeysManager::new();
    keys.add_key(bergshamra::keys::loader::load_x509_cert_der(certificate)?);
    let mut xml = Writer::new();
    xml.start(SAML, "EncryptedAssertion");
    xml.start(XENC, "EncryptedData")
        .attribute("Type", "http://www.w3.org/2001/04/xmlenc#Element");
    xml.start(XENC, "EncryptionMethod")
        .attribute("Algorithm", uri(with))
        .end();
    xml.start(DSIG, "KeyInfo").start(XENC, "EncryptedKey");
    // SHA-1 in the key transport is what the framework makes mandatory; it is no signature.
    xml.start(XENC, "EncryptionMethod")
        .attribute("Algorithm", RSA_OAEP_MGF1P);
    xml.start(DSIG, "DigestMethod").attribute("Algorithm", SHA1).end().end();
    xml.start(XENC, "CipherData").element(XENC, "CipherValue", "").end();
    xml.end().end();
    xml.start(XENC, "CipherData").element(XENC, "CipherValue", "");
    bergshamra::encrypt(&EncContext::new(keys), &xml.finish(), assertion.as_bytes())
}

/// The XML name of an algorithm.
pub(super) fn uri(encryption: Encryption) -> &'static str {
    match encryption {
        Encryption::Aes256Gcm => "http://www.w3.org/2009/xmlenc11#aes256-gcm",
        Encryption::Aes192Gcm => "http://www.w3.org/2009/xmlenc11#aes192-gcm",
        Encryption::Aes128Gcm => "http://www.w3.org/2009/xmlenc11#aes128-gcm",
        Encryption::Aes256Cbc => "http://www.w3.org/2001/04/xmlenc#aes256-cbc",
        Encryption::Aes192Cbc => "http://www.w3.org/2001/04/xmlenc#aes192-cbc",
        Encryption::Aes128Cbc => "http://www.w3.org/2001/04/xmlenc#aes128-cbc",
    }
}
