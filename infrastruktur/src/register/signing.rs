//! When enough people have signed: a person for themselves, a company by its signing rule.

use super::store::{Company, Kept};
use super::{Refusal, Register};
use crate::people::SigningRule;
use contracts::authority::{AuthorisationStatus, Person, SignatureAuthorisation};
use contracts::fault::ErrorCode;
use contracts::identifier::{PersonalNumber, RecipientId};
use contracts::recipient::Statement;

/// A change that has to be signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Deregister,
    Preferences,
    Operator,
}

impl Kind {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Deregister => "deregister",
            Self::Preferences => "preferences",
            Self::Operator => "operator",
        }
    }
}

impl Register {
    /// Takes the signatures under a change, and says how far it has come. When it is complete the caller carries it out.
    pub(super) async fn sign_change(
        &self,
        kept: Kept<'_>,
        kind: Kind,
        wanted: &str,
        statements: &[Statement],
    ) -> Result<SignatureAuthorisation, Refusal> {
        let company = match kept.recipient {
            RecipientId::Organisation(number) => self.store.company(number).await?,
            RecipientId::Person(_) | RecipientId::Nobody(_) => None,
        };
        self.signed_by_rightful(kept.recipient, statements).await?;
        let Some(company) = company else {
            return Ok(super::recipient::complete(kept.recipient, statements, Some(kept.at)));
        };
        if company.rule == SigningRule::Unreadable {
            return Ok(not_supported(kept.recipient));
        }
        let mut signed = Vec::new();
        for person in statements.iter().filter_map(|statement| statement.person.person()) {
            signed = self.store.sign_pending(kept, kind, wanted, person).await?;
        }
        Ok(progress(&company, kept, &signed))
    }

    /// How far a change that waits has come; nothing has when nothing waits.
    pub(super) async fn waiting(
        &self,
        recipient: RecipientId,
        kind: Kind,
    ) -> Result<Option<(String, SignatureAuthorisation)>, Refusal> {
        let RecipientId::Organisation(number) = recipient else {
            return Ok(None);
        };
        let (Some(company), Some((wanted, signed, at))) = (
            self.store.company(number).await?,
            self.store.pending_change(recipient, kind).await?,
        ) else {
            return Ok(None);
        };
        let (signed_by, possible_signers) = parted(&company, &signed);
        Ok(Some((
            wanted,
            SignatureAuthorisation {
                recipient: Some(recipient),
                signed_by,
                status: Some(AuthorisationStatus::Incomplete),
                at,
                text: None,
                possible_signers,
            },
        )))
    }

    /// Takes back what waits; gives what it was.
    pub(super) async fn take_back(&self, recipient: RecipientId, kind: Kind) -> Result<String, Refusal> {
        let Some((wanted, _)) = self.waiting(recipient, kind).await? else {
            return Err(Refusal::new(ErrorCode::ObjectNotFound, "nothing waits for signatures"));
        };
        self.store.forget_pending(recipient, kind).await?;
        Ok(wanted)
    }
}

/// How far a company's change or registration has come.
pub(super) fn progress(company: &Company, kept: Kept<'_>, signed: &[PersonalNumber]) -> SignatureAuthorisation {
    let rightful = company.signatories.iter().filter(|(number, _)| signed.contains(number));
    let enough = company.rule.is_met(rightful.count(), company.signatories.len());
    let (signed_by, others) = parted(company, signed);
    SignatureAuthorisation {
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
    }
}

/// The answer when no machine can tell who must sign.
pub(super) fn not_supported(recipient: RecipientId) -> SignatureAuthorisation {
    SignatureAuthorisation {
        recipient: Some(recipient),
        status: Some(AuthorisationStatus::RulesNotSupported),
        text: Some("Firmateckningsregeln kan inte tolkas.".into()),
        ..SignatureAuthorisation::default()
    }
}

/// Who has signed, and who else may.
pub(super) fn parted(company: &Company, signed: &[PersonalNumber]) -> (Vec<Person>, Vec<Person>) {
    let person = |(number, name): &(PersonalNumber, String)| Person {
        id: number.to_string(),
        name: name.clone(),
    };
    let (have, others): (Vec<_>, Vec<_>) = company
        .signatories
        .iter()
        .partition(|(number, _)| signed.contains(number));
    (
        have.into_iter().map(person).collect(),
        others.into_iter().map(person).collect(),
    )
}
