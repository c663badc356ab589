//! The answer to `deliverSecure` (section 5.1).

use crate::fault::{ReceivedFault, fault_in};
use crate::identifier::RecipientId;
use crate::namespace::{SERVICE, SERVICE_V3};
use crate::soap;
use crate::xml::{Limits, ReadError, Xml, parse_boolean};

/// What became of a delivery. Version 3 has one recipient, so there is one status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryResult {
    /// The operator's id of the transaction.
    pub trans_id: String,
    /// Whom it was for.
    pub recipient: RecipientId,
    /// Whether it is in the recipient's mailbox, on disk: the sender then sends no paper.
    pub delivered: bool,
}

/// The SOAP answer.
pub fn write_delivery_result(result: &DeliveryResult) -> String {
    soap::envelope(|xml| {
        xml.start(SERVICE_V3, "deliverSecureResponse")
            .start(SERVICE_V3, "return");
        xml.element(SERVICE, "TransId", &result.trans_id)
            .start(SERVICE, "Status");
        xml.element(SERVICE, "RecipientId", &result.recipient.to_string());
        xml.element(SERVICE, "Delivered", if result.delivered { "true" } else { "false" });
    })
}

/// Reads the SOAP answer: a result, or the operator's fault.
pub fn read_delivery_result(answer: &[u8]) -> Result<Result<DeliveryResult, ReceivedFault>, ReadError> {
    let xml = Xml::parse_bytes(answer, &Limits::default())?;
    if let Some(fault) = fault_in(&xml)? {
        return Ok(Err(fault));
    }
    let response = soap::body(&xml)?;
    if !response.is(SERVICE_V3, "deliverSecureResponse") {
        return Err(response.wrong("a deliverSecureResponse"));
    }
    let mut parts = response.only_child(SERVICE_V3, "return")?.sequence()?;
    let trans_id = parts.required(SERVICE, "TransId")?.text()?.into_owned();
    let mut status = parts.required(SERVICE, "Status")?.sequence()?;
    parts.end()?;
    let recipient = status
        .required(SERVICE, "RecipientId")?
        .parse("an identifier", |text| text.parse().ok())?;
    let delivered = status
        .required(SERVICE, "Delivered")?
        .parse("true or false", parse_boolean)?;
    status.end()?;
    Ok(Ok(DeliveryResult {
        trans_id,
        recipient,
        delivered,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fault::{ApplicationFault, ErrorCode};

    #[test]
    fn a_result_looks_like_this_and_is_read_back() {
        let result = DeliveryResult {
            trans_id: "0197a1b2-0000-7000-8000-000000000001".into(),
            recipient: "191212121212".parse().unwrap(),
            delivered: true,
        };
        let written = write_delivery_result(&result);
        insta::assert_snapshot!(written, @r#"<?xml version="1.0" encoding="UTF-8"?><soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body><deliverSecureResponse xmlns="http://minameddelanden.gov.se/schema/Service/v3"><return><TransId xmlns="http://minameddelanden.gov.se/schema/Service">0197a1b2-0000-7000-8000-000000000001</TransId><Status xmlns="http://minameddelanden.gov.se/schema/Service"><RecipientId>191212121212</RecipientId><Delivered>true</Delivered></Status></return></deliverSecureResponse></soap:Body></soap:Envelope>"#);
        assert_eq!(read_delivery_result(written.as_bytes()), Ok(Ok(result)));
    }

    #[test]
    fn a_fault_is_an_answer_too() {
        let fault = ApplicationFault {
            code: ErrorCode::UnknownSender,
            description: "no".into(),
            call_id: "01234567-89ab-7def-8123-456789abcdef".into(),
        };
        let read = read_delivery_result(fault.to_envelope().as_bytes())
            .unwrap()
            .unwrap_err();
        assert_eq!(read.code(), Some(ErrorCode::UnknownSender));
    }

    #[test]
    fn answers_of_something_else_are_noticed() {
        assert!(read_delivery_result(b"<html><body>Bad gateway</body></html>").is_err());
        assert!(read_delivery_result(b"502").is_err());
    }
}
