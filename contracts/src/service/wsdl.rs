//! Our own WSDL and schemas, element for element those of the contract, served at `?wsdl` and `?xsd=`.
//!
//! The files in `contracts/wsdl` refer to each other by file name, so that tools can read them from disk as well.

use std::sync::LazyLock;

/// The WSDL, with `address` as where the service is.
pub fn wsdl(address: &str) -> String {
    let mut escaped = String::new();
    crate::xml::escape_attribute(address, &mut escaped);
    served(include_str!("../../wsdl/Service.wsdl")).replace("{address}", &escaped)
}

/// The schema with this name, as the WSDL and the schemas refer to it: `?xsd=` and the name.
pub fn schema(name: &str) -> Option<&'static str> {
    SERVED
        .iter()
        .find(|(known, _)| *known == name)
        .map(|(_, text)| text.as_str())
}

/// References as they are on the wire: relative to the service's own address, `/service/v3`.
///
/// Its last part is named, though a bare `?xsd=` means the same: Java resolves by RFC 2396, which drops that part.
fn served(text: &str) -> String {
    SCHEMAS.iter().fold(text.to_owned(), |text, (name, _)| {
        text.replace(
            &format!("schemaLocation=\"{name}.xsd\""),
            &format!("schemaLocation=\"v3?xsd={name}\""),
        )
    })
}

static SERVED: LazyLock<Vec<(&'static str, String)>> =
    LazyLock::new(|| SCHEMAS.iter().map(|(name, text)| (*name, served(text))).collect());

macro_rules! schemas {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("../../wsdl/", $name, ".xsd")))),*]
    };
}

const SCHEMAS: &[(&str, &str)] = schemas![
    "service-v3",
    "service",
    "message-v3",
    "message-v2",
    "message",
    "official-matter-v3",
    "notification-v3",
    "notification-v2",
    "sender",
    "recipient",
    "common-v3",
    "invoice-v1",
    "xmldsig",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reference_leads_somewhere() {
        let wsdl = wsdl("https://localhost:8443/service/v3?a&b");
        assert!(wsdl.contains("https://localhost:8443/service/v3?a&amp;b"));
        let mut texts = vec![wsdl.as_str()];
        texts.extend(SCHEMAS.iter().filter_map(|(name, _)| schema(name)));
        let mut references = 0;
        for text in texts {
            for rest in text.split("schemaLocation=\"").skip(1) {
                let name = rest.split('"').next().unwrap().strip_prefix("v3?xsd=").unwrap();
                assert!(schema(name).is_some(), "{name}");
                references += 1;
            }
        }
        assert!(references > 20);
        assert!(schema("../Cargo.toml").is_none());
    }
}
