//! The attribute sets of the framework: ELN-AP-Pnr-01 for citizens, ELN-AP-OrgPerson-01 for staff.

use super::names::{ACCEPTS_COORDINATION_NUMBER, CATEGORY_LOA3_ORGID, CATEGORY_LOA3_PNR};
use super::service_provider::ServiceProvider;
use crate::people::{self, Circumstance, Person};
use contracts::identifier::PersonalNumber;
use contracts::xml::write_date;

/// Names of attributes with their values.
pub(super) type Attributes = Vec<(&'static str, String)>;

const PERSONAL_IDENTITY_NUMBER: &str = "urn:oid:1.2.752.29.4.13";
const GIVEN_NAME: &str = "urn:oid:2.5.4.42";
const SURNAME: &str = "urn:oid:2.5.4.4";
const DISPLAY_NAME: &str = "urn:oid:2.16.840.1.113730.3.1.241";
const DATE_OF_BIRTH: &str = "urn:oid:1.3.6.1.5.5.7.9.1";
const ORG_AFFILIATION: &str = "urn:oid:1.2.752.201.3.1";
const ORGANIZATION_IDENTIFIER: &str = "urn:oid:2.5.4.97";
const ORGANIZATION_NAME: &str = "urn:oid:2.5.4.10";
const TRANSACTION_IDENTIFIER: &str = "urn:oid:1.2.752.201.3.2";

/// The scope of our staff's identities: ten digits.
pub(super) fn scope() -> &'static str {
    people::OPERATOR.get(2..).unwrap_or_default()
}

/// Whether a service wants organisation identities rather than personal numbers.
pub(super) fn for_staff(provider: &ServiceProvider) -> bool {
    provider.has_category(CATEGORY_LOA3_ORGID) && !provider.has_category(CATEGORY_LOA3_PNR)
}

/// The persons whom a service can be shown.
pub(super) fn persons(provider: &ServiceProvider) -> Vec<&'static Person> {
    let staff = for_staff(provider);
    people::PERSONS
        .iter()
        .filter(|p| !staff || p.circumstance == Circumstance::SupportStaff)
        .collect()
}

/// What the assertion says of a person. `None` when nothing may be said: a samordningsnummer to a service that has not
/// asked for such.
pub(super) fn of(person: &Person, provider: &ServiceProvider, transaction: &str) -> Option<Attributes> {
    let number: PersonalNumber = person.number.parse().ok()?;
    let mut attributes = vec![
        (DISPLAY_NAME, person.name()),
        (TRANSACTION_IDENTIFIER, transaction.to_owned()),
    ];
    if for_staff(provider) {
        let user = format!("{}.{}", person.given_name, person.surname).to_lowercase();
        attributes.push((ORG_AFFILIATION, format!("{user}@{}", scope())));
        attributes.push((ORGANIZATION_IDENTIFIER, scope().to_owned()));
        attributes.push((ORGANIZATION_NAME, people::THIS_OPERATOR.name.to_owned()));
        return Some(attributes);
    }
    if number.is_coordination() && !provider.has_category(ACCEPTS_COORDINATION_NUMBER) {
        return None;
    }
    attributes.push((PERSONAL_IDENTITY_NUMBER, person.number.to_owned()));
    attributes.push((GIVEN_NAME, person.given_name.to_owned()));
    attributes.push((SURNAME, person.surname.to_owned()));
    attributes.push((DATE_OF_BIRTH, write_date(number.born())));
    Some(attributes)
}
