//! `brevlada audit`: whether the audit log is whole.

use super::output::say;
use super::{CommandError, existing_db};
use crate::audit::{Found, Mark, verify};
use crate::config::Config;
use clap::Subcommand;

#[derive(Clone, Debug, Subcommand)]
pub(super) enum Audit {
    /// Walk the audit log and tell the first row that does not hold: changed, missing, or cut off at the end. Prints the log's mark, to be
    /// noted outside of the database; ends with 1 when something does not hold.
    Verify {
        /// A mark from an earlier time: the log must still hold what it held then.
        #[arg(long)]
        mark: Option<Mark>,
    },
}

impl Audit {
    pub(super) async fn obey(self, config: &Config) -> Result<(), CommandError> {
        let Self::Verify { mark } = self;
        let db = existing_db(config).await?;
        db.migrate().await?;
        let keys = crate::seal::Keys::load(&config.keys.master_file)?;
        let found = verify(&db, &keys, mark.as_ref()).await?;
        db.close().await;
        match found {
            Found::Whole(mark) if mark.length == 0 => {
                say!("The audit log is empty: nothing has ever been written in it.")?;
                Ok(())
            }
            Found::Whole(mark) => {
                say!("Whole: {} rows, each as it was written.", mark.length)?;
                say!("Its mark, to be noted elsewhere: {mark}")?;
                Ok(())
            }
            Found::Broken(broken) => Err(CommandError::AuditBroken(broken)),
        }
    }
}
