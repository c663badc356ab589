//! `brevlada feedback`: what people think of the service.

use super::output::say;
use super::{CommandError, shown};
use crate::audit::Actor;
use crate::clock::Clock;
use crate::config::Config;
use crate::domain::visible::visible;
use crate::house::House;
use crate::mailbox::feedback::{end, unread};
use clap::Subcommand;
use uuid::Uuid;

/// How many are printed.
const LISTED: i64 = 200;

#[derive(Clone, Debug, Subcommand)]
pub(super) enum Feedback {
    /// Print what nobody has taken care of yet, oldest first.
    List,
    /// Say that one is taken care of: its words and address are forgotten.
    Done {
        /// Its id, as the list prints it.
        id: Uuid,
    },
}

impl Feedback {
    pub(super) async fn obey(self, config: &Config) -> Result<(), CommandError> {
        let db = super::existing_db(config).await?;
        db.migrate().await?;
        let house = House::new(db, crate::seal::Keys::load(&config.keys.master_file)?, Clock::system());
        match self {
            Feedback::List => {
                let all = unread(&house, LISTED).await?;
                if all.is_empty() {
                    say!("Nothing waits.")?;
                }
                for one in all {
                    let answer = if one.typed.answer {
                        format!("answer to {}", visible(&one.typed.email))
                    } else {
                        "no answer wanted".to_owned()
                    };
                    say!("{} {} {} {} ({answer})", one.id, shown(one.at), one.page, one.language)?;
                    for line in one.typed.words.lines() {
                        say!("    {}", visible(line))?;
                    }
                }
            }
            Feedback::Done { id } => {
                if end(&house, id, &Actor::Command).await? {
                    say!("Taken care of; its words are forgotten.")?;
                } else {
                    say!("There is no such, or it is taken care of already.")?;
                }
            }
        }
        house.db.close().await;
        Ok(())
    }
}
