//! What is counted by the day for the staff's figures.

use super::named::named;
use time::Duration;

/// Something that is counted by the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DayFigure {
    /// Mailboxes that are open.
    Mailboxes,
    /// Letters that senders have delivered.
    Letters,
    /// Of the letters of that day, those that were opened within a day.
    OpenedInDay,
    /// Of the letters of that day, those that were opened within a week.
    OpenedInWeek,
    /// Notices that the other side has taken.
    NoticesSent,
    /// Notices that are known to be in somebody's phone.
    NoticesArrived,
    /// Notices that were given up, refused, or came back.
    NoticesFailed,
    /// Notices whose letters had been read before they were sent.
    NoticesNotNeeded,
    /// Searches answered within a tenth of a second.
    SearchesTenth,
    /// Searches answered within half a second, but not a tenth.
    SearchesHalf,
    /// Searches answered within two seconds, but not half of one.
    SearchesTwo,
    /// Searches that took longer.
    SearchesLonger,
}

const NAMES: &[(DayFigure, &str)] = &[
    (DayFigure::Mailboxes, "mailboxes"),
    (DayFigure::Letters, "letters"),
    (DayFigure::OpenedInDay, "opened-in-day"),
    (DayFigure::OpenedInWeek, "opened-in-week"),
    (DayFigure::NoticesSent, "notices-sent"),
    (DayFigure::NoticesArrived, "notices-arrived"),
    (DayFigure::NoticesFailed, "notices-failed"),
    (DayFigure::NoticesNotNeeded, "notices-not-needed"),
    (DayFigure::SearchesTenth, "searches-within-100-ms"),
    (DayFigure::SearchesHalf, "searches-within-500-ms"),
    (DayFigure::SearchesTwo, "searches-within-2-s"),
    (DayFigure::SearchesLonger, "searches-longer"),
];

named!(DayFigure, NAMES);

impl DayFigure {
    /// Every figure, in the order they are shown in.
    pub fn all() -> impl Iterator<Item = Self> {
        NAMES.iter().map(|(figure, _)| *figure)
    }

    /// What a letter that is opened for the first time so long after it came counts as.
    pub fn of_opening(after: Duration) -> impl Iterator<Item = Self> {
        let figures = [(Self::OpenedInDay, Duration::DAY), (Self::OpenedInWeek, Duration::WEEK)];
        figures
            .into_iter()
            .filter(move |(_, within)| after <= *within)
            .map(|(figure, _)| figure)
    }

    /// What a search that took so many milliseconds counts as.
    pub fn of_search(milliseconds: u128) -> Self {
        match milliseconds {
            0..=100 => Self::SearchesTenth,
            101..=500 => Self::SearchesHalf,
            501..=2_000 => Self::SearchesTwo,
            _ => Self::SearchesLonger,
        }
    }

    /// How long after its day it can still grow; nothing of what ends with the day.
    pub fn grows_for(self) -> Option<Duration> {
        match self {
            Self::OpenedInDay => Some(Duration::DAY),
            Self::OpenedInWeek => Some(Duration::WEEK),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_opening_counts_within_its_time() {
        let of = |after| DayFigure::of_opening(after).collect::<Vec<_>>();
        assert_eq!(of(Duration::HOUR), [DayFigure::OpenedInDay, DayFigure::OpenedInWeek]);
        assert_eq!(of(Duration::DAY + Duration::SECOND), [DayFigure::OpenedInWeek]);
        assert!(of(Duration::WEEK + Duration::SECOND).is_empty());
    }

    #[test]
    fn a_search_counts_once() {
        let of = |milliseconds| DayFigure::of_search(milliseconds).as_str();
        assert_eq!(of(0), "searches-within-100-ms");
        assert_eq!(of(101), "searches-within-500-ms");
        assert_eq!(of(2_000), "searches-within-2-s");
        assert_eq!(of(60_000), "searches-longer");
    }
}
