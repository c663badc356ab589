//! For whom a person may act (`getUserAccessRights`).

use super::signing::UserIdentity;
use crate::call::{Call, Wire, texts};
use crate::identifier::RecipientId;
use crate::namespace::{AUTHORITY, AUTHORITY_WSDL};
use crate::xml::{Element, ReadError, Sequence, Writer};

/// Asks for whom a person may act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GetUserAccessRights(pub UserIdentity);

/// For whom, and what stood in the way of knowing it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GetUserAccessRightsAnswer {
    /// What is known.
    pub rights: Vec<AccessRight>,
    /// What is not. With any of these, nothing may be taken for complete.
    pub problems: Vec<Problem>,
}

/// One right of one person in one mailbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessRight {
    /// Whose mailbox.
    pub recipient: RecipientId,
    /// The organisation's name.
    pub organisation: Option<String>,
    /// Who may act.
    pub user: UserIdentity,
    /// What that person may do. Activities that we do not know are left out: they grant nothing here.
    pub activities: Vec<Activity>,
    /// On what ground.
    pub grant: GrantType,
    /// The role's name.
    pub role: Option<String>,
}

/// Something that the companies register could not answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// What kind.
    pub kind: ProblemType,
    /// In words.
    pub description: String,
    /// About what.
    pub object: Option<String>,
}

texts! {
    /// What may be done in a mailbox.
    Activity {
        /// Read.
        View = "View",
        /// Forward.
        ForwardMessage = "ForwardMessage",
        /// Open and close the account.
        InitiateAccountAction = "InitiateAccountAction",
        /// Let somebody read.
        InitiateConsentReadAction = "InitiateConsentReadAction",
        /// Let somebody manage.
        InitiateConsentManageAction = "InitiateConsentManageAction",
        /// Change all settings.
        EditSettings = "EditSettings",
        /// Change reception rules.
        EditSettingsFrom = "EditSettingsFrom",
        /// Change forwarding.
        EditSettingsForward = "EditSettingsForward",
        /// Change contact details.
        EditSettingsContact = "EditSettingsContact",
        /// Change consents.
        EditSettingsConsent = "EditSettingsConsent",
        /// Change the address book.
        EditSettingsAddressbook = "EditSettingsAddressbook",
        /// Inactivate.
        EditSettingsInactivate = "EditSettingsInactivate",
        /// Let somebody in.
        InitiateConsentAction = "InitiateConsentAction",
    }
}

texts! {
    /// On what ground somebody may act.
    GrantType {
        /// Firmatecknare.
        AuthorizedSignatory = "AuthorizedSignatory",
        /// A role.
        AuthorizedRole = "AuthorizedRole",
        /// A consent to manage.
        ConsentManage = "ConsentManage",
        /// A consent to read, unread letters too.
        ConsentReadExtendUnread = "ConsentReadExtendUnread",
        /// A consent to read.
        ConsentRead = "ConsentRead",
    }
}

texts! {
    /// What is wrong with the companies register's data.
    ProblemType {
        /// Not there.
        DataMissing = "DataMissing",
        /// Not certain.
        DataUncertain = "DataUncertain",
        /// Not understood.
        DataUnexpected = "DataUnexpected",
        /// Not reached.
        SourceInaccessible = "SourceInaccessible",
    }
}

impl Wire for GetUserAccessRights {
    const NAMESPACE: &'static str = AUTHORITY_WSDL;
    const NAME: &'static str = "getUserAccessRights";

    fn write(&self, xml: &mut Writer) {
        xml.element("", "arg0", self.0.as_str());
    }

    fn read(content: &mut Sequence<'_>) -> Result<Self, ReadError> {
        UserIdentity::read(content.required("", "arg0")?).map(Self)
    }
}

impl Call for GetUserAccessRights {
    type Answer = GetUserAccessRightsAnswer;
}

impl Wire for GetUserAccessRightsAnswer {
    const NAMESPACE: &'static str = AUTHORITY_WSDL;
    const NAME: &'static str = "getUserAccessRightsResponse";

    fn write(&self, xml: &mut Writer) {
        xml.start("", "return");
        for right in &self.rights {
            right.write(xml);
        }
        for problem in &self.problems {
            problem.write(xml);
        }
        xml.end();
    }

    fn read(content: &mut Sequence<'_>) -> Result<Self, ReadError> {
        let mut children = content.required("", "return")?.sequence()?;
        let rights = children.many(AUTHORITY, "Rights");
        let problems = children.many(AUTHORITY, "Problems");
        children.end()?;
        Ok(Self {
            rights: rights.into_iter().map(AccessRight::read).collect::<Result<_, _>>()?,
            problems: problems.into_iter().map(Problem::read).collect::<Result<_, _>>()?,
        })
    }
}

impl AccessRight {
    fn write(&self, xml: &mut Writer) {
        xml.start(AUTHORITY, "Rights");
        xml.element(AUTHORITY, "Id", &self.recipient.to_string());
        xml.optional(AUTHORITY, "OrganizationName", self.organisation.as_deref());
        xml.element(AUTHORITY, "UserIdentity", self.user.as_str());
        for activity in &self.activities {
            xml.element(AUTHORITY, "GrantedAccess", activity.as_str());
        }
        xml.element(AUTHORITY, "GrantType", self.grant.as_str());
        xml.optional(AUTHORITY, "Role", self.role.as_deref());
        xml.end();
    }

    fn read(element: Element<'_>) -> Result<Self, ReadError> {
        let mut children = element.sequence()?;
        let recipient = children
            .required(AUTHORITY, "Id")?
            .parse("a recipient", |t| t.parse().ok())?;
        let organisation = optional_text(children.optional(AUTHORITY, "OrganizationName"))?;
        let user = UserIdentity::read(children.required(AUTHORITY, "UserIdentity")?)?;
        let mut activities = Vec::new();
        for granted in children.many(AUTHORITY, "GrantedAccess") {
            activities.extend(Activity::from_text(&granted.token()?));
        }
        let right = Self {
            recipient,
            organisation,
            user,
            activities,
            grant: children
                .required(AUTHORITY, "GrantType")?
                .parse("a known ground", GrantType::from_text)?,
            role: optional_text(children.optional(AUTHORITY, "Role"))?,
        };
        children.end()?;
        Ok(right)
    }
}

impl Problem {
    fn write(&self, xml: &mut Writer) {
        xml.start(AUTHORITY, "Problems");
        xml.element(AUTHORITY, "Source", "Bolagsverket");
        xml.element(AUTHORITY, "Type", self.kind.as_str());
        xml.element(AUTHORITY, "Description", &self.description);
        xml.optional(AUTHORITY, "ObjectId", self.object.as_deref());
        xml.end();
    }

    fn read(element: Element<'_>) -> Result<Self, ReadError> {
        let mut children = element.sequence()?;
        // The schema's only source is Bolagsverket.
        children.required(AUTHORITY, "Source")?;
        let problem = Self {
            kind: children
                .required(AUTHORITY, "Type")?
                .parse("a known kind of problem", ProblemType::from_text)?,
            description: children.required(AUTHORITY, "Description")?.text()?.into_owned(),
            object: optional_text(children.optional(AUTHORITY, "ObjectId"))?,
        };
        children.end()?;
        Ok(problem)
    }
}

fn optional_text(element: Option<Element<'_>>) -> Result<Option<String>, ReadError> {
    element.map(|e| e.text().map(std::borrow::Cow::into_owned)).transpose()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::xml::Limits;

    #[test]
    fn rights_and_problems_are_read_as_they_were_written() {
        let user: UserIdentity = "196808179847".parse().unwrap();
        let answer = GetUserAccessRightsAnswer {
            rights: vec![AccessRight {
                recipient: "165599999033".parse().unwrap(),
                organisation: Some("Ek Bygg AB".into()),
                user: user.clone(),
                activities: vec![Activity::View, Activity::EditSettings],
                grant: GrantType::AuthorizedSignatory,
                role: Some("Firmatecknare".into()),
            }],
            problems: vec![Problem {
                kind: ProblemType::DataUncertain,
                description: "?".into(),
                object: None,
            }],
        };
        let envelope = answer.to_envelope();
        insta::assert_snapshot!(envelope);
        assert_eq!(
            GetUserAccessRightsAnswer::from_envelope(envelope.as_bytes(), &Limits::default()),
            Ok(answer)
        );
        let asked = GetUserAccessRights(user);
        assert_eq!(
            GetUserAccessRights::from_envelope(asked.to_envelope().as_bytes(), &Limits::default()),
            Ok(asked)
        );
    }

    #[test]
    fn an_activity_that_we_do_not_know_grants_nothing() {
        let envelope = GetUserAccessRightsAnswer {
            rights: vec![AccessRight {
                recipient: "165599999033".parse().unwrap(),
                organisation: None,
                user: "196808179847".parse().unwrap(),
                activities: vec![Activity::View],
                grant: GrantType::ConsentRead,
                role: None,
            }],
            problems: Vec::new(),
        }
        .to_envelope()
        .replace(">View<", ">Sing<");
        let read = GetUserAccessRightsAnswer::from_envelope(envelope.as_bytes(), &Limits::default()).unwrap();
        assert!(read.rights[0].activities.is_empty());
    }
}
