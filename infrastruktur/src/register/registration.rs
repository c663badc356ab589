//! `register` and `deregister`: who may have a mailbox, and when enough people have signed for it.

use super::recipient::complete;
use super::signing::{Kind, not_supported, progress};
use super::store::{Company, Kept};
use super::{Refusal, Register};
use crate::people::SigningRule;
use contracts::authority::AuthorisationStatus;
use contracts::fault::ErrorCode;
use contracts::identifier::{OrganisationNumber, PersonalNumber, RecipientId};
use contracts::recipient::{
    AccountAction, AccountRequest, AccountType, Deregister, DeregisterAnswer, RegisterAnswer, Statement,
};

/// Private persons get a mailbox from this age (section 4).
const OF_AGE: u8 = 18;
/// Forms that may have a mailbox (section 12).
const COMPANY_FORMS: &[&str] = &["AB", "HB", "KB", "BRF", "EK"];

impl Register {
    pub(super) async fn register(
        &self,
        caller: OrganisationNumber,
        asked: contracts::recipient::Register,
    ) -> Result<RegisterAnswer, Refusal> {
        let request = &asked.request;
        if request.action != AccountAction::Create || asked.account != AccountType::Secure {
            return Err(Refusal::new(
                ErrorCode::InvalidInput,
                "register takes Type Create and accountType Secure",
            ));
        }
        self.names_caller(caller, request).await?;
        self.may_have_mailbox(request.recipient).await?;
        let statements = self.statements(caller, request.recipient, &request.agreement, &asked.signatures)?;
        let status = self.store.status(request.recipient).await?;
        match status.operator {
            // A caller that got no answer asks again.
            Some(operator) if operator.id == caller => {
                return Ok(RegisterAnswer(complete(
                    request.recipient,
                    &statements,
                    status.registered,
                )));
            }
            Some(_) => {
                return Err(Refusal::new(
                    ErrorCode::ObjectAlreadyExists,
                    "the recipient has a mailbox at another operator; use changeServiceSupplier",
                ));
            }
            None => {}
        }
        let kept = self.kept(
            caller,
            request.recipient,
            "register",
            &request.agreement,
            &asked.signatures,
        );
        match request.recipient {
            RecipientId::Organisation(number) => self.register_company(number, kept, &statements).await,
            RecipientId::Person(_) | RecipientId::Nobody(_) => {
                signed_by_holder(request.recipient, &statements)?;
                self.store.open_account(kept).await?;
                Ok(RegisterAnswer(complete(request.recipient, &statements, Some(kept.at))))
            }
        }
    }

    async fn register_company(
        &self,
        number: OrganisationNumber,
        kept: Kept<'_>,
        statements: &[Statement],
    ) -> Result<RegisterAnswer, Refusal> {
        let company = self.known_company(number).await?;
        if company.rule == SigningRule::Unreadable {
            return Ok(RegisterAnswer(not_supported(kept.recipient)));
        }
        let mut signed = Vec::new();
        for statement in statements {
            let person = statement
                .person
                .person()
                .filter(|p| company.signatories.iter().any(|(number, _)| number == p));
            let person = person.ok_or_else(|| {
                Refusal::new(
                    ErrorCode::RegisterAccountSignatureError,
                    "the signature is not of a signatory of the company",
                )
            })?;
            signed = self.store.add_signature(kept, person).await?;
        }
        if signed.is_empty() {
            let status = self.store.status(kept.recipient).await?;
            return Ok(RegisterAnswer(complete(kept.recipient, statements, status.registered)));
        }
        let progress = progress(&company, kept, &signed);
        if progress.status == Some(AuthorisationStatus::Complete) {
            self.store.open_account(kept).await?;
        }
        Ok(RegisterAnswer(progress))
    }

    pub(super) async fn deregister(
        &self,
        caller: OrganisationNumber,
        asked: Deregister,
    ) -> Result<DeregisterAnswer, Refusal> {
        let request = &asked.request;
        if request.action != AccountAction::Delete {
            return Err(Refusal::new(ErrorCode::InvalidInput, "deregister takes Type Delete"));
        }
        self.names_caller(caller, request).await?;
        let statements = self.statements(caller, request.recipient, &request.agreement, &asked.signatures)?;
        let status = self.store.status(request.recipient).await?;
        match status.operator {
            None => return Err(Refusal::new(ErrorCode::ObjectNotFound, "the recipient has no mailbox")),
            Some(operator) if operator.id != caller => {
                return Err(Refusal::new(
                    ErrorCode::AccessDenied,
                    "the recipient's mailbox is at another operator",
                ));
            }
            Some(_) => {}
        }
        let kept = self.kept(
            caller,
            request.recipient,
            Kind::Deregister.as_str(),
            &request.agreement,
            &asked.signatures,
        );
        let progress = self.sign_change(kept, Kind::Deregister, "", &statements).await?;
        if progress.status == Some(AuthorisationStatus::Complete) {
            self.store.close_account(kept).await?;
        }
        Ok(DeregisterAnswer(progress))
    }

    async fn names_caller(&self, caller: OrganisationNumber, request: &AccountRequest) -> Result<(), Refusal> {
        let domain = self.operator(caller).await?;
        if request.operator == domain || request.operator == caller.to_string() {
            Ok(())
        } else {
            Err(Refusal::new(
                ErrorCode::InvalidInput,
                format!("ServiceSupplier must be the caller's domain, {domain}"),
            ))
        }
    }

    pub(super) async fn may_have_mailbox(&self, recipient: RecipientId) -> Result<(), Refusal> {
        let not_there = || {
            Refusal::new(
                ErrorCode::NoSuchIdentity,
                "not found in the population or companies register",
            )
        };
        match recipient {
            RecipientId::Nobody(_) => Err(not_there()),
            RecipientId::Organisation(number) => self.known_company(number).await.map(|_| ()),
            RecipientId::Person(number) => {
                let resident = self.store.resident(number).await?.ok_or_else(not_there)?;
                if resident.protected {
                    return Err(Refusal::new(
                        ErrorCode::ProtectedIdentity,
                        "the person has protected identity",
                    ));
                }
                if number.age_on(self.clock.now().date()) < OF_AGE {
                    return Err(Refusal::new(ErrorCode::RegisterAccountError, "the person is under 18"));
                }
                Ok(())
            }
        }
    }

    pub(super) async fn known_company(&self, number: OrganisationNumber) -> Result<Company, Refusal> {
        let company = self.store.company(number).await?.ok_or_else(|| {
            Refusal::new(
                ErrorCode::NoSuchIdentity,
                "not found in the population or companies register",
            )
        })?;
        if COMPANY_FORMS.contains(&company.form.as_str()) {
            Ok(company)
        } else {
            Err(Refusal::new(
                ErrorCode::CompanyFormNotSupported,
                "this form of company cannot have a mailbox",
            ))
        }
    }
}

fn signed_by_holder(recipient: RecipientId, statements: &[Statement]) -> Result<(), Refusal> {
    let holder = |person: Option<PersonalNumber>| person.map(RecipientId::from) == Some(recipient);
    if statements.iter().all(|statement| holder(statement.person.person())) {
        Ok(())
    } else {
        Err(Refusal::new(
            ErrorCode::RegisterAccountSignatureError,
            "the signature is not the holder's",
        ))
    }
}
