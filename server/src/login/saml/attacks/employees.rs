//! Who somebody is at their organisation: asked for by the entity for staff, and never taken for a person.

use super::super::forge::*;
use super::super::names::*;
use super::super::response::Refusal;
use super::attribute;

/// What an identity provider says of an employee.
fn hanna() -> Answer {
    let mut answer = Answer::default();
    for name in [PERSONAL_NUMBER, GIVEN_NAME, SURNAME] {
        attribute(&mut answer, name, &[]);
    }
    attribute(&mut answer, DISPLAY_NAME, &["Hanna Hjelm"]);
    attribute(&mut answer, ORGANISATION_NAME, &["Brevlåda"]);
    attribute(&mut answer, ORG_AFFILIATION, &["hanna.hjelm@idp.example"]);
    answer
}

#[test]
fn an_employee_is_known_by_what_their_employer_vouches_for() {
    let employee = employee_of(&hanna().field()).unwrap();
    assert_eq!(employee.name, "Hanna Hjelm");
    assert_eq!(employee.affiliations, ["hanna.hjelm@idp.example"]);
    let mut two = hanna();
    attribute(&mut two, ORG_AFFILIATION, &["hanna@idp.example", "hh@idp.example"]);
    assert_eq!(employee_of(&two.field()).unwrap().affiliations.len(), 2);
}

#[test]
fn what_is_missing_or_outside_the_scope_is_refused() {
    for missing in [DISPLAY_NAME, ORGANISATION_NAME, ORG_AFFILIATION] {
        let mut answer = hanna();
        attribute(&mut answer, missing, &[]);
        assert_eq!(
            employee_of(&answer.field()).unwrap_err(),
            Refusal::Attributes,
            "{missing}"
        );
    }
    for wrong in [
        &["hanna@other.example"][..],
        &["hanna@idp.example", "hanna@other.example"],
        &["hanna@idp.example@other.example"],
        &["hanna"],
        &["@"],
    ] {
        let mut answer = hanna();
        attribute(&mut answer, ORG_AFFILIATION, wrong);
        assert_eq!(
            employee_of(&answer.field()).unwrap_err(),
            Refusal::Attributes,
            "{wrong:?}"
        );
    }
    let many: Vec<String> = (0..21).map(|n| format!("a{n}@idp.example")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let mut answer = hanna();
    attribute(&mut answer, ORG_AFFILIATION, &many);
    assert_eq!(employee_of(&answer.field()).unwrap_err(), Refusal::Attributes);
}

#[test]
fn a_person_is_no_employee_and_an_employee_no_person() {
    assert_eq!(
        employee_of(&Answer::default().field()).unwrap_err(),
        Refusal::Attributes
    );
    assert_eq!(checked(&hanna().field()).unwrap_err(), Refusal::NoSwedishNumber);
}
