//! Whatever happens: every unread letter that is to be told of has been told of, waits for its time, or has visibly failed.

use super::post::{ADDRESS, MOBILE, Post};
use server::domain::channel::Channel::{Email, Sms};
use server::domain::notice_rules::{Hour, Quiet, Rules, When};
use server::mailbox::notice_log::notices;
use server::store;
use server::store::notice::NoticeState;
use time::Duration;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// What an engineer's dice do: good enough to mix, the same each time (Numerical Recipes' constants).
struct Dice(u32);

impl Dice {
    fn roll(&mut self, sides: u32) -> u32 {
        self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (self.0 >> 16) % sides
    }
}

fn some_rules(dice: &mut Dice) -> impl FnOnce(&mut Rules) + Send {
    let whens = [When::AtOnce, When::Daily, When::Weekly, When::Never];
    let (sms, quiet, free_days) = (dice.roll(4), dice.roll(2) == 0, dice.roll(2) == 0);
    // One way is always on, so that each letter is to be told of.
    let email = dice.roll(3);
    move |rules| {
        let when = |at: u32| whens[usize::try_from(at).unwrap()];
        (rules.usual.email, rules.usual.sms) = (when(email), when(sms));
        let hour = |hour| Hour::try_from(hour).unwrap();
        rules.quiet = quiet.then(|| Quiet::new(hour(20), hour(8))).flatten();
        rules.free_days = free_days;
    }
}

/// Where a letter is on its way: told of, waiting, failed in sight; not at all is what must never be.
async fn is_accounted_for(post: &Post, letter: Uuid) -> bool {
    let mut tx = post.house.db.read().await.unwrap();
    let waits = store::notice_rules::all_waiting(&mut tx, post.mailbox).await.unwrap();
    if waits.iter().any(|row| row.letter_id == letter) {
        return true;
    }
    let mut before = None;
    loop {
        let (page, next) = notices(&post.house, &post.tolvan, None, before).await.unwrap();
        for logged in page {
            let told = store::notice::letters(&mut tx, post.mailbox, logged.row.id)
                .await
                .unwrap();
            if told.contains(&letter) && logged.row.state != NoticeState::NotNeeded {
                return true;
            }
        }
        match next {
            Some(next) => before = Some(next),
            None => return false,
        }
    }
}

async fn a_hard_month(post: &Post, seed: u32) {
    let mut dice = Dice(seed);
    let (mut unread, away, stop) = (Vec::new(), post.worker_without_mail(), CancellationToken::new());
    for step in 0..60 {
        match dice.roll(10) {
            0..=3 => unread.push(post.letter("Kommun A", "Ett brev").await),
            4 => {
                away.run_due(&stop).await.unwrap();
            }
            5 => post.rule(some_rules(&mut dice)).await,
            6 if !unread.is_empty() => {
                let at = usize::try_from(dice.roll(u32::try_from(unread.len()).unwrap())).unwrap();
                post.read(unread.swap_remove(at)).await;
            }
            _ => post.after(Duration::minutes(i64::from(dice.roll(1500)))).await,
        }
        // What has been committed and not yet been looked at has a job.
        away.run_due(&stop).await.unwrap();
        for letter in &unread {
            assert!(
                is_accounted_for(post, *letter).await,
                "seed {seed}, step {step}: {letter} is lost"
            );
        }
    }
    // The servers are there, and the longest wait is over: everything has arrived.
    for _ in 0..20 {
        post.after(Duration::days(1)).await;
    }
    let mut tx = post.house.db.read().await.unwrap();
    assert!(
        store::notice_rules::all_waiting(&mut tx, post.mailbox)
            .await
            .unwrap()
            .is_empty()
    );
}

on_both_databases! {
    async fn no_letter_is_lost_in_a_hard_month(post: Post) {
        post.reached_at(Email, ADDRESS).await;
        post.reached_at(Sms, MOBILE).await;
        for seed in 1..=3 {
            a_hard_month(&post, seed).await;
        }
    }
}
