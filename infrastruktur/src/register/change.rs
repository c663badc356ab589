//! `changeServiceSupplier`: a holder moves from one operator to another, and what waits for signatures.

use super::signing::Kind;
use super::{Refusal, Register};
use contracts::authority::{AuthorisationStatus, SignatureAuthorisation};
use contracts::fault::ErrorCode;
use contracts::identifier::{OrganisationNumber, RecipientId};
use contracts::recipient::{
    AccountPreferences, ActingFor, ChangeServiceSupplier, ChangeServiceSupplierAnswer,
    DeletePendingAccountPreferencesAnswer, DeletePendingChangeServiceSupplierAnswer,
    GetPendingAccountPreferencesAnswer, GetPendingChangeServiceSupplierAnswer, Operator,
};

impl Register {
    pub(super) async fn change_operator(
        &self,
        caller: OrganisationNumber,
        asked: ChangeServiceSupplier,
    ) -> Result<ChangeServiceSupplierAnswer, Refusal> {
        let chosen = self.store.operator_with_domain(&asked.operator).await?.ok_or_else(|| {
            Refusal::new(
                ErrorCode::ObjectNotFound,
                "ServiceSupplier is no mailbox operator's domain",
            )
        })?;
        // The operator that people move to has their login and shows them its terms: nobody else can ask for them.
        if chosen.id != caller {
            return Err(Refusal::new(
                ErrorCode::AccessDenied,
                "a move is asked for by the operator that the holder moves to",
            ));
        }
        self.may_act(asked.recipient, &asked.user).await?;
        self.may_have_mailbox(asked.recipient).await?;
        let statements = self.statements(caller, asked.recipient, &asked.agreement, &asked.signatures)?;
        let status = self.store.status(asked.recipient).await?;
        match status.operator {
            None => {
                return Err(Refusal::new(
                    ErrorCode::ObjectNotFound,
                    "the recipient has no mailbox to move; use register",
                ));
            }
            // A caller that got no answer asks again.
            Some(operator) if operator.id == caller => {
                return Ok(ChangeServiceSupplierAnswer(super::recipient::complete(
                    asked.recipient,
                    &statements,
                    status.registered,
                )));
            }
            Some(_) => {}
        }
        let kept = self.kept(
            caller,
            asked.recipient,
            Kind::Operator.as_str(),
            &asked.agreement,
            &asked.signatures,
        );
        let progress = self
            .sign_change(kept, Kind::Operator, &asked.operator, &statements)
            .await?;
        if progress.status == Some(AuthorisationStatus::Complete) {
            self.store.move_account(kept).await?;
        }
        Ok(ChangeServiceSupplierAnswer(progress))
    }

    pub(super) async fn pending_operator(
        &self,
        asked: ActingFor,
    ) -> Result<GetPendingChangeServiceSupplierAnswer, Refusal> {
        self.may_act(asked.recipient, &asked.user).await?;
        Ok(match self.waiting(asked.recipient, Kind::Operator).await? {
            Some((domain, signatures)) => GetPendingChangeServiceSupplierAnswer {
                operator: self.store.operator_with_domain(&domain).await?,
                signatures,
            },
            None => GetPendingChangeServiceSupplierAnswer {
                operator: None,
                signatures: SignatureAuthorisation::default(),
            },
        })
    }

    pub(super) async fn forget_pending_operator(
        &self,
        asked: ActingFor,
    ) -> Result<DeletePendingChangeServiceSupplierAnswer, Refusal> {
        self.may_act(asked.recipient, &asked.user).await?;
        let domain = self.take_back(asked.recipient, Kind::Operator).await?;
        let operator: Option<Operator> = self.store.operator_with_domain(&domain).await?;
        operator
            .map(DeletePendingChangeServiceSupplierAnswer)
            .ok_or_else(|| Refusal::new(ErrorCode::ObjectNotFound, "the operator is gone"))
    }

    pub(super) async fn pending_preferences(
        &self,
        asked: ActingFor,
    ) -> Result<GetPendingAccountPreferencesAnswer, Refusal> {
        self.may_act(asked.recipient, &asked.user).await?;
        let (refused, signatures) = self
            .waiting(asked.recipient, Kind::Preferences)
            .await?
            .ok_or_else(|| Refusal::new(ErrorCode::ObjectNotFound, "no rules wait for signatures"))?;
        Ok(GetPendingAccountPreferencesAnswer {
            preferences: self.all_but(asked.recipient, &refused).await?,
            signatures,
        })
    }

    pub(super) async fn forget_pending_preferences(
        &self,
        asked: ActingFor,
    ) -> Result<DeletePendingAccountPreferencesAnswer, Refusal> {
        self.may_act(asked.recipient, &asked.user).await?;
        self.take_back(asked.recipient, Kind::Preferences).await?;
        Ok(DeletePendingAccountPreferencesAnswer(asked))
    }

    /// The rules that refuse these senders: numbers with commas between.
    async fn all_but(&self, recipient: RecipientId, refused: &str) -> Result<AccountPreferences, Refusal> {
        let mut accepted = self.store.senders().await?;
        accepted.retain(|sender| !refused.split(',').any(|number| number == sender.id.to_string()));
        Ok(AccountPreferences { recipient, accepted })
    }
}
