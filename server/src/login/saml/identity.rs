//! Who it is, from the attributes of a checked assertion: a person (attribute set ELN-AP-Pnr-01), or somebody at an organisation
//! (ELN-AP-OrgPerson-01).

use super::names::{
    DISPLAY_NAME, EIDAS_HIGH, EIDAS_SUBSTANTIAL, GIVEN_NAME, MAPPED_BINDING, MAPPED_NUMBER, NAME_FORMAT_URI,
    ORG_AFFILIATION, ORGANISATION_NAME, PERSONAL_NUMBER, SAML, SURNAME, TRANSACTION,
};
use super::provider::IdentityProvider;
use super::response::Refusal;
use super::tree::Read;
use contracts::identifier::PersonalNumber;
use contracts::xml::Element;

/// Ways of binding a foreign eID to a Swedish number that we accept (Attribute Specification 3.3.2).
const ACCEPTED_BINDINGS: [&str; 2] = [
    "http://id.swedenconnect.se/id-binding/process/swedish-eid",
    "http://id.swedenconnect.se/id-binding/process/populationregister",
];
/// No name is longer; a longer one is not written anywhere.
const MAX_NAME: usize = 300;
/// Nobody is at more organisations.
const MAX_AFFILIATIONS: usize = 20;

/// A person, as the identity provider vouches for them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Personnummer or samordningsnummer.
    pub number: PersonalNumber,
    /// Name to show.
    pub name: String,
    /// The identity provider's name for this very login, for the log.
    pub transaction: Option<String>,
}

/// Somebody at an organisation, as the identity provider vouches for them. It says nothing of what they may do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Employee {
    /// Name to show, for the log of those who are not let in.
    pub name: String,
    /// Each as `somebody@organisation`, within the provider's scopes.
    pub affiliations: Vec<String>,
    /// The identity provider's name for this very login, for the log.
    pub transaction: Option<String>,
}

/// Attributes by name. Values are read when asked for.
pub struct Attributes<'d>(Vec<(&'d str, Element<'d>)>);

impl Attributes<'_> {
    /// The single value of an attribute, if it is there; two values, an empty one or one that is not text are refused.
    fn single(&self, name: &str) -> Result<Option<String>, Refusal> {
        match self.values(name)? {
            None => Ok(None),
            Some(values) => match <[String; 1]>::try_from(values) {
                Ok([value]) if !value.is_empty() && value.chars().count() <= MAX_NAME => Ok(Some(value)),
                _ => Err(Refusal::Attributes),
            },
        }
    }

    fn values(&self, name: &str) -> Result<Option<Vec<String>>, Refusal> {
        let Some((_, attribute)) = self.0.iter().find(|(known, _)| *known == name) else {
            return Ok(None);
        };
        let values = attribute
            .all(SAML, "AttributeValue")
            .map(Read::value)
            .collect::<Result<_, _>>();
        values.map(Some).map_err(|_| Refusal::Attributes)
    }
}

/// The attributes of the one statement: each at most once, names as URIs, and scoped ones within the provider's scopes.
pub fn attributes<'d>(assertion: Element<'d>, provider: &IdentityProvider) -> Result<Attributes<'d>, Refusal> {
    let statement = assertion
        .one(SAML, "AttributeStatement")
        .map_err(|_| Refusal::Statements)?;
    let mut found: Vec<(&str, Element<'_>)> = Vec::new();
    for child in statement.children() {
        let name = child.attribute("Name").unwrap_or_default();
        let is_attribute = child.is(SAML, "Attribute") && child.attribute("NameFormat") == Some(NAME_FORMAT_URI);
        if !is_attribute || name.is_empty() || found.iter().any(|(known, _)| *known == name) {
            return Err(Refusal::Attributes);
        }
        found.push((name, child));
    }
    let attributes = Attributes(found);
    for value in attributes.values(ORG_AFFILIATION)?.unwrap_or_default() {
        let within = value
            .rsplit_once('@')
            .is_some_and(|(_, scope)| provider.scopes.iter().any(|known| known == scope));
        if !within {
            return Err(Refusal::Attributes);
        }
    }
    Ok(attributes)
}

/// The person. A foreign eID counts only with a mapped Swedish number, bound in a way that we accept.
pub fn person(attributes: &Attributes<'_>, level: &str, coordination_numbers: bool) -> Result<Person, Refusal> {
    let given = attributes.single(GIVEN_NAME)?;
    let surname = attributes.single(SURNAME)?;
    let (number, name) = if [EIDAS_SUBSTANTIAL, EIDAS_HIGH].contains(&level) {
        let (Some(given), Some(surname)) = (given, surname) else {
            return Err(Refusal::Attributes);
        };
        (mapped_number(attributes)?, format!("{given} {surname}"))
    } else {
        let number = attributes.single(PERSONAL_NUMBER)?.ok_or(Refusal::NoSwedishNumber)?;
        let name = attributes.single(DISPLAY_NAME)?;
        let (Some(_), Some(_), Some(name)) = (given, surname, name) else {
            return Err(Refusal::Attributes);
        };
        (number, name)
    };
    let is_written_out = number.len() == 12 && number.bytes().all(|digit| digit.is_ascii_digit());
    let number: PersonalNumber = Some(number)
        .filter(|_| is_written_out)
        .and_then(|it| it.parse().ok())
        .ok_or(Refusal::WrongNumber)?;
    if number.is_coordination() && !coordination_numbers {
        return Err(Refusal::NoSwedishNumber);
    }
    if name.chars().any(char::is_control) {
        return Err(Refusal::Attributes);
    }
    Ok(Person {
        number,
        name,
        transaction: attributes.single(TRANSACTION).unwrap_or_default(),
    })
}

/// Somebody at an organisation. What the attribute set asks for must be there.
pub fn employee(attributes: &Attributes<'_>) -> Result<Employee, Refusal> {
    let name = attributes.single(DISPLAY_NAME)?;
    let organisation = attributes.single(ORGANISATION_NAME)?;
    let affiliations = attributes.values(ORG_AFFILIATION)?.unwrap_or_default();
    let (Some(name), Some(_), false) = (name, organisation, affiliations.is_empty()) else {
        return Err(Refusal::Attributes);
    };
    let is_written = |text: &String| !text.chars().any(char::is_control) && text.len() <= MAX_NAME;
    if !is_written(&name) || affiliations.len() > MAX_AFFILIATIONS || !affiliations.iter().all(is_written) {
        return Err(Refusal::Attributes);
    }
    Ok(Employee {
        name,
        affiliations,
        transaction: attributes.single(TRANSACTION).unwrap_or_default(),
    })
}

/// The Swedish number of a foreign eID, if every process that bound it is one that we accept.
fn mapped_number(attributes: &Attributes<'_>) -> Result<String, Refusal> {
    let number = attributes.single(MAPPED_NUMBER)?;
    let binding = attributes.single(MAPPED_BINDING)?;
    let (Some(number), Some(binding)) = (number, binding) else {
        return Err(Refusal::NoSwedishNumber);
    };
    let mut processes = binding.split(';').map(str::trim).peekable();
    if processes.peek().is_some() && processes.all(|process| ACCEPTED_BINDINGS.contains(&process)) {
        Ok(number)
    } else {
        Err(Refusal::NoSwedishNumber)
    }
}
