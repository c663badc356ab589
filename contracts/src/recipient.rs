//! FaR, the address register, as its users call it: who has a mailbox, where, and from whom mail is wanted
//! (`RecipientPort-v3`, sections 11 and 12). Every message can be written and read, so that both sides use the same.

mod account;
mod change;
mod company;
mod preferences;
mod reach;
mod registration;
mod statement;

pub use account::{AccountStatus, AccountType, Operator};
pub use change::{
    ActingFor, ChangeServiceSupplier, ChangeServiceSupplierAnswer, DeletePendingAccountPreferences,
    DeletePendingAccountPreferencesAnswer, DeletePendingChangeServiceSupplier,
    DeletePendingChangeServiceSupplierAnswer, GetPendingAccountPreferences, GetPendingAccountPreferencesAnswer,
    GetPendingChangeServiceSupplier, GetPendingChangeServiceSupplierAnswer,
};
pub use company::{
    AccountInformation, AccountState, DeletePendingAccountRequest, DeletePendingAccountRequestAnswer,
    GetPendingAccountRequest, GetPendingAccountRequestAnswer, IsAuthorizedSigner, IsAuthorizedSignerAnswer,
    PendingAccountRequest,
};
pub use preferences::{
    AccountPreferences, GetAccountPreferences, GetAccountPreferencesAnswer, StoreAccountPreferences,
    StoreAccountPreferencesAnswer,
};
pub use reach::{IsReachable, IsReachableAnswer, IsRegistered, IsRegisteredAnswer, MOST_RECIPIENTS, Reachability};
pub use registration::{
    AccountAction, AccountRequest, Deregister, DeregisterAnswer, Register, RegisterAnswer, SignatureData,
};
pub use statement::Statement;

use crate::call::Wire as _;
use crate::namespace::{RECIPIENT_V2, RECIPIENT_V3};
use crate::soap;
use crate::xml::{ReadError, Xml};

/// A request that FaR has received.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Request {
    /// A mediator asks where recipients can be reached.
    IsReachable(IsReachable),
    /// An operator asks who is registered.
    IsRegistered(IsRegistered),
    /// An operator registers a holder.
    Register(Register),
    /// An operator takes a holder out.
    Deregister(Deregister),
    /// An operator asks for reception rules.
    GetAccountPreferences(GetAccountPreferences),
    /// An operator changes reception rules.
    StoreAccountPreferences(StoreAccountPreferences),
    /// An operator asks for rules that wait for signatures.
    GetPendingAccountPreferences(GetPendingAccountPreferences),
    /// An operator takes back rules that wait.
    DeletePendingAccountPreferences(DeletePendingAccountPreferences),
    /// An operator takes a holder over from another.
    ChangeServiceSupplier(ChangeServiceSupplier),
    /// An operator asks for a move that waits for signatures.
    GetPendingChangeServiceSupplier(GetPendingChangeServiceSupplier),
    /// An operator takes back a move that waits.
    DeletePendingChangeServiceSupplier(DeletePendingChangeServiceSupplier),
    /// An operator asks who may sign for a company.
    IsAuthorizedSigner(IsAuthorizedSigner),
    /// An operator asks for accounts that wait for signatures.
    GetPendingAccountRequest(GetPendingAccountRequest),
    /// An operator takes back an account that waits.
    DeletePendingAccountRequest(DeletePendingAccountRequest),
}

impl Request {
    /// Reads a request from its envelope.
    pub fn read(xml: &Xml<'_>) -> Result<Self, ReadError> {
        let body = soap::body(xml)?;
        match (body.namespace(), body.name()) {
            (RECIPIENT_V3, "isReachable") => IsReachable::from_element(body).map(Self::IsReachable),
            (RECIPIENT_V3, "isRegistered") => IsRegistered::from_element(body).map(Self::IsRegistered),
            (RECIPIENT_V3, "register") => Register::from_element(body).map(Self::Register),
            (RECIPIENT_V3, "deregister") => Deregister::from_element(body).map(Self::Deregister),
            (RECIPIENT_V3, "getAccountPreferences") => {
                GetAccountPreferences::from_element(body).map(Self::GetAccountPreferences)
            }
            (RECIPIENT_V2, "storeAccountPreferences") => {
                StoreAccountPreferences::from_element(body).map(Self::StoreAccountPreferences)
            }
            (RECIPIENT_V2, "getPendingAccountPreferences") => {
                GetPendingAccountPreferences::from_element(body).map(Self::GetPendingAccountPreferences)
            }
            (RECIPIENT_V2, "deletePendingAccountPreferences") => {
                DeletePendingAccountPreferences::from_element(body).map(Self::DeletePendingAccountPreferences)
            }
            (RECIPIENT_V2, "changeServiceSupplier") => {
                ChangeServiceSupplier::from_element(body).map(Self::ChangeServiceSupplier)
            }
            (RECIPIENT_V2, "getPendingChangeServiceSupplier") => {
                GetPendingChangeServiceSupplier::from_element(body).map(Self::GetPendingChangeServiceSupplier)
            }
            (RECIPIENT_V2, "deletePendingChangeServiceSupplier") => {
                DeletePendingChangeServiceSupplier::from_element(body).map(Self::DeletePendingChangeServiceSupplier)
            }
            (RECIPIENT_V2, "isAuthorizedSigner") => {
                IsAuthorizedSigner::from_element(body).map(Self::IsAuthorizedSigner)
            }
            (RECIPIENT_V3, "getPendingAccountRequest") => {
                GetPendingAccountRequest::from_element(body).map(Self::GetPendingAccountRequest)
            }
            (RECIPIENT_V3, "deletePendingAccountRequest") => {
                DeletePendingAccountRequest::from_element(body).map(Self::DeletePendingAccountRequest)
            }
            _ => Err(body.wrong("an operation of RecipientPort-v3")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::xml::Limits;

    fn read(body: &str) -> Result<Request, ReadError> {
        let text = format!(
            "<s:Envelope xmlns:s='http://schemas.xmlsoap.org/soap/envelope/'><s:Body>{body}</s:Body></s:Envelope>"
        );
        Request::read(&Xml::parse(&text, &Limits::default())?)
    }

    #[test]
    fn a_request_with_prefixes_is_understood() {
        let request = read(&format!(
            "<r:isReachable xmlns:r='{RECIPIENT_V3}'><r:senderOrgNr>162021004748</r:senderOrgNr>\
             <r:recipientId>191212121212</r:recipientId></r:isReachable>"
        ));
        let Request::IsReachable(asked) = request.unwrap() else {
            panic!("another operation")
        };
        assert_eq!(asked.sender.to_string(), "162021004748");
        assert_eq!(asked.recipients.len(), 1);
    }

    #[test]
    fn operations_are_told_apart_by_name_and_version() {
        assert!(read(&format!("<isAuthorizedSigner xmlns='{RECIPIENT_V2}'/>")).is_err());
        assert!(read(&format!("<changeServiceSupplier xmlns='{RECIPIENT_V2}'/>")).is_err());
        assert!(read(&format!("<isReachable xmlns='{RECIPIENT_V2}'/>")).is_err());
        assert!(read("<anything/>").is_err());
    }
}
