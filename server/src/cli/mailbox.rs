//! `brevlada mailbox`.

use super::CommandError;
use crate::clock::Clock;
use crate::config::Config;
use crate::db::Db;
use crate::house::House;
use crate::mailbox::access::Person;
use crate::mailbox::registration::{Standing, open_registered};
use crate::register::Infrastructure;
use clap::Subcommand;
use contracts::identifier::PersonalNumber;

#[derive(Clone, Debug, Subcommand)]
pub(super) enum Mailbox {
    /// Open the mailbox of a person whom FaR already has with us: after a database was lost, or before a demonstration.
    /// Nobody is registered by this; a person does that by logging in.
    Open {
        /// Twelve digits.
        #[arg(long)]
        number: PersonalNumber,
        /// The name to show until the person has logged in.
        #[arg(long)]
        name: String,
    },
}

impl Mailbox {
    pub(super) async fn obey(self, config: &Config) -> Result<(), CommandError> {
        let Self::Open { number, name } = self;
        let db = Db::open(config.database.url.expose()).await?;
        db.migrate().await?;
        let house = House::new(db, crate::seal::Keys::load(&config.keys.master_file)?, Clock::system());
        let far = Infrastructure::open(&config.register, &house).await?.far;
        let standing = open_registered(&house, &*far, &Person { number, name }).await?;
        house.db.close().await;
        match standing {
            Standing::Open => {
                println!("The mailbox is open.");
                Ok(())
            }
            Standing::Elsewhere(operator) => Err(CommandError::NotOurs(format!("the mailbox is with {operator}"))),
            Standing::TryAgain => Err(CommandError::NotOurs("FaR does not answer; try again".to_owned())),
            _ => Err(CommandError::NotOurs(
                "FaR does not have this person with us".to_owned(),
            )),
        }
    }
}
