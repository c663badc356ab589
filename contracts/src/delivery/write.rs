//! Writing a delivery as its sender signs it.

use super::{
    Attachment, Delivery, Invoice, MatterExtension, MatterIdentity, Message, OfficialMatter, Seal, SupportInfo,
};
use crate::namespace::{INVOICE, MESSAGE, MESSAGE_V2, MESSAGE_V3, OFFICIAL_MATTER, SENDER};
use crate::xml::{Writer, encode_base64, write_date};

/// `m3:Delivery`.
pub(crate) fn delivery(delivery: &Delivery, xml: &mut Writer) {
    xml.start(MESSAGE_V3, "Delivery")
        .start(MESSAGE_V3, "Header")
        .start(MESSAGE_V2, "Sender");
    xml.element(SENDER, "Id", &delivery.sender.id.to_string());
    xml.element(SENDER, "Name", &delivery.sender.name);
    xml.optional(SENDER, "Attention", delivery.sender.attention.as_deref())
        .end();
    xml.element(MESSAGE_V2, "Recipient", &delivery.recipient.to_string());
    xml.optional(MESSAGE_V2, "Reference", delivery.reference.as_deref());
    xml.optional(MESSAGE_V2, "CorrelationId", delivery.correlation_id.as_deref());
    xml.optional(MESSAGE_V2, "Attention", delivery.attention.as_deref())
        .end();
    for each in &delivery.messages {
        message(each, xml);
    }
    xml.end();
}

/// `m3:Seal`.
pub(crate) fn seal(seal: Seal, xml: &mut Writer) {
    xml.start(MESSAGE_V3, "Seal");
    xml.element(MESSAGE, "ReceivedTime", &write_date(seal.received_on));
    xml.element(
        MESSAGE,
        "SignaturesOK",
        if seal.signatures_ok { "true" } else { "false" },
    )
    .end();
}

fn message(message: &Message, xml: &mut Writer) {
    xml.start(MESSAGE_V3, "Message").start(MESSAGE_V3, "Header");
    xml.element(MESSAGE_V3, "Id", &message.id);
    xml.element(MESSAGE_V3, "Subject", &message.subject);
    support_info(&message.support_info, xml);
    if let Some(matter) = &message.official_matter {
        official_matter(matter, xml);
    }
    for metadata in &message.metadata {
        xml.start(MESSAGE_V3, "Metadata");
        xml.element(MESSAGE, "Tag", &metadata.tag)
            .element(MESSAGE, "Value", &metadata.value)
            .end();
    }
    xml.element(MESSAGE_V3, "Language", &message.language);
    xml.optional(MESSAGE_V3, "Reply", message.reply.map(super::Reply::as_str));
    xml.optional(
        MESSAGE_V3,
        "ReceiptRequest",
        message.receipt_request.map(super::ReceiptRequest::as_str),
    )
    .end();
    xml.start(MESSAGE_V3, "Body")
        .element(MESSAGE, "ContentType", &message.body.content_type);
    xml.element(MESSAGE, "Body", &encode_base64(&message.body.content))
        .end();
    for each in &message.attachments {
        attachment(each, xml);
    }
    xml.end();
}

fn support_info(info: &SupportInfo, xml: &mut Writer) {
    xml.start(MESSAGE_V3, "Supportinfo")
        .element(MESSAGE_V3, "Text", &info.text);
    xml.optional(MESSAGE_V3, "URL", info.url.as_deref());
    xml.optional(MESSAGE_V3, "PhoneNumber", info.phone_number.as_deref());
    xml.optional(MESSAGE_V3, "EmailAdress", info.email_address.as_deref())
        .end();
}

fn attachment(attachment: &Attachment, xml: &mut Writer) {
    xml.start(MESSAGE_V3, "Attachment")
        .element(MESSAGE, "ContentType", &attachment.content_type);
    xml.element(MESSAGE, "Body", &encode_base64(&attachment.content));
    xml.element(MESSAGE, "Checksum", &attachment.checksum);
    xml.element(MESSAGE, "Filename", &attachment.file_name).end();
}

fn official_matter(matter: &OfficialMatter, xml: &mut Writer) {
    xml.start(MESSAGE_V3, "OfficialMatter");
    match &matter.extension {
        Some(fields) => extension(fields, matter, xml),
        None => foreign(matter, xml),
    }
    xml.end();
}

fn extension(extension: &MatterExtension, matter: &OfficialMatter, xml: &mut Writer) {
    xml.start(MESSAGE_V3, "OfficialMatterExtension");
    xml.element(OFFICIAL_MATTER, "Timestamp", &write_date(extension.timestamp));
    foreign(matter, xml);
    if let Some(MatterIdentity {
        event_id,
        official_matter_id,
        preceding_event_id,
    }) = &extension.identity
    {
        xml.start(OFFICIAL_MATTER, "Identity");
        xml.optional(OFFICIAL_MATTER, "EventId", event_id.as_deref());
        xml.optional(OFFICIAL_MATTER, "OfficialMatterId", official_matter_id.as_deref());
        xml.optional(OFFICIAL_MATTER, "PrecedingEventId", preceding_event_id.as_deref())
            .end();
    }
    xml.optional(OFFICIAL_MATTER, "MatterSubject", extension.subject.as_deref());
    xml.optional(OFFICIAL_MATTER, "EventType", extension.event_type.as_deref());
    xml.optional(
        OFFICIAL_MATTER,
        "MatterStatus",
        extension.status.map(super::MatterStatus::as_str),
    )
    .end();
}

fn foreign(matter: &OfficialMatter, xml: &mut Writer) {
    for each in &matter.invoices {
        invoice(each, xml);
    }
    for each in &matter.foreign {
        xml.raw(each);
    }
}

fn invoice(invoice: &Invoice, xml: &mut Writer) {
    xml.start(INVOICE, "Invoice")
        .element(INVOICE, "DueDate", &write_date(invoice.due_date))
        .start(INVOICE, "Amount");
    if let Some(currency) = &invoice.currency {
        xml.attribute("CurrencyCode", currency);
    }
    xml.text(&invoice.amount.to_string()).end();
    xml.element(INVOICE, "AccountMethod", invoice.account_method.as_str());
    xml.element(INVOICE, "AccountNumber", &invoice.account_number);
    xml.optional(INVOICE, "OcrNumber", invoice.ocr_number.as_deref()).end();
}
