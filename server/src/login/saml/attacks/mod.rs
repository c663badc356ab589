//! What must never log anybody in: one test for each attack of docs/e-legitimation, section 8; and round trips of what must.

mod assertions;
mod documents;
mod employees;
mod feeds;
mod signing;
mod works;
mod wrapping;

use super::forge::*;
use super::names::*;
use super::response::Refusal;
use super::signature::SignatureProblem;

pub(super) const BAD_FORM: fn(&Refusal) -> bool =
    |it| matches!(it, Refusal::Signature(SignatureProblem::NotAllowed(_)));

pub(super) fn refused(xml: &str) -> Refusal {
    checked(&field(xml)).unwrap_err()
}

pub(super) fn with(change: impl FnOnce(&mut Answer)) -> Answer {
    let mut answer = Answer::default();
    change(&mut answer);
    answer
}

pub(super) fn attribute(answer: &mut Answer, name: &str, values: &[&str]) {
    answer.attributes.retain(|(known, _)| known != name);
    if !values.is_empty() {
        answer
            .attributes
            .push((name.to_owned(), values.iter().map(|&v| v.to_owned()).collect()));
    }
}

/// What an attacker would like to be read: another person, encrypted for us, as anybody can.
pub(super) fn forged() -> String {
    let mut other = with(|it| it.sign_assertion = false);
    attribute(&mut other, PERSONAL_NUMBER, &["198001019871"]);
    other.encrypted(&other.assertion())
}
