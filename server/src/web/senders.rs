//! The port of senders and certificates, kept by this server for one of the staff.

use super::staff::{OnDutyHere, count, maybe, number_told, refused};
use crate::domain::calendar::day_in_sweden;
use crate::domain::certificate::{Nearness, Purpose, SeenAs, days_left};
use crate::domain::holder_number::written;
use crate::domain::sender_figure::SenderFigure;
use crate::domain::staff::StaffAct;
use crate::domain::visible::visible;
use crate::store::seen_certificate::SeenRow;
use crate::support::certificates::{self, After, Held};
use crate::support::senders::{self, Failure, Freshness, Listed, Which};
use app::ports::{
    CertificateEnd, CertificateNearness, CertificateSeen, CertificateUse, CertificatesPage, HeldCertificate,
    ListFreshness, Organisation, OrganisationList, OrganisationQuery, OrganisationRow, PortError, SeenCertificate,
    SenderFailure, SenderNumber, SendersRoom,
};
use async_trait::async_trait;
use contracts::identifier::OrganisationNumber;
use time::OffsetDateTime;

/// Bytes of a fingerprint that are shown.
const SHOWN: usize = 8;

#[async_trait]
impl SendersRoom for OnDutyHere {
    async fn organisations(&self, query: OrganisationQuery) -> Result<OrganisationList, PortError> {
        let which = if query.mediators {
            Which::Mediators
        } else {
            Which::Senders
        };
        let after = query.after.and_then(|after| after.parse().ok());
        let wanted = (which, query.wanted.as_str());
        let list = senders::list(&self.house, &self.staff.duty, &self.senders, wanted, after)
            .await
            .map_err(refused)?;
        Ok(OrganisationList {
            rows: list.rows.into_iter().map(row).collect(),
            next: list.next.map(|next| next.to_string()),
            found: whole(list.found),
            freshness: freshness(list.freshness),
        })
    }

    async fn organisation(&self, number: String, before: Option<String>) -> Result<Organisation, PortError> {
        let duty = &self.staff.duty;
        let found = senders::see(&self.house, duty, &self.senders, number.parse().ok(), maybe(before))
            .await
            .map_err(refused)?
            .ok_or(PortError::NotFound)?;
        let now = self.house.clock.now();
        let series = found.days.series.into_iter();
        Ok(Organisation {
            row: row(Listed {
                number: found.number,
                name: found.name.unwrap_or_default(),
                sends_for: found.sends_for,
            }),
            approved: found.approved,
            mediators: found.mediators.into_iter().map(mediator).collect(),
            freshness: freshness(found.freshness),
            days: found.days.days,
            series: series
                .map(|(figure, told)| (kind(figure), told.into_iter().map(number_told).collect()))
                .collect(),
            codes: found
                .days
                .codes
                .into_iter()
                .map(|(code, total)| (code, count(total)))
                .collect(),
            failures: found.failures.into_iter().map(failure).collect(),
            next: found.next.map(|next| next.to_string()),
            certificates: found.certificates.into_iter().map(|one| seen(one, now)).collect(),
            may_export: duty.may(StaffAct::ExportSender),
        })
    }

    async fn certificates(&self, after: Option<String>) -> Result<CertificatesPage, PortError> {
        let after = after.as_deref().and_then(read_after);
        let first = after.is_none();
        let found = certificates::look(&self.house, &self.staff.duty, &self.certificates, after)
            .await
            .map_err(refused)?;
        let now = self.house.clock.now();
        Ok(CertificatesPage {
            held: found.held.into_iter().map(|one| held(one, now)).collect(),
            seen: found.seen.into_iter().map(|one| seen(one, now)).collect(),
            next: found.next.as_ref().map(write_after),
            first,
        })
    }
}

/// Where the next page begins, in an address.
fn write_after(after: &After) -> String {
    let ends_at = crate::db::micros(after.ends_at);
    format!("{ends_at}.{}.{}", hex::encode(&after.fingerprint), after.seen_as)
}

fn read_after(text: &str) -> Option<After> {
    let mut parts = text.splitn(3, '.');
    Some(After {
        ends_at: crate::db::from_micros(parts.next()?.parse().ok()?),
        fingerprint: hex::decode(parts.next()?).ok()?,
        seen_as: parts.next()?.parse::<SeenAs>().ok()?.as_str().to_owned(),
    })
}

fn whole(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}

fn row(listed: Listed) -> OrganisationRow {
    OrganisationRow {
        number: listed.number.to_string(),
        shown: written(&listed.number.to_string()),
        name: visible(&listed.name),
        sends_for: listed.sends_for.map(whole),
    }
}

fn mediator((number, name): (OrganisationNumber, String)) -> OrganisationRow {
    row(Listed {
        number,
        name,
        sends_for: None,
    })
}

fn freshness(freshness: Freshness) -> ListFreshness {
    ListFreshness {
        fetched_at: freshness.fetched_at,
        fresh: freshness.fresh,
    }
}

fn kind(figure: SenderFigure) -> SenderNumber {
    match figure {
        SenderFigure::Received => SenderNumber::Received,
        SenderFigure::NotHere => SenderNumber::NotHere,
        SenderFigure::Refused => SenderNumber::Refused,
        SenderFigure::Failed => SenderNumber::Failed,
        SenderFigure::Unread => SenderNumber::Unread,
    }
}

fn failure(failure: Failure) -> SenderFailure {
    SenderFailure {
        at: failure.at,
        call_id: failure.call_id.to_string(),
        code: failure.code,
        ours: failure.ours,
    }
}

fn end(at: OffsetDateTime, now: OffsetDateTime) -> CertificateEnd {
    CertificateEnd {
        at,
        days: days_left(at, now),
        nearness: match Nearness::of(at, now) {
            Nearness::Far => CertificateNearness::Far,
            Nearness::Warning => CertificateNearness::Warning,
            Nearness::Alarm => CertificateNearness::Alarm,
            Nearness::Over => CertificateNearness::Over,
        },
    }
}

fn held(held: Held, now: OffsetDateTime) -> HeldCertificate {
    HeldCertificate {
        purpose: match held.purpose {
            Purpose::Service => CertificateUse::Service,
            Purpose::Register => CertificateUse::Register,
            Purpose::LoginSigning => CertificateUse::LoginSigning,
            Purpose::LoginEncryption => CertificateUse::LoginEncryption,
            Purpose::ConnectionAuthority => CertificateUse::ConnectionAuthority,
            Purpose::SigningAuthority => CertificateUse::SigningAuthority,
            Purpose::RegisterAuthority => CertificateUse::RegisterAuthority,
            Purpose::IdentityProvider => CertificateUse::IdentityProvider,
        },
        subject: visible(&held.subject),
        issuer: visible(&held.issuer),
        end: held.ends_at.map(|at| end(at, now)),
    }
}

fn seen(row: SeenRow, now: OffsetDateTime) -> SeenCertificate {
    let fingerprint = row.fingerprint.get(..SHOWN).unwrap_or_default();
    SeenCertificate {
        subject: visible(&row.subject),
        issuer: visible(&row.issuer),
        organisation: Some(row.organisation)
            .filter(|number| !number.is_empty())
            .map(|number| (number.clone(), written(&number))),
        fingerprint: hex::encode(fingerprint),
        seen: match row.seen_as {
            SeenAs::Connection => CertificateSeen::Connection,
            SeenAs::Signature => CertificateSeen::Signature,
            SeenAs::Seal => CertificateSeen::Seal,
        },
        end: end(row.ends_at, now),
        first_seen: day_in_sweden(row.first_seen),
        last_seen: day_in_sweden(row.last_seen),
    }
}
