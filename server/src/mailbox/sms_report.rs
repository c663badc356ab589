//! What the text message gateway says of a notice that it took: that it is in the phone, or that it will not come there. Then the notice has
//! failed after all, the number may be nobody's, and the second way is taken, as when the call itself had failed.

use super::MailboxError;
use crate::domain::calendar::day_in_sweden;
use crate::domain::day_figure::DayFigure;
use crate::domain::sms_report::{Report, Why, why};
use crate::house::House;
use crate::outbox::report_path::Handed;
use crate::outbox::tried::{HandedOver, counted};
use crate::store;
use crate::store::notice::NoticeState;

/// What a number is marked with that nobody has.
const NOBODYS: &str = "unknown-subscriber";

/// What came of taking one in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// The notice is known to be in the phone.
    Arrived,
    /// The notice is marked as failed, and its number as broken if it takes nothing for good.
    Failed {
        /// The number is marked.
        for_good: bool,
    },
    /// Its fate was known, or the report says nothing of it: nothing has changed.
    NothingNew,
    /// The report is quicker than our own note that the message was taken: it should come once more.
    TooEarly,
}

/// Takes in a report on a try of ours.
///
/// That a message is in the phone counts whichever try it was, and ends the others. That it failed counts for the try that the notice was
/// last known by: of an earlier one it says nothing new.
pub async fn take_in(house: &House, handed: Handed, report: &Report) -> Result<Taken, MailboxError> {
    let attempt = i64::from(handed.attempt);
    let mut tx = house.db.begin().await?;
    let Some(notice) = HandedOver::find(&mut tx, house, handed.notice).await? else {
        return Ok(Taken::NothingNew);
    };
    let row = &notice.row;
    let taken = match report {
        Report::OnItsWay => Taken::NothingNew,
        Report::Delivered { at } => {
            let now = house.clock.now();
            // A gateway's clock is its own: what it says is kept only where it can be true.
            let at = at.filter(|at| (row.at..=now).contains(at)).unwrap_or(now);
            let attempts = row.attempts.max(attempt);
            if !store::notice::arrive(&mut tx, notice.mailbox_id, row.id, attempts, at).await? {
                return Ok(Taken::NothingNew);
            }
            counted(row, "arrived");
            let day = day_in_sweden(now);
            house.tally.count(day, DayFigure::NoticesArrived, 1, notice.mailbox_id);
            Taken::Arrived
        }
        Report::Failed { .. } if row.state == NoticeState::Waiting && attempt > row.attempts => Taken::TooEarly,
        Report::Failed { .. } if row.state != NoticeState::Sent || attempt != row.attempts => Taken::NothingNew,
        Report::Failed { reason } => {
            let for_good = reason.as_deref().and_then(why) == Some(Why::NoSuchNumber);
            // What the gateway wrote may name the number; it is kept sealed, as the answer.
            let number = for_good.then(|| NOBODYS.to_owned());
            if !notice.failed(&mut tx, house, number, reason.clone()).await? {
                return Ok(Taken::NothingNew);
            }
            Taken::Failed { for_good }
        }
    };
    tx.commit().await?;
    house.bell.notify_one();
    Ok(taken)
}
