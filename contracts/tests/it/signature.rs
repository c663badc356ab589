//! Signatures as such, before any delivery: the forms that SAML and the register use.

use contracts::signature::{
    Placement, Policy, PublicKey, SignatureError, rebuild, sign_enveloped, sign_enveloped_at, verify_with_keys,
};
use contracts::xml::{Element, Limits, Xml};
use proptest::prelude::*;

use crate::pki::{Authority, KOMMUN_A, Pki, Wish};

const RESPONSE: &str = r#"<p:Response xmlns:p="urn:p" xmlns:a="urn:a" ID="r1"><a:Issuer>idp</a:Issuer><a:Assertion ID="a1"><a:Issuer>idp</a:Issuer><a:Subject xmlns:x="urn:unused">Tolvan &amp; Co</a:Subject></a:Assertion></p:Response>"#;

fn saml(after: Option<(&'static str, &'static str)>) -> Placement<'static> {
    Placement::Saml { after }
}

fn verify(xml: &str, keys: &[PublicKey]) -> Result<(), SignatureError> {
    verify_at(xml, keys, |root| root)
}

fn verify_at(
    xml: &str,
    keys: &[PublicKey],
    locate: impl FnOnce(Element<'_>) -> Element<'_>,
) -> Result<(), SignatureError> {
    let parsed = Xml::parse(xml, &Limits::default()).unwrap();
    verify_with_keys(locate(parsed.root()), keys, Policy::default()).map(|_| ())
}

fn assertion(root: Element<'_>) -> Element<'_> {
    root.child("urn:a", "Assertion").unwrap()
}

fn key_of(pki: &Pki) -> PublicKey {
    PublicKey::from_certificate_der(pki.sender.certificate_der()).unwrap()
}

#[test]
fn a_signed_response_verifies_with_the_right_key_only() {
    let pki = Pki::new();
    let signed = sign_enveloped_at(RESPONSE, &pki.sender, saml(Some(("urn:a", "Issuer")))).unwrap();
    assert!(signed.contains("</a:Issuer><Signature"));
    assert_eq!(verify(&signed, &[key_of(&pki)]), Ok(()));
    let other = PublicKey::from_certificate_der(pki.mediator.certificate_der()).unwrap();
    assert_eq!(
        verify(&signed, std::slice::from_ref(&other)),
        Err(SignatureError::Value)
    );
    assert_eq!(verify(&signed, &[other, key_of(&pki)]), Ok(()));
    assert_eq!(verify(&signed, &[]), Err(SignatureError::Key));
    assert_eq!(
        verify(&signed.replace("Tolvan", "Elvan"), &[key_of(&pki)]),
        Err(SignatureError::Digest)
    );
    assert_eq!(verify(RESPONSE, &[key_of(&pki)]), Err(SignatureError::Missing));
}

#[test]
fn an_assertion_signed_by_itself_verifies_where_it_stands() {
    let pki = Pki::new();
    let start = RESPONSE.find("<a:Assertion").unwrap();
    let end = RESPONSE.find("</p:Response>").unwrap();
    let alone = RESPONSE[start..end].replacen("<a:Assertion", r#"<a:Assertion xmlns:a="urn:a""#, 1);
    let signed = sign_enveloped_at(&alone, &pki.sender, saml(None)).unwrap();
    let response = format!("{}{}{}", &RESPONSE[..start], signed, &RESPONSE[end..]);
    assert_eq!(verify_at(&response, &[key_of(&pki)], assertion), Ok(()));
    // The response itself is not signed by that.
    assert_eq!(verify(&response, &[key_of(&pki)]), Err(SignatureError::Missing));
    // A copy of the assertion with the same ID makes the document ambiguous.
    let twice = response.replace("</p:Response>", r#"<a:Assertion ID="a1"/></p:Response>"#);
    assert_eq!(
        verify_at(&twice, &[key_of(&pki)], assertion),
        Err(SignatureError::DuplicateId)
    );
}

#[test]
fn wrapping_moves_the_signature_away_from_what_is_read() {
    let pki = Pki::new();
    let start = RESPONSE.find("<a:Assertion").unwrap();
    let end = RESPONSE.find("</p:Response>").unwrap();
    let alone = RESPONSE[start..end].replacen("<a:Assertion", r#"<a:Assertion xmlns:a="urn:a""#, 1);
    let signed = sign_enveloped_at(&alone, &pki.sender, saml(None)).unwrap();
    let signature = &signed[signed.find("<Signature").unwrap()..signed.find("</Signature>").unwrap() + 12];
    let forged = r#"<a:Assertion ID="evil"><a:Subject>Elvan</a:Subject></a:Assertion>"#;
    let around = |inner: &str| format!("{}{}{}", &RESPONSE[..start], inner, &RESPONSE[end..]);
    // Before the original; around it; with its signature; with the original inside the signature.
    let forms = [
        (around(&format!("{forged}{signed}")), SignatureError::Missing),
        (
            around(&forged.replace("</a:Assertion>", &format!("{signed}</a:Assertion>"))),
            SignatureError::Missing,
        ),
        (
            around(&forged.replace("</a:Assertion>", &format!("{signature}</a:Assertion>"))),
            SignatureError::Reference,
        ),
        (
            around(&forged.replace(
                "</a:Assertion>",
                &signature.replace(
                    "</Signature>",
                    &format!("<Object>{signed}</Object></Signature></a:Assertion>"),
                ),
            )),
            SignatureError::Structure("an element too many"),
        ),
    ];
    for (document, expected) in forms {
        assert_eq!(
            verify_at(&document, &[key_of(&pki)], assertion),
            Err(expected),
            "{document}"
        );
    }
}

#[test]
fn only_harmless_forms_are_verified_at_all() {
    let pki = Pki::new();
    let signed = sign_enveloped_at(RESPONSE, &pki.sender, saml(None)).unwrap();
    let error = |from: &str, to: &str| {
        assert!(signed.contains(from), "{from}");
        verify(&signed.replacen(from, to, 1), &[key_of(&pki)]).unwrap_err()
    };
    assert_eq!(
        error("2001/04/xmldsig-more#rsa-sha256", "2000/09/xmldsig#rsa-sha1"),
        SignatureError::Algorithm("signatures")
    );
    assert_eq!(
        error("#rsa-sha256", "#hmac-sha256"),
        SignatureError::Algorithm("signatures")
    );
    assert_eq!(
        error("2001/04/xmlenc#sha256", "2000/09/xmldsig#sha1"),
        SignatureError::Algorithm("digests")
    );
    assert_eq!(
        error("xmldsig#enveloped-signature", "xmldsig#base64"),
        SignatureError::Transform
    );
    assert_eq!(
        error(
            "<Transform Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\">",
            "<Transform Algorithm=\"http://www.w3.org/TR/1999/REC-xslt-19991116\">"
        ),
        SignatureError::Transform
    );
    assert_eq!(error("URI=\"#r1\"", "URI=\"#a1\""), SignatureError::Reference);
    assert_eq!(
        error("URI=\"#r1\"", "URI=\"http://example.com/\""),
        SignatureError::Reference
    );
    assert_eq!(error(" URI=\"#r1\"", ""), SignatureError::Reference);
    assert_eq!(error("URI=\"#r1\"", "URI=\"#xpointer(/)\""), SignatureError::Reference);
    assert_eq!(
        error("</SignedInfo>", "<Reference/></SignedInfo>"),
        SignatureError::Reference
    );
    assert_eq!(
        error("<SignatureValue>", "<SignatureValue>A"),
        SignatureError::Structure("a value that is not base64")
    );
    assert_eq!(
        error("<a:Subject", "<?x y?><a:Subject"),
        SignatureError::ProcessingInstruction
    );
    assert_eq!(
        error(
            "</p:Response>",
            "<Signature xmlns=\"http://www.w3.org/2000/09/xmldsig#\"/></p:Response>"
        ),
        SignatureError::Several
    );
}

#[test]
fn a_comment_neither_breaks_a_signature_nor_cuts_a_value() {
    let pki = Pki::new();
    let signed = sign_enveloped_at(RESPONSE, &pki.sender, saml(None)).unwrap();
    let signed = signed.replace("Tolvan &amp; Co", "Tolvan<!-- --> &amp; Co");
    assert_eq!(verify(&signed, &[key_of(&pki)]), Ok(()));
    let parsed = Xml::parse(&signed, &Limits::default()).unwrap();
    let subject = parsed
        .root()
        .child("urn:a", "Assertion")
        .unwrap()
        .child("urn:a", "Subject")
        .unwrap();
    assert_eq!(subject.text().unwrap(), "Tolvan & Co");
}

#[test]
fn elliptic_signatures_work_too() {
    let authority = Authority::root("Elliptic CA", "elliptic-ca");
    let identity = authority.identity(&Wish::of(KOMMUN_A, "Kommun A", "elliptic"));
    let signed = sign_enveloped("<a>x</a>", &identity).unwrap();
    let key = PublicKey::from_certificate_der(identity.certificate_der()).unwrap();
    assert_eq!(verify(&signed, &[key]), Ok(()));
}

#[test]
fn nothing_is_signed_twice() {
    let pki = Pki::new();
    let signed = sign_enveloped("<a>x</a>", &pki.sender).unwrap();
    assert_eq!(sign_enveloped(&signed, &pki.sender), Err(SignatureError::Several));
    assert!(sign_enveloped("no xml", &pki.sender).is_err());
}

#[test]
fn rebuilding_leaves_no_prefix_and_loses_no_text() {
    let received = "<p:a xmlns:p='n' xmlns:q='m' xmlns:r='unused' Id='1'> <p:b c=\"2\" b='&#9;\"1'>x&#13;<!-- no -->y</p:b><q:c><p:d/><e/></q:c><q:f q:g='' p:g='' xml:lang='sv'><q:h q:i=''/></q:f></p:a>";
    let parsed = Xml::parse(received, &Limits::default()).unwrap();
    let rebuilt = rebuild(parsed.root(), Some(("n", "z"))).unwrap();
    assert_eq!(
        rebuilt,
        "<z xmlns=\"n\" Id=\"1\"> <b b=\"&#x9;&quot;1\" c=\"2\">x&#xD;y</b><c xmlns=\"m\"><d xmlns=\"n\"></d><e xmlns=\"\"></e></c><f xmlns=\"m\" xmlns:p=\"n\" xmlns:q=\"m\" xml:lang=\"sv\" q:g=\"\" p:g=\"\"><h q:i=\"\"></h></f></z>"
    );
    let with_instruction = Xml::parse("<a><?x?></a>", &Limits::default()).unwrap();
    assert_eq!(
        rebuild(with_instruction.root(), None),
        Err(SignatureError::ProcessingInstruction)
    );
}

/// A small tree in the two forms: as somebody's stack would send it, and its meaning.
fn tree() -> impl Strategy<Value = String> {
    let leaf = (
        "[a-c]",
        0_usize..3,
        "[ -~åäö\r\n\t]{0,12}",
        proptest::option::of("[ -~\n]{0,6}"),
    );
    let leaf =
        leaf.prop_map(|(name, namespace, text, value)| element(&name, namespace, value.as_deref(), &escape(&text)));
    leaf.prop_recursive(4, 24, 4, |inner| {
        (
            "[a-c]",
            0_usize..3,
            proptest::collection::vec(inner, 0..4),
            proptest::option::of("[ -~\t]{0,6}"),
        )
            .prop_map(|(name, namespace, children, value)| {
                element(&name, namespace, value.as_deref(), &children.concat())
            })
    })
}

fn element(name: &str, namespace: usize, value: Option<&str>, inner: &str) -> String {
    let (open, close) = match namespace {
        0 => (format!("{name} xmlns=''"), name.to_owned()),
        1 => (format!("p:{name} xmlns:p='urn:one'"), format!("p:{name}")),
        _ => (format!("q:{name} xmlns:q='urn:two'"), format!("q:{name}")),
    };
    let value = value
        .map(|value| format!(" v=\"{}\"", escape(value)))
        .unwrap_or_default();
    format!("<{open}{value}>{inner}</{close}>")
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('"', "&quot;")
        .replace('\r', "&#13;")
}

proptest! {
    /// What `rebuild` writes is canonical as it stands, so that its bytes are what is digested.
    #[test]
    fn a_rebuilt_document_is_its_own_canonical_form(document in tree()) {
        use bergshamra::c14n::{C14nMode, canonicalize};
        let parsed = Xml::parse(&document, &Limits::default()).unwrap();
        let rebuilt = rebuild(parsed.root(), None).unwrap();
        for mode in [C14nMode::Inclusive, C14nMode::Exclusive] {
            let canonical = canonicalize::<&str>(&rebuilt, mode, None, &[]).unwrap();
            prop_assert_eq!(std::str::from_utf8(&canonical).unwrap(), rebuilt.as_str());
        }
        let again = Xml::parse(&rebuilt, &Limits::default()).unwrap();
        prop_assert_eq!(rebuild(again.root(), None).unwrap(), rebuilt.clone());
    }
}

#[test]
fn a_long_namespace_is_not_written_again_and_again() {
    let pki = Pki::new();
    let long = RESPONSE.replace("urn:unused", &"n".repeat(2000));
    assert_eq!(
        verify(&long, &[key_of(&pki)]),
        Err(SignatureError::Structure("a namespace with a very long name"))
    );
}
