//! `brevlada mailbox`.

use super::CommandError;
use super::output::say;
use crate::clock::Clock;
use crate::config::Config;
use crate::db::Db;
use crate::house::House;
use crate::mailbox::access::Person;
use crate::mailbox::forward::protect;
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
    /// Mark a holder's identity as protected: from then on no letter is passed on, by hand or by rule. With --lift, no longer.
    Protect {
        /// Twelve digits.
        #[arg(long)]
        number: PersonalNumber,
        /// Take the mark away.
        #[arg(long)]
        lift: bool,
    },
}

impl Mailbox {
    pub(super) async fn obey(self, config: &Config) -> Result<(), CommandError> {
        let db = Db::open(config.database.url.expose()).await?;
        db.migrate().await?;
        let house = House::new(db, crate::seal::Keys::load(&config.keys.master_file)?, Clock::system());
        let done = match self {
            Self::Open { number, name } => open(config, &house, &Person::new(number, name)).await,
            Self::Protect { number, lift } => protect_holder(&house, number, !lift).await,
        };
        house.db.close().await;
        done
    }
}

async fn open(config: &Config, house: &House, person: &Person) -> Result<(), CommandError> {
    let far = Infrastructure::open(&config.register, house).await?.far;
    match open_registered(house, &*far, person).await? {
        Standing::Open => {
            say!("The mailbox is open.")
        }
        Standing::Elsewhere(operator) => Err(CommandError::NotOurs(format!("the mailbox is with {operator}"))),
        Standing::TryAgain => Err(CommandError::NotOurs("FaR does not answer; try again".to_owned())),
        _ => Err(CommandError::NotOurs(
            "FaR does not have this person with us".to_owned(),
        )),
    }
}

async fn protect_holder(house: &House, number: PersonalNumber, protected: bool) -> Result<(), CommandError> {
    if !protect(house, &number.to_string(), protected).await? {
        return Err(CommandError::NotProtected);
    }
    say!(
        "{}",
        if protected {
            "Protected: nothing is passed on from the mailbox."
        } else {
            "No longer protected."
        }
    )
}
