//! Logging in to a local account: for the first set-up, and when no e-legitimation can be used. Every use raises an alarm.

use super::SupportError;
use super::password::Kept;
use super::register::{index, member, opened};
use crate::audit::{self, Actor, Event, Member, Scribe};
use crate::db::Tx;
use crate::domain::audit::AuditAct;
use crate::domain::staff::{Login, wait_after};
use crate::domain::totp;
use crate::house::House;
use crate::store;
use crate::store::staff::State;
use zeroize::Zeroizing;

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// Name, password and code do not fit, or the account is locked: which, is not told.
    Wrong,
    /// Too many went wrong before: nobody is let in for a while, whatever they bring.
    Wait,
}

/// What was typed.
pub struct Typed {
    /// The account's name.
    pub name: String,
    /// Its password.
    pub password: Zeroizing<String>,
    /// The code that an app shows now.
    pub code: String,
}

impl std::fmt::Debug for Typed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Typed(…)")
    }
}

/// Judges a login in the caller's transaction, which has to be committed whatever comes of it. The password is judged before, with
/// [`judge`]: it takes its time, and nobody must wait for that.
pub async fn log_in(tx: &mut Tx, house: &House, judged: Judged) -> Result<Result<Member, Refused>, SupportError> {
    let now = house.clock.now();
    let Some(login) = judged.login else {
        return Ok(alarm(Err(Refused::Wrong)));
    };
    let Some(row) = store::staff::hold_by_login(tx, index(house, &login)).await? else {
        return Ok(alarm(Err(Refused::Wrong)));
    };
    if row.wait_until > now {
        return Ok(alarm(Err(Refused::Wait)));
    }
    let content = opened(house, &row)?;
    let step = content
        .secrets
        .as_ref()
        .and_then(|secrets| totp::fitting(&secrets.totp, &judged.code, now, row.code_step));
    let who = Actor::Staff(member(house, &row)?);
    // Between judging and now the account may have got another password.
    let fits = judged.fits && judged.content == row.content;
    match step.filter(|_| fits && row.state == State::Active) {
        Some(step) => {
            store::staff::note_right(tx, row.id, step).await?;
            audit::append(tx, Scribe::of(house), Event::by(&who, AuditAct::LocalLogin)).await?;
            Ok(alarm(Ok(Member {
                id: row.id,
                name: content.name,
            })))
        }
        None => {
            let tries = row.tries.saturating_add(1);
            store::staff::note_wrong(tx, row.id, tries, now + wait_after(tries)).await?;
            audit::append(tx, Scribe::of(house), Event::by(&who, AuditAct::LocalLoginRefused)).await?;
            Ok(alarm(Err(Refused::Wrong)))
        }
    }
}

/// What is known before the account is held.
pub struct Judged {
    login: Option<Login>,
    fits: bool,
    content: Vec<u8>,
    code: String,
}

impl std::fmt::Debug for Judged {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Judged(…)")
    }
}

/// Judges the password alone. A name that nobody has takes as long as any other.
pub async fn judge(house: &House, typed: Typed) -> Result<Judged, SupportError> {
    let login = typed.name.trim().parse::<Login>().ok();
    let login = login.filter(|login| matches!(login, Login::Local(_)));
    let mut row = None;
    if let Some(login) = &login {
        let mut tx = house.db.read().await?;
        row = store::staff::by_login(&mut tx, index(house, login)).await?;
    }
    let secrets = match &row {
        Some(row) => opened(house, row)?.secrets,
        None => None,
    };
    let known = secrets.is_some();
    let kept = secrets.map_or_else(Kept::nobodys, |secrets| secrets.password);
    let fits = kept.fits(typed.password).await? && known;
    Ok(Judged {
        login,
        fits,
        content: row.map(|row| row.content).unwrap_or_default(),
        code: typed.code.chars().filter(|c| !c.is_whitespace()).collect(),
    })
}

/// Every use is told to whoever watches, without a word of who it was: the audit log has that.
fn alarm(outcome: Result<Member, Refused>) -> Result<Member, Refused> {
    let word = match &outcome {
        Ok(_) => "logged_in",
        Err(Refused::Wrong) => "wrong",
        Err(Refused::Wait) => "wait",
    };
    metrics::counter!("brevlada_staff_local_logins_total", "outcome" => word).increment(1);
    tracing::warn!(
        security = true,
        outcome = word,
        "somebody used, or tried to use, a local account of the staff"
    );
    outcome
}
