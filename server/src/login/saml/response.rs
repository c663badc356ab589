//! The login decision: everything that must hold before anybody is logged in, in one place and one order
//! (docs/e-legitimation, section 5). It answers with a whole, checked identity or with why not; there is no half result.
//!
//! Check 13 (nothing is used twice) and 16 (a new session for the browser that began) need the database and are made by
//! the caller with what is returned here: see `login::arrival`.

use super::decryption;
use super::identity::{self, Employee, Person};
use super::keys::ServiceKeys;
use super::names::{
    BEARER, DS, ENTITY_FORMAT, SAML, SAMLP, STATUS_CANCEL, STATUS_FRAUD, STATUS_POSSIBLE_FRAUD, STATUS_SUCCESS, XENC,
};
use super::provider::IdentityProvider;
use super::request::{Asked, escape};
use super::signature::{self, SignatureProblem};
use super::time::parse_time;
use super::tree::{self, MESSAGE, Read, TreeProblem};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use contracts::signature::SignatureError;
use contracts::xml::Element;
use std::fmt::Write as _;
use time::{Duration, OffsetDateTime};

/// Largest form field that is read, in characters of base64.
pub const MAX_RESPONSE: usize = 256 * 1024;
/// How old a response may be: it comes with the browser, at once.
const MAX_AGE: Duration = Duration::minutes(5);

/// What the answer is held against.
#[derive(Clone, Copy, Debug)]
pub struct Expected<'e> {
    /// Our entity id.
    pub entity_id: &'e str,
    /// What was asked, from the store; it has not been answered yet.
    pub asked: &'e Asked,
    /// The identity provider that was asked, from verified metadata.
    pub provider: &'e IdentityProvider,
    /// Our keys.
    pub keys: &'e ServiceKeys,
    /// How far clocks may differ: 60 seconds at most by the profile.
    pub skew: Duration,
    /// Who is asked for.
    pub asks: Asks,
    /// Now.
    pub now: OffsetDateTime,
}

/// Who our entity asks for, by its metadata.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asks {
    /// A person, by their number.
    Person {
        /// Whether our metadata says that a samordningsnummer may be sent.
        coordination_numbers: bool,
    },
    /// Somebody at an organisation.
    Employee,
}

/// Who it is, of those who were asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Who {
    /// A person.
    Person(Person),
    /// Somebody at an organisation.
    Employee(Employee),
}

/// A checked login.
#[derive(Clone, Debug)]
pub struct Checked {
    /// Who it is.
    pub who: Who,
    /// Level of the login.
    pub level: String,
    /// ID of the assertion, unique with its issuer.
    pub assertion_id: String,
    /// Until when the assertion could be shown again, clock differences included.
    pub usable_until: OffsetDateTime,
}

/// Why nobody is logged in. A closed list; it carries nothing of what was received.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// 1. The field is too large, not base64, not UTF-8, not well-formed, or not a Response 2.0.
    #[error("the response cannot be read")]
    Unreadable,
    /// 2. It is from another than the one that was asked.
    #[error("the response is from another issuer")]
    WrongIssuer,
    /// 3. The signature of the Response.
    #[error("the response: {0}")]
    Signature(SignatureProblem),
    /// 5. It was meant for another address.
    #[error("the response is for another address")]
    WrongDestination,
    /// 5. It answers another request.
    #[error("the response answers another request")]
    WrongRequest,
    /// 5, 10, 11. It is too old, or from the future.
    #[error("the answer is not of this moment")]
    NotOfNow,
    /// 6. The identity provider says that there was no login.
    #[error("the identity provider answers: {0}")]
    Status(Status),
    /// 6. It says both that there was none and who logged in.
    #[error("an error response with an assertion")]
    ErrorWithAssertion,
    /// 7. There is not exactly one encrypted assertion and nothing else.
    #[error("not exactly one encrypted assertion")]
    NotOneAssertion,
    /// 7. It cannot be opened, or what was in it is no assertion. Never told apart.
    #[error("the assertion cannot be opened")]
    NotOpened,
    /// 8. The signature of the assertion.
    #[error("the assertion: {0}")]
    AssertionSignature(SignatureProblem),
    /// 9. The assertion is from another than the Response.
    #[error("the assertion is from another issuer")]
    WrongAssertionIssuer,
    /// 10. The confirmation does not name us and this request, or no end.
    #[error("the subject is not confirmed for us and this request")]
    NotConfirmed,
    /// 11. The conditions do not hold.
    #[error("the conditions do not hold")]
    Conditions,
    /// 11. It is for another service.
    #[error("the assertion is for another audience")]
    WrongAudience,
    /// 12. There is not exactly one statement of each kind, or it is of another time.
    #[error("the statements are not right")]
    Statements,
    /// 12. The level was not asked for, or the identity provider is not certified for it.
    #[error("the level was not asked for or not certified")]
    WrongLevel,
    /// 14. An attribute is missing, repeated, unreadable or outside the provider's scope.
    #[error("the attributes are not right")]
    Attributes,
    /// 14–15. There is no Swedish number that may be used.
    #[error("no Swedish number that may be used")]
    NoSwedishNumber,
    /// 15. The number is not one.
    #[error("the number is not a Swedish number")]
    WrongNumber,
}

/// Why the identity provider gave nobody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Status {
    /// The person stopped.
    #[error("cancelled")]
    Cancelled,
    /// Misuse of the e-legitimation was found, or is suspected.
    #[error("fraud")]
    Fraud,
    /// Anything else.
    #[error("no login")]
    Other,
}

impl From<TreeProblem> for Refusal {
    fn from(_: TreeProblem) -> Self {
        Self::Unreadable
    }
}

/// Checks 1 to 12, 14 and 15 on the form field `SAMLResponse`.
pub fn check(field: &str, expected: &Expected<'_>) -> Result<Checked, Refusal> {
    // 1
    let text = decode(field)?;
    let document = tree::parse(&text, &MESSAGE)?;
    let response = document.root();
    if !response.is(SAMLP, "Response") || response.attribute("Version") != Some("2.0") {
        return Err(Refusal::Unreadable);
    }
    // 2
    if issuer(response)? != expected.asked.idp || expected.provider.entity_id != expected.asked.idp {
        return Err(Refusal::WrongIssuer);
    }
    // 3, and 4: the tree that was verified is the one that is read on.
    signature::require(response, &expected.provider.keys).map_err(Refusal::Signature)?;
    // 5
    if response
        .attribute("Destination")
        .is_some_and(|to| to != expected.asked.acs)
    {
        return Err(Refusal::WrongDestination);
    }
    if response.attribute("InResponseTo") != Some(expected.asked.id.as_str()) {
        return Err(Refusal::WrongRequest);
    }
    let issued = response
        .attribute("IssueInstant")
        .and_then(parse_time)
        .ok_or(Refusal::NotOfNow)?;
    let earliest = (expected.asked.issued_at - expected.skew).max(expected.now - MAX_AGE - expected.skew);
    if issued < earliest || issued > expected.now + expected.skew {
        return Err(Refusal::NotOfNow);
    }
    // 6
    let holds_assertion = response
        .descend()
        .into_iter()
        .any(|it| ["Assertion", "EncryptedAssertion"].contains(&it.name()));
    match status(response)? {
        None => {}
        Some(_) if holds_assertion => return Err(Refusal::ErrorWithAssertion),
        Some(status) => return Err(Refusal::Status(status)),
    }
    // 7
    let container = one_encrypted_assertion(response)?;
    let plain = decryption::decrypt(container, &expected.keys.decryption()).map_err(|_| Refusal::NotOpened)?;
    let placed = in_its_place(&plain, container);
    let document = tree::parse(&placed, &MESSAGE).map_err(|_| Refusal::NotOpened)?;
    let assertion = only_assertion(document.root())?;
    check_assertion(assertion, expected)
}

/// Checks 8 to 12, 14 and 15 on the opened assertion.
fn check_assertion(assertion: Element<'_>, expected: &Expected<'_>) -> Result<Checked, Refusal> {
    let assertion_id = assertion
        .attribute("ID")
        .filter(|id| !id.is_empty())
        .ok_or(Refusal::NotOpened)?
        .to_owned();
    // 8
    let signatures = assertion
        .descend()
        .into_iter()
        .filter(|it| it.name() == "Signature")
        .count();
    if signatures > 0 {
        if signatures > 1 || assertion.child(DS, "Signature").is_none() {
            return Err(Refusal::AssertionSignature(SignatureProblem::NotAllowed(
                SignatureError::Several,
            )));
        }
        signature::require(assertion, &expected.provider.keys).map_err(Refusal::AssertionSignature)?;
    }
    // 9
    if issuer(assertion).map_err(|_| Refusal::WrongAssertionIssuer)? != expected.asked.idp {
        return Err(Refusal::WrongAssertionIssuer);
    }
    // 10
    let confirmed_until = confirmation(assertion, expected)?;
    // 11
    let conditions_until = conditions(assertion, expected)?;
    // 12
    let level = statement(assertion, expected)?;
    // 14, 15
    let attributes = identity::attributes(assertion, expected.provider)?;
    let who = match expected.asks {
        Asks::Person { coordination_numbers } => {
            Who::Person(identity::person(&attributes, &level, coordination_numbers)?)
        }
        Asks::Employee => Who::Employee(identity::employee(&attributes)?),
    };
    let latest = conditions_until.map_or(confirmed_until, |until| until.max(confirmed_until));
    Ok(Checked {
        who,
        level,
        assertion_id,
        usable_until: latest.saturating_add(expected.skew),
    })
}

/// Strict base64, where only line breaks may stand between the characters; then UTF-8.
fn decode(field: &str) -> Result<String, Refusal> {
    if field.len() > MAX_RESPONSE {
        return Err(Refusal::Unreadable);
    }
    let compact: String = field.chars().filter(|c| !matches!(c, '\r' | '\n')).collect();
    let bytes = STANDARD.decode(compact).map_err(|_| Refusal::Unreadable)?;
    String::from_utf8(bytes).map_err(|_| Refusal::Unreadable)
}

fn issuer(element: Element<'_>) -> Result<String, Refusal> {
    let issuer = element.one(SAML, "Issuer").map_err(|_| Refusal::WrongIssuer)?;
    if !matches!(issuer.attribute("Format"), None | Some(ENTITY_FORMAT)) {
        return Err(Refusal::WrongIssuer);
    }
    issuer.value().map_err(|_| Refusal::WrongIssuer)
}

/// Nothing for success; else what to tell. The message of the identity provider is not read.
fn status(response: Element<'_>) -> Result<Option<Status>, Refusal> {
    let outer = response.one(SAMLP, "Status")?.one(SAMLP, "StatusCode")?;
    if outer.attribute("Value") == Some(STATUS_SUCCESS) {
        return Ok(None);
    }
    let inner = outer
        .optional(SAMLP, "StatusCode")?
        .and_then(|code| code.attribute("Value"));
    Ok(Some(match inner {
        Some(STATUS_CANCEL) => Status::Cancelled,
        Some(STATUS_FRAUD | STATUS_POSSIBLE_FRAUD) => Status::Fraud,
        _ => Status::Other,
    }))
}

/// The one `EncryptedAssertion`, where nothing else than issuer, signature, extensions and status stands beside it.
fn one_encrypted_assertion(response: Element<'_>) -> Result<Element<'_>, Refusal> {
    let container = response
        .one(SAML, "EncryptedAssertion")
        .map_err(|_| Refusal::NotOneAssertion)?;
    let stray = response.descend().into_iter().any(|element| {
        (element.name() == "EncryptedAssertion" && element.node() != container.node())
            || ["Assertion", "EncryptedID", "EncryptedAttribute"].contains(&element.name())
    });
    let data = response
        .descend()
        .into_iter()
        .filter(|element| element.is(XENC, "EncryptedData"))
        .count();
    if stray || data != 1 {
        Err(Refusal::NotOneAssertion)
    } else {
        Ok(container)
    }
}

/// The plaintext under the namespace declarations of the place it was taken from, as XML Encryption 4.5 asks: some
/// encrypters leave declarations outside.
fn in_its_place(plain: &str, container: Element<'_>) -> zeroize::Zeroizing<String> {
    let plain = plain.trim_start_matches('\u{feff}').trim();
    let plain = match plain.strip_prefix("<?xml ").and_then(|rest| rest.split_once("?>")) {
        Some((_, rest)) => rest.trim_start(),
        None => plain,
    };
    let mut placed = String::from("<opened");
    for (prefix, uri) in container.namespaces_in_scope() {
        let joint = if prefix.is_empty() { "" } else { ":" };
        if prefix != "xml" && prefix != "xmlns" {
            // Writing to a String cannot fail.
            let _ = write!(placed, " xmlns{joint}{prefix}=\"{}\"", escape(uri));
        }
    }
    placed.push('>');
    placed.push_str(plain);
    placed.push_str("</opened>");
    zeroize::Zeroizing::new(placed)
}

/// The plaintext is one saml:Assertion 2.0 and nothing more, with nothing encrypted in it.
fn only_assertion(opened: Element<'_>) -> Result<Element<'_>, Refusal> {
    let mut children = opened.children();
    let assertion = children.next().ok_or(Refusal::NotOpened)?;
    let alone = children.next().is_none() && opened.document().children(opened.node()).len() == 1;
    let nested = assertion
        .descend()
        .into_iter()
        .skip(1)
        .any(|it| ["Assertion", "EncryptedAssertion", "EncryptedID", "EncryptedAttribute"].contains(&it.name()));
    if alone && !nested && assertion.is(SAML, "Assertion") && assertion.attribute("Version") == Some("2.0") {
        Ok(assertion)
    } else {
        Err(Refusal::NotOpened)
    }
}

/// One bearer confirmation for this request, this address and this moment. Gives until when it holds.
fn confirmation(assertion: Element<'_>, expected: &Expected<'_>) -> Result<OffsetDateTime, Refusal> {
    const NO: Refusal = Refusal::NotConfirmed;
    let subject = assertion.one(SAML, "Subject").map_err(|_| NO)?;
    let confirmation = subject.one(SAML, "SubjectConfirmation").map_err(|_| NO)?;
    if confirmation.attribute("Method") != Some(BEARER) {
        return Err(NO);
    }
    let data = confirmation.one(SAML, "SubjectConfirmationData").map_err(|_| NO)?;
    if data.attribute("InResponseTo") != Some(expected.asked.id.as_str())
        || data.attribute("Recipient") != Some(expected.asked.acs.as_str())
    {
        return Err(NO);
    }
    let until = data.attribute("NotOnOrAfter").and_then(parse_time).ok_or(NO)?;
    let begun = match data.attribute("NotBefore") {
        Some(from) => parse_time(from).ok_or(NO)? <= expected.now + expected.skew,
        None => true,
    };
    if begun && expected.now - expected.skew < until {
        Ok(until)
    } else {
        Err(Refusal::NotOfNow)
    }
}

/// Conditions are there, hold now, name us in every audience restriction, and are all known.
fn conditions(assertion: Element<'_>, expected: &Expected<'_>) -> Result<Option<OffsetDateTime>, Refusal> {
    const NO: Refusal = Refusal::Conditions;
    let conditions = assertion.one(SAML, "Conditions").map_err(|_| NO)?;
    if let Some(from) = conditions.attribute("NotBefore")
        && parse_time(from).ok_or(NO)? > expected.now + expected.skew
    {
        return Err(Refusal::NotOfNow);
    }
    let until = match conditions.attribute("NotOnOrAfter") {
        Some(until) => Some(parse_time(until).ok_or(NO)?),
        None => None,
    };
    if until.is_some_and(|until| expected.now - expected.skew >= until) {
        return Err(Refusal::NotOfNow);
    }
    let mut audiences = 0;
    for condition in conditions.children() {
        if condition.is(SAML, "AudienceRestriction") {
            audiences += 1;
            let names_us = condition
                .all(SAML, "Audience")
                .any(|audience| audience.value().is_ok_and(|audience| audience == expected.entity_id));
            if !names_us {
                return Err(Refusal::WrongAudience);
            }
        } else if !condition.is(SAML, "OneTimeUse") && !condition.is(SAML, "ProxyRestriction") {
            return Err(NO);
        }
    }
    if audiences == 0 {
        Err(Refusal::WrongAudience)
    } else {
        Ok(until)
    }
}

/// One `AuthnStatement`, of now and at a level that was asked for and is certified. Gives the level.
fn statement(assertion: Element<'_>, expected: &Expected<'_>) -> Result<String, Refusal> {
    const NO: Refusal = Refusal::Statements;
    let statement = assertion.one(SAML, "AuthnStatement").map_err(|_| NO)?;
    assertion.one(SAML, "AttributeStatement").map_err(|_| NO)?;
    let instant = statement.attribute("AuthnInstant").and_then(parse_time).ok_or(NO)?;
    let too_early = expected.asked.force_authn && instant < expected.asked.issued_at - expected.skew;
    if too_early || instant > expected.now + expected.skew {
        return Err(NO);
    }
    let context = statement.one(SAML, "AuthnContext").map_err(|_| NO)?;
    let level = context
        .one(SAML, "AuthnContextClassRef")
        .and_then(Read::value)
        .map_err(|_| Refusal::WrongLevel)?;
    if expected.asked.levels.contains(&level) && expected.provider.levels.contains(&level) {
        Ok(level)
    } else {
        Err(Refusal::WrongLevel)
    }
}
