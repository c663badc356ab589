//! Faults: one closed list of codes, and the `applicationFault` of version 3 (section 9).

use crate::namespace::{COMMON_V3, SOAP};
use crate::soap;
use crate::xml::{Limits, ReadError, Xml};

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $number:literal,)*) => {
        /// Why a call was refused. The numbers are those of the infrastructure's own library (section 9).
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum ErrorCode {
            $($(#[$doc])* $name = $number,)*
        }

        impl ErrorCode {
            /// All codes.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];
        }
    };
}

codes! {
    /// The request is not XML, or not what the schema asks for.
    MalformedRequest = 1,
    /// A certificate cannot be used.
    CertificateError = 3,
    /// The caller's TLS identity is not allowed.
    NotAuthorised = 5,
    /// More than one where one was expected.
    NotUnique = 6,
    /// An error of ours.
    InternalError = 4999,
    /// An error that has no better code.
    Unknown = 5000,
    /// The data breaks a rule.
    InvalidInput = 5001,
    /// A signature that does not hold, or a certificate that is not trusted.
    AccessDenied = 5002,
    /// What was asked for is not there.
    ObjectNotFound = 5003,
    /// The job is not finished.
    JobNotComplete = 5004,
    /// Too large, or too many.
    MaxExceeded = 5005,
    /// The account is in use by something else.
    AccountIsReferenced = 5006,
    /// It exists already.
    ObjectAlreadyExists = 5007,
    /// The last contact cannot be removed.
    CannotRemoveLastContact = 5008,
    /// The register could not open or close the account.
    RegisterAccountError = 5009,
    /// The signature for opening or closing the account does not hold.
    RegisterAccountSignatureError = 5010,
    /// Not possible in the present state.
    IllegalState = 5011,
    /// A signature could not be handled.
    SignatureError = 5012,
    /// An e-mail or SMS could not be sent.
    NotificationError = 5013,
    /// The sender is not an approved sender.
    UnknownSender = 5014,
    /// A filter failed.
    FilterError = 5015,
    /// A value is missing.
    NullValue = 5016,
    /// The population register's address service (SPAR) does not answer.
    SparError = 5017,
    /// The companies register does not answer.
    BolagsverketError = 5018,
    /// A content type that is not accepted.
    UnsupportedContentType = 5019,
    /// The company form is not supported (företagsformen stöds ej).
    CompanyFormNotSupported = 6004,
    /// The mediator may not send for this sender.
    DispatcherNotApproved = 6005,
    /// The person has protected identity.
    ProtectedIdentity = 6006,
    /// The person is not in the population register.
    NoSuchIdentity = 6007,
}

impl ErrorCode {
    /// The number on the wire.
    pub fn number(self) -> u16 {
        self as u16
    }

    /// The code with this number, when we know one.
    pub fn from_number(number: u16) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.number() == number)
    }

    /// Whether the caller is to blame (SOAP `Client`) rather than us (`Server`).
    fn is_callers(self) -> bool {
        !matches!(
            self,
            Self::InternalError | Self::Unknown | Self::FilterError | Self::SparError | Self::BolagsverketError
        )
    }
}

/// A fault that we answer with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApplicationFault {
    /// Why.
    pub code: ErrorCode,
    /// What was wrong and what to do, in English, without personal data.
    pub description: String,
    /// What the log knows the call by: 20 to 50 characters, a UUID as a rule.
    pub call_id: String,
}

/// A fault that somebody answered us with.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("fault {number}: {description} (call {call_id})")]
pub struct ReceivedFault {
    /// The number as sent; 0 for a SOAP fault without an application fault in it.
    pub number: u16,
    /// The other side's text.
    pub description: String,
    /// The other side's call id; empty when there is none.
    pub call_id: String,
}

impl ReceivedFault {
    /// The code, when it is one that we know.
    pub fn code(&self) -> Option<ErrorCode> {
        ErrorCode::from_number(self.number)
    }
}

impl ApplicationFault {
    /// The SOAP envelope, to be sent with HTTP status 500.
    pub fn to_envelope(&self) -> String {
        soap::envelope(|xml| {
            let side = if self.code.is_callers() {
                "soap:Client"
            } else {
                "soap:Server"
            };
            // The children of a SOAP 1.1 fault have no namespace.
            xml.start("", "soap:Fault");
            xml.element("", "faultcode", side);
            xml.element("", "faultstring", &self.description);
            xml.start("", "detail").start(COMMON_V3, "applicationFault");
            xml.element(COMMON_V3, "ErrorCode", &self.code.number().to_string());
            xml.element(COMMON_V3, "Description", &self.description);
            xml.element(COMMON_V3, "CallId", &self.call_id);
            xml.end().end();
        })
    }
}

/// Reads an answer that is a SOAP fault; `Ok(None)` when it is another answer. Any element with an `ErrorCode` among
/// its children counts as the fault's detail, so that faults of all versions are understood.
pub fn read_fault(answer: &[u8], limits: &Limits) -> Result<Option<ReceivedFault>, ReadError> {
    let xml = Xml::parse_bytes(answer, limits)?;
    fault_in(&xml)
}

/// As [`read_fault`], for an answer that is parsed already.
pub fn fault_in(xml: &Xml<'_>) -> Result<Option<ReceivedFault>, ReadError> {
    let body = soap::body(xml)?;
    if !body.is(SOAP, "Fault") {
        return Ok(None);
    }
    let within = body.descend();
    let text = |name: &str| {
        let element = within
            .iter()
            .find(|element| element.name() == name && element.children().next().is_none());
        element
            .and_then(|element| element.token().ok())
            .map(std::borrow::Cow::into_owned)
    };
    Ok(Some(ReceivedFault {
        number: text("ErrorCode").and_then(|number| number.parse().ok()).unwrap_or(0),
        description: text("Description").or_else(|| text("faultstring")).unwrap_or_default(),
        call_id: text("CallId").unwrap_or_default(),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_looks_like_this() {
        let fault = ApplicationFault {
            code: ErrorCode::AccessDenied,
            description: "The seal does not hold; sign & seal again.".into(),
            call_id: "01234567-89ab-7def-8123-456789abcdef".into(),
        };
        insta::assert_snapshot!(fault.to_envelope(), @r#"<?xml version="1.0" encoding="UTF-8"?><soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body><soap:Fault><faultcode>soap:Client</faultcode><faultstring>The seal does not hold; sign &amp; seal again.</faultstring><detail><applicationFault xmlns="http://minameddelanden.gov.se/schema/Common/v3"><ErrorCode>5002</ErrorCode><Description>The seal does not hold; sign &amp; seal again.</Description><CallId>01234567-89ab-7def-8123-456789abcdef</CallId></applicationFault></detail></soap:Fault></soap:Body></soap:Envelope>"#);
        let read = read_fault(fault.to_envelope().as_bytes(), &Limits::default())
            .unwrap()
            .unwrap();
        assert_eq!(read.code(), Some(ErrorCode::AccessDenied));
        assert_eq!((read.description, read.call_id), (fault.description, fault.call_id));
    }

    #[test]
    fn numbers_fit_the_schema_and_are_unique() {
        for code in ErrorCode::ALL {
            assert!((1..=9998).contains(&code.number()));
            assert_eq!(ErrorCode::from_number(code.number()), Some(*code));
        }
        assert_eq!(ErrorCode::from_number(9998), None);
    }

    #[test]
    fn faults_of_others_are_understood() {
        let old = format!(
            r#"<S:Envelope xmlns:S="{SOAP}"><S:Body><S:Fault><faultcode>S:Server</faultcode><faultstring>x</faultstring>
            <detail><f:deliverSecureFault xmlns:f="http://minameddelanden.gov.se/Service"><c:ErrorCode xmlns:c="c">5014</c:ErrorCode>
            </f:deliverSecureFault></detail></S:Fault></S:Body></S:Envelope>"#
        );
        let fault = read_fault(old.as_bytes(), &Limits::default()).unwrap().unwrap();
        assert_eq!(
            (fault.code(), fault.description.as_str()),
            (Some(ErrorCode::UnknownSender), "x")
        );
        let other = soap::envelope(|xml| {
            xml.element("n", "answer", "yes");
        });
        assert_eq!(read_fault(other.as_bytes(), &Limits::default()).unwrap(), None);
    }
}
