//! Mail that came back: the notice has failed after all, the address may be dead, and the second way is taken.

use super::MailboxError;
use crate::domain::bounce::{Action, Bounce, Status};
use crate::house::House;
use crate::outbox::return_path::notice_of;
use crate::outbox::tried::HandedOver;
use crate::store::notice::NoticeState;

/// What came of taking one in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Taken {
    /// The notice is marked as failed, and its address as broken if it takes nothing for good.
    Failed {
        /// The address is marked.
        for_good: bool,
    },
    /// It is only late, or was known to have failed: nothing has changed.
    NothingNew,
    /// It was sent to none of our return paths: forged, or for somebody else.
    NotOurs,
}

/// Takes in a notification. `given` is the address that it was delivered to, when the mail server says so; else its headers tell.
pub async fn take_in(house: &House, bounce: &Bounce, given: Option<&str>) -> Result<Taken, MailboxError> {
    let addresses = given.into_iter().chain(bounce.sent_to.iter().map(String::as_str));
    let Some(notice) = addresses.into_iter().find_map(|address| notice_of(house, address)) else {
        return Ok(Taken::NotOurs);
    };
    let failed = bounce.statuses.iter().find(|status| status.action == Action::Failed);
    let mut tx = house.db.begin().await?;
    let Some(notice) = HandedOver::find(&mut tx, house, notice).await? else {
        return Ok(Taken::NotOurs);
    };
    let Some(failed) = failed else {
        return Ok(Taken::NothingNew);
    };
    if notice.row.state != NoticeState::Sent {
        return Ok(Taken::NothingNew);
    }
    let number = failed.for_good();
    let for_good = number.is_some();
    if !notice.failed(&mut tx, house, number, Some(words(failed))).await? {
        return Ok(Taken::NothingNew);
    }
    tx.commit().await?;
    house.bell.notify_one();
    Ok(Taken::Failed { for_good })
}

/// For the person's own list, not longer than anybody reads.
fn words(status: &Status) -> String {
    let told = status.diagnostic.as_deref().unwrap_or(&status.status);
    told.chars().filter(|c| !c.is_control()).take(200).collect()
}
