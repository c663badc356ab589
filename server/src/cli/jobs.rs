//! `brevlada jobs`.

use super::output::say;
use super::{CommandError, existing_db, shown};
use crate::audit::{self, Actor, Event, Scribe};
use crate::clock::{Clock, Ids};
use crate::config::Config;
use crate::db::Db;
use crate::domain::audit::AuditAct;
use crate::store;
use clap::Subcommand;

/// How many of those that were given up are listed.
const LISTED: i64 = 50;

#[derive(Clone, Debug, Subcommand)]
pub(super) enum Jobs {
    /// How much waits, and what was given up, with why.
    List,
    /// Make everything that was given up ready again, with all its tries.
    Retry,
}

impl Jobs {
    pub(super) async fn obey(self, config: &Config) -> Result<(), CommandError> {
        let db = existing_db(config).await?;
        match self {
            Jobs::List => list(&db).await?,
            Jobs::Retry => {
                db.migrate().await?;
                let at = Clock::system().now();
                let keys = crate::seal::Keys::load(&config.keys.master_file)?;
                let mut tx = db.begin().await?;
                let count = store::job::retry_failed(&mut tx, at).await?;
                if count > 0 {
                    let scribe = Scribe {
                        keys: &keys,
                        ids: Ids,
                        at,
                    };
                    let event = Event::by(&Actor::Command, AuditAct::RetriedJobs).about_object(count.to_string());
                    audit::append(&mut tx, scribe, event).await?;
                }
                tx.commit().await?;
                say!("{count} jobs are ready again; a running server takes them within its notice.look_every.")?;
            }
        }
        db.close().await;
        Ok(())
    }
}

async fn list(db: &Db) -> Result<(), CommandError> {
    let mut tx = db.read().await?;
    let counts = store::job::counts(&mut tx).await?;
    if counts.is_empty() {
        say!("Nothing waits, and nothing was given up.")?;
    }
    for jobs in counts {
        say!(
            "{:>7} {} {}, the oldest for {}",
            jobs.count,
            jobs.kind,
            jobs.state,
            shown(jobs.oldest)
        )?;
    }
    for (id, kind, attempts, error) in store::job::failed(&mut tx, LISTED).await? {
        say!(
            "{id} {kind} given up after {attempts} tries: {}",
            error.unwrap_or_default()
        )?;
    }
    Ok(())
}
