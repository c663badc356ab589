//! Well signed and encrypted, and still not for us, not now, or not enough.

use super::super::forge::*;
use super::super::names::*;
use super::super::response::{Refusal, Status};
use super::super::signature::SignatureProblem;
use super::{attribute, refused, with};
use time::Duration;

#[test]
fn two_assertions() {
    let answer = Answer::default();
    let one = answer.encrypted(&answer.assertion());
    assert_eq!(
        refused(&answer.signed(&format!("{one}{one}"))),
        Refusal::NotOneAssertion
    );
    let both = format!("{0}{0}", answer.assertion());
    assert_eq!(refused(&answer.signed(&answer.encrypted(&both))), Refusal::NotOpened);
    assert_eq!(refused(&answer.signed("")), Refusal::NotOneAssertion);
}

#[test]
fn a_plain_assertion_beside_or_instead_of_the_encrypted_one() {
    let answer = with(|it| it.sign_assertion = false);
    let (plain, encrypted) = (answer.assertion(), answer.encrypted(&answer.assertion()));
    for body in [
        plain.clone(),
        format!("{plain}{encrypted}"),
        format!("{encrypted}{plain}"),
    ] {
        assert_eq!(refused(&answer.signed(&body)), Refusal::NotOneAssertion);
    }
}

#[test]
fn something_else_inside_the_encryption() {
    let answer = with(|it| it.sign_assertion = false);
    let assertion = answer.assertion();
    for plain in [
        "",
        "text",
        "<x/>",
        "</opened><opened>",
        &assertion.replacen(SAML, "urn:other", 1),
        &assertion
            .replacen("saml:Assertion", "saml:Advice", 1)
            .replacen("/saml:Assertion", "/saml:Advice", 1),
        &format!("{assertion}text"),
        &format!("</opened><opened>{assertion}"),
        &format!("<!DOCTYPE x>{assertion}"),
        &answer.encrypted(&assertion),
    ] {
        assert_eq!(
            refused(&answer.signed(&answer.encrypted(plain))),
            Refusal::NotOpened,
            "{plain}"
        );
    }
}

#[test]
fn an_assertion_whose_content_was_changed_after_signing() {
    let answer = Answer::default();
    let changed = answer.assertion().replacen("191212121212", "198001019871", 1);
    let refusal = refused(&answer.signed(&answer.encrypted(&changed)));
    assert_eq!(refusal, Refusal::AssertionSignature(SignatureProblem::DoesNotFit));
}

#[test]
fn meant_for_others() {
    let other = "https://other.example/";
    let cases: [(Answer, Refusal); 9] = [
        (
            with(|it| it.destination = Some(other.into())),
            Refusal::WrongDestination,
        ),
        (with(|it| it.in_response_to = "_other".into()), Refusal::WrongRequest),
        (with(|it| it.confirmed_for = "_other".into()), Refusal::NotConfirmed),
        (with(|it| it.recipient = other.into()), Refusal::NotConfirmed),
        (with(|it| it.response_issuer = other.into()), Refusal::WrongIssuer),
        (
            with(|it| it.assertion_issuer = other.into()),
            Refusal::WrongAssertionIssuer,
        ),
        (
            with(|it| it.conditions = Some(conditions(NOW, NOW + Duration::minutes(5), other))),
            Refusal::WrongAudience,
        ),
        (with(|it| it.conditions = None), Refusal::Conditions),
        (
            with(|it| it.conditions = Some("<saml:Conditions/>".into())),
            Refusal::WrongAudience,
        ),
    ];
    for (answer, refusal) in cases {
        assert_eq!(checked(&answer.field()).unwrap_err(), refusal);
    }
    let no_destination = with(|it| it.destination = None);
    assert!(checked(&no_destination.field()).is_ok());
    let two_audiences = with(|it| {
        let mine = conditions(NOW, NOW + Duration::minutes(5), SP);
        let more = "<saml:AudienceRestriction><saml:Audience>x</saml:Audience></saml:AudienceRestriction>";
        it.conditions = Some(mine.replacen("</saml:Conditions>", &format!("{more}</saml:Conditions>"), 1));
    });
    assert_eq!(checked(&two_audiences.field()).unwrap_err(), Refusal::WrongAudience);
    let unknown = with(|it| {
        let mine = conditions(NOW, NOW + Duration::minutes(5), SP);
        it.conditions = Some(mine.replacen("</saml:Conditions>", "<saml:Condition/></saml:Conditions>", 1));
    });
    assert_eq!(checked(&unknown.field()).unwrap_err(), Refusal::Conditions);
}

#[test]
fn expired_and_not_yet_valid() {
    let minute = Duration::minutes(1);
    let cases: [(Answer, Refusal); 8] = [
        (with(|it| it.confirmed_until = Some(NOW - minute)), Refusal::NotOfNow),
        (with(|it| it.confirmed_until = None), Refusal::NotConfirmed),
        (
            with(|it| it.conditions = Some(conditions(NOW - 9 * minute, NOW - minute, SP))),
            Refusal::NotOfNow,
        ),
        (
            with(|it| it.conditions = Some(conditions(NOW + 2 * minute, NOW + 9 * minute, SP))),
            Refusal::NotOfNow,
        ),
        (with(|it| it.issued = NOW - 7 * minute), Refusal::NotOfNow),
        (with(|it| it.issued = NOW + 2 * minute), Refusal::NotOfNow),
        (with(|it| it.authn_instant = NOW - 2 * minute), Refusal::Statements),
        (with(|it| it.authn_instant = NOW + 2 * minute), Refusal::Statements),
    ];
    for (answer, refusal) in cases {
        assert_eq!(checked(&answer.field()).unwrap_err(), refusal);
    }
    // Clocks may differ by a minute, not more.
    let almost = with(|it| it.confirmed_until = Some(NOW - Duration::seconds(59)));
    assert!(checked(&almost.field()).is_ok());
    // The same good answer, an hour later.
    assert_eq!(
        checked_by(&Answer::default().field(), &provider(), NOW + 60 * minute).unwrap_err(),
        Refusal::NotOfNow
    );
}

#[test]
fn a_level_that_was_not_asked_for_or_not_certified() {
    for level in [
        "http://id.elegnamnden.se/loa/1.0/loa2",
        LOA4,
        UNCERTIFIED_LOA3,
        "",
        "urn:none",
    ] {
        let answer = with(|it| it.level = level.into());
        assert_eq!(checked(&answer.field()).unwrap_err(), Refusal::WrongLevel, "{level}");
    }
    let mut uncertified = provider();
    uncertified.levels = vec![LOA4.into()];
    assert_eq!(
        checked_by(&Answer::default().field(), &uncertified, NOW).unwrap_err(),
        Refusal::WrongLevel
    );
}

#[test]
fn numbers_and_names() {
    let case = |name: &'static str, values: &'static [&'static str]| {
        let mut answer = Answer::default();
        attribute(&mut answer, name, values);
        checked(&answer.field()).map(person_of)
    };
    assert_eq!(case(PERSONAL_NUMBER, &[]).unwrap_err(), Refusal::NoSwedishNumber);
    for values in [
        &["191212121212", "191212121212"][..],
        &["191212121212", "198001019871"],
        &[""],
    ] {
        let mut answer = Answer::default();
        attribute(&mut answer, PERSONAL_NUMBER, values);
        assert_eq!(checked(&answer.field()).unwrap_err(), Refusal::Attributes);
    }
    for wrong in [
        &["191212121213"],
        &["1212121212"],
        &["19121212-1212"],
        &["191213121212"],
        &["abc"],
    ] {
        assert_eq!(
            case(PERSONAL_NUMBER, wrong).unwrap_err(),
            Refusal::WrongNumber,
            "{wrong:?}"
        );
    }
    for name in [GIVEN_NAME, SURNAME, DISPLAY_NAME] {
        assert_eq!(case(name, &[]).unwrap_err(), Refusal::Attributes);
    }
    assert_eq!(case(TRANSACTION, &[]).unwrap().transaction, None, "optional");
    assert!(case(ORG_AFFILIATION, &["a@idp.example"]).is_ok());
    assert_eq!(
        case(ORG_AFFILIATION, &["a@other.example"]).unwrap_err(),
        Refusal::Attributes
    );
    let twice = with(|it| {
        it.attributes
            .push((PERSONAL_NUMBER.into(), vec!["198001019871".into()]));
    });
    assert_eq!(checked(&twice.field()).unwrap_err(), Refusal::Attributes);
}

#[test]
fn answers_that_say_no() {
    let no = |top: &str, second: &str| {
        let inner = if second.is_empty() {
            String::new()
        } else {
            format!("<samlp:StatusCode Value=\"{second}\"/>")
        };
        let message = "<samlp:StatusMessage>&lt;script&gt;</samlp:StatusMessage>";
        let answer =
            with(|it| it.status = format!("<samlp:StatusCode Value=\"{top}\">{inner}</samlp:StatusCode>{message}"));
        refused(&answer.signed(""))
    };
    assert_eq!(no(STATUS_RESPONDER, STATUS_CANCEL), Refusal::Status(Status::Cancelled));
    assert_eq!(no(STATUS_RESPONDER, STATUS_FRAUD), Refusal::Status(Status::Fraud));
    assert_eq!(
        no(STATUS_RESPONDER, STATUS_POSSIBLE_FRAUD),
        Refusal::Status(Status::Fraud)
    );
    assert_eq!(
        no(STATUS_RESPONDER, STATUS_NO_AUTHN_CONTEXT),
        Refusal::Status(Status::Other)
    );
    for top in [STATUS_REQUESTER, STATUS_RESPONDER, STATUS_VERSION] {
        assert_eq!(no(top, ""), Refusal::Status(Status::Other));
    }
}

#[test]
fn an_error_response_with_an_assertion() {
    let answer = with(|it| it.status = format!("<samlp:StatusCode Value=\"{STATUS_RESPONDER}\"/>"));
    assert_eq!(refused(&answer.xml()), Refusal::ErrorWithAssertion);
    let unsigned = answer.response_with("_response", "", "");
    assert_eq!(
        refused(&unsigned),
        Refusal::Signature(SignatureProblem::Missing),
        "nobody else may say no either"
    );
}
