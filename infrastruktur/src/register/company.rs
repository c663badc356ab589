//! Companies: who may sign for one, and accounts, or their ends, that wait for signatures.

use super::signing::{Kind, parted};
use super::store::Company;
use super::{Refusal, Register};
use crate::people::SigningRule;
use contracts::authority::{AuthorisationStatus, SignatureAuthorisation};
use contracts::fault::ErrorCode;
use contracts::identifier::{OrganisationNumber, RecipientId};
use contracts::recipient::{
    AccountAction, AccountInformation, AccountRequest, AccountState, DeletePendingAccountRequest,
    DeletePendingAccountRequestAnswer, GetPendingAccountRequest, GetPendingAccountRequestAnswer, IsAuthorizedSigner,
    IsAuthorizedSignerAnswer, PendingAccountRequest,
};

impl Register {
    /// A person who may not sign is told so, and nothing of those who may.
    pub(super) async fn authorized_signer(
        &self,
        asked: IsAuthorizedSigner,
    ) -> Result<IsAuthorizedSignerAnswer, Refusal> {
        let RecipientId::Organisation(number) = asked.company else {
            return Err(Refusal::new(
                ErrorCode::InvalidInput,
                "CompanyId must be a company's number",
            ));
        };
        let company = self.known_company(number).await?;
        let person = asked.user.person();
        let may_sign = company.signatories.iter().any(|(number, _)| Some(*number) == person);
        let account = if may_sign {
            self.account_of(number, &company).await?
        } else {
            None
        };
        let signed: Vec<_> = account.iter().flat_map(|account| account.signed_by.clone()).collect();
        let (_, mut possible_signers) = parted(&company, &[]);
        possible_signers.retain(|other| other.id != asked.user.as_str() && !signed.contains(other));
        if !may_sign {
            possible_signers.clear();
        }
        Ok(IsAuthorizedSignerAnswer {
            may_sign,
            user: asked.user,
            company: asked.company,
            name: company.name,
            rule: company.rule.in_words().into(),
            possible_signers,
            account,
        })
    }

    async fn account_of(
        &self,
        number: OrganisationNumber,
        company: &Company,
    ) -> Result<Option<AccountInformation>, Refusal> {
        let recipient = RecipientId::from(number);
        if let Some(operator) = self.store.status(recipient).await?.operator {
            return Ok(Some(AccountInformation {
                state: AccountState::Active,
                signed_by: Vec::new(),
                status: AuthorisationStatus::Complete,
                operator: self.operator(operator.id).await?,
                agreement: None,
            }));
        }
        for operator in self.store.operators().await? {
            let Some((signed, _)) = self.store.pending_account(recipient, operator).await? else {
                continue;
            };
            let status = if company.rule == SigningRule::Unreadable {
                AuthorisationStatus::RulesNotSupported
            } else {
                AuthorisationStatus::Incomplete
            };
            return Ok(Some(AccountInformation {
                state: AccountState::Pending,
                signed_by: parted(company, &signed).0,
                status,
                operator: self.operator(operator).await?,
                agreement: Some(self.store.text_signed(recipient, "register").await?),
            }));
        }
        Ok(None)
    }

    /// What waits of those that the person signs for: an account at the operator that asks, or its end.
    pub(super) async fn pending_accounts(
        &self,
        caller: OrganisationNumber,
        asked: GetPendingAccountRequest,
    ) -> Result<GetPendingAccountRequestAnswer, Refusal> {
        let mut companies = match asked.user.person() {
            Some(person) => self.store.companies_of(person).await?,
            None => Vec::new(),
        };
        if !asked.recipients.is_empty() {
            companies.retain(|number| asked.recipients.contains(&RecipientId::from(*number)));
        }
        let mut all = Vec::new();
        for number in companies {
            let recipient = RecipientId::from(number);
            let Some(company) = self.store.company(number).await? else {
                continue;
            };
            if let Some((signed, at)) = self.store.pending_account(recipient, caller).await? {
                let (signed_by, possible_signers) = parted(&company, &signed);
                let signatures = SignatureAuthorisation {
                    recipient: Some(recipient),
                    signed_by,
                    status: Some(AuthorisationStatus::Incomplete),
                    at,
                    text: None,
                    possible_signers,
                };
                all.push(
                    self.pending(caller, AccountAction::Create, "register", signatures)
                        .await?,
                );
            }
            if let Some((_, signatures)) = self.waiting(recipient, Kind::Deregister).await? {
                let kind = Kind::Deregister.as_str();
                all.push(self.pending(caller, AccountAction::Delete, kind, signatures).await?);
            }
        }
        Ok(GetPendingAccountRequestAnswer(all))
    }

    async fn pending(
        &self,
        caller: OrganisationNumber,
        action: AccountAction,
        kind: &str,
        signatures: SignatureAuthorisation,
    ) -> Result<PendingAccountRequest, Refusal> {
        let recipient = signatures.recipient.unwrap_or(RecipientId::from(caller));
        Ok(PendingAccountRequest {
            request: AccountRequest {
                recipient,
                action,
                agreement: self.store.text_signed(recipient, kind).await?,
                day: signatures.at.unwrap_or_else(|| self.clock.now()).date(),
                operator: self.operator(caller).await?,
            },
            signatures,
        })
    }

    pub(super) async fn forget_pending_account(
        &self,
        caller: OrganisationNumber,
        asked: DeletePendingAccountRequest,
    ) -> Result<DeletePendingAccountRequestAnswer, Refusal> {
        self.may_act(asked.recipient, &asked.user).await?;
        let account = self.store.forget_pending_account(asked.recipient, caller).await?;
        let end = self.waiting(asked.recipient, Kind::Deregister).await?.is_some();
        if end {
            self.store.forget_pending(asked.recipient, Kind::Deregister).await?;
        }
        if account || end {
            Ok(DeletePendingAccountRequestAnswer)
        } else {
            Err(Refusal::new(ErrorCode::ObjectNotFound, "nothing waits for signatures"))
        }
    }
}
