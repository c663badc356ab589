//! A delivery that uses every field, and the forms that a request takes on its way.

use contracts::delivery::{
    AccountMethod, Attachment, Body, Delivery, Invoice, MatterExtension, MatterIdentity, MatterStatus, Message,
    Metadata, OfficialMatter, ReceiptRequest, Reply, Sender, SupportInfo, checksum,
};
use contracts::sending::{deliver_secure_request, sign_and_seal};
use contracts::service::{ReceivePolicy, Refusal, VerifiedDelivery, receive};
use contracts::xml::{Limits, NodeKind, Xml};
use std::fmt::Write as _;

use time::macros::date;

use crate::pki::{KOMMUN_A, NOW, Pki};

/// A plain letter.
pub fn message(subject: &str) -> Message {
    let pdf = b"%PDF-1.4 not much of one".to_vec();
    Message {
        id: "0f6e0c2a-5d1c-4d43-9a55-0d3a2f0d7b11".into(),
        subject: subject.into(),
        support_info: SupportInfo {
            text: "Frågor? Ring oss.".into(),
            url: Some("https://kommun-a.example/fragor?a=1&b=2".into()),
            phone_number: Some("0771-000 000".into()),
            email_address: Some("post@kommun-a.example".into()),
        },
        official_matter: None,
        metadata: Vec::new(),
        language: "svSE".into(),
        reply: None,
        receipt_request: None,
        body: Body {
            content_type: "text/html".into(),
            content: "<p>Hej Tolvan! åäö</p>".into(),
        },
        attachments: vec![Attachment {
            content_type: "application/pdf".into(),
            checksum: checksum(&pdf),
            content: pdf,
            file_name: "Beslut åäö.pdf".into(),
        }],
    }
}

pub fn delivery() -> Delivery {
    Delivery {
        sender: Sender {
            id: KOMMUN_A.parse().unwrap(),
            name: "Kommun A".into(),
            attention: None,
        },
        recipient: "191212121212".parse().unwrap(),
        reference: None,
        correlation_id: None,
        attention: None,
        messages: vec![message("Beslut om förskoleplats")],
    }
}

/// Everything that the model has.
pub fn full_delivery() -> Delivery {
    let mut full = message("Allt <på> en & samma gång \"\u{20ac}\"");
    full.official_matter = Some(OfficialMatter {
        extension: Some(MatterExtension {
            timestamp: date!(2026 - 06 - 14),
            identity: Some(MatterIdentity {
                event_id: Some("e-1".into()),
                official_matter_id: Some("BN 2026:17".into()),
                preceding_event_id: Some("e-0".into()),
            }),
            subject: Some("Bygglov Storgatan 1".into()),
            event_type: Some("Beslut".into()),
            status: Some(MatterStatus::Closed),
        }),
        invoices: vec![Invoice {
            due_date: date!(2026 - 07 - 31),
            amount: 12_450,
            currency: Some("SEK".into()),
            account_method: AccountMethod::Bankgiro,
            account_number: "123-4567".into(),
            ocr_number: Some("1234567897".into()),
        }],
        foreign: vec![
            r#"<Map xmlns="urn:maps"><Point x="1" y="2"></Point> <Note xmlns="">här</Note></Map>"#.into(),
            r#"<Deep xmlns="http://minameddelanden.gov.se/schema/Message"><Body>eA==</Body></Deep>"#.into(),
        ],
    });
    full.metadata = vec![
        Metadata {
            tag: "a".into(),
            value: "1".into(),
        },
        Metadata {
            tag: "b".into(),
            value: " line\r\nbreak\t".into(),
        },
    ];
    full.reply = Some(Reply::NotAllowed);
    full.receipt_request = Some(ReceiptRequest::Signed);
    full.attachments.push(Attachment {
        content_type: "text/plain".into(),
        content: Vec::new(),
        checksum: "0".into(),
        file_name: "tom.txt".into(),
    });
    let mut foreign_only = message("Bara faktura");
    foreign_only.official_matter = Some(OfficialMatter {
        extension: None,
        invoices: vec![Invoice {
            due_date: date!(2026 - 07 - 31),
            amount: 1,
            currency: None,
            account_method: AccountMethod::Plusgiro,
            account_number: "1-2".into(),
            ocr_number: None,
        }],
        foreign: Vec::new(),
    });
    Delivery {
        reference: Some("ref".into()),
        correlation_id: Some("c-1".into()),
        attention: Some("Tolvan".into()),
        sender: Sender {
            attention: Some("Bygglovsenheten".into()),
            ..delivery().sender
        },
        messages: vec![full, foreign_only, message("Ett till")],
        ..delivery()
    }
}

pub fn sealed(pki: &Pki) -> String {
    sign_and_seal(&delivery(), &pki.sender, &pki.mediator, date!(2026 - 06 - 15)).unwrap()
}

pub fn request(pki: &Pki) -> String {
    deliver_secure_request(&sealed(pki)).unwrap()
}

/// Receives with the default policy.
pub fn received(request: &str, pki: &Pki) -> Result<VerifiedDelivery, Refusal> {
    receive(request.as_bytes(), &ReceivePolicy::default(), &pki.trust, NOW)
}

/// The same document as a data-binding SOAP stack writes it: every namespace declared at the top, with a prefix of the
/// stack's own, every element prefixed, and a foreign default namespace.
pub fn with_prefixes(xml: &str) -> String {
    let parsed = Xml::parse(xml, &Limits::default()).unwrap();
    let mut namespaces: Vec<String> = Vec::new();
    for element in parsed.root().descend() {
        if !element.namespace().is_empty() && !namespaces.iter().any(|known| known == element.namespace()) {
            namespaces.push(element.namespace().to_owned());
        }
    }
    let mut out = String::from("<?xml version='1.0' encoding='UTF-8'?>");
    write_prefixed(&parsed, parsed.root().node(), &namespaces, true, &mut out);
    out
}

fn write_prefixed(xml: &Xml<'_>, node: contracts::xml::NodeId, namespaces: &[String], first: bool, out: &mut String) {
    let document = xml.document();
    match document.node_kind(node) {
        Some(NodeKind::Text(text) | NodeKind::CData(text)) => contracts::xml::escape_text(text, out),
        Some(NodeKind::Element(element)) => {
            let namespace = element.name.namespace_uri.as_deref().unwrap_or("");
            let at = namespaces.iter().position(|known| known == namespace);
            let name = at.map_or(element.name.local_name.to_string(), |at| {
                format!("ns{}:{}", at + 2, element.name.local_name)
            });
            write!(out, "<{name}").unwrap();
            if first {
                for (at, namespace) in namespaces.iter().enumerate() {
                    write!(out, " xmlns:ns{}=\"{namespace}\"", at + 2).unwrap();
                }
                out.push_str(" xmlns=\"urn:somebody-else\"");
            }
            if at.is_none() {
                out.push_str(" xmlns=\"\"");
            }
            for attribute in &element.attributes {
                write!(out, " {}=\"", attribute.name.local_name).unwrap();
                contracts::xml::escape_attribute(&attribute.value, out);
                out.push('"');
            }
            if document.children_iter(node).next().is_none() {
                out.push_str("/>");
                return;
            }
            out.push('>');
            for child in document.children_iter(node) {
                write_prefixed(xml, child, namespaces, false, out);
            }
            write!(out, "</{name}>").unwrap();
        }
        _ => {}
    }
}
