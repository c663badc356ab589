//! SOAP 1.1, document/literal: one element in a body (section 3).

use crate::namespace::SOAP;
use crate::xml::{Element, ReadError, Writer, Xml};

/// What every answer and request begins with.
const DECLARATION: &str = r#"<?xml version="1.0" encoding="UTF-8"?>"#;

/// An envelope around what `write` writes into the body.
pub fn envelope(write: impl FnOnce(&mut Writer)) -> String {
    let mut xml = Writer::new();
    // With a prefix: zeep looks up the unqualified parts of a fault with the namespaces in scope, a default one too.
    xml.raw(DECLARATION)
        .start("", "soap:Envelope")
        .attribute("xmlns:soap", SOAP)
        .start("", "soap:Body");
    write(&mut xml);
    xml.finish()
}

/// The one element of the body. A header is allowed and ignored, unless a part of it says that it must be understood:
/// nothing in the contract uses headers.
pub fn body<'d>(xml: &'d Xml<'_>) -> Result<Element<'d>, ReadError> {
    let envelope = xml.root();
    if !envelope.is(SOAP, "Envelope") {
        return Err(envelope.wrong("a SOAP 1.1 Envelope"));
    }
    let mut parts = envelope.sequence()?;
    if let Some(header) = parts.optional(SOAP, "Header") {
        let demands = |part: Element<'_>| {
            part.attributes()
                .any(|a| a.namespace == SOAP && a.name == "mustUnderstand" && a.value != "0")
        };
        if header.children().any(demands) {
            return Err(header.wrong("without parts that must be understood; this service knows none"));
        }
    }
    let body = parts.required(SOAP, "Body")?;
    parts.end()?;
    // Refuses text beside the request.
    body.sequence()?;
    let mut content = body.children();
    match (content.next(), content.next()) {
        (Some(element), None) => Ok(element),
        (None, _) => Err(body.wrong("an element with the request in it")),
        _ => Err(body.wrong("one element, not several")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::xml::Limits;

    fn body_of(text: &str) -> Result<String, ReadError> {
        let xml = Xml::parse(text, &Limits::default()).unwrap();
        body(&xml).map(|element| element.name().to_owned())
    }

    fn soap(inner: &str) -> String {
        format!(r#"<s:Envelope xmlns:s="{SOAP}" xmlns:x="x">{inner}</s:Envelope>"#)
    }

    #[test]
    fn the_body_is_found() {
        let text = envelope(|xml| {
            xml.element("urn:x", "ask", "?");
        });
        assert_eq!(body_of(&text).unwrap(), "ask");
        assert_eq!(
            body_of(&soap("<s:Header><x:a/></s:Header><s:Body><x:ask/></s:Body>")).unwrap(),
            "ask"
        );
    }

    #[test]
    fn what_is_no_request_is_refused() {
        for inner in [
            "",
            "<s:Body/>",
            "<s:Body>text</s:Body>",
            "<s:Body><x:a/><x:b/></s:Body>",
            "<s:Body><x:a/><x:a/></s:Body>",
            "<s:Body><x:a/></s:Body><s:Body><x:a/></s:Body>",
            "<s:Body><x:a/></s:Body><x:more/>",
            r#"<s:Header><x:a s:mustUnderstand="1"/></s:Header><s:Body><x:a/></s:Body>"#,
        ] {
            assert!(body_of(&soap(inner)).is_err(), "{inner}");
        }
        assert!(body_of("<Envelope/>").is_err());
    }
}
