//! The webhook against whoever is not Telegram (S1): nothing is read before the secret, nothing long, nothing for ever.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tierline::clock::ManualClock;
use tierline::config::Secret;
use tierline::http::webhook::{self, Webhook};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

const SECRET: &str = "a-fixed-secret";

struct Served {
    address: SocketAddr,
    clock: Arc<ManualClock>,
    taken: Arc<AtomicUsize>,
}

async fn served() -> Served {
    let clock = Arc::new(ManualClock::new(chrono::DateTime::UNIX_EPOCH));
    let taken = Arc::new(AtomicUsize::new(0));
    let counted = taken.clone();
    let router = webhook::router(Webhook {
        secret: Secret::new(SECRET),
        bots: Arc::from([7]),
        deliver: Arc::new(move |_, _| {
            counted.fetch_add(1, Ordering::SeqCst);
            Box::pin(async { true })
        }),
        clock: clock.clone(),
    });
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("binds");
    let address = listener.local_addr().expect("bound");
    tokio::spawn(tierline::http::serve(listener, router, std::future::pending()));
    Served { address, clock, taken }
}

impl Served {
    /// Sends a head that promises `length` bytes, and the begin of the body.
    async fn begins(&self, secret: &str, length: usize, begin: &[u8]) -> TcpStream {
        let mut stream = TcpStream::connect(self.address).await.expect("connects");
        let head = format!(
            "POST /telegram/webhook HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\n\
             X-Telegram-Bot-Api-Secret-Token: {secret}\r\n\r\n"
        );
        stream.write_all(head.as_bytes()).await.expect("writes");
        stream.write_all(begin).await.expect("writes");
        stream
    }
}

/// The status of the answer.
async fn status(stream: &mut TcpStream) -> String {
    let mut answer = [0; 12];
    stream.read_exact(&mut answer).await.expect("an answer");
    String::from_utf8_lossy(&answer[9..]).into_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_the_secret_not_a_byte_is_waited_for() {
    let served = served().await;
    for wrong in ["", "a-fixed-secre", "a-fixed-secretX", "A-FIXED-SECRET"] {
        let mut stream = served.begins(wrong, 10_000_000, b"{").await;
        assert_eq!(status(&mut stream).await, "401", "{wrong:?}: answered although the body never comes");
    }
    assert_eq!(served.taken.load(Ordering::SeqCst), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_megabytes_are_refused_unread() {
    let served = served().await;
    let mut stream = served.begins(SECRET, 10_000_000, &vec![b' '; webhook::MOST_BYTES + 1]).await;
    assert_eq!(status(&mut stream).await, "413", "answered although most of the body never comes");
    assert_eq!(served.taken.load(Ordering::SeqCst), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_body_that_does_not_come_is_given_up() {
    let served = served().await;
    let mut stream = served.begins(SECRET, 100, b"{\"update_id\":").await;
    let answer = status(&mut stream);
    tokio::pin!(answer);
    let status = loop {
        tokio::select! {
            status = &mut answer => break status,
            () = tokio::task::yield_now() => served.clock.advance(Duration::from_secs(1)),
        }
    };
    assert_eq!(status, "408");
    assert_eq!(served.taken.load(Ordering::SeqCst), 0);
    let mut stream = served.begins(SECRET, 2, b"{}").await;
    assert_eq!(self::status(&mut stream).await, "200", "others are served");
}
