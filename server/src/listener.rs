//! Listeners for people and for operators that nobody can fill: so many connections, so long for the head of a request, so long
//! without anything of an answer being taken. What is asked in the head and beyond is limited where it is answered.
//!
//! Every open connection is a file to the system, and the files are shared with the intake and the database: one listener without a
//! limit can stop all of them.

use axum::Router;
use axum_server::Handle;
use axum_server::accept::Accept;
use std::future::{Ready, ready};
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Sleep, sleep};
use tokio_util::sync::CancellationToken;

/// What a listener gives to those who connect.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Connections held open at once; more are closed as soon as they come.
    pub connections: usize,
    /// How long the head of a request may take, and how long a connection may be silent before the next.
    pub head: Duration,
    /// How long an answer may wait for the other side to take more of it.
    pub stalled: Duration,
}

impl Limits {
    /// So many connections, with the times that suit browsers and proxies.
    pub fn of(connections: usize) -> Self {
        Self {
            connections,
            head: Duration::from_secs(10),
            stalled: Duration::from_secs(30),
        }
    }
}

/// Answers over HTTP/1.1 until `stop`; then takes no more, finishes within `grace` what is under way, and returns.
pub async fn serve(
    listener: TcpListener,
    routes: Router,
    limits: Limits,
    stop: CancellationToken,
    grace: Duration,
) -> io::Result<()> {
    let handle = Handle::new();
    let stopping = tokio::spawn({
        let handle = handle.clone();
        async move {
            stop.cancelled().await;
            handle.graceful_shutdown(Some(grace));
        }
    });
    let seats = Seats {
        room: Arc::new(Semaphore::new(limits.connections)),
        stalled: limits.stalled,
    };
    let server = axum_server::Server::<SocketAddr>::from_listener(listener);
    let mut server = server.acceptor(seats).handle(handle).http1_only();
    server
        .http_builder()
        .http1()
        .header_read_timeout(limits.head)
        .keep_alive(true);
    let server = server.accept_error_handler(|_, error| {
        metrics::counter!("brevlada_refused_connections_total").increment(1);
        tracing::debug!(%error, "a connection was refused");
    });
    let ended = server.serve(routes.into_make_service()).await;
    stopping.abort();
    ended
}

/// Gives a seat to each connection while there are any.
#[derive(Clone)]
struct Seats {
    room: Arc<Semaphore>,
    stalled: Duration,
}

impl<S> Accept<TcpStream, S> for Seats {
    type Stream = Seated;
    type Service = S;
    type Future = Ready<io::Result<(Seated, S)>>;

    fn accept(&self, tcp: TcpStream, service: S) -> Self::Future {
        let Ok(seat) = self.room.clone().try_acquire_owned() else {
            return ready(Err(io::Error::other("every connection is taken")));
        };
        // Without it a page waits for the other side's delayed acknowledgement: some 40 ms.
        ready(tcp.set_nodelay(true).map(|()| {
            let seated = Seated {
                tcp,
                stalled: self.stalled,
                waiting: None,
                _seat: seat,
            };
            (seated, service)
        }))
    }
}

/// A connection on its seat. It ends when the other side takes nothing for too long.
struct Seated {
    tcp: TcpStream,
    stalled: Duration,
    /// Runs while there is something to write and no room for it.
    waiting: Option<Pin<Box<Sleep>>>,
    _seat: OwnedSemaphorePermit,
}

impl Seated {
    fn patiently<T>(&mut self, context: &mut Context<'_>, written: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if written.is_ready() {
            self.waiting = None;
            return written;
        }
        let waiting = self.waiting.get_or_insert_with(|| Box::pin(sleep(self.stalled)));
        waiting
            .as_mut()
            .poll(context)
            .map(|()| Err(io::Error::new(io::ErrorKind::TimedOut, "nobody takes the answer")))
    }
}

impl AsyncRead for Seated {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.tcp).poll_read(context, into)
    }
}

impl AsyncWrite for Seated {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.tcp).poll_write(context, bytes);
        self.patiently(context, written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.tcp).poll_write_vectored(context, bytes);
        self.patiently(context, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.tcp.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.tcp).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.tcp).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::routing::get;
    use std::time::Instant;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::task::JoinHandle;

    const MANY: usize = 64 * 1024 * 1024;

    struct Open {
        address: SocketAddr,
        stop: CancellationToken,
        running: JoinHandle<io::Result<()>>,
    }

    impl Open {
        /// Four seats, and little patience.
        async fn new() -> Self {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let address = listener.local_addr().unwrap();
            let routes = Router::new()
                .route("/", get(async || "here"))
                .route("/much", get(async || vec![b'x'; MANY]));
            let limits = Limits {
                connections: 4,
                head: Duration::from_millis(800),
                stalled: Duration::from_millis(800),
            };
            let stop = CancellationToken::new();
            let running = tokio::spawn(serve(listener, routes, limits, stop.clone(), Duration::from_secs(2)));
            Self { address, stop, running }
        }

        /// A connection that has said `begin`.
        async fn say(&self, begin: &str) -> TcpStream {
            let mut tcp = TcpStream::connect(self.address).await.unwrap();
            tcp.write_all(begin.as_bytes()).await.unwrap();
            tcp
        }

        /// What a whole request is answered; nothing when there is no seat.
        async fn ask(&self) -> String {
            let mut tcp = self.say("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await;
            let mut answer = String::new();
            let _ = tcp.read_to_string(&mut answer).await;
            answer
        }
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn half_sent_heads_do_not_keep_others_out() {
        let open = Open::new().await;
        let mut held = Vec::new();
        for _ in 0..4 {
            held.push(open.say("GET / HTTP/1.1\r\nX: ").await);
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
        assert_eq!(
            open.ask().await,
            "",
            "every seat is taken: closed at once, not left waiting"
        );
        tokio::time::sleep(Duration::from_millis(1500)).await;
        assert!(open.ask().await.ends_with("here"), "the seats are free again");
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn who_takes_no_answer_loses_the_seat() {
        let open = Open::new().await;
        let mut held = Vec::new();
        for _ in 0..4 {
            held.push(open.say("GET /much HTTP/1.1\r\nHost: x\r\n\r\n").await);
        }
        tokio::time::sleep(Duration::from_millis(2500)).await;
        assert!(open.ask().await.ends_with("here"));
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_stop_waits_for_nobody_beyond_its_grace() {
        let open = Open::new().await;
        let _half = open.say("GET / HTTP/1.1\r\nX: ").await;
        let _much = open.say("GET /much HTTP/1.1\r\nHost: x\r\n\r\n").await;
        let _silent = open.say("").await;
        tokio::time::sleep(Duration::from_millis(100)).await;
        let began = Instant::now();
        open.stop.cancel();
        open.running.await.unwrap().unwrap();
        assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
    }
}
