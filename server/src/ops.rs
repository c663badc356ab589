//! The operator's own listener: is it alive, is it ready, what are the figures. Nothing here names a person.

use crate::db::Db;
use crate::store;
use crate::telemetry::Figures;
use axum::Router;
use axum::extract::State;
use axum::response::IntoResponse;
use axum::routing::get;
use futures::future::BoxFuture;
use http::StatusCode;
use http::header::CONTENT_TYPE;
use std::fmt::{self, Write as _};
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// How long one check may take before it counts as not ready.
const PATIENCE: Duration = Duration::from_secs(2);

/// One thing that must be in order before people are sent here.
#[derive(Clone)]
pub struct Check {
    name: &'static str,
    look: Arc<dyn Fn() -> BoxFuture<'static, Result<(), String>> + Send + Sync>,
}

impl fmt::Debug for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Check({})", self.name)
    }
}

impl Check {
    /// A check by the name that `/readyz` shows. What it answers when all is not well is shown there too: no secrets.
    pub fn new<F, L>(name: &'static str, look: L) -> Self
    where
        F: Future<Output = Result<(), String>> + Send + 'static,
        L: Fn() -> F + Send + Sync + 'static,
    {
        Self {
            name,
            look: Arc::new(move || Box::pin(look())),
        }
    }

    /// Whether the database answers.
    pub fn database(db: &Db) -> Self {
        let db = db.clone();
        Self::new("database", move || {
            let db = db.clone();
            async move { db.ping().await.map_err(|_| "does not answer".to_owned()) }
        })
    }

    /// Whether the tables are what this program knows.
    pub fn migrations(db: &Db) -> Self {
        let db = db.clone();
        Self::new("migrations", move || {
            let db = db.clone();
            async move {
                match db.is_migrated().await {
                    Ok(true) => Ok(()),
                    Ok(false) => Err("not all applied: run «brevlada migrate»".to_owned()),
                    Err(_) => Err("cannot be told".to_owned()),
                }
            }
        })
    }
}

/// What the operator's listener shows.
#[derive(Clone, Debug)]
pub struct Ops {
    /// For the queue's figures.
    pub db: Db,
    /// Everything that must be in order.
    pub checks: Vec<Check>,
    /// The process' figures.
    pub figures: Figures,
    /// Once it is cancelled we are not ready: a balancer then sends people elsewhere while we finish.
    pub stop: CancellationToken,
}

/// `/livez`, `/readyz` and `/metrics`.
pub fn router(ops: Ops) -> Router {
    Router::new()
        .route("/livez", get(async || "alive\n"))
        .route("/readyz", get(ready))
        .route("/metrics", get(metrics))
        .with_state(ops)
}

/// One JSON object a line, a check each; 503 when one is not in order.
async fn ready(State(ops): State<Ops>) -> impl IntoResponse {
    let looks = ops.checks.iter().map(|check| async {
        let answer = tokio::time::timeout(PATIENCE, (check.look)()).await;
        (check.name, answer.unwrap_or_else(|_| Err("took too long".to_owned())))
    });
    let mut answers = futures::future::join_all(looks).await;
    if ops.stop.is_cancelled() {
        answers.push(("running", Err("is stopping".to_owned())));
    }
    let all = answers.iter().all(|(_, answer)| answer.is_ok());
    let mut lines = String::new();
    for (check, answer) in answers {
        let line = match answer {
            Ok(()) => serde_json::json!({ "check": check, "ready": true }),
            Err(why) => serde_json::json!({ "check": check, "ready": false, "why": why }),
        };
        // Writing to a String cannot fail.
        let _ = writeln!(lines, "{line}");
    }
    let status = if all {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    (status, [(CONTENT_TYPE, "application/x-ndjson")], lines)
}

async fn metrics(State(ops): State<Ops>) -> impl IntoResponse {
    let mut text = ops.figures.render();
    match tokio::time::timeout(PATIENCE, queue(&ops.db)).await {
        Ok(Ok(queue)) => text.push_str(&queue),
        Ok(Err(error)) => tracing::warn!(%error, "the queue could not be counted"),
        Err(_) => tracing::warn!("the queue could not be counted in time"),
    }
    ([(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text)
}

/// How many jobs wait, and how many were given up: of the whole house, not of this process.
async fn queue(db: &Db) -> Result<String, crate::db::DbError> {
    let mut tx = db.read().await?;
    let mut text = "# HELP brevlada_jobs Jobs in the table, by kind and state. failed: given up, for people to see.\n\
                    # TYPE brevlada_jobs gauge\n"
        .to_owned();
    for jobs in store::job::counts(&mut tx).await? {
        let _ = writeln!(
            text,
            "brevlada_jobs{{kind=\"{}\",state=\"{}\"}} {}",
            jobs.kind, jobs.state, jobs.count
        );
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::telemetry::figures;
    use axum::body::{Body, to_bytes};
    use tower::ServiceExt as _;

    async fn house() -> (tempfile::TempDir, Db) {
        let folder = tempfile::tempdir().unwrap();
        let db = Db::open(&format!("sqlite:{}", folder.path().join("b.db").display()))
            .await
            .unwrap();
        (folder, db)
    }

    async fn ask(ops: &Ops, path: &str) -> (StatusCode, String) {
        let request = http::Request::builder().uri(path).body(Body::empty()).unwrap();
        let response = router(ops.clone()).oneshot(request).await.unwrap();
        let status = response.status();
        let body = to_bytes(response.into_body(), 1 << 20).await.unwrap();
        (status, String::from_utf8(body.to_vec()).unwrap())
    }

    #[tokio::test]
    async fn it_is_ready_when_everything_is_in_order_and_says_what_is_not() {
        let (_folder, db) = house().await;
        let mut ops = Ops {
            db: db.clone(),
            checks: vec![Check::database(&db), Check::migrations(&db)],
            figures: figures(),
            stop: CancellationToken::new(),
        };
        let (status, body) = ask(&ops, "/readyz").await;
        assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
        assert!(body.contains("{\"check\":\"database\",\"ready\":true}\n"), "{body}");
        assert!(body.contains("brevlada migrate"), "{body}");

        db.migrate().await.unwrap();
        assert_eq!(ask(&ops, "/readyz").await.0, StatusCode::OK);
        assert_eq!(ask(&ops, "/livez").await.0, StatusCode::OK);

        ops.checks
            .push(Check::new("far", async || Err("not read yet".to_owned())));
        let (status, body) = ask(&ops, "/readyz").await;
        assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
        assert!(body.contains("\"why\":\"not read yet\""), "{body}");

        ops.checks.pop();
        ops.stop.cancel();
        assert_eq!(ask(&ops, "/readyz").await.0, StatusCode::SERVICE_UNAVAILABLE);
        let (status, body) = ask(&ops, "/metrics").await;
        assert_eq!(status, StatusCode::OK);
        assert!(
            body.contains("process_resident_memory_bytes") && body.contains("brevlada_jobs"),
            "{body}"
        );
    }
}
