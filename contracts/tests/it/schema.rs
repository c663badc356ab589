//! Deliveries that are signed and sealed as they should be, by a sender that does not keep to the schema. Each is
//! refused with a text that says where and what to do.

use contracts::fault::ErrorCode;
use contracts::sending::{deliver_secure_request, seal, sign};
use contracts::service::Refusal;
use contracts::signature::sign_enveloped;
use time::macros::date;

use crate::forge::unsigned;
use crate::pki::Pki;
use crate::sample::{delivery, full_delivery, received};

/// Changes what the sender signs, then signs and seals it properly.
fn with(pki: &Pki, from: &str, to: &str) -> Result<contracts::service::VerifiedDelivery, Refusal> {
    let plain = unsigned(&sign(&full_delivery(), &pki.sender).unwrap());
    assert!(plain.contains(from), "{from}");
    let signed = sign_enveloped(&plain.replacen(from, to, 1), &pki.sender).unwrap();
    let sealed = seal(&signed, &pki.mediator, date!(2026 - 06 - 15)).unwrap();
    received(&deliver_secure_request(&sealed).unwrap(), pki)
}

/// An element as the writer writes it where the namespace changes.
fn m1(name: &str, text: &str) -> String {
    format!(r#"<{name} xmlns="http://minameddelanden.gov.se/schema/Message">{text}</{name}>"#)
}

#[test]
fn values_of_the_wrong_type_or_length() {
    let pki = Pki::new();
    let long = "å".repeat(256);
    let longer = "x".repeat(2001);
    let cases = [
        (">191212121212<", ">19121212-1212<", "Recipient must be 12 digits"),
        (">191212121212<", "><", "Recipient must be 12 digits"),
        (">191212121212<", ">191399121212<", "Recipient must be 12 digits"),
        (">162021004748<", ">191212121212<", "Id must be an organisation number"),
        (">Kommun A<", ">K<", "Name must be 2 to 256"),
        (">svSE<", ">svenska spr\u{e5}ket<", "Language must be a language"),
        (">svSE<", "><", "Language must be a language"),
        (
            ">NOT_ALLOWED<",
            ">MAYBE<",
            "Reply must be REQUESTED, ACCEPTED or NOT_ALLOWED",
        ),
        (">SIGNED<", ">true<", "ReceiptRequest must be NOT, SIMPLE or SIGNED"),
        (
            ">post@kommun-a.example<",
            ">post<",
            "EmailAdress must be an e-mail address",
        ),
        (">post@kommun-a.example<", "><", "EmailAdress must be an e-mail address"),
        (
            ">0771-000 000<",
            &format!(">{long}<"),
            "PhoneNumber must be at most 255",
        ),
        (">2026-06-14<", ">2026-06-31<", "Timestamp must be a date"),
        (">2026-06-14<", ">14/6 2026<", "Timestamp must be a date"),
        (
            ">BN 2026:17<",
            &format!(">{long}<"),
            "OfficialMatterId must be at most 255",
        ),
        (
            ">Bygglov Storgatan 1<",
            &format!(">{longer}<"),
            "MatterSubject must be at most 2000",
        ),
        (">closed<", ">open<", "MatterStatus must be senderinitiative"),
        (">12450<", ">124,50<", "Amount must be a positive whole number"),
        (">12450<", ">0<", "Amount must be a positive whole number"),
        (">12450<", ">-1<", "Amount must be a positive whole number"),
        ("\"SEK\"", "\"kronor\"", "Amount must be given with a currency code"),
        (">BG<", ">Bankgiro<", "AccountMethod must be BG or PG"),
        ("PHA+", "PH?+", "Body must be base64"),
    ];
    for (from, to, why) in cases {
        let refusal = with(&pki, from, to).unwrap_err();
        assert_eq!(refusal.code, ErrorCode::MalformedRequest);
        assert!(
            refusal.description.contains(why),
            "expected «{why}» in: {}",
            refusal.description
        );
        assert!(!refusal.description.contains("191212121212") && !refusal.description.contains("Storgatan"));
    }
}

#[test]
fn lengths_count_characters_not_bytes() {
    let pki = Pki::new();
    assert!(with(&pki, ">0771-000 000<", &format!(">{}<", "å".repeat(255))).is_ok());
}

#[test]
fn elements_missing_out_of_order_or_unknown() {
    let pki = Pki::new();
    let id = "<Id>0f6e0c2a-5d1c-4d43-9a55-0d3a2f0d7b11</Id>";
    let (tag, value) = (m1("Tag", "a"), m1("Value", "1"));
    let cases = [
        (id, String::new(), "Header must have the element Id"),
        (
            "<Language>svSE</Language>",
            String::new(),
            "must have the element Language",
        ),
        (
            id,
            format!("{id}<Subject>Ett</Subject>"),
            "must have the element Supportinfo",
        ),
        (
            &format!("{tag}{value}"),
            format!("{value}{tag}"),
            "must have the element Tag",
        ),
        (
            "</Supportinfo>",
            "<Logo/></Supportinfo>".to_owned(),
            "has the element Logo",
        ),
        (id, format!("{id}<!-- x -->&amp;"), "text between its elements"),
        (
            "<Subject>",
            "<Subject lang=\"sv\">".to_owned(),
            "Subject has an attribute",
        ),
        (
            "<Subject>",
            "<Subject><b xmlns=\"urn:html\">!</b>".to_owned(),
            "Subject must hold text only",
        ),
        (
            "<MatterStatus ",
            "<Extra xmlns=\"http://minameddelanden.gov.se/schema/OfficialMatter/v3\"/><MatterStatus ".to_owned(),
            "has the element Extra",
        ),
        (
            "<DueDate>",
            "<Extra/><DueDate>".to_owned(),
            "must have the element DueDate",
        ),
    ];
    for (from, to, why) in cases {
        let refusal = with(&pki, from, &to).unwrap_err();
        assert_eq!(refusal.code, ErrorCode::MalformedRequest);
        assert!(
            refusal.description.contains(why),
            "expected «{why}» in: {}",
            refusal.description
        );
    }
}

#[test]
fn a_delivery_without_messages() {
    let pki = Pki::new();
    let mut empty = delivery();
    empty.messages.clear();
    let signed = sign(&empty, &pki.sender).unwrap();
    let sealed = seal(&signed, &pki.mediator, date!(2026 - 06 - 15)).unwrap();
    let refusal = received(&deliver_secure_request(&sealed).unwrap(), &pki).unwrap_err();
    assert!(
        refusal.description.contains("Delivery must have the element Message"),
        "{refusal}"
    );
}

#[test]
fn what_the_schema_leaves_open_is_taken() {
    let pki = Pki::new();
    let good = [
        // Dates may have a zone, identifiers white space around them, base64 line breaks.
        (">2026-06-14<", ">2026-06-14+02:00<"),
        (">191212121212<", ">\n 191212121212 <"),
        ("PHA+", "PHA+\r\n"),
        (">svSE<", ">en-GB<"),
        // The extension's own global element among foreign content, and unknown content of any depth.
        (
            "<Map xmlns=\"urn:maps\">",
            "<Map xmlns=\"urn:maps\" xmlns:x=\"urn:x\" x:a=\"1\">",
        ),
    ];
    for (from, to) in good {
        with(&pki, from, to).unwrap_or_else(|refusal| panic!("{from}: {refusal}"));
    }
}

#[test]
fn foreign_content_comes_back_as_xml_that_stands_alone() {
    let pki = Pki::new();
    let verified = with(
        &pki,
        "<Map xmlns=\"urn:maps\">",
        "<Map xmlns=\"urn:maps\" xmlns:x=\"urn:x\" x:a=\"1\">",
    )
    .unwrap();
    let matter = verified.delivery.messages[0].official_matter.clone().unwrap();
    assert_eq!(
        matter.foreign[0],
        r#"<Map xmlns="urn:maps" xmlns:x="urn:x" x:a="1"><Point x="1" y="2"></Point> <Note xmlns="">här</Note></Map>"#
    );
    assert_eq!(matter.invoice().unwrap().amount, 12_450);
    assert_eq!(matter.subject(), Some("Bygglov Storgatan 1"));
}
