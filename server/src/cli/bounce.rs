//! `brevlada bounce`: a mail that came back, from standard input.

use super::output::say;
use super::{CommandError, existing_db};
use crate::clock::Clock;
use crate::config::Config;
use crate::domain;
use crate::house::House;
use crate::mailbox::bounce::{Taken, take_in};
use clap::Args;
use std::io::Read as _;

/// The most of a mail that is read: a report comes first, and what it returns may be cut.
const MOST: u64 = 1024 * 1024;

#[derive(Clone, Debug, Args)]
pub(super) struct Bounce {
    /// The address that it was delivered to, as the mail server knows it; without it the mail's own headers are asked.
    #[arg(long, value_name = "ADDRESS")]
    to: Option<String>,
}

impl Bounce {
    /// Whatever the mail is, the mail server is told that it was taken: a bounce must not bounce. Only when it cannot be
    /// taken in at all, for want of the configuration, the keys or the database, is there an error, after which the server tries again.
    pub(super) async fn obey(self, config: &Config) -> Result<(), CommandError> {
        let mut bytes = Vec::new();
        std::io::stdin()
            .lock()
            .take(MOST)
            .read_to_end(&mut bytes)
            .map_err(CommandError::Input)?;
        let Some(bounce) = domain::bounce::read(&String::from_utf8_lossy(&bytes)) else {
            say!("No report of a delivery; nothing is done.")?;
            return Ok(());
        };
        let db = existing_db(config).await?;
        let house = House::new(db, crate::seal::Keys::load(&config.keys.master_file)?, Clock::system());
        let taken = take_in(&house, &bounce, self.to.as_deref()).await?;
        house.db.close().await;
        say!(
            "{}",
            match taken {
                Taken::Failed { for_good: true } => "The notice has failed, and its address is marked.",
                Taken::Failed { for_good: false } => "The notice has failed.",
                Taken::NothingNew => "Nothing new; nothing is done.",
                Taken::NotOurs => "Sent to none of our return paths; nothing is done.",
            }
        )?;
        Ok(())
    }
}
