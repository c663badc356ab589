//! The part of the register's database that waits for more signatures.

use super::signing::Kind;
use super::store::{Kept, Store, StoreError, from_micros, keep, micros, parsed};
use contracts::identifier::{OrganisationNumber, PersonalNumber, RecipientId};
use sqlx::Row as _;
use time::OffsetDateTime;

/// What waits: what is wanted, who has signed, and when the last of them did.
pub(super) type Waiting = (String, Vec<PersonalNumber>, Option<OffsetDateTime>);

impl Store {
    /// One more signature under a change that waits; gives everybody who has signed the same. What was wanted otherwise, or made
    /// from older rules, is forgotten together with its signatures.
    pub(super) async fn sign_pending(
        &self,
        kept: Kept<'_>,
        kind: Kind,
        wanted: &str,
        person: PersonalNumber,
    ) -> Result<Vec<PersonalNumber>, StoreError> {
        let recipient = kept.recipient.to_string();
        let mut tx = self.0.begin_with("BEGIN IMMEDIATE").await?;
        let version: i64 = sqlx::query("SELECT rules_version FROM account WHERE recipient = $1")
            .bind(&recipient)
            .fetch_one(&mut *tx)
            .await?
            .try_get("rules_version")?;
        let same = sqlx::query(
            "SELECT 1 FROM pending_change WHERE recipient = $1 AND kind = $2 AND wanted = $3 AND version = $4",
        )
        .bind(&recipient)
        .bind(kind.as_str())
        .bind(wanted)
        .bind(version)
        .fetch_optional(&mut *tx)
        .await?
        .is_some();
        if !same {
            forget_pending_of(&mut tx, kept.recipient, kind).await?;
            sqlx::query("INSERT INTO pending_change (recipient, kind, wanted, version) VALUES ($1, $2, $3, $4)")
                .bind(&recipient)
                .bind(kind.as_str())
                .bind(wanted)
                .bind(version)
                .execute(&mut *tx)
                .await?;
        }
        sqlx::query(
            "INSERT INTO pending_change_signature (recipient, kind, person, signed_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
        )
        .bind(&recipient)
        .bind(kind.as_str())
        .bind(person.to_string())
        .bind(micros(kept.at))
        .execute(&mut *tx)
        .await?;
        let rows = sqlx::query("SELECT person FROM pending_change_signature WHERE recipient = $1 AND kind = $2")
            .bind(&recipient)
            .bind(kind.as_str())
            .fetch_all(&mut *tx)
            .await?;
        keep(&mut tx, kept).await?;
        tx.commit().await?;
        rows.iter().map(|row| parsed(row, "person")).collect()
    }

    /// A change that waits.
    pub(super) async fn pending_change(
        &self,
        recipient: RecipientId,
        kind: Kind,
    ) -> Result<Option<Waiting>, StoreError> {
        let row = sqlx::query("SELECT wanted FROM pending_change WHERE recipient = $1 AND kind = $2")
            .bind(recipient.to_string())
            .bind(kind.as_str())
            .fetch_optional(&self.0)
            .await?;
        let Some(row) = row else { return Ok(None) };
        let signatures = sqlx::query(
            "SELECT person, signed_at FROM pending_change_signature WHERE recipient = $1 AND kind = $2 ORDER BY signed_at",
        )
        .bind(recipient.to_string())
        .bind(kind.as_str())
        .fetch_all(&self.0)
        .await?;
        let last = signatures
            .last()
            .map(|row| row.try_get::<i64, _>("signed_at"))
            .transpose()?
            .and_then(from_micros);
        let persons = signatures.iter().map(|row| parsed(row, "person"));
        Ok(Some((row.try_get("wanted")?, persons.collect::<Result<_, _>>()?, last)))
    }

    /// Who has signed for an account that waits at an operator, and when the last of them did.
    pub(super) async fn pending_account(
        &self,
        recipient: RecipientId,
        operator: OrganisationNumber,
    ) -> Result<Option<(Vec<PersonalNumber>, Option<OffsetDateTime>)>, StoreError> {
        let rows = sqlx::query(
            "SELECT person, signed_at FROM pending_signature WHERE recipient = $1 AND operator = $2 ORDER BY signed_at",
        )
        .bind(recipient.to_string())
        .bind(operator.to_string())
        .fetch_all(&self.0)
        .await?;
        let Some(last) = rows.last() else { return Ok(None) };
        let at = from_micros(last.try_get("signed_at")?);
        let persons = rows.iter().map(|row| parsed(row, "person"));
        Ok(Some((persons.collect::<Result<_, _>>()?, at)))
    }

    /// The text that was signed last for a kind of change.
    pub(super) async fn text_signed(&self, recipient: RecipientId, kind: &str) -> Result<String, StoreError> {
        let row = sqlx::query("SELECT text FROM agreement WHERE recipient = $1 AND kind = $2 ORDER BY id DESC LIMIT 1")
            .bind(recipient.to_string())
            .bind(kind)
            .fetch_optional(&self.0)
            .await?;
        row.map_or_else(|| Ok(String::new()), |row| Ok(row.try_get("text")?))
    }

    /// Forgets an account that waits at an operator; false when none does.
    pub(super) async fn forget_pending_account(
        &self,
        recipient: RecipientId,
        operator: OrganisationNumber,
    ) -> Result<bool, StoreError> {
        let gone = sqlx::query("DELETE FROM pending_signature WHERE recipient = $1 AND operator = $2")
            .bind(recipient.to_string())
            .bind(operator.to_string())
            .execute(&self.0)
            .await?
            .rows_affected();
        Ok(gone > 0)
    }

    /// Forgets a change that waits.
    pub(super) async fn forget_pending(&self, recipient: RecipientId, kind: Kind) -> Result<(), StoreError> {
        let mut tx = self.0.begin_with("BEGIN IMMEDIATE").await?;
        forget_pending_of(&mut tx, recipient, kind).await?;
        tx.commit().await?;
        Ok(())
    }
}

pub(super) async fn forget_pending_of(
    tx: &mut sqlx::Transaction<'_, sqlx::Sqlite>,
    recipient: RecipientId,
    kind: Kind,
) -> Result<(), StoreError> {
    for statement in [
        "DELETE FROM pending_change_signature WHERE recipient = $1 AND kind = $2",
        "DELETE FROM pending_change WHERE recipient = $1 AND kind = $2",
    ] {
        sqlx::query(statement)
            .bind(recipient.to_string())
            .bind(kind.as_str())
            .execute(&mut **tx)
            .await?;
    }
    Ok(())
}

pub(super) async fn forget_every_pending(
    tx: &mut sqlx::Transaction<'_, sqlx::Sqlite>,
    recipient: RecipientId,
) -> Result<(), StoreError> {
    for kind in [Kind::Deregister, Kind::Preferences, Kind::Operator] {
        forget_pending_of(tx, recipient, kind).await?;
    }
    Ok(())
}
