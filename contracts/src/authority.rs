//! Authority, as its users call it: who may send, who mediates for whom, who may act for a company
//! (`AuthorityPort`, section 13). Its wrapper children (`arg0`, `return`) have no namespace, theirs have.

mod rights;
mod senders;
mod signing;

pub use rights::{
    AccessRight, Activity, GetUserAccessRights, GetUserAccessRightsAnswer, GrantType, Problem, ProblemType,
};
pub use senders::{
    Dispatcher, GetDispatchers, GetDispatchersAnswer, GetSenders, GetSendersAnswer, IsSenderAccepted,
    IsSenderAcceptedAnswer, Sender,
};
pub use signing::{AuthorisationStatus, Person, SignatureAuthorisation, UserIdentity};

use crate::call::Wire as _;
use crate::fault::ApplicationFault;
use crate::namespace::{AUTHORITY_WSDL, COMMON};
use crate::soap;
use crate::xml::{ReadError, Xml};

/// A request that Authority has received.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Request {
    /// Who may send.
    GetSenders(GetSenders),
    /// Who mediates, and for whom.
    GetDispatchers(GetDispatchers),
    /// Whether one organisation may send.
    IsSenderAccepted(IsSenderAccepted),
    /// For whom a person may act.
    GetUserAccessRights(GetUserAccessRights),
    /// Another operation of the contract, by name.
    Other(&'static str),
}

const OTHERS: &[&str] = &[
    "getUserAccessRightsNoConcent",
    "testNewSigner",
    "verifyAuthorizedSignatures",
];

impl Request {
    /// Reads a request from its envelope.
    pub fn read(xml: &Xml<'_>) -> Result<Self, ReadError> {
        let body = soap::body(xml)?;
        match (body.namespace(), body.name()) {
            (AUTHORITY_WSDL, "getSenders") => GetSenders::from_element(body).map(Self::GetSenders),
            (AUTHORITY_WSDL, "getDispatchers") => GetDispatchers::from_element(body).map(Self::GetDispatchers),
            (AUTHORITY_WSDL, "isSenderAccepted") => IsSenderAccepted::from_element(body).map(Self::IsSenderAccepted),
            (AUTHORITY_WSDL, "getUserAccessRights") => {
                GetUserAccessRights::from_element(body).map(Self::GetUserAccessRights)
            }
            (AUTHORITY_WSDL, name) => OTHERS
                .iter()
                .find(|operation| **operation == name)
                .map(|operation| Self::Other(operation))
                .ok_or_else(|| body.wrong("an operation of AuthorityPort")),
            _ => Err(body.wrong("an operation of AuthorityPort")),
        }
    }

    /// The operation's name, which its fault is named after.
    pub fn operation(&self) -> &'static str {
        match self {
            Self::GetSenders(_) => GetSenders::NAME,
            Self::GetDispatchers(_) => GetDispatchers::NAME,
            Self::IsSenderAccepted(_) => IsSenderAccepted::NAME,
            Self::GetUserAccessRights(_) => GetUserAccessRights::NAME,
            Self::Other(operation) => operation,
        }
    }
}

/// A fault as this port has it: one element an operation, of the first common schema. That schema knows no code 1, so
/// malformed requests are answered with 5001.
pub fn fault_envelope(operation: &str, fault: &ApplicationFault) -> String {
    let number = if fault.code.number() == 1 {
        5001
    } else {
        fault.code.number()
    };
    soap::envelope(|xml| {
        xml.start("", "soap:Fault");
        xml.element("", "faultcode", "soap:Client");
        xml.element("", "faultstring", &fault.description);
        xml.start("", "detail")
            .start(AUTHORITY_WSDL, &format!("{operation}Fault"));
        xml.element(COMMON, "ErrorCode", &number.to_string());
        xml.element(COMMON, "Description", &fault.description);
        xml.element(COMMON, "CallId", &fault.call_id);
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::call::AnswerError;
    use crate::fault::ErrorCode;
    use crate::namespace::SOAP;
    use crate::xml::Limits;

    #[test]
    fn a_fault_of_an_operation_reaches_the_caller() {
        let fault = ApplicationFault {
            code: ErrorCode::NotAuthorised,
            description: "not you".into(),
            call_id: "01234567-89ab-7def-8123-456789abcdef".into(),
        };
        let envelope = fault_envelope("getSenders", &fault);
        insta::assert_snapshot!(envelope);
        let Err(AnswerError::Fault(read)) = GetSendersAnswer::from_envelope(envelope.as_bytes(), &Limits::default())
        else {
            panic!("no fault");
        };
        assert_eq!(
            (read.code(), read.description.as_str()),
            (Some(ErrorCode::NotAuthorised), "not you")
        );
    }

    #[test]
    fn arguments_have_no_namespace() {
        let read = |arg: &str| {
            let text = format!(
                "<s:Envelope xmlns:s='{SOAP}' xmlns:a='{AUTHORITY_WSDL}'><s:Body><a:isSenderAccepted>{arg}\
                 </a:isSenderAccepted></s:Body></s:Envelope>"
            );
            Request::read(&Xml::parse(&text, &Limits::default()).unwrap())
        };
        assert!(matches!(
            read("<arg0>162021004748</arg0>"),
            Ok(Request::IsSenderAccepted(_))
        ));
        assert!(read("<a:arg0>162021004748</a:arg0>").is_err());
        assert!(read("").is_err());
    }
}
