//! The operations of Authority.

use super::{Refusal, Register, soap};
use crate::people::{self, SigningRule};
use contracts::authority::{
    AccessRight, Activity, Dispatcher, GetDispatchersAnswer, GetSendersAnswer, GetUserAccessRightsAnswer, GrantType,
    IsSenderAcceptedAnswer, Problem, ProblemType, Request, UserIdentity,
};
use contracts::fault::ErrorCode;
use contracts::identifier::{OrganisationNumber, RecipientId};

impl Register {
    pub(super) async fn answer_authority(
        &self,
        caller: OrganisationNumber,
        request: Request,
    ) -> Result<String, Refusal> {
        let senders = self.store.senders().await?;
        if !senders.iter().any(|s| s.id == caller) && self.store.operator_domain(caller).await?.is_none() {
            return Err(Refusal::new(
                ErrorCode::NotAuthorised,
                "the client certificate is neither a sender's, a mediator's nor an operator's",
            ));
        }
        match request {
            Request::GetSenders(_) => Ok(soap(&GetSendersAnswer(senders))),
            Request::GetDispatchers(_) => Ok(soap(&self.dispatchers().await?)),
            Request::IsSenderAccepted(asked) => {
                let accepted = senders.iter().any(|s| RecipientId::from(s.id) == asked.0);
                Ok(soap(&IsSenderAcceptedAnswer(accepted)))
            }
            Request::GetUserAccessRights(asked) => Ok(soap(&self.rights(asked.0).await?)),
            Request::Other(operation) => Err(Refusal::not_offered(operation)),
        }
    }

    async fn dispatchers(&self) -> Result<GetDispatchersAnswer, Refusal> {
        let mut dispatchers: Vec<Dispatcher> = Vec::new();
        for (mediator, name, sender) in self.store.mediations().await? {
            match dispatchers.last_mut() {
                Some(last) if last.id == mediator => last.senders.push(sender),
                _ => dispatchers.push(Dispatcher {
                    id: mediator,
                    name,
                    senders: vec![sender],
                }),
            }
        }
        Ok(GetDispatchersAnswer(dispatchers))
    }

    async fn rights(&self, user: UserIdentity) -> Result<GetUserAccessRightsAnswer, Refusal> {
        let mut answer = GetUserAccessRightsAnswer::default();
        let Some(person) = user.person() else { return Ok(answer) };
        for number in self.store.companies_of(person).await? {
            let Some(company) = self.store.company(number).await? else {
                continue;
            };
            let activities = match company.rule {
                SigningRule::Alone => {
                    vec![
                        Activity::View,
                        Activity::ForwardMessage,
                        Activity::InitiateAccountAction,
                        Activity::EditSettings,
                        Activity::EditSettingsConsent,
                    ]
                }
                // Joint signatories read, and see to the daily round, each for themselves; what binds the company they sign together.
                SigningRule::Together | SigningRule::AnyTwo => {
                    vec![Activity::View, Activity::InitiateAccountAction, Activity::EditSettings]
                }
                SigningRule::Unreadable => {
                    answer.problems.push(Problem {
                        kind: ProblemType::DataUncertain,
                        description: "Firmateckningsregeln kan inte tolkas.".into(),
                        object: Some(number.to_string()),
                    });
                    continue;
                }
            };
            answer.rights.push(AccessRight {
                recipient: number.into(),
                organisation: Some(company.name),
                user: user.clone(),
                activities,
                grant: GrantType::AuthorizedSignatory,
                role: Some("Firmatecknare".into()),
            });
        }
        for (number, role) in self.store.roles_of(person).await? {
            let Some(company) = self.store.company(number).await? else {
                continue;
            };
            answer.rights.push(AccessRight {
                recipient: number.into(),
                organisation: Some(company.name),
                user: user.clone(),
                activities: vec![Activity::View, Activity::ForwardMessage],
                grant: GrantType::AuthorizedRole,
                role: Some(role),
            });
        }
        answer.rights.extend(consents_to(&user));
        Ok(answer)
    }
}

/// What consents of persons let somebody do.
fn consents_to(user: &UserIdentity) -> impl Iterator<Item = AccessRight> + '_ {
    let given = people::CONSENTS
        .iter()
        .filter(|consent| consent.helper == user.as_str());
    given.filter_map(|consent| {
        let mut activities = vec![Activity::View];
        if consent.grant == GrantType::ConsentManage {
            activities.push(Activity::ForwardMessage);
        }
        Some(AccessRight {
            recipient: consent.holder.parse().ok()?,
            organisation: None,
            user: user.clone(),
            activities,
            grant: consent.grant,
            role: None,
        })
    })
}
