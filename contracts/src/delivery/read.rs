//! Reading a delivery, in the order and within the bounds of the schema. What the schema does not know is refused,
//! except in official matters, which may hold anything of other namespaces.

use super::{
    AccountMethod, Attachment, Body, Delivery, Invoice, MatterExtension, MatterIdentity, MatterStatus, Message,
    Metadata, OfficialMatter, ReceiptRequest, Reply, Seal, Sender, SupportInfo,
};
use crate::namespace::{INVOICE, MESSAGE, MESSAGE_V2, MESSAGE_V3, OFFICIAL_MATTER, SENDER};
use crate::signature::rebuild;
use crate::xml::{Element, ReadError, Sequence, decode_base64, parse_boolean, parse_date};

type Read<T> = Result<T, ReadError>;

/// `m3:Delivery`.
pub(crate) fn delivery(element: Element<'_>) -> Read<Delivery> {
    let mut parts = plain(element)?;
    let header = parts.required(MESSAGE_V3, "Header")?;
    let messages = parts.some(MESSAGE_V3, "Message")?;
    parts.end()?;

    let mut parts = plain(header)?;
    let sender = sender(parts.required(MESSAGE_V2, "Sender")?)?;
    let recipient = parts.required(MESSAGE_V2, "Recipient")?;
    let delivery = Delivery {
        sender,
        recipient: value(
            recipient,
            "12 digits: a personal number, or 16 and an organisation number",
            |text| text.parse().ok(),
        )?,
        reference: optional_text(&mut parts, MESSAGE_V2, "Reference")?,
        correlation_id: optional_text(&mut parts, MESSAGE_V2, "CorrelationId")?,
        attention: optional_text(&mut parts, MESSAGE_V2, "Attention")?,
        messages: messages.into_iter().map(message).collect::<Read<_>>()?,
    };
    parts.end()?;
    Ok(delivery)
}

/// `m3:Seal`.
pub(crate) fn seal(element: Element<'_>) -> Read<Seal> {
    let mut parts = plain(element)?;
    let received_on = value(parts.required(MESSAGE, "ReceivedTime")?, A_DATE, parse_date)?;
    let signatures_ok = value(parts.required(MESSAGE, "SignaturesOK")?, "true or false", parse_boolean)?;
    parts.end()?;
    Ok(Seal {
        received_on,
        signatures_ok,
    })
}

const A_DATE: &str = "a date such as 2026-01-31";

fn sender(element: Element<'_>) -> Read<Sender> {
    let mut parts = plain(element)?;
    let id = parts.required(SENDER, "Id")?;
    let sender = Sender {
        id: value(id, "an organisation number: 16 and ten digits", |text| {
            text.parse().ok()
        })?,
        name: bounded(parts.required(SENDER, "Name")?, 2, 256, "2 to 256 characters long")?,
        attention: optional_text(&mut parts, SENDER, "Attention")?,
    };
    parts.end()?;
    Ok(sender)
}

fn message(element: Element<'_>) -> Read<Message> {
    let mut parts = plain(element)?;
    let header = parts.required(MESSAGE_V3, "Header")?;
    let body = body(parts.required(MESSAGE_V3, "Body")?)?;
    let attachments = parts
        .many(MESSAGE_V3, "Attachment")
        .into_iter()
        .map(attachment)
        .collect::<Read<_>>()?;
    parts.end()?;

    let mut parts = plain(header)?;
    let message = Message {
        id: text(parts.required(MESSAGE_V3, "Id")?)?,
        subject: bounded(
            parts.required(MESSAGE_V3, "Subject")?,
            0,
            255,
            "at most 255 characters long",
        )?,
        support_info: support_info(parts.required(MESSAGE_V3, "Supportinfo")?)?,
        official_matter: parts
            .optional(MESSAGE_V3, "OfficialMatter")
            .map(official_matter)
            .transpose()?,
        metadata: parts
            .many(MESSAGE_V3, "Metadata")
            .into_iter()
            .map(metadata)
            .collect::<Read<_>>()?,
        language: value(
            parts.required(MESSAGE_V3, "Language")?,
            "a language such as sv or svSE",
            language,
        )?,
        reply: optional(
            &mut parts,
            MESSAGE_V3,
            "Reply",
            "REQUESTED, ACCEPTED or NOT_ALLOWED",
            Reply::from_word,
        )?,
        receipt_request: optional(
            &mut parts,
            MESSAGE_V3,
            "ReceiptRequest",
            "NOT, SIMPLE or SIGNED",
            ReceiptRequest::from_word,
        )?,
        body,
        attachments,
    };
    parts.end()?;
    Ok(message)
}

fn support_info(element: Element<'_>) -> Read<SupportInfo> {
    let mut parts = plain(element)?;
    let info = SupportInfo {
        text: bounded(
            parts.required(MESSAGE_V3, "Text")?,
            0,
            1024,
            "at most 1024 characters long",
        )?,
        url: optional_bounded(&mut parts, MESSAGE_V3, "URL", 255, "at most 255 characters long")?,
        phone_number: optional_bounded(
            &mut parts,
            MESSAGE_V3,
            "PhoneNumber",
            255,
            "at most 255 characters long",
        )?,
        email_address: optional(
            &mut parts,
            MESSAGE_V3,
            "EmailAdress",
            "an e-mail address of 5 to 256 characters; leave it out when there is none",
            email_address,
        )?,
    };
    parts.end()?;
    Ok(info)
}

fn metadata(element: Element<'_>) -> Read<Metadata> {
    let mut parts = plain(element)?;
    let metadata = Metadata {
        tag: text(parts.required(MESSAGE, "Tag")?)?,
        value: text(parts.required(MESSAGE, "Value")?)?,
    };
    parts.end()?;
    Ok(metadata)
}

fn body(element: Element<'_>) -> Read<Body> {
    let mut parts = plain(element)?;
    let body = Body {
        content_type: text(parts.required(MESSAGE, "ContentType")?)?,
        content: binary(parts.required(MESSAGE, "Body")?)?,
    };
    parts.end()?;
    Ok(body)
}

fn attachment(element: Element<'_>) -> Read<Attachment> {
    let mut parts = plain(element)?;
    let attachment = Attachment {
        content_type: text(parts.required(MESSAGE, "ContentType")?)?,
        content: binary(parts.required(MESSAGE, "Body")?)?,
        checksum: text(parts.required(MESSAGE, "Checksum")?)?,
        file_name: text(parts.required(MESSAGE, "Filename")?)?,
    };
    parts.end()?;
    Ok(attachment)
}

/// Foreign elements, or the extension; some senders put the extension's own global element among the foreign ones.
fn official_matter(element: Element<'_>) -> Read<OfficialMatter> {
    let mut matter = OfficialMatter::default();
    let mut parts = plain(element)?;
    if let Some(extension) = parts.optional(MESSAGE_V3, "OfficialMatterExtension") {
        read_extension(extension, &mut matter)?;
    } else {
        for foreign in parts.foreign(MESSAGE_V3) {
            if foreign.is(OFFICIAL_MATTER, "OfficialMatterExtension") && matter.extension.is_none() {
                read_extension(foreign, &mut matter)?;
            } else {
                read_foreign(foreign, &mut matter)?;
            }
        }
    }
    parts.end()?;
    Ok(matter)
}

fn read_extension(element: Element<'_>, matter: &mut OfficialMatter) -> Read<()> {
    let mut parts = plain(element)?;
    let timestamp = value(parts.required(OFFICIAL_MATTER, "Timestamp")?, A_DATE, parse_date)?;
    for foreign in parts.foreign(OFFICIAL_MATTER) {
        read_foreign(foreign, matter)?;
    }
    matter.extension = Some(MatterExtension {
        timestamp,
        identity: parts.optional(OFFICIAL_MATTER, "Identity").map(identity).transpose()?,
        subject: optional_bounded(
            &mut parts,
            OFFICIAL_MATTER,
            "MatterSubject",
            2000,
            "at most 2000 characters long",
        )?,
        event_type: optional_bounded(
            &mut parts,
            OFFICIAL_MATTER,
            "EventType",
            2000,
            "at most 2000 characters long",
        )?,
        status: optional(
            &mut parts,
            OFFICIAL_MATTER,
            "MatterStatus",
            "senderinitiative, recipientinitiative or closed",
            MatterStatus::from_word,
        )?,
    });
    parts.end()
}

fn identity(element: Element<'_>) -> Read<MatterIdentity> {
    let mut parts = plain(element)?;
    let mut id = |name| optional_bounded(&mut parts, OFFICIAL_MATTER, name, 255, "at most 255 characters long");
    let identity = MatterIdentity {
        event_id: id("EventId")?,
        official_matter_id: id("OfficialMatterId")?,
        preceding_event_id: id("PrecedingEventId")?,
    };
    parts.end()?;
    Ok(identity)
}

fn read_foreign(element: Element<'_>, matter: &mut OfficialMatter) -> Read<()> {
    if element.is(INVOICE, "Invoice") {
        matter.invoices.push(invoice(element)?);
    } else {
        // The tree is a rebuilt one, without processing instructions, so this cannot fail on them.
        matter
            .foreign
            .push(rebuild(element, None).map_err(|_| element.wrong("without processing instructions"))?);
    }
    Ok(())
}

fn invoice(element: Element<'_>) -> Read<Invoice> {
    let mut parts = plain(element)?;
    let due_date = value(parts.required(INVOICE, "DueDate")?, A_DATE, parse_date)?;
    let amount = parts.required(INVOICE, "Amount")?;
    amount.only_attributes(&["CurrencyCode"])?;
    let currency = amount.attribute("CurrencyCode").map(str::to_owned);
    if currency
        .as_ref()
        .is_some_and(|code| code.len() != 3 || !code.bytes().all(|byte| byte.is_ascii_uppercase()))
    {
        return Err(amount.wrong("given with a currency code of three letters"));
    }
    let invoice = Invoice {
        due_date,
        amount: amount.parse("a positive whole number, in öre", positive)?,
        currency,
        account_method: value(
            parts.required(INVOICE, "AccountMethod")?,
            "BG or PG",
            AccountMethod::from_word,
        )?,
        account_number: text(parts.required(INVOICE, "AccountNumber")?)?,
        ocr_number: optional_text(&mut parts, INVOICE, "OcrNumber")?,
    };
    parts.end()?;
    Ok(invoice)
}

/// `xs:positiveInteger`, up to a million milliards.
fn positive(text: &str) -> Option<u64> {
    let digits = text.strip_prefix('+').unwrap_or(text);
    let plain = digits.bytes().all(|byte| byte.is_ascii_digit());
    digits
        .parse()
        .ok()
        .filter(|amount| plain && (1..=1_000_000_000_000_000_000).contains(amount))
}

/// `xs:language`: words of one to eight letters or digits, the first of letters.
fn language(text: &str) -> Option<String> {
    let mut words = text.split('-');
    let word = |word: &str| (1..=8).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let first = words
        .next()
        .is_some_and(|first| word(first) && first.bytes().all(|byte| byte.is_ascii_alphabetic()));
    (first && words.all(word)).then(|| text.to_owned())
}

/// The schema's `.+@.+\..+`, 5 to 256 characters.
fn email_address(text: &str) -> Option<String> {
    let (name, host) = text.split_once('@')?;
    let dotted = host
        .char_indices()
        .any(|(at, c)| c == '.' && at > 0 && at + 1 < host.len());
    ((5..=256).contains(&text.chars().count()) && !name.is_empty() && dotted).then(|| text.to_owned())
}

/// An element without attributes and without text of its own.
fn plain(element: Element<'_>) -> Read<Sequence<'_>> {
    element.only_attributes(&[])?;
    element.sequence()
}

fn text(element: Element<'_>) -> Read<String> {
    element.only_attributes(&[])?;
    Ok(element.text()?.into_owned())
}

fn bounded(element: Element<'_>, least: usize, most: usize, rule: &'static str) -> Read<String> {
    let text = text(element)?;
    // A schema counts characters, not bytes.
    if (least..=most).contains(&text.chars().count()) {
        Ok(text)
    } else {
        Err(element.wrong(rule))
    }
}

fn binary(element: Element<'_>) -> Read<Vec<u8>> {
    element.only_attributes(&[])?;
    decode_base64(&element.text()?).ok_or_else(|| element.wrong("base64"))
}

fn value<T>(element: Element<'_>, rule: &'static str, read: impl FnOnce(&str) -> Option<T>) -> Read<T> {
    element.only_attributes(&[])?;
    element.parse(rule, read)
}

fn optional<T>(
    parts: &mut Sequence<'_>,
    namespace: &str,
    name: &str,
    rule: &'static str,
    read: impl FnOnce(&str) -> Option<T>,
) -> Read<Option<T>> {
    parts
        .optional(namespace, name)
        .map(|element| value(element, rule, read))
        .transpose()
}

fn optional_text(parts: &mut Sequence<'_>, namespace: &str, name: &str) -> Read<Option<String>> {
    parts.optional(namespace, name).map(text).transpose()
}

fn optional_bounded(
    parts: &mut Sequence<'_>,
    namespace: &str,
    name: &str,
    most: usize,
    rule: &'static str,
) -> Read<Option<String>> {
    parts
        .optional(namespace, name)
        .map(|element| bounded(element, 0, most, rule))
        .transpose()
}
