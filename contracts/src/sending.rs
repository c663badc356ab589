//! What a sender and a mediator do: sign, seal, send.

use time::Date;

use crate::delivery::{Delivery, Seal, write};
use crate::namespace::{MESSAGE_V3, SERVICE_V3};
use crate::signature::{SignatureError, SigningIdentity, rebuild, sign_enveloped};
use crate::soap;
use crate::xml::{Limits, ReadError, Writer, Xml};

/// Signs a delivery as its sender: a stand-alone `SignedDelivery`, without prefixes.
pub fn sign(delivery: &Delivery, sender: &SigningIdentity) -> Result<String, SignatureError> {
    let mut xml = Writer::new();
    xml.start(MESSAGE_V3, "SignedDelivery");
    write::delivery(delivery, &mut xml);
    sign_enveloped(&canonical(&xml.finish())?, sender)
}

/// Seals a signed delivery as its mediator: a stand-alone `SealedDelivery`, without prefixes. `day` is when the mediator
/// received it.
pub fn seal(signed: &str, mediator: &SigningIdentity, day: Date) -> Result<String, SignatureError> {
    let mut xml = Writer::new();
    xml.start(MESSAGE_V3, "SealedDelivery").raw(signed);
    write::seal(
        Seal {
            received_on: day,
            signatures_ok: true,
        },
        &mut xml,
    );
    sign_enveloped(&canonical(&xml.finish())?, mediator)
}

/// Signs and seals; both may be the same identity, as when an organisation is its own mediator.
pub fn sign_and_seal(
    delivery: &Delivery,
    sender: &SigningIdentity,
    mediator: &SigningIdentity,
    day: Date,
) -> Result<String, SignatureError> {
    seal(&sign(delivery, sender)?, mediator, day)
}

/// The SOAP request that carries a sealed delivery: the same elements, with the outermost under the name that the
/// service gives it (section 5.1).
pub fn deliver_secure_request(sealed: &str) -> Result<String, ReadError> {
    let limits = Limits {
        bytes: usize::MAX,
        ..Limits::default()
    };
    let parsed = Xml::parse(sealed, &limits)?;
    let inner = rebuild(parsed.root(), Some((SERVICE_V3, "deliverSecure")))
        .map_err(|_| parsed.root().wrong("without processing instructions"))?;
    Ok(soap::envelope(|xml| {
        xml.start(SERVICE_V3, "deliverSecure").raw(&inner);
    }))
}

/// Foreign content and what was signed before come with their own declarations; written anew, each namespace is declared
/// once, where it begins.
fn canonical(xml: &str) -> Result<String, SignatureError> {
    let limits = Limits {
        bytes: usize::MAX,
        ..Limits::default()
    };
    let parsed = Xml::parse(xml, &limits).map_err(|_| SignatureError::Structure("the document is not XML"))?;
    rebuild(parsed.root(), None)
}
