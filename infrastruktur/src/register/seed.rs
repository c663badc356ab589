//! Who is in the register from the start, and who is put in for load and tests.

use super::store::{Store, StoreError, micros, rule_text};
use crate::people::{self, Circumstance};
use contracts::identifier::{OrganisationNumber, PersonalNumber};
use time::OffsetDateTime;

impl Store {
    /// Puts the demonstration's people, companies, senders and operators in; their accounts only the first time.
    pub async fn seed(&self, service_address: &str, page_address: &str, now: OffsetDateTime) -> Result<(), StoreError> {
        let mut tx = self.0.begin_with("BEGIN IMMEDIATE").await?;
        for person in people::PERSONS {
            sqlx::query("INSERT INTO person (number, name, protected) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING")
                .bind(person.number)
                .bind(person.name())
                .bind(i64::from(person.circumstance == Circumstance::ProtectedIdentity))
                .execute(&mut *tx)
                .await?;
        }
        for company in people::COMPANIES {
            sqlx::query(
                "INSERT INTO company (number, name, form, signing_rule) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
            )
            .bind(company.number)
            .bind(company.name)
            .bind(company.form)
            .bind(rule_text(company.rule))
            .execute(&mut *tx)
            .await?;
            for person in company.signatories {
                sqlx::query("INSERT INTO signatory (company, person) VALUES ($1, $2) ON CONFLICT DO NOTHING")
                    .bind(company.number)
                    .bind(*person)
                    .execute(&mut *tx)
                    .await?;
            }
            for (person, role) in company.roles {
                sqlx::query(
                    "INSERT INTO role_holder (company, person, role) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
                )
                .bind(company.number)
                .bind(*person)
                .bind(*role)
                .execute(&mut *tx)
                .await?;
            }
        }
        for sender in people::SENDERS {
            sqlx::query("INSERT INTO sender (number, name) VALUES ($1, $2) ON CONFLICT DO NOTHING")
                .bind(sender.number)
                .bind(sender.name)
                .execute(&mut *tx)
                .await?;
        }
        for sender in people::SENDERS {
            for mediated in std::iter::once(&sender.number).chain(sender.mediates_for) {
                sqlx::query("INSERT INTO mediation (mediator, sender) VALUES ($1, $2) ON CONFLICT DO NOTHING")
                    .bind(sender.number)
                    .bind(*mediated)
                    .execute(&mut *tx)
                    .await?;
            }
        }
        let operators = [
            (people::THIS_OPERATOR, service_address, Some(page_address)),
            (people::ANOTHER_OPERATOR, "https://grannpost.invalid/service/v3", None),
        ];
        for (operator, service, page) in operators {
            // Addresses follow the configuration, so they are written every time.
            sqlx::query(
                "INSERT INTO operator (number, name, domain, service_address, page_address) VALUES ($1, $2, $3, $4, $5) \
                 ON CONFLICT (number) DO UPDATE SET service_address = excluded.service_address, page_address = excluded.page_address",
            )
            .bind(operator.number)
            .bind(operator.name)
            .bind(operator.domain)
            .bind(service)
            .bind(page)
            .execute(&mut *tx)
            .await?;
        }
        let first = sqlx::query("INSERT INTO seeded (what) VALUES ('accounts') ON CONFLICT DO NOTHING")
            .execute(&mut *tx)
            .await?
            .rows_affected()
            == 1;
        if first {
            for person in people::PERSONS {
                let operator = match person.circumstance {
                    Circumstance::MailboxHere => people::OPERATOR,
                    Circumstance::MailboxElsewhere => people::OTHER_OPERATOR,
                    _ => continue,
                };
                sqlx::query("INSERT INTO account (recipient, operator, registered_at) VALUES ($1, $2, $3)")
                    .bind(person.number)
                    .bind(operator)
                    .bind(micros(now))
                    .execute(&mut *tx)
                    .await?;
            }
        }
        tx.commit().await?;
        Ok(())
    }

    /// Moves this operator's service to another address: a test gives it the port that it got.
    pub async fn set_operator_address(&self, service_address: &str) -> Result<(), StoreError> {
        sqlx::query("UPDATE operator SET service_address = $1 WHERE number = $2")
            .bind(service_address)
            .bind(people::OPERATOR)
            .execute(&self.0)
            .await?;
        Ok(())
    }

    /// A person signs for a company no more, as when somebody leaves a board. For tests.
    pub async fn remove_signatory(
        &self,
        company: OrganisationNumber,
        person: PersonalNumber,
    ) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM signatory WHERE company = $1 AND person = $2")
            .bind(company.to_string())
            .bind(person.to_string())
            .execute(&self.0)
            .await?;
        Ok(())
    }

    /// Loses every account, as a register that has to be restored. For tests.
    pub async fn forget_accounts(&self) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM account").execute(&self.0).await?;
        Ok(())
    }

    /// Puts more senders in, each its own mediator. For load and tests.
    pub async fn add_senders(
        &self,
        senders: impl IntoIterator<Item = (OrganisationNumber, String)>,
    ) -> Result<(), StoreError> {
        let mut tx = self.0.begin_with("BEGIN IMMEDIATE").await?;
        for (number, name) in senders {
            sqlx::query("INSERT INTO sender (number, name) VALUES ($1, $2) ON CONFLICT DO NOTHING")
                .bind(number.to_string())
                .bind(name)
                .execute(&mut *tx)
                .await?;
            sqlx::query("INSERT INTO mediation (mediator, sender) VALUES ($1, $1) ON CONFLICT DO NOTHING")
                .bind(number.to_string())
                .execute(&mut *tx)
                .await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// Puts residents in, each with a mailbox at `operator` when one is named. For load and tests.
    pub async fn add_residents(
        &self,
        numbers: impl IntoIterator<Item = PersonalNumber>,
        operator: Option<OrganisationNumber>,
        now: OffsetDateTime,
    ) -> Result<(), StoreError> {
        let mut tx = self.0.begin_with("BEGIN IMMEDIATE").await?;
        for number in numbers {
            sqlx::query(
                "INSERT INTO person (number, name) VALUES ($1, 'Invånare (demonstration)') ON CONFLICT DO NOTHING",
            )
            .bind(number.to_string())
            .execute(&mut *tx)
            .await?;
            if let Some(operator) = operator {
                sqlx::query("INSERT INTO account (recipient, operator, registered_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING")
                    .bind(number.to_string())
                    .bind(operator.to_string())
                    .bind(micros(now))
                    .execute(&mut *tx)
                    .await?;
            }
        }
        tx.commit().await?;
        Ok(())
    }
}
