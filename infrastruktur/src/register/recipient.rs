//! The operations of FaR: the two questions, and the reception rules.

use super::signing::Kind;
use super::store::Kept;
use super::{Refusal, Register, soap};
use contracts::authority::{AuthorisationStatus, Person, SignatureAuthorisation, UserIdentity};
use contracts::fault::ErrorCode;
use contracts::identifier::{OrganisationNumber, RecipientId};
use contracts::recipient::{
    AccountPreferences, AccountType, GetAccountPreferences, GetAccountPreferencesAnswer, IsReachable,
    IsReachableAnswer, IsRegistered, IsRegisteredAnswer, MOST_RECIPIENTS, Reachability, Request, SignatureData,
    Statement, StoreAccountPreferences, StoreAccountPreferencesAnswer,
};

impl Register {
    pub(super) async fn answer_recipient(
        &self,
        caller: OrganisationNumber,
        request: Request,
    ) -> Result<String, Refusal> {
        if !matches!(request, Request::IsReachable(_)) {
            self.operator(caller).await?;
        }
        match request {
            Request::IsReachable(asked) => self.is_reachable(caller, asked).await.map(|a| soap(&a)),
            Request::IsRegistered(asked) => self.is_registered(asked).await.map(|a| soap(&a)),
            Request::Register(asked) => self.register(caller, asked).await.map(|a| soap(&a)),
            Request::Deregister(asked) => self.deregister(caller, asked).await.map(|a| soap(&a)),
            Request::GetAccountPreferences(asked) => self.preferences(asked).await.map(|a| soap(&a)),
            Request::StoreAccountPreferences(asked) => self.store_preferences(caller, asked).await.map(|a| soap(&a)),
            Request::GetPendingAccountPreferences(asked) => self.pending_preferences(asked.0).await.map(|a| soap(&a)),
            Request::DeletePendingAccountPreferences(asked) => {
                self.forget_pending_preferences(asked.0).await.map(|a| soap(&a))
            }
            Request::ChangeServiceSupplier(asked) => self.change_operator(caller, asked).await.map(|a| soap(&a)),
            Request::GetPendingChangeServiceSupplier(asked) => self.pending_operator(asked.0).await.map(|a| soap(&a)),
            Request::DeletePendingChangeServiceSupplier(asked) => {
                self.forget_pending_operator(asked.0).await.map(|a| soap(&a))
            }
            Request::IsAuthorizedSigner(asked) => self.authorized_signer(asked).await.map(|a| soap(&a)),
            Request::GetPendingAccountRequest(asked) => self.pending_accounts(caller, asked).await.map(|a| soap(&a)),
            Request::DeletePendingAccountRequest(asked) => {
                self.forget_pending_account(caller, asked).await.map(|a| soap(&a))
            }
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
            let changed = self.store.rules_changed(recipient).await?;
            let unwanted = refused.contains(&asked.sender);
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

    async fn preferences(&self, asked: GetAccountPreferences) -> Result<GetAccountPreferencesAnswer, Refusal> {
        self.may_act(asked.recipient, &asked.user).await?;
        if self.store.status(asked.recipient).await?.account != AccountType::Secure {
            return Err(Refusal::new(ErrorCode::ObjectNotFound, "the recipient has no mailbox"));
        }
        let refused = self.store.refused(asked.recipient).await?;
        let mut accepted = self.store.senders().await?;
        accepted.retain(|sender| !refused.contains(&sender.id));
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
            Kind::Preferences.as_str(),
            &asked.agreement,
            &asked.signatures,
        );
        let wanted = refused.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
        let progress = self.sign_change(kept, Kind::Preferences, &wanted, &statements).await?;
        if progress.status == Some(AuthorisationStatus::Complete) {
            self.store.set_refused(kept, &refused).await?;
        }
        Ok(StoreAccountPreferencesAnswer(progress))
    }

    pub(super) async fn operator(&self, caller: OrganisationNumber) -> Result<String, Refusal> {
        self.store.operator_domain(caller).await?.ok_or_else(|| {
            Refusal::new(
                ErrorCode::NotAuthorised,
                "the client certificate is not of a mailbox operator",
            )
        })
    }

    /// Whether a person may see and change a recipient's rules: the holder, or a signatory.
    pub(super) async fn may_act(&self, recipient: RecipientId, user: &UserIdentity) -> Result<(), Refusal> {
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

    pub(super) async fn signed_by_rightful(
        &self,
        recipient: RecipientId,
        statements: &[Statement],
    ) -> Result<(), Refusal> {
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

    pub(super) fn kept<'a>(
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

pub(super) fn complete(
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
