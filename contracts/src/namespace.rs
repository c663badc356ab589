//! The namespaces of the contract. The prefix used for each in the documents stands in the comment.

/// SOAP 1.1 envelope.
pub const SOAP: &str = "http://schemas.xmlsoap.org/soap/envelope/";
/// XML Signature (`ds`).
pub const DSIG: &str = "http://www.w3.org/2000/09/xmldsig#";
/// The reserved namespace of `xml:lang` and its like.
pub const XML: &str = "http://www.w3.org/XML/1998/namespace";

/// WSDL of the operator's service; also faults of its first version.
pub const SERVICE_WSDL: &str = "http://minameddelanden.gov.se/Service";
/// Results of a delivery, in all versions.
pub const SERVICE: &str = "http://minameddelanden.gov.se/schema/Service";
/// Requests and answers of the operator's service, version 3.
pub const SERVICE_V3: &str = "http://minameddelanden.gov.se/schema/Service/v3";

/// First message schema (`m1`): bodies, attachments, metadata and the seal.
pub const MESSAGE: &str = "http://minameddelanden.gov.se/schema/Message";
/// Second message schema (`m2`): the header of a delivery with one recipient.
pub const MESSAGE_V2: &str = "http://minameddelanden.gov.se/schema/Message/v2";
/// Third message schema (`m3`): deliveries and messages.
pub const MESSAGE_V3: &str = "http://minameddelanden.gov.se/schema/Message/v3";
/// Matters (ärenden) that a message belongs to (`om`).
pub const OFFICIAL_MATTER: &str = "http://minameddelanden.gov.se/schema/OfficialMatter/v3";
/// Payment data (`Invoice`), carried as foreign content of an official matter.
pub const INVOICE: &str = "http://minameddelanden.gov.se/externalschema/Invoice/v1";

/// Senders (`s`).
pub const SENDER: &str = "http://minameddelanden.gov.se/schema/Sender";
/// Mediators (förmedlare), called dispatchers in the schemas.
pub const DISPATCHER: &str = "http://minameddelanden.gov.se/schema/Dispatcher";
/// First schema of the address register (`r1`).
pub const RECIPIENT: &str = "http://minameddelanden.gov.se/schema/Recipient";
/// Second schema of the address register (`r2`).
pub const RECIPIENT_V2: &str = "http://minameddelanden.gov.se/schema/Recipient/v2";
/// Third schema of the address register (`r3`).
pub const RECIPIENT_V3: &str = "http://minameddelanden.gov.se/schema/Recipient/v3";
/// Persons and rights (`au`).
pub const AUTHORITY: &str = "http://minameddelanden.gov.se/schema/Authority";
/// WSDL of Authority, whose elements live here as well.
pub const AUTHORITY_WSDL: &str = "http://minameddelanden.gov.se/Authority";
/// Simple messages, version 3.
pub const NOTIFICATION_V3: &str = "http://minameddelanden.gov.se/schema/Notification/v3";

/// First common schema (`c1`): signatures, and the fault of versions 1 and 2.
pub const COMMON: &str = "http://minameddelanden.gov.se/schema/Common";
/// Third common schema: the one fault of version 3.
pub const COMMON_V3: &str = "http://minameddelanden.gov.se/schema/Common/v3";

/// Our own: a copy of one message out of a delivery, which has no signature. No contract has it.
pub const COPY: &str = "urn:brevlada:copy:1";
