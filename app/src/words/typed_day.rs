//! Days that somebody asks for: what was typed is kept, and what is no day is told, never passed over.

use super::Due;

/// A day as it was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct TypedDay(String);

/// What is wrong with a day that was typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum WrongDay {
    /// There is no such day, or it is no day at all.
    NotADay,
    /// The days that were asked for end before they begin.
    Backwards,
}

impl TypedDay {
    /// What stands in the address.
    pub(crate) fn of(value: Option<String>) -> Self {
        Self(value.unwrap_or_default().trim().to_owned())
    }

    /// As it was typed.
    pub(crate) fn text(&self) -> &str {
        &self.0
    }

    /// The day, `YYYY-MM-DD` as a browser sends it.
    pub(crate) fn day(&self) -> Option<String> {
        let is_day = self.0.len() == 10 && Due::parse(&self.0).is_some();
        is_day.then(|| self.0.clone())
    }

    /// What is wrong with it by itself: an empty field asks for no day.
    pub(crate) fn wrong(&self) -> Option<WrongDay> {
        (!self.0.is_empty() && self.day().is_none()).then_some(WrongDay::NotADay)
    }

    /// What is wrong with it as the last of some days that begin with `first`.
    pub(crate) fn wrong_after(&self, first: &Self) -> Option<WrongDay> {
        // Days in this form sort as text.
        let backwards = first.day().zip(self.day()).is_some_and(|(first, last)| first > last);
        self.wrong().or(backwards.then_some(WrongDay::Backwards))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(text: &str) -> TypedDay {
        TypedDay::of(Some(text.to_owned()))
    }

    #[test]
    fn what_is_no_day_is_wrong_and_kept() {
        for text in ["2026-02-31", "i går", "2026-2-1", "20260201", "2026-02-01T10"] {
            assert_eq!(typed(text).wrong(), Some(WrongDay::NotADay), "{text}");
            assert_eq!(typed(text).text(), text);
            assert_eq!(typed(text).day(), None);
        }
        assert_eq!(typed(" 2028-02-29 ").day().as_deref(), Some("2028-02-29"));
        assert_eq!(TypedDay::of(None).wrong(), None);
        assert_eq!(typed("  ").wrong(), None);
    }

    #[test]
    fn days_do_not_end_before_they_begin() {
        let (early, late) = (typed("2025-12-31"), typed("2026-01-01"));
        assert_eq!(late.wrong_after(&early), None);
        assert_eq!(early.wrong_after(&early), None);
        assert_eq!(early.wrong_after(&late), Some(WrongDay::Backwards));
        assert_eq!(early.wrong_after(&typed("snart")), None);
        assert_eq!(typed("snart").wrong_after(&late), Some(WrongDay::NotADay));
    }
}
