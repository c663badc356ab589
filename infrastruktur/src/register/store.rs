//! The register's database: the only SQL of this crate.

use super::pending::{forget_every_pending, forget_pending_of};
use super::signing::Kind;
use crate::people::SigningRule;
use contracts::authority::Sender;
use contracts::identifier::{OrganisationNumber, PersonalNumber, RecipientId};
use contracts::recipient::{AccountStatus, AccountType, Operator};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteRow, SqliteSynchronous};
use sqlx::{Row as _, SqlitePool};
use std::path::PathBuf;
use std::str::FromStr as _;
use time::OffsetDateTime;

/// What went wrong in the database.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The engine refused.
    #[error("database: {0}")]
    Engine(#[from] sqlx::Error),
    /// A migration did not apply.
    #[error("migration: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// The folder of the database cannot be made.
    #[error("{0}: {1}")]
    Folder(PathBuf, std::io::Error),
    /// A row holds something that is no number of the contract.
    #[error("column {0} of the register holds something else than expected")]
    Column(&'static str),
}

/// The register's database. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Store(pub(super) SqlitePool);

/// A person of the population.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Resident {
    pub(super) name: String,
    pub(super) protected: bool,
}

/// A registered company.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Company {
    pub(super) name: String,
    pub(super) form: String,
    pub(super) rule: SigningRule,
    /// Number and name of each signatory.
    pub(super) signatories: Vec<(PersonalNumber, String)>,
}

/// Something signed, to be kept.
#[derive(Clone, Copy, Debug)]
pub(super) struct Kept<'a> {
    pub(super) recipient: RecipientId,
    pub(super) operator: OrganisationNumber,
    pub(super) kind: &'static str,
    pub(super) text: &'a str,
    pub(super) signature: &'a [u8],
    pub(super) at: OffsetDateTime,
}

impl Store {
    /// Opens `sqlite:path`, makes it if it is not there, and brings it up to date.
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        let options = SqliteConnectOptions::from_str(url)?
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true);
        if let Some(folder) = options.get_filename().parent() {
            std::fs::create_dir_all(folder).map_err(|e| StoreError::Folder(folder.to_owned(), e))?;
        }
        let pool = SqlitePoolOptions::new()
            .max_connections(4)
            .connect_with(options)
            .await?;
        sqlx::migrate!("./migrations").run(&pool).await?;
        Ok(Self(pool))
    }

    /// Closes every connection.
    pub async fn close(&self) {
        self.0.close().await;
    }

    pub(super) async fn resident(&self, number: PersonalNumber) -> Result<Option<Resident>, StoreError> {
        let row = sqlx::query("SELECT name, protected FROM person WHERE number = $1")
            .bind(number.to_string())
            .fetch_optional(&self.0)
            .await?;
        row.map(|row| {
            Ok(Resident {
                name: row.try_get("name")?,
                protected: row.try_get::<i64, _>("protected")? != 0,
            })
        })
        .transpose()
    }

    pub(super) async fn company(&self, number: OrganisationNumber) -> Result<Option<Company>, StoreError> {
        let row = sqlx::query("SELECT name, form, signing_rule FROM company WHERE number = $1")
            .bind(number.to_string())
            .fetch_optional(&self.0)
            .await?;
        let Some(row) = row else { return Ok(None) };
        let signatories = sqlx::query(
            "SELECT person.number, person.name FROM signatory JOIN person ON person.number = signatory.person \
             WHERE company = $1 ORDER BY person.number",
        )
        .bind(number.to_string())
        .fetch_all(&self.0)
        .await?;
        let signatory = |row: &SqliteRow| Ok::<_, StoreError>((parsed(row, "number")?, row.try_get("name")?));
        Ok(Some(Company {
            name: row.try_get("name")?,
            form: row.try_get("form")?,
            rule: rule_from(&row.try_get::<String, _>("signing_rule")?)?,
            signatories: signatories.iter().map(signatory).collect::<Result<_, _>>()?,
        }))
    }

    /// The companies that a person is a signatory of.
    pub(super) async fn companies_of(&self, person: PersonalNumber) -> Result<Vec<OrganisationNumber>, StoreError> {
        let rows = sqlx::query("SELECT company FROM signatory WHERE person = $1 ORDER BY company")
            .bind(person.to_string())
            .fetch_all(&self.0)
            .await?;
        rows.iter().map(|row| parsed(row, "company")).collect()
    }

    /// The companies that a person has a role in, with the role.
    pub(super) async fn roles_of(
        &self,
        person: PersonalNumber,
    ) -> Result<Vec<(OrganisationNumber, String)>, StoreError> {
        let rows = sqlx::query("SELECT company, role FROM role_holder WHERE person = $1 ORDER BY company")
            .bind(person.to_string())
            .fetch_all(&self.0)
            .await?;
        rows.iter()
            .map(|row| Ok((parsed(row, "company")?, row.try_get("role")?)))
            .collect()
    }

    pub(super) async fn senders(&self) -> Result<Vec<Sender>, StoreError> {
        let rows = sqlx::query("SELECT number, name FROM sender ORDER BY number")
            .fetch_all(&self.0)
            .await?;
        rows.iter()
            .map(|row| {
                Ok(Sender {
                    id: parsed(row, "number")?,
                    name: row.try_get("name")?,
                    attention: None,
                })
            })
            .collect()
    }

    /// Mediator and sender, sorted by mediator.
    pub(super) async fn mediations(&self) -> Result<Vec<(OrganisationNumber, String, OrganisationNumber)>, StoreError> {
        let rows = sqlx::query(
            "SELECT mediator, name, sender FROM mediation JOIN sender AS s ON s.number = mediator ORDER BY mediator, sender",
        )
        .fetch_all(&self.0)
        .await?;
        rows.iter()
            .map(|row| Ok((parsed(row, "mediator")?, row.try_get("name")?, parsed(row, "sender")?)))
            .collect()
    }

    /// The domain of an operator, if it is one.
    pub(super) async fn operator_domain(&self, number: OrganisationNumber) -> Result<Option<String>, StoreError> {
        let row = sqlx::query("SELECT domain FROM operator WHERE number = $1")
            .bind(number.to_string())
            .fetch_optional(&self.0)
            .await?;
        row.map(|row| Ok(row.try_get("domain")?)).transpose()
    }

    /// Every operator.
    pub(super) async fn operators(&self) -> Result<Vec<OrganisationNumber>, StoreError> {
        let rows = sqlx::query("SELECT number FROM operator ORDER BY number")
            .fetch_all(&self.0)
            .await?;
        rows.iter().map(|row| parsed(row, "number")).collect()
    }

    /// The operator with this internet domain.
    pub(super) async fn operator_with_domain(&self, domain: &str) -> Result<Option<Operator>, StoreError> {
        let row = sqlx::query("SELECT number, name, service_address, page_address FROM operator WHERE domain = $1")
            .bind(domain)
            .fetch_optional(&self.0)
            .await?;
        row.as_ref().map(operator).transpose()
    }

    /// The account, and whether a registration waits for signatures.
    pub(super) async fn status(&self, recipient: RecipientId) -> Result<AccountStatus, StoreError> {
        let row = sqlx::query(
            "SELECT operator.number, operator.name, service_address, page_address, registered_at FROM account \
             JOIN operator ON operator.number = account.operator WHERE recipient = $1",
        )
        .bind(recipient.to_string())
        .fetch_optional(&self.0)
        .await?;
        let pending: i64 = sqlx::query("SELECT COUNT(*) AS waiting FROM pending_signature WHERE recipient = $1")
            .bind(recipient.to_string())
            .fetch_one(&self.0)
            .await?
            .try_get("waiting")?;
        let Some(row) = row else {
            return Ok(AccountStatus {
                pending: pending > 0,
                ..AccountStatus::none(recipient)
            });
        };
        Ok(AccountStatus {
            recipient,
            account: AccountType::Secure,
            pending: pending > 0,
            operator: Some(operator(&row)?),
            registered: from_micros(row.try_get("registered_at")?),
        })
    }

    /// Opens an account; the signatures that waited for it are settled. False when there is one already.
    pub(super) async fn open_account(&self, kept: Kept<'_>) -> Result<bool, StoreError> {
        let mut tx = self.0.begin_with("BEGIN IMMEDIATE").await?;
        let opened = sqlx::query(
            "INSERT INTO account (recipient, operator, registered_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        )
        .bind(kept.recipient.to_string())
        .bind(kept.operator.to_string())
        .bind(micros(kept.at))
        .execute(&mut *tx)
        .await?
        .rows_affected()
            == 1;
        if opened {
            sqlx::query("DELETE FROM pending_signature WHERE recipient = $1")
                .bind(kept.recipient.to_string())
                .execute(&mut *tx)
                .await?;
            keep(&mut tx, kept).await?;
        }
        tx.commit().await?;
        Ok(opened)
    }

    /// Closes the account at this operator. False when there is none.
    pub(super) async fn close_account(&self, kept: Kept<'_>) -> Result<bool, StoreError> {
        let mut tx = self.0.begin_with("BEGIN IMMEDIATE").await?;
        let closed = sqlx::query("DELETE FROM account WHERE recipient = $1 AND operator = $2")
            .bind(kept.recipient.to_string())
            .bind(kept.operator.to_string())
            .execute(&mut *tx)
            .await?
            .rows_affected()
            == 1;
        if closed {
            sqlx::query("DELETE FROM refused_sender WHERE recipient = $1")
                .bind(kept.recipient.to_string())
                .execute(&mut *tx)
                .await?;
            forget_every_pending(&mut tx, kept.recipient).await?;
            keep(&mut tx, kept).await?;
        }
        tx.commit().await?;
        Ok(closed)
    }

    /// One more signature for an account that waits; gives everybody who has signed. Nobody has when the account is there already:
    /// another's signature made it complete in the meantime.
    pub(super) async fn add_signature(
        &self,
        kept: Kept<'_>,
        person: PersonalNumber,
    ) -> Result<Vec<PersonalNumber>, StoreError> {
        let mut tx = self.0.begin_with("BEGIN IMMEDIATE").await?;
        sqlx::query(
            "INSERT INTO pending_signature (recipient, operator, person, signed_at) SELECT $1, $2, $3, $4 \
             WHERE NOT EXISTS (SELECT 1 FROM account WHERE recipient = $1) ON CONFLICT DO NOTHING",
        )
        .bind(kept.recipient.to_string())
        .bind(kept.operator.to_string())
        .bind(person.to_string())
        .bind(micros(kept.at))
        .execute(&mut *tx)
        .await?;
        let rows = sqlx::query("SELECT person FROM pending_signature WHERE recipient = $1 AND operator = $2")
            .bind(kept.recipient.to_string())
            .bind(kept.operator.to_string())
            .fetch_all(&mut *tx)
            .await?;
        keep(&mut tx, kept).await?;
        tx.commit().await?;
        rows.iter().map(|row| parsed(row, "person")).collect()
    }

    /// Gives the account to the operator that has asked for it. Its reception rules go with it.
    pub(super) async fn move_account(&self, kept: Kept<'_>) -> Result<(), StoreError> {
        let mut tx = self.0.begin_with("BEGIN IMMEDIATE").await?;
        sqlx::query("UPDATE account SET operator = $2, registered_at = $3 WHERE recipient = $1")
            .bind(kept.recipient.to_string())
            .bind(kept.operator.to_string())
            .bind(micros(kept.at))
            .execute(&mut *tx)
            .await?;
        forget_every_pending(&mut tx, kept.recipient).await?;
        keep(&mut tx, kept).await?;
        tx.commit().await?;
        Ok(())
    }

    /// The senders that a holder does not accept.
    pub(super) async fn refused(&self, recipient: RecipientId) -> Result<Vec<OrganisationNumber>, StoreError> {
        let rows = sqlx::query("SELECT sender FROM refused_sender WHERE recipient = $1")
            .bind(recipient.to_string())
            .fetch_all(&self.0)
            .await?;
        rows.iter().map(|row| parsed(row, "sender")).collect()
    }

    /// When a holder last changed the rules.
    pub(super) async fn rules_changed(&self, recipient: RecipientId) -> Result<Option<OffsetDateTime>, StoreError> {
        let row = sqlx::query("SELECT rules_changed_at FROM account WHERE recipient = $1")
            .bind(recipient.to_string())
            .fetch_optional(&self.0)
            .await?;
        let Some(row) = row else { return Ok(None) };
        Ok(row.try_get::<Option<i64>, _>("rules_changed_at")?.and_then(from_micros))
    }

    /// Replaces the rules.
    pub(super) async fn set_refused(&self, kept: Kept<'_>, refused: &[OrganisationNumber]) -> Result<(), StoreError> {
        let mut tx = self.0.begin_with("BEGIN IMMEDIATE").await?;
        sqlx::query("DELETE FROM refused_sender WHERE recipient = $1")
            .bind(kept.recipient.to_string())
            .execute(&mut *tx)
            .await?;
        for sender in refused {
            sqlx::query("INSERT INTO refused_sender (recipient, sender, changed_at) VALUES ($1, $2, $3)")
                .bind(kept.recipient.to_string())
                .bind(sender.to_string())
                .bind(micros(kept.at))
                .execute(&mut *tx)
                .await?;
        }
        sqlx::query("UPDATE account SET rules_version = rules_version + 1, rules_changed_at = $2 WHERE recipient = $1")
            .bind(kept.recipient.to_string())
            .bind(micros(kept.at))
            .execute(&mut *tx)
            .await?;
        forget_pending_of(&mut tx, kept.recipient, Kind::Preferences).await?;
        keep(&mut tx, kept).await?;
        tx.commit().await?;
        Ok(())
    }
}

fn operator(row: &SqliteRow) -> Result<Operator, StoreError> {
    Ok(Operator {
        id: parsed(row, "number")?,
        name: row.try_get("name")?,
        logo: None,
        service_address: row.try_get("service_address")?,
        page_address: row.try_get("page_address")?,
        internal_address: String::new(),
    })
}

pub(super) async fn keep(tx: &mut sqlx::Transaction<'_, sqlx::Sqlite>, kept: Kept<'_>) -> Result<(), StoreError> {
    sqlx::query("INSERT INTO agreement (recipient, operator, kind, text, signature, received_at) VALUES ($1, $2, $3, $4, $5, $6)")
        .bind(kept.recipient.to_string())
        .bind(kept.operator.to_string())
        .bind(kept.kind)
        .bind(kept.text)
        .bind(kept.signature)
        .bind(micros(kept.at))
        .execute(&mut **tx)
        .await?;
    Ok(())
}

pub(super) fn parsed<T: std::str::FromStr>(row: &SqliteRow, column: &'static str) -> Result<T, StoreError> {
    row.try_get::<String, _>(column)?
        .parse()
        .map_err(|_| StoreError::Column(column))
}

pub(super) fn rule_text(rule: SigningRule) -> &'static str {
    match rule {
        SigningRule::Alone => "alone",
        SigningRule::Together => "together",
        SigningRule::AnyTwo => "any-two",
        SigningRule::Unreadable => "unreadable",
    }
}

fn rule_from(text: &str) -> Result<SigningRule, StoreError> {
    match text {
        "alone" => Ok(SigningRule::Alone),
        "together" => Ok(SigningRule::Together),
        "any-two" => Ok(SigningRule::AnyTwo),
        "unreadable" => Ok(SigningRule::Unreadable),
        _ => Err(StoreError::Column("signing_rule")),
    }
}

pub(super) fn micros(at: OffsetDateTime) -> i64 {
    i64::try_from(at.unix_timestamp_nanos() / 1_000).unwrap_or(i64::MAX)
}

pub(super) fn from_micros(micros: i64) -> Option<OffsetDateTime> {
    OffsetDateTime::from_unix_timestamp_nanos(i128::from(micros) * 1_000).ok()
}
