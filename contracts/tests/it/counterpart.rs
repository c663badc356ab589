//! `xmlsec1` as the other side: it verifies what we sign, and we verify what it signs. Skipped where it is not installed.

use std::path::PathBuf;
use std::process::Command;

use contracts::fault::ErrorCode;
use contracts::sending::{deliver_secure_request, seal, sign};
use contracts::signature::{Placement, Policy, PublicKey, sign_enveloped_at, verify_with_keys};
use contracts::xml::{Limits, Xml};
use time::macros::date;

use crate::forge::unsigned;
use crate::pki::{KOMMUN_A, KOMMUN_B, Pki, Wish};
use crate::sample::{delivery, full_delivery, received, sealed, with_prefixes};

/// A folder that is there for one test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("contracts-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn write(&self, name: &str, content: &str) -> String {
        let path = self.0.join(name);
        std::fs::write(&path, content).unwrap();
        path.to_str().unwrap().to_owned()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// `None`, with a word about it, where there is no `xmlsec1`.
fn xmlsec1(arguments: &[&str]) -> Option<(bool, String)> {
    match Command::new("xmlsec1").args(arguments).output() {
        Ok(output) => {
            let text = [output.stdout, output.stderr].concat();
            Some((output.status.success(), String::from_utf8_lossy(&text).into_owned()))
        }
        Err(error) => {
            println!("SKIPPED: xmlsec1 cannot be started ({error}); install the package xmlsec1");
            None
        }
    }
}

const OUTER: &str = "/*[local-name()='SealedDelivery']/*[local-name()='Signature']";

#[test]
fn xmlsec1_verifies_what_we_seal() {
    let pki = Pki::new();
    let folder = Folder::new("verifies");
    let certificate = |identity: &Wish, name: &str| folder.write(name, &pki.authority.issue(identity).pem());
    let sender = certificate(&Wish::of(KOMMUN_A, "Kommun A", "sender"), "sender.crt");
    let mediator = certificate(
        &Wish {
            serial: 18,
            ..Wish::of(KOMMUN_B, "Kommun B", "mediator")
        },
        "mediator.crt",
    );
    for (name, what) in [("plain.xml", delivery()), ("full.xml", full_delivery())] {
        let signed = sign(&what, &pki.sender).unwrap();
        let inner = folder.write("inner.xml", &signed);
        let common = ["--verify", "--enabled-key-data", "rsa", "--pubkey-cert-pem"];
        let Some((holds, text)) = xmlsec1(&[&common[..], &[&sender, &inner]].concat()) else {
            return;
        };
        assert!(holds, "{text}");
        // What the server keeps: verified as it stands.
        let sealed = seal(&signed, &pki.mediator, date!(2026 - 06 - 15)).unwrap();
        let request = with_prefixes(&deliver_secure_request(&sealed).unwrap());
        let kept = folder.write(name, &received(&request, &pki).unwrap().original);
        let arguments = [&common[..], &[&mediator, "--node-xpath", OUTER, &kept]].concat();
        let (holds, text) = xmlsec1(&arguments).unwrap();
        assert!(holds, "{text}");
    }
}

/// The template that `xmlsec1` fills in.
fn template(method: &str, digest: &str, reference: &str) -> String {
    format!(
        r#"<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"><SignedInfo><CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/><SignatureMethod Algorithm="{method}"/>{reference}<DigestMethod Algorithm="{digest}"/><DigestValue/></Reference></SignedInfo><SignatureValue/><KeyInfo><X509Data><X509Certificate/></X509Data></KeyInfo></Signature>"#
    )
}

const WHOLE: &str = r#"<Reference URI=""><Transforms><Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"/></Transforms>"#;

#[test]
fn we_accept_what_xmlsec1_seals() {
    let pki = Pki::new();
    let folder = Folder::new("seals");
    let wish = Wish {
        serial: 18,
        ..Wish::of(KOMMUN_B, "Kommun B", "mediator")
    };
    let pem = folder.write("mediator.crt", &pki.authority.issue(&wish).pem());
    let key = folder.write("mediator.key", &crate::pki::key("mediator"));
    let text = unsigned(&sealed(&pki));
    let methods = [
        (
            "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
            "http://www.w3.org/2001/04/xmlenc#sha256",
            true,
        ),
        (
            "http://www.w3.org/2001/04/xmldsig-more#rsa-sha384",
            "http://www.w3.org/2001/04/xmldsig-more#sha384",
            true,
        ),
        (
            "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512",
            "http://www.w3.org/2001/04/xmlenc#sha512",
            true,
        ),
        (
            "http://www.w3.org/2000/09/xmldsig#rsa-sha1",
            "http://www.w3.org/2000/09/xmldsig#sha1",
            false,
        ),
    ];
    for (method, digest, accepted) in methods {
        let filled = text.replace(
            "</SealedDelivery>",
            &format!("{}</SealedDelivery>", template(method, digest, WHOLE)),
        );
        let (input, output) = (folder.write("in.xml", &filled), folder.write("out.xml", ""));
        let private = format!("{key},{pem}");
        let arguments = [
            "--sign",
            "--privkey-pem",
            &private,
            "--node-xpath",
            OUTER,
            "--output",
            &output,
            &input,
        ];
        let Some((made, said)) = xmlsec1(&arguments) else {
            return;
        };
        if !made && !accepted {
            println!("SKIPPED: this xmlsec1 does not sign with SHA-1");
            continue;
        }
        assert!(made, "{said}");
        let sealed = std::fs::read_to_string(&output).unwrap();
        // Line breaks within base64 are part of what is sealed, and stay.
        let request = deliver_secure_request(&sealed).unwrap();
        for request in [request.clone(), with_prefixes(&request)] {
            match received(&request, &pki) {
                Ok(verified) => assert!(accepted && verified.delivery == delivery(), "{method}"),
                Err(refusal) => assert!(
                    !accepted && refusal.code == ErrorCode::AccessDenied,
                    "{method}: {refusal}"
                ),
            }
        }
    }
}

#[test]
fn saml_forms_work_both_ways() {
    let pki = Pki::new();
    let folder = Folder::new("saml");
    let pem = folder.write(
        "sender.crt",
        &pki.authority.issue(&Wish::of(KOMMUN_A, "Kommun A", "sender")).pem(),
    );
    let key = folder.write("sender.key", &crate::pki::key("sender"));
    let response = r#"<p:Response xmlns:p="urn:p" xmlns:a="urn:a" xmlns:xs="urn:xs" ID="r1"><a:Issuer>idp</a:Issuer><a:Assertion ID="a1" a:type="xs:string">x</a:Assertion></p:Response>"#;
    let ours = sign_enveloped_at(
        response,
        &pki.sender,
        Placement::Saml {
            after: Some(("urn:a", "Issuer")),
        },
    )
    .unwrap();
    let ours = folder.write("ours.xml", &ours);
    let arguments = [
        "--verify",
        "--enabled-key-data",
        "rsa",
        "--pubkey-cert-pem",
        &pem,
        "--id-attr:ID",
        "urn:p:Response",
        &ours,
    ];
    let Some((holds, said)) = xmlsec1(&arguments) else {
        return;
    };
    assert!(holds, "{said}");

    let reference = r##"<Reference URI="#a1"><Transforms><Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"/><Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"><ec:InclusiveNamespaces xmlns:ec="http://www.w3.org/2001/10/xml-exc-c14n#" PrefixList="xs"/></Transform></Transforms>"##;
    let (method, digest) = (
        "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
        "http://www.w3.org/2001/04/xmlenc#sha256",
    );
    let with = response.replace(
        "</a:Assertion>",
        &format!("{}</a:Assertion>", template(method, digest, reference)),
    );
    let (input, output) = (folder.write("in.xml", &with), folder.write("out.xml", ""));
    let private = format!("{key},{pem}");
    let arguments = [
        "--sign",
        "--privkey-pem",
        &private,
        "--id-attr:ID",
        "urn:a:Assertion",
        "--output",
        &output,
        &input,
    ];
    let (signed, said) = xmlsec1(&arguments).unwrap();
    assert!(signed, "{said}");
    let theirs = std::fs::read_to_string(&output).unwrap();
    let parsed = Xml::parse(&theirs, &Limits::default()).unwrap();
    let assertion = parsed.root().child("urn:a", "Assertion").unwrap();
    let key = PublicKey::from_certificate_der(pki.sender.certificate_der()).unwrap();
    verify_with_keys(assertion, &[key], Policy::default()).unwrap();
}
