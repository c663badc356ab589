//! `brevlada import`.

use super::output::say;
use super::{CommandError, existing_db};
use crate::clock::Clock;
use crate::config::Config;
use crate::domain::visible::visible;
use crate::house::House;
use crate::mailbox::access::Person;
use crate::mailbox::import::{Rules, import};
use crate::register::{Infrastructure, pem};
use clap::Args;
use contracts::certificate::TrustStore;
use contracts::identifier::PersonalNumber;
use contracts::service::ReceivePolicy;
use contracts::signature::Policy;
use contracts::xml::Limits;
use std::path::PathBuf;

#[derive(Clone, Debug, Args)]
pub(super) struct Import {
    /// The ZIP file that a person has downloaded.
    file: PathBuf,
    /// Whose mailbox, twelve digits. Letters to anybody else are left out.
    #[arg(long)]
    number: PersonalNumber,
    /// Take letters of senders too that are not in the register any more, or whose certificate has been revoked since, when their own
    /// signature is on them. Only for a file that you know the origin of.
    #[arg(long)]
    former_senders: bool,
}

/// How often more than one message's worth an original may weigh: it was within `service.max_request_bytes` when it came, and was written
/// anew since.
const WRITTEN_ANEW: usize = 8;

impl Import {
    pub(super) async fn obey(self, config: &Config) -> Result<(), CommandError> {
        let not_read =
            |what: &str, error: &dyn std::fmt::Display| CommandError::NotImported(format!("{what}: {error}"));
        let file = std::fs::File::open(&self.file).map_err(|error| not_read("the file cannot be read", &error))?;
        let authorities = std::fs::read_to_string(&config.trust.signing_ca_file)
            .map_err(|error| not_read("trust.signing_ca_file", &error))?;
        let mut crls = Vec::new();
        if !self.former_senders {
            for file in &config.trust.crl_files {
                crls.extend(
                    pem::revocation_lists(file)
                        .await
                        .map_err(|error| not_read("trust.crl_files", &error))?,
                );
            }
        }
        let trust =
            TrustStore::from_pem(&authorities, crls).map_err(|error| not_read("trust.signing_ca_file", &error))?;
        let db = existing_db(config).await?;
        db.migrate().await?;
        let house = House::new(db, crate::seal::Keys::load(&config.keys.master_file)?, Clock::system());
        let senders = Infrastructure::open(&config.register, &house).await?.senders;
        let rules = Rules {
            trust: &trust,
            policy: ReceivePolicy {
                limits: Limits {
                    bytes: config.service.max_request_bytes.saturating_mul(WRITTEN_ANEW),
                    ..Limits::default()
                },
                signatures: Policy {
                    allow_sha1: config.trust.allow_sha1,
                },
            },
            senders: &senders,
            former: self.former_senders,
        };
        // The access log names who did it; here that is the operator, not the holder.
        let operator = Person::new(self.number, "brevlada import");
        let told = import(&house, &operator, &rules, std::io::BufReader::new(file)).await;
        house.db.close().await;
        let told = told.map_err(|error| CommandError::NotImported(error.to_string()))?;
        say!(
            "{} deliveries are new here, {} were here already.",
            told.added,
            told.known
        )?;
        for (place, why) in &told.left_out {
            say!("left out: {} {}", visible(place), visible(&why.to_string()))?;
        }
        match told.left_out.len() {
            0 => Ok(()),
            n => Err(CommandError::NotImported(format!(
                "{n} deliveries were left out, see above"
            ))),
        }
    }
}
