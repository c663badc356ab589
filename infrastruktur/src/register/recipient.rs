//! The operations of FaR.

use super::store::{Company, Kept};
use super::{Refusal, Register, soap};
use crate::people::SigningRule;
use contracts::authority::{AuthorisationStatus, Person, SignatureAuthorisation, UserIdentity};
use contracts::fault::ErrorCode;
use contracts::identifier::{OrganisationNumber, PersonalNumber, RecipientId};
use contracts::recipient::{
    AccountAction, AccountPreferences, AccountRequest, AccountType, Deregister, DeregisterAnswer,
    GetAccountPreferences, GetAccountPreferencesAnswer, IsReachable, IsReachableAnswer, IsRegistered,
    IsRegisteredAnswer, MOST_RECIPIENTS, Reachability, RegisterAnswer, Request, SignatureData, Statement,
    StoreAccountPreferences, StoreAccountPreferencesAnswer,
};

/// Private persons get a mailbox from this age (section 4).
const OF_AGE: u8 = 18;
/// Forms that may have a mailbox (section 12).
const COMPANY_FORMS: &[&str] = &["AB", "HB", "KB", "BRF", "EK"];

impl Register {
    pub(super) async fn answer_recipient(
        &self,
        caller: OrganisationNumber,
        request: Request,
    ) -> Result<String, Refusal> {
        if !matches!(request, Request::IsReachable(_) | Request::Other(_)) {
            self.operator(caller).await?;
        }
        match request {
            Request::IsReachable(asked) => self.is_reachable(caller, asked).await.map(|a| soap(&a)),
            Request::IsRegistered(asked) => self.is_registered(asked).await.map(|a| soap(&a)),
            Request::Register(asked) => self.register(caller, asked).await.map(|a| soap(&a)),
            Request::Deregister(asked) => self.deregister(caller, asked).await.map(|a| soap(&a)),
            Request::GetAccountPreferences(asked) => self.preferences(asked).await.map(|a| soap(&a)),
            Request::StoreAccountPreferences(asked) => self.store_preferences(caller, asked).await.map(|a| soap(&a)),
            Request::Other(operation) => Err(Refusal::not_offered(operation)),
        }
    }

    async fn is_reachable(&self, caller: OrganisationNumber, asked: IsReachable) -> Result<IsReachableAnswer, Refusal> {
        not_too_many(&asked.recipients)?;
        if !self.store.senders().await?.iter().any(|s| s.id == asked.sender) {
            return Err(Refusal::new(
                ErrorCode::UnknownSender,
                "Sender is not registered as authorized sender",
            ));
        }
        let mediates = self
            .store
            .mediations()
            .await?
            .iter()
            .any(|(mediator, _, sender)| (*mediator, *sender) == (caller, asked.sender));
        if !mediates && self.store.operator_domain(caller).await?.is_none() {
            return Err(Refusal::new(
                ErrorCode::DispatcherNotApproved,
                "the client certificate is of an organisation that does not mediate for this sender",
            ));
        }
        let mut rows = Vec::with_capacity(asked.recipients.len());
        for recipient in asked.recipients {
            let status = self.store.status(recipient).await?;
            let refused = self.store.refused(recipient).await?;
            let changed = refused.iter().filter_map(|(_, at)| *at).max();
            let unwanted = refused.iter().any(|(sender, _)| *sender == asked.sender);
            let sender_accepted = status.account == AccountType::Secure && !unwanted;
            rows.push(Reachability {
                status,
                sender_accepted,
                changed,
            });
        }
        Ok(IsReachableAnswer(rows))
    }

    async fn is_registered(&self, asked: IsRegistered) -> Result<IsRegisteredAnswer, Refusal> {
        not_too_many(&asked.recipients)?;
        let mut rows = Vec::with_capacity(asked.recipients.len());
        for recipient in asked.recipients {
            rows.push(self.store.status(recipient).await?);
        }
        Ok(IsRegisteredAnswer(rows))
    }

    async fn register(
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
            return Ok(RegisterAnswer(SignatureAuthorisation {
                recipient: Some(kept.recipient),
                status: Some(AuthorisationStatus::RulesNotSupported),
                text: Some("Firmateckningsregeln kan inte tolkas.".into()),
                ..SignatureAuthorisation::default()
            }));
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
        let enough = match company.rule {
            SigningRule::Alone => !signed.is_empty(),
            SigningRule::Together => company.signatories.iter().all(|(number, _)| signed.contains(number)),
            SigningRule::Unreadable => false,
        };
        let signed = &signed;
        let who = |wanted: bool| {
            let named = company
                .signatories
                .iter()
                .filter(move |(number, _)| signed.contains(number) == wanted);
            named
                .map(|(number, name)| Person {
                    id: number.to_string(),
                    name: name.clone(),
                })
                .collect::<Vec<_>>()
        };
        let (signed_by, others) = (who(true), who(false));
        if enough {
            self.store.open_account(kept).await?;
        }
        Ok(RegisterAnswer(SignatureAuthorisation {
            recipient: Some(kept.recipient),
            signed_by,
            status: Some(if enough {
                AuthorisationStatus::Complete
            } else {
                AuthorisationStatus::Incomplete
            }),
            at: Some(kept.at),
            text: None,
            possible_signers: if enough { Vec::new() } else { others },
        }))
    }

    async fn deregister(&self, caller: OrganisationNumber, asked: Deregister) -> Result<DeregisterAnswer, Refusal> {
        let request = &asked.request;
        if request.action != AccountAction::Delete {
            return Err(Refusal::new(ErrorCode::InvalidInput, "deregister takes Type Delete"));
        }
        self.names_caller(caller, request).await?;
        let statements = self.statements(caller, request.recipient, &request.agreement, &asked.signatures)?;
        self.signed_by_rightful(request.recipient, &statements).await?;
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
            "deregister",
            &request.agreement,
            &asked.signatures,
        );
        self.store.close_account(kept).await?;
        Ok(DeregisterAnswer(complete(
            request.recipient,
            &statements,
            Some(kept.at),
        )))
    }

    async fn preferences(&self, asked: GetAccountPreferences) -> Result<GetAccountPreferencesAnswer, Refusal> {
        self.may_act(asked.recipient, &asked.user).await?;
        if self.store.status(asked.recipient).await?.account != AccountType::Secure {
            return Err(Refusal::new(ErrorCode::ObjectNotFound, "the recipient has no mailbox"));
        }
        let refused = self.store.refused(asked.recipient).await?;
        let mut accepted = self.store.senders().await?;
        accepted.retain(|sender| !refused.iter().any(|(number, _)| *number == sender.id));
        Ok(GetAccountPreferencesAnswer(AccountPreferences {
            recipient: asked.recipient,
            accepted,
        }))
    }

    async fn store_preferences(
        &self,
        caller: OrganisationNumber,
        asked: StoreAccountPreferences,
    ) -> Result<StoreAccountPreferencesAnswer, Refusal> {
        self.may_act(asked.recipient, &asked.user).await?;
        if asked.preferences.recipient != asked.recipient {
            return Err(Refusal::new(
                ErrorCode::InvalidInput,
                "the preferences are another recipient's",
            ));
        }
        if self
            .store
            .status(asked.recipient)
            .await?
            .operator
            .is_none_or(|operator| operator.id != caller)
        {
            return Err(Refusal::new(
                ErrorCode::ObjectNotFound,
                "the recipient has no mailbox at this operator",
            ));
        }
        let statements = self.statements(caller, asked.recipient, &asked.agreement, &asked.signatures)?;
        self.signed_by_rightful(asked.recipient, &statements).await?;
        let senders = self.store.senders().await?;
        if asked
            .preferences
            .accepted
            .iter()
            .any(|accepted| !senders.iter().any(|s| s.id == accepted.id))
        {
            return Err(Refusal::new(
                ErrorCode::UnknownSender,
                "one of the accepted senders is not a sender",
            ));
        }
        let refused: Vec<_> = senders
            .into_iter()
            .map(|sender| sender.id)
            .filter(|id| !asked.preferences.accepted.iter().any(|accepted| accepted.id == *id))
            .collect();
        let kept = self.kept(
            caller,
            asked.recipient,
            "preferences",
            &asked.agreement,
            &asked.signatures,
        );
        self.store.set_refused(kept, &refused).await?;
        Ok(StoreAccountPreferencesAnswer(complete(
            asked.recipient,
            &statements,
            Some(kept.at),
        )))
    }

    async fn operator(&self, caller: OrganisationNumber) -> Result<String, Refusal> {
        self.store.operator_domain(caller).await?.ok_or_else(|| {
            Refusal::new(
                ErrorCode::NotAuthorised,
                "the client certificate is not of a mailbox operator",
            )
        })
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

    async fn may_have_mailbox(&self, recipient: RecipientId) -> Result<(), Refusal> {
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

    async fn known_company(&self, number: OrganisationNumber) -> Result<Company, Refusal> {
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

    /// Whether a person may see and change a recipient's rules: the holder, or a signatory.
    async fn may_act(&self, recipient: RecipientId, user: &UserIdentity) -> Result<(), Refusal> {
        let allowed = match (recipient, user.person()) {
            (RecipientId::Person(holder), Some(person)) => holder == person,
            (RecipientId::Organisation(company), Some(person)) => {
                self.store.companies_of(person).await?.contains(&company)
            }
            _ => false,
        };
        if allowed {
            Ok(())
        } else {
            Err(Refusal::new(
                ErrorCode::AccessDenied,
                "the user may not act for the recipient",
            ))
        }
    }

    async fn signed_by_rightful(&self, recipient: RecipientId, statements: &[Statement]) -> Result<(), Refusal> {
        for statement in statements {
            self.may_act(recipient, &statement.person)
                .await
                .map_err(|refusal| Refusal {
                    code: ErrorCode::RegisterAccountSignatureError,
                    ..refusal
                })?;
        }
        Ok(())
    }

    fn kept<'a>(
        &self,
        operator: OrganisationNumber,
        recipient: RecipientId,
        kind: &'static str,
        text: &'a str,
        signatures: &'a [SignatureData],
    ) -> Kept<'a> {
        let signature = signatures.first().map_or(&[][..], |s| s.signature.as_slice());
        Kept {
            recipient,
            operator,
            kind,
            text,
            signature,
            at: self.clock.now(),
        }
    }
}

fn not_too_many(recipients: &[RecipientId]) -> Result<(), Refusal> {
    if recipients.len() > MOST_RECIPIENTS {
        return Err(Refusal::new(
            ErrorCode::MaxExceeded,
            format!("at most {MOST_RECIPIENTS} recipients in one call"),
        ));
    }
    Ok(())
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

fn complete(
    recipient: RecipientId,
    statements: &[Statement],
    at: Option<time::OffsetDateTime>,
) -> SignatureAuthorisation {
    let person = |s: &Statement| Person {
        id: s.person.as_str().to_owned(),
        name: s.name.clone(),
    };
    SignatureAuthorisation {
        recipient: Some(recipient),
        signed_by: statements.iter().map(person).collect(),
        status: Some(AuthorisationStatus::Complete),
        at,
        text: None,
        possible_signers: Vec::new(),
    }
}
