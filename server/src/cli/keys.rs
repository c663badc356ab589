//! `brevlada keys`.

use super::output::say;
use super::{CommandError, existing_db};
use crate::audit::{self, Actor, Event, Scribe};
use crate::clock::{Clock, Ids};
use crate::config::Config;
use crate::db::Db;
use crate::domain::audit::AuditAct;
use crate::house::House;
use crate::mailbox::keys::rewrap_all;
use crate::store;
use clap::Subcommand;

#[derive(Clone, Debug, Subcommand)]
pub(super) enum Keys {
    /// Make the file of master keys, readable by you alone. One that is there already is left as it is.
    New {
        /// For trying things out: refused when the public address is not this machine.
        #[arg(long)]
        demonstration: bool,
    },
    /// The master keys in the file, and how many mailboxes' keys each wraps.
    List,
    /// Add a master key and wrap every mailbox's key with it. Can be stopped and started again, while the mailbox runs.
    Rotate,
}

impl Keys {
    pub(super) async fn obey(self, config: &Config) -> Result<(), CommandError> {
        let file = &config.keys.master_file;
        match self {
            Keys::New { demonstration } => {
                crate::seal::Keys::create(file, Ids, demonstration)?;
                say!(
                    "Made {}. Keep a copy of it, apart from the database and its copies.",
                    file.display()
                )?;
                say!("Without it nothing in the database can be read, by anyone.")?;
            }
            Keys::List => list(config).await?,
            Keys::Rotate => rotate(config).await?,
        }
        Ok(())
    }
}

async fn list(config: &Config) -> Result<(), CommandError> {
    let keys = crate::seal::Keys::load(&config.keys.master_file)?;
    let db = existing_db(config).await?;
    let mut tx = db.read().await?;
    let wrapped = store::mailbox::count_by_key_version(&mut tx).await?;
    drop(tx);
    for version in keys.versions() {
        let count = wrapped.get(&version).copied().unwrap_or_default();
        let current = if version == keys.current_version() {
            ", in use for new ones"
        } else {
            ""
        };
        say!("{version:>3}  wraps the keys of {count} mailboxes{current}")?;
    }
    for (version, count) in wrapped.iter().filter(|(version, _)| !keys.versions().contains(version)) {
        say!("{version:>3}  is not in the file, and {count} mailboxes need it: they cannot be opened")?;
    }
    db.close().await;
    Ok(())
}

/// A rotation that was stopped halfway is finished first, and is then the rotation that was asked for: starting again after a
/// stop never piles up versions.
async fn rotate(config: &Config) -> Result<(), CommandError> {
    let keys = crate::seal::Keys::load(&config.keys.master_file)?;
    let db = Db::open(config.database.url.expose()).await?;
    db.migrate().await?;
    let house = House::new(db, keys, Clock::system());
    let left_over = rewrap_all(&house).await?;
    if left_over > 0 {
        let version = house.keys.current_version();
        say!("Finished an earlier rotation: {left_over} mailboxes more have master key {version} now.")?;
    } else {
        let version = house.keys.add_version(house.ids)?;
        let event = Event::by(&Actor::Command, AuditAct::RotatedKeys).about_object(version.to_string());
        let mut tx = house.db.begin().await?;
        audit::append(&mut tx, Scribe::of(&house), event).await?;
        tx.commit().await?;
        say!(
            "Added master key {version} to {}. Copy the file again.",
            config.keys.master_file.display()
        )?;
        let count = rewrap_all(&house).await?;
        say!("{count} mailboxes have it now.")?;
    }
    say!("Older master keys stay in the file: copies of the database, and work that waits, may need them.")?;
    house.db.close().await;
    Ok(())
}
