//! Many deliveries, one commit.
//!
//! A durable commit costs a wait for the disk, whether it holds one row or a thousand. One writer task therefore takes
//! every delivery that waits at the moment, gives each a savepoint of its own, commits once and then answers them all.
//! It never waits for more to come: alone, a delivery is committed at once.

use crate::db::{Db, DbError, Tx};
use async_trait::async_trait;
use futures::FutureExt as _;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// What is written, and how.
#[async_trait]
pub trait Entry: Send + Sync + 'static {
    /// What is brought to the writer. Everything slow is done before: the writer only runs statements.
    type Item: Send + 'static;
    /// What the statements found.
    type Outcome: Send + 'static;
    /// Why one item could not be written, while the others could.
    type Error: Send + 'static;

    /// Items are written in this order, so that two processes that lock the same rows do it in the same order.
    type Order: Ord;

    /// Writes one item. What it wrote is undone when it fails.
    async fn put(&self, tx: &mut Tx, item: Self::Item) -> Result<Self::Outcome, Self::Error>;

    /// The place of an item in its batch.
    fn order(item: &Self::Item) -> Self::Order;

    /// Called when a batch is on disk, before its answers go out.
    fn committed(&self);
}

/// Why an item is not stored.
#[derive(Clone, Debug, thiserror::Error)]
pub enum CommitError<E> {
    /// This item alone was refused.
    #[error("not written")]
    Item(E),
    /// The whole batch failed; nothing of it is stored.
    #[error("batch not committed: {0}")]
    Batch(Arc<DbError>),
    /// The writer has stopped, or broke off.
    #[error("the writer has stopped")]
    Stopped,
}

/// The way to the writer. Cheap to clone.
pub struct GroupCommit<W: Entry> {
    queue: mpsc::Sender<Waiting<W>>,
}

impl<W: Entry> Clone for GroupCommit<W> {
    fn clone(&self) -> Self {
        Self {
            queue: self.queue.clone(),
        }
    }
}

impl<W: Entry> std::fmt::Debug for GroupCommit<W> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("GroupCommit")
    }
}

/// The writer task, to wait for at the end.
#[derive(Debug)]
pub struct Writer {
    stop: CancellationToken,
    task: JoinHandle<()>,
}

impl Writer {
    /// Takes nothing more, writes everything that waits, and returns when the last of it is on disk.
    pub async fn finish(self) {
        self.stop.cancel();
        if self.task.await.is_err() {
            tracing::error!("the writer of deliveries broke off");
        }
    }
}

struct Waiting<W: Entry> {
    item: W::Item,
    answer: Answer<W>,
}

type Answer<W> = oneshot::Sender<Result<<W as Entry>::Outcome, CommitError<<W as Entry>::Error>>>;

impl<W: Entry> GroupCommit<W> {
    /// Starts the writer: at most `most` items a commit, at most `queue` that wait.
    pub fn start(db: Db, entry: W, most: usize, queue: usize) -> (Self, Writer) {
        let (sender, waiting) = mpsc::channel(queue.max(1));
        let stop = CancellationToken::new();
        let run = Run {
            db,
            entry,
            most: most.max(1),
            waiting,
        };
        let task = tokio::spawn(run.until(stop.clone()));
        (Self { queue: sender }, Writer { stop, task })
    }

    /// Brings `item` to the writer and waits until it is on disk, or known not to be.
    pub async fn put(&self, item: W::Item) -> Result<W::Outcome, CommitError<W::Error>> {
        let (answer, outcome) = oneshot::channel();
        let waiting = Waiting { item, answer };
        self.queue.send(waiting).await.map_err(|_| CommitError::Stopped)?;
        outcome.await.map_err(|_| CommitError::Stopped)?
    }
}

struct Run<W: Entry> {
    db: Db,
    entry: W,
    most: usize,
    waiting: mpsc::Receiver<Waiting<W>>,
}

impl<W: Entry> Run<W> {
    async fn until(mut self, stop: CancellationToken) {
        while let Some(batch) = self.next(&stop).await {
            // A bug in one delivery must not end the intake for good: the batch is rolled back and its senders told.
            if AssertUnwindSafe(self.write(batch)).catch_unwind().await.is_err() {
                tracing::error!("a batch of deliveries broke off; nothing of it is stored");
            }
        }
    }

    /// What waits now, or the first that comes. `None`: stopped, and everything is written.
    async fn next(&mut self, stop: &CancellationToken) -> Option<Vec<Waiting<W>>> {
        let mut batch = Vec::new();
        if stop.is_cancelled() {
            self.waiting.close();
        }
        while batch.len() < self.most
            && let Ok(waiting) = self.waiting.try_recv()
        {
            batch.push(waiting);
        }
        if batch.is_empty() {
            let closed = self.waiting.is_closed();
            tokio::select! {
                _ = self.waiting.recv_many(&mut batch, self.most) => {}
                () = stop.cancelled(), if !closed => {
                    self.waiting.close();
                    self.waiting.recv_many(&mut batch, self.most).await;
                }
            }
        }
        (!batch.is_empty()).then_some(batch)
    }

    async fn write(&self, mut batch: Vec<Waiting<W>>) {
        batch.sort_by_key(|waiting| W::order(&waiting.item));
        #[expect(clippy::cast_precision_loss, reason = "a batch is some hundred at most")]
        metrics::histogram!("brevlada_intake_batch_letters").record(batch.len() as f64);
        let (items, answers): (Vec<_>, Vec<_>) = batch.into_iter().map(|one| (one.item, one.answer)).unzip();
        // Nobody may listen any more: a sender that hung up asks again, and is told of a duplicate.
        match self.commit(items).await {
            Ok(results) => {
                self.entry.committed();
                for (answer, result) in answers.into_iter().zip(results) {
                    drop(answer.send(result.map_err(CommitError::Item)));
                }
            }
            Err(error) => {
                let error = Arc::new(error);
                for answer in answers {
                    drop(answer.send(Err(CommitError::Batch(error.clone()))));
                }
            }
        }
    }

    async fn commit(&self, items: Vec<W::Item>) -> Result<Vec<Result<W::Outcome, W::Error>>, DbError> {
        let mut results = Vec::with_capacity(items.len());
        let mut tx = self.db.begin().await?;
        for item in items {
            tx.savepoint().await?;
            let result = self.entry.put(&mut tx, item).await;
            match &result {
                Ok(_) => tx.release().await?,
                Err(_) => tx.rollback_to_savepoint().await?,
            }
            results.push(result);
        }
        tx.commit().await?;
        Ok(results)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::last_good;
    use std::sync::Mutex;
    use time::macros::datetime;

    /// Keeps words; some words misbehave.
    #[derive(Default)]
    struct Words {
        order: Arc<Mutex<Vec<String>>>,
    }

    #[derive(Debug, PartialEq)]
    struct Refused;

    #[async_trait]
    impl Entry for Words {
        type Item = String;
        type Outcome = bool;
        type Error = Refused;
        type Order = String;

        async fn put(&self, tx: &mut Tx, item: String) -> Result<bool, Refused> {
            let known = last_good::get(tx, &item).await.unwrap().is_some();
            last_good::put(tx, &item, b"", datetime!(2026-01-01 0:00 UTC))
                .await
                .unwrap();
            self.order.lock().unwrap().push(item.clone());
            match item.as_str() {
                "refused" => Err(Refused),
                "broken" => panic!("a bug"),
                "slow" => {
                    tokio::time::sleep(std::time::Duration::from_millis(100)).await;
                    Ok(known)
                }
                _ => Ok(known),
            }
        }

        fn order(item: &String) -> String {
            item.clone()
        }

        fn committed(&self) {}
    }

    async fn house() -> (tempfile::TempDir, Db) {
        let folder = tempfile::tempdir().unwrap();
        let db = Db::open(&format!("sqlite:{}", folder.path().join("a.db").display()))
            .await
            .unwrap();
        db.migrate().await.unwrap();
        (folder, db)
    }

    async fn kept(db: &Db, word: &str) -> bool {
        last_good::recall(db, word).await.unwrap().is_some()
    }

    #[tokio::test]
    async fn what_is_answered_is_on_disk_and_known_the_second_time() {
        let (_folder, db) = house().await;
        let (words, writer) = GroupCommit::start(db.clone(), Words::default(), 8, 8);
        assert!(!words.put("hello".into()).await.unwrap());
        assert!(kept(&db, "hello").await);
        assert!(words.put("hello".into()).await.unwrap());
        writer.finish().await;
        assert!(matches!(words.put("late".into()).await, Err(CommitError::Stopped)));
    }

    #[tokio::test]
    async fn those_that_wait_share_a_commit_and_only_the_first_of_equals_is_new() {
        let (_folder, db) = house().await;
        let order = Arc::default();
        let entry = Words {
            order: Arc::clone(&order),
        };
        let (words, writer) = GroupCommit::start(db.clone(), entry, 500, 500);
        let first = tokio::spawn({
            let words = words.clone();
            async move { words.put("slow".into()).await }
        });
        tokio::time::sleep(std::time::Duration::from_millis(30)).await;
        let same: Vec<_> = (0..200).map(|_| words.put("same".into())).collect();
        let outcomes = futures::future::join_all(same).await;
        assert!(first.await.unwrap().is_ok());
        assert_eq!(outcomes.iter().filter(|known| !*known.as_ref().unwrap()).count(), 1);
        assert_eq!(order.lock().unwrap().len(), 201);
        writer.finish().await;
    }

    #[tokio::test]
    async fn one_that_fails_takes_nobody_with_it() {
        let (_folder, db) = house().await;
        let (words, writer) = GroupCommit::start(db.clone(), Words::default(), 8, 8);
        let (good, bad) = futures::join!(words.put("good".into()), words.put("refused".into()));
        assert!(good.is_ok());
        assert!(matches!(bad, Err(CommitError::Item(Refused))));
        assert!(kept(&db, "good").await);
        assert!(!kept(&db, "refused").await);
        writer.finish().await;
    }

    #[tokio::test]
    async fn a_bug_costs_its_batch_and_the_next_goes_on() {
        let (_folder, db) = house().await;
        let (words, writer) = GroupCommit::start(db.clone(), Words::default(), 8, 8);
        assert!(matches!(words.put("broken".into()).await, Err(CommitError::Stopped)));
        assert!(!kept(&db, "broken").await);
        assert!(words.put("after".into()).await.is_ok());
        writer.finish().await;
    }

    #[tokio::test]
    async fn stopping_writes_what_was_accepted() {
        let (_folder, db) = house().await;
        let (words, writer) = GroupCommit::start(db.clone(), Words::default(), 2, 64);
        let waiting: Vec<_> = (0..20)
            .map(|n| {
                let words = words.clone();
                tokio::spawn(async move { words.put(format!("slow{n}")).await })
            })
            .collect();
        tokio::task::yield_now().await;
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        writer.finish().await;
        for one in waiting {
            assert!(one.await.unwrap().is_ok());
        }
    }

    #[tokio::test]
    async fn a_database_that_is_gone_fails_the_batch_and_says_so() {
        let (_folder, db) = house().await;
        let (words, writer) = GroupCommit::start(db.clone(), Words::default(), 8, 8);
        db.close().await;
        assert!(matches!(words.put("nowhere".into()).await, Err(CommitError::Batch(_))));
        writer.finish().await;
    }
}
