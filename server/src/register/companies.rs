//! Companies: who may sign for one, what waits for signatures there, and for whom a person may act.

use super::soap::Effect;
use super::{AuthorityClient, FarClient, Reason, RegisterError};
use crate::domain::acts_for::{ActsFor, Company, Consented, Ground};
use async_trait::async_trait;
use contracts::authority::{
    AccessRight, Activity, GetUserAccessRights, GetUserAccessRightsAnswer, GrantType, Person, SignatureAuthorisation,
};
use contracts::identifier::{OrganisationNumber, PersonalNumber, RecipientId};
use contracts::recipient::{
    AccountAction, ActingFor, DeletePendingAccountPreferences, DeletePendingAccountRequest,
    DeletePendingChangeServiceSupplier, GetPendingAccountPreferences, GetPendingAccountRequest,
    GetPendingChangeServiceSupplier, IsAuthorizedSigner,
};

/// Authority, about persons.
#[async_trait]
pub trait AccessRights: Send + Sync + 'static {
    /// For whom a person may act (getUserAccessRights). What the register's data leaves unclear is named, and grants nothing.
    async fn acts_for(&self, person: PersonalNumber) -> Result<ActsFor, RegisterError>;
}

/// FaR, about companies.
#[async_trait]
pub trait Companies: Send + Sync + 'static {
    /// Whether a person may sign for a company, and by which rule (isAuthorizedSigner).
    async fn signer(&self, company: OrganisationNumber, person: PersonalNumber) -> Result<Signer, RegisterError>;

    /// Accounts, and ends of accounts, that wait for signatures at us (getPendingAccountRequest): of one company, or of all that the
    /// person signs for.
    async fn pending_accounts(
        &self,
        company: Option<OrganisationNumber>,
        person: PersonalNumber,
    ) -> Result<Vec<Pending>, RegisterError>;

    /// Takes back an account, or its end, that waits (deletePendingAccountRequest). Taken back already is well too.
    async fn take_back_account(&self, company: OrganisationNumber, person: PersonalNumber)
    -> Result<(), RegisterError>;

    /// Whether a move to us waits (getPendingChangeServiceSupplier).
    async fn pending_move(
        &self,
        company: OrganisationNumber,
        person: PersonalNumber,
    ) -> Result<Option<Waits>, RegisterError>;

    /// Takes back a move that waits (deletePendingChangeServiceSupplier).
    async fn take_back_move(&self, company: OrganisationNumber, person: PersonalNumber) -> Result<(), RegisterError>;

    /// Reception rules that wait, as the senders that would be accepted (getPendingAccountPreferences).
    async fn pending_rules(
        &self,
        company: OrganisationNumber,
        person: PersonalNumber,
    ) -> Result<Option<(Vec<(OrganisationNumber, String)>, Waits)>, RegisterError>;

    /// Takes back rules that wait (deletePendingAccountPreferences).
    async fn take_back_rules(&self, company: OrganisationNumber, person: PersonalNumber) -> Result<(), RegisterError>;
}

/// Somebody who signs, or may.
#[derive(Clone, PartialEq, Eq)]
pub struct Signatory {
    /// Twelve digits, as a rule.
    pub number: String,
    /// Name.
    pub name: String,
}

impl std::fmt::Debug for Signatory {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Signatory(…)")
    }
}

/// A person's part in a company.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signer {
    /// Whether they may sign, alone or with others.
    pub may_sign: bool,
    /// The company's name.
    pub company: String,
    /// Who signs for it, in the register's words.
    pub rule: String,
    /// Who else may.
    pub others: Vec<Signatory>,
}

/// How far signatures have come that are not enough yet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Waits {
    /// Who has signed.
    pub signed: Vec<Signatory>,
    /// Who may as well.
    pub may_sign: Vec<Signatory>,
}

impl Waits {
    /// Whether a person has signed.
    pub fn is_signed_by(&self, person: PersonalNumber) -> bool {
        self.signed.iter().any(|who| who.number == person.to_string())
    }
}

/// An account, or its end, that waits for signatures.
#[derive(Clone, PartialEq, Eq)]
pub struct Pending {
    /// Of which company.
    pub company: OrganisationNumber,
    /// It is the end of an account, not its beginning.
    pub ends: bool,
    /// The text that is signed.
    pub text: String,
    /// How far it has come.
    pub waits: Waits,
}

impl std::fmt::Debug for Pending {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Pending(…)")
    }
}

#[async_trait]
impl AccessRights for AuthorityClient {
    async fn acts_for(&self, person: PersonalNumber) -> Result<ActsFor, RegisterError> {
        let question = GetUserAccessRights(person.into());
        let answer = self.soap.ask(self.soap.authority(), &question, Effect::Reads).await?;
        Ok(understood(person, answer))
    }
}

/// What is granted to this very person for an organisation, on a ground that we know of.
fn understood(person: PersonalNumber, answer: GetUserAccessRightsAnswer) -> ActsFor {
    let mut said = ActsFor::default();
    for right in answer.rights {
        if right.user.person() != Some(person) {
            continue;
        }
        let number = match right.recipient {
            RecipientId::Organisation(number) => number,
            RecipientId::Person(holder) if holder != person => {
                note_consent(&mut said, holder, &right);
                continue;
            }
            RecipientId::Person(_) | RecipientId::Nobody(_) => continue,
        };
        let ground = match right.grant {
            GrantType::AuthorizedSignatory => Ground::Signatory,
            GrantType::AuthorizedRole => Ground::Role(right.role),
            // Those of a company are given in its mailbox.
            GrantType::ConsentManage | GrantType::ConsentReadExtendUnread | GrantType::ConsentRead => continue,
        };
        let number = number.to_string();
        let activities = right.activities.iter().map(|activity| activity.as_str().to_owned());
        match said.companies.iter_mut().find(|company| company.number == number) {
            // Signatory and managing director: the one that signs is told, and both grant.
            Some(company) => {
                company.activities.extend(activities);
                if ground == Ground::Signatory {
                    company.ground = ground;
                }
            }
            None => said.companies.push(Company {
                name: right.organisation.unwrap_or_else(|| number.clone()),
                number,
                ground,
                activities: activities.collect(),
            }),
        }
    }
    for problem in answer.problems {
        match problem.object {
            Some(number) => said.unclear.push(number),
            None => said.all_unclear = true,
        }
    }
    said.without_unclear()
}

/// Notes a person's consent. One to read that is not extended to unread letters grants nothing here (decision 22).
fn note_consent(said: &mut ActsFor, holder: PersonalNumber, right: &AccessRight) {
    let manage = match right.grant {
        GrantType::ConsentManage => true,
        GrantType::ConsentReadExtendUnread => false,
        GrantType::ConsentRead => {
            said.narrower = true;
            return;
        }
        GrantType::AuthorizedSignatory | GrantType::AuthorizedRole => return,
    };
    if !right.activities.contains(&Activity::View) {
        return;
    }
    let holder = holder.to_string();
    match said.consents.iter_mut().find(|consent| consent.holder == holder) {
        Some(consent) => consent.manage |= manage,
        None => said.consents.push(Consented { holder, manage }),
    }
}

#[async_trait]
impl Companies for FarClient {
    async fn signer(&self, company: OrganisationNumber, person: PersonalNumber) -> Result<Signer, RegisterError> {
        let question = IsAuthorizedSigner {
            company: company.into(),
            user: person.into(),
        };
        let answer = self.soap.ask(self.soap.recipient(), &question, Effect::Reads).await?;
        if answer.company != question.company || answer.user != question.user {
            return Err(RegisterError::Misunderstood(
                "isAuthorizedSigner answered about somebody else".into(),
            ));
        }
        Ok(Signer {
            may_sign: answer.may_sign,
            company: answer.name,
            rule: answer.rule,
            others: answer.possible_signers.into_iter().map(signatory).collect(),
        })
    }

    async fn pending_accounts(
        &self,
        company: Option<OrganisationNumber>,
        person: PersonalNumber,
    ) -> Result<Vec<Pending>, RegisterError> {
        let question = GetPendingAccountRequest {
            recipients: company.into_iter().map(RecipientId::from).collect(),
            user: person.into(),
        };
        let answer = self.soap.ask(self.soap.recipient(), &question, Effect::Reads).await?;
        let mut all = Vec::new();
        for pending in answer.0 {
            if let RecipientId::Organisation(number) = pending.request.recipient
                && company.is_none_or(|company| company == number)
            {
                all.push(Pending {
                    company: number,
                    ends: pending.request.action == AccountAction::Delete,
                    text: pending.request.agreement,
                    waits: waits(pending.signatures),
                });
            }
        }
        Ok(all)
    }

    async fn take_back_account(
        &self,
        company: OrganisationNumber,
        person: PersonalNumber,
    ) -> Result<(), RegisterError> {
        let request = DeletePendingAccountRequest {
            recipient: company.into(),
            user: person.into(),
        };
        gone(self.soap.ask(self.soap.recipient(), &request, Effect::Changes).await)
    }

    async fn pending_move(
        &self,
        company: OrganisationNumber,
        person: PersonalNumber,
    ) -> Result<Option<Waits>, RegisterError> {
        let question = GetPendingChangeServiceSupplier(acting(company, person));
        let answer = self.soap.ask(self.soap.recipient(), &question, Effect::Reads).await?;
        let ours = answer.operator.is_some_and(|operator| operator.id == self.ourselves());
        Ok(ours.then(|| waits(answer.signatures)))
    }

    async fn take_back_move(&self, company: OrganisationNumber, person: PersonalNumber) -> Result<(), RegisterError> {
        let request = DeletePendingChangeServiceSupplier(acting(company, person));
        gone(self.soap.ask(self.soap.recipient(), &request, Effect::Changes).await)
    }

    async fn pending_rules(
        &self,
        company: OrganisationNumber,
        person: PersonalNumber,
    ) -> Result<Option<(Vec<(OrganisationNumber, String)>, Waits)>, RegisterError> {
        let question = GetPendingAccountPreferences(acting(company, person));
        match self.soap.ask(self.soap.recipient(), &question, Effect::Reads).await {
            Ok(answer) => {
                let accepted = answer.preferences.accepted.into_iter();
                let accepted = accepted.map(|sender| (sender.id, sender.name)).collect();
                Ok(Some((accepted, waits(answer.signatures))))
            }
            Err(RegisterError::Refused {
                reason: Reason::NotThere,
                ..
            }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn take_back_rules(&self, company: OrganisationNumber, person: PersonalNumber) -> Result<(), RegisterError> {
        let request = DeletePendingAccountPreferences(acting(company, person));
        gone(self.soap.ask(self.soap.recipient(), &request, Effect::Changes).await)
    }
}

fn acting(company: OrganisationNumber, person: PersonalNumber) -> ActingFor {
    ActingFor {
        recipient: company.into(),
        user: person.into(),
    }
}

/// Somebody else may have taken it back, or signed last, a moment ago.
fn gone<T>(answer: Result<T, RegisterError>) -> Result<(), RegisterError> {
    match answer {
        Ok(_)
        | Err(RegisterError::Refused {
            reason: Reason::NotThere,
            ..
        }) => Ok(()),
        Err(error) => Err(error),
    }
}

fn signatory(person: Person) -> Signatory {
    Signatory {
        number: person.id,
        name: person.name,
    }
}

fn waits(signatures: SignatureAuthorisation) -> Waits {
    Waits {
        signed: signatures.signed_by.into_iter().map(signatory).collect(),
        may_sign: signatures.possible_signers.into_iter().map(signatory).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::right::Right;
    use contracts::authority::{Problem, ProblemType};

    const EVA: &str = "196808179847";

    fn right(recipient: &str, user: &str, grant: GrantType, activity: Activity) -> AccessRight {
        AccessRight {
            recipient: recipient.parse().unwrap(),
            organisation: Some("Ek Bygg AB".into()),
            user: user.parse().unwrap(),
            activities: vec![activity],
            grant,
            role: Some("VD".into()),
        }
    }

    fn problem(object: Option<&str>) -> Problem {
        Problem {
            kind: ProblemType::DataUncertain,
            description: "?".into(),
            object: object.map(str::to_owned),
        }
    }

    #[test]
    fn two_grounds_for_one_company_are_one_company() {
        let said = understood(
            EVA.parse().unwrap(),
            GetUserAccessRightsAnswer {
                rights: vec![
                    right("165599999033", EVA, GrantType::AuthorizedRole, Activity::View),
                    right(
                        "165599999033",
                        EVA,
                        GrantType::AuthorizedSignatory,
                        Activity::InitiateAccountAction,
                    ),
                ],
                problems: vec![],
            },
        );
        assert_eq!(said.companies.len(), 1);
        assert!(said.companies[0].is_signed_for());
        assert_eq!(
            said.companies[0].rights(),
            [Right::View, Right::Overview, Right::Account]
        );
    }

    #[test]
    fn others_rights_persons_mailboxes_consents_and_what_is_unclear_grant_nothing() {
        let rights = vec![
            right(
                "165599999033",
                "197209239859",
                GrantType::AuthorizedSignatory,
                Activity::View,
            ),
            right("191212121212", EVA, GrantType::AuthorizedSignatory, Activity::View),
            right("169699999042", EVA, GrantType::ConsentManage, Activity::View),
            right("167696999999", EVA, GrantType::AuthorizedSignatory, Activity::View),
        ];
        let said = |problems| {
            let rights = rights.clone();
            understood(EVA.parse().unwrap(), GetUserAccessRightsAnswer { rights, problems })
        };
        assert_eq!(said(vec![]).companies.len(), 1);
        let named = said(vec![problem(Some("167696999999"))]);
        assert!(named.companies.is_empty() && named.unclear == ["167696999999"]);
        let unnamed = said(vec![problem(None)]);
        assert!(unnamed.companies.is_empty() && unnamed.all_unclear);
    }

    #[test]
    fn a_persons_consent_lets_in_as_far_as_it_goes() {
        let said = |rights: Vec<AccessRight>, problems| {
            understood(EVA.parse().unwrap(), GetUserAccessRightsAnswer { rights, problems }).consents
        };
        let tolvan = |grant, activity| right("191212121212", EVA, grant, activity);
        let read = vec![tolvan(GrantType::ConsentRead, Activity::View)];
        assert!(
            said(read.clone(), vec![]).is_empty(),
            "what is read alone cannot be kept apart here"
        );
        let answer = GetUserAccessRightsAnswer {
            rights: read,
            problems: vec![],
        };
        assert!(understood(EVA.parse().unwrap(), answer).narrower, "and that is told");
        let extended = said(vec![tolvan(GrantType::ConsentReadExtendUnread, Activity::View)], vec![]);
        assert!(!extended[0].manage, "reading, and no more");
        let both = vec![
            tolvan(GrantType::ConsentReadExtendUnread, Activity::View),
            tolvan(GrantType::ConsentManage, Activity::View),
        ];
        assert!(
            matches!(said(both.clone(), vec![]).as_slice(), [one] if one.manage),
            "one of one holder"
        );
        assert!(said(both.clone(), vec![problem(None)]).is_empty());
        assert!(said(both, vec![problem(Some("191212121212"))]).is_empty());
        assert!(
            said(vec![tolvan(GrantType::ConsentManage, Activity::ForwardMessage)], vec![]).is_empty(),
            "who may not read is not let in"
        );
        assert!(said(vec![right(EVA, EVA, GrantType::ConsentManage, Activity::View)], vec![]).is_empty());
        let of_another = right("191212121212", "197209239859", GrantType::ConsentManage, Activity::View);
        assert!(said(vec![of_another], vec![]).is_empty());
    }
}
