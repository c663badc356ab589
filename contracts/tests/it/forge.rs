//! Signatures that are right in everything but form: made with real keys, so that only a check of the form refuses them.

use bergshamra::c14n::{C14nMode, canonicalize};
use bergshamra::crypto::{digest, sign};
use bergshamra::keys::loader;
use contracts::namespace::DSIG;
use contracts::signature::SigningIdentity;
use contracts::xml::{Writer, encode_base64};

/// What a signature says of itself; by default what a good one says.
pub struct Form<'a> {
    pub uri: Option<&'a str>,
    pub transforms: &'a [&'a str],
    pub digest: &'a str,
    /// The method that is written, when it is not the one that is used.
    pub declared_method: Option<&'a str>,
    pub references: usize,
}

impl Default for Form<'_> {
    fn default() -> Self {
        Self {
            uri: Some(""),
            transforms: &["http://www.w3.org/2000/09/xmldsig#enveloped-signature"],
            digest: "http://www.w3.org/2001/04/xmlenc#sha256",
            declared_method: None,
            references: 1,
        }
    }
}

/// A signed document without its outermost signature.
pub fn unsigned(xml: &str) -> String {
    let start = xml.rfind("<Signature ").unwrap();
    let end = start + xml[start..].find("</Signature>").unwrap() + "</Signature>".len();
    format!("{}{}", &xml[..start], &xml[end..])
}

/// Signs a document in canonical form, as its last child.
pub fn forge(xml: &str, identity: &SigningIdentity, form: &Form<'_>) -> String {
    let method = form.declared_method.unwrap_or(identity.method());
    let info = signed_info(xml, form, method);
    let value = identity.sign_bytes(info.as_bytes()).unwrap();
    insert(xml, &info, &value, identity)
}

/// Signs with the public key of the certificate as an HMAC secret, which everybody knows.
pub fn forge_hmac(xml: &str, identity: &SigningIdentity, method: &str) -> String {
    let info = signed_info(xml, &Form::default(), method);
    let public = loader::load_x509_cert_der(identity.certificate_der()).unwrap();
    let secret = loader::load_hmac_key(&public.to_spki_der().unwrap()).unwrap();
    let secret = secret.to_signing_key().unwrap().unwrap();
    let value = sign::from_uri(method).unwrap().sign(&secret, info.as_bytes()).unwrap();
    insert(xml, &info, &value, identity)
}

fn signed_info(xml: &str, form: &Form<'_>, method: &str) -> String {
    let canonical = canonicalize::<&str>(xml, C14nMode::Inclusive, None, &[]).unwrap();
    let digest = digest::digest(form.digest, &canonical).unwrap();
    let mut info = Writer::new();
    let algorithm = |xml: &mut Writer, name: &str, algorithm: &str| {
        xml.start(DSIG, name).attribute("Algorithm", algorithm).end();
    };
    info.start(DSIG, "SignedInfo");
    algorithm(
        &mut info,
        "CanonicalizationMethod",
        "http://www.w3.org/2001/10/xml-exc-c14n#",
    );
    algorithm(&mut info, "SignatureMethod", method);
    for _ in 0..form.references {
        info.start(DSIG, "Reference");
        if let Some(uri) = form.uri {
            info.attribute("URI", uri);
        }
        info.start(DSIG, "Transforms");
        for transform in form.transforms {
            algorithm(&mut info, "Transform", transform);
        }
        info.end();
        algorithm(&mut info, "DigestMethod", form.digest);
        info.element(DSIG, "DigestValue", &encode_base64(&digest)).end();
    }
    info.finish()
}

fn insert(xml: &str, info: &str, value: &[u8], identity: &SigningIdentity) -> String {
    let inner = info.replacen(&format!(" xmlns=\"{DSIG}\""), "", 1);
    let mut signature = Writer::new();
    signature
        .start(DSIG, "Signature")
        .raw(&inner)
        .element(DSIG, "SignatureValue", &encode_base64(value));
    signature.start(DSIG, "KeyInfo").start(DSIG, "X509Data");
    signature.element(DSIG, "X509Certificate", &encode_base64(identity.certificate_der()));
    let at = xml.rfind("</").unwrap();
    format!("{}{}{}", &xml[..at], signature.finish(), &xml[at..])
}

/// Makes `tests/samples/sealed-rsa-sha1.xml` anew; needs `openssl`.
#[test]
#[ignore = "writes a sample that is kept"]
fn make_the_sha1_sample() {
    use std::io::Write as _;
    let pki = crate::pki::Pki::new();
    let xml = unsigned(&crate::sample::sealed(&pki));
    let form = Form {
        digest: "http://www.w3.org/2000/09/xmldsig#sha1",
        ..Form::default()
    };
    let info = signed_info(&xml, &form, "http://www.w3.org/2000/09/xmldsig#rsa-sha1");
    let root = env!("CARGO_MANIFEST_DIR");
    let mut openssl = std::process::Command::new("openssl")
        .args(["dgst", "-sha1", "-sign", &format!("{root}/tests/keys/mediator.key")])
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    openssl.stdin.take().unwrap().write_all(info.as_bytes()).unwrap();
    let value = openssl.wait_with_output().unwrap().stdout;
    let sample = insert(&xml, &info, &value, &pki.mediator);
    std::fs::write(format!("{root}/tests/samples/sealed-rsa-sha1.xml"), sample).unwrap();
}
