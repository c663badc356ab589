//! Leaving: how long a mailbox can be read after it has been ended, and which answers about many holders are believed.

use time::{Duration, OffsetDateTime};

/// How long a mailbox that has been ended can be read, and opened again.
pub const READABLE_FOR: Duration = Duration::days(30);

/// So many leavers at once are always believed.
const FEW: usize = 20;

/// Whether it is believed that `left` of `asked` holders have gone since they were last asked about. A register that has lost its
/// memory says that everybody has: then nobody is closed, and somebody must look.
pub fn is_believed(asked: usize, left: usize) -> bool {
    left <= FEW || left.saturating_mul(10) <= asked
}

/// When the key of a mailbox that is ended now is destroyed.
pub fn destroyed_at(now: OffsetDateTime) -> OffsetDateTime {
    now + READABLE_FOR
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_register_that_has_forgotten_everybody_is_not_believed() {
        assert!(is_believed(3, 3), "a small house may empty");
        assert!(is_believed(1000, 100));
        assert!(!is_believed(1000, 101));
        assert!(!is_believed(21, 21));
        assert!(is_believed(1000, 20));
    }
}
