//! `brevlada search`, and the reading of PDFs that it depends on.

use super::CommandError;
use super::output::say;
use crate::clock::Clock;
use crate::config::Config;
use crate::extract::{Bounds, run};
use crate::house::House;
use crate::search::{Indexer, SearchError};
use crate::store;
use clap::{Args, Subcommand};
use std::process::ExitCode;
use tokio_util::sync::CancellationToken;

/// No more letters are counted: the figure is for people.
const COUNTED: i64 = 1_000_000;

#[derive(Clone, Debug, Subcommand)]
pub(super) enum Search {
    /// How many letters wait to be indexed, and since when.
    Status,
    /// Index everything that waits, and end. A running server does this by itself; both may work at once.
    Index,
}

impl Search {
    pub(super) async fn obey(self, config: &Config) -> Result<(), CommandError> {
        let db = super::existing_db(config).await?;
        db.migrate().await?;
        match self {
            Self::Status => {
                let mut tx = db.read().await?;
                match store::search::backlog(&mut tx, COUNTED).await? {
                    (waiting, Some(oldest)) => {
                        say!(
                            "{waiting} letters wait to be indexed, the oldest since {}.",
                            super::shown(oldest)
                        )?;
                    }
                    _ => say!("Every letter is indexed.")?,
                }
            }
            Self::Index => {
                let keys = crate::seal::Keys::load(&config.keys.master_file)?;
                let house = House::new(db.clone(), keys, Clock::system());
                let indexer = Indexer::new(house, &config.search).map_err(SearchError::from)?;
                let count = indexer.run_waiting(&CancellationToken::new()).await?;
                say!("{count} letters were indexed.")?;
            }
        }
        db.close().await;
        Ok(())
    }
}

/// What the reading process may use.
#[derive(Clone, Copy, Debug, Args)]
pub(super) struct Extract {
    /// Bytes of address space.
    #[arg(long)]
    memory: u64,
    /// Seconds of processor time.
    #[arg(long)]
    seconds: u64,
    /// Bytes of text.
    #[arg(long)]
    text: usize,
}

impl Extract {
    pub(super) fn obey(self) -> ExitCode {
        run(Bounds {
            memory: self.memory,
            seconds: self.seconds,
            text: self.text,
        })
    }
}
