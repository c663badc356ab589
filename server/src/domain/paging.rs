//! Pages of a list, each beginning after the last row of the one before.

/// Rows to ask for: one more than fits tells whether there is a next page.
pub fn one_more(fits: usize) -> i64 {
    i64::try_from(fits).map_or(i64::MAX, |fits| fits.saturating_add(1))
}

/// What fits, and where the next page begins when there is more.
pub fn cut<T, K>(mut rows: Vec<T>, fits: usize, begins: impl FnOnce(&T) -> K) -> (Vec<T>, Option<K>) {
    let more = rows.len() > fits;
    rows.truncate(fits);
    let next = rows.last().filter(|_| more).map(begins);
    (rows, next)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_has_what_fits_and_tells_of_more_only_when_there_is() {
        let cut_at_two = |rows: &[u8]| cut(rows.to_vec(), 2, |last| *last);
        assert_eq!(cut_at_two(&[]), (vec![], None));
        assert_eq!(cut_at_two(&[7, 5]), (vec![7, 5], None));
        assert_eq!(cut_at_two(&[7, 5, 3]), (vec![7, 5], Some(5)));
        assert_eq!((one_more(2), one_more(usize::MAX)), (3, i64::MAX));
    }
}
