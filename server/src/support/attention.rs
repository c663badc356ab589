//! What needs somebody's attention: figures for the first page, each for those whose it is.

use super::SupportError;
use super::access::OnDuty;
use crate::domain::staff::StaffAct;
use crate::domain::text::Kind;
use crate::house::House;
use crate::store;
use time::OffsetDateTime;

/// Looks are counted up to this.
const MOST_LOOKS: i64 = 100;

/// What there is, by what somebody may do; nothing of what is not theirs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Attention {
    /// Jobs that were given up.
    pub given_up: Option<u64>,
    /// Jobs that failed and are tried again.
    pub again: Option<u64>,
    /// Jobs that should have run, and since when the first of them.
    pub late: Option<(u64, Option<OffsetDateTime>)>,
    /// Opinions that nobody has taken care of.
    pub opinions: Option<u64>,
    /// Banners that are shown now.
    pub banners: Option<u64>,
    /// Looks of others that wait for a second.
    pub looks: Option<u64>,
    /// Rows of the audit log.
    pub audited: Option<u64>,
}

/// The figures. They name nothing and nobody, so nothing is written of their being read.
pub async fn attention(house: &House, duty: &OnDuty) -> Result<Attention, SupportError> {
    let now = house.clock.now();
    let counted = |count: i64| u64::try_from(count).unwrap_or(0);
    let mut tx = house.db.read().await?;
    let mut found = Attention::default();
    if duty.may(StaffAct::SeeQueue) {
        let (mut given_up, mut ready) = (0, 0);
        for jobs in store::job::counts(&mut tx).await? {
            if jobs.state == "failed" {
                given_up += jobs.count;
            } else {
                ready += jobs.count;
            }
        }
        found.given_up = Some(counted(given_up));
        found.again = Some(counted(store::job::count_again(&mut tx).await?));
        let (late, since) = if ready > 0 {
            store::job::late(&mut tx, now).await?
        } else {
            (0, None)
        };
        found.late = Some((counted(late), since));
    }
    if duty.may(StaffAct::ReadFeedback) {
        found.opinions = Some(counted(store::feedback::count_new(&mut tx).await?));
    }
    if duty.may(StaffAct::SeeTexts) {
        let banners = store::text::shown(&mut tx, Kind::Banner.as_str(), now).await?;
        let swedish = banners.iter().filter(|banner| banner.language == "sv").count();
        found.banners = Some(u64::try_from(swedish).unwrap_or(0));
    }
    if duty.may(StaffAct::SecondLook) {
        let looks = store::look::waiting(&mut tx, duty.id(), now, MOST_LOOKS).await?;
        found.looks = u64::try_from(looks.len()).ok();
    }
    if duty.may(StaffAct::ReadAudit) {
        let length = store::audit::head(&mut tx).await?.map_or(0, |head| head.length);
        found.audited = Some(counted(length));
    }
    Ok(found)
}
