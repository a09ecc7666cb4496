//! Brings updates to a webhook as Telegram does: over some connections that stay open, the next request on each when the
//! last was answered. As little as possible is done here: the machine is shared with what is measured.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use crate::Failure;
use crate::moment::now;

/// The secret that the webhook asks for.
pub const SECRET: &str = "bench-secret";

/// How a load was taken.
#[derive(Debug, Clone, Copy)]
pub struct Load {
    /// Updates answered with 2xx, per second.
    pub per_second: f64,
    /// The 50th percentile of the time until an answer, in milliseconds.
    pub median_ms: f64,
    /// The 99th percentile, in milliseconds.
    pub p99_ms: f64,
    /// Answers that asked to be brought the update again.
    pub refused: usize,
}

/// Posts every body once, over so many connections.
///
/// # Errors
/// When the connection breaks or something else than 200 or 503 is answered.
pub async fn post(to: SocketAddr, bodies: Vec<Vec<u8>>, connections: usize) -> Result<Load, Failure> {
    let (bodies, next) = (Arc::new(bodies), Arc::new(AtomicUsize::new(0)));
    let begun = now();
    let mut lines = JoinSet::new();
    for _ in 0..connections {
        lines.spawn(line(to, bodies.clone(), next.clone()));
    }
    let (mut times, mut refused) = (Vec::with_capacity(bodies.len()), 0);
    while let Some(line) = lines.join_next().await {
        let (own, again) = line??;
        times.extend(own);
        refused += again;
    }
    let seconds = begun.elapsed().as_secs_f64();
    times.sort_unstable();
    let at = |share: f64| {
        let place = ((times.len() as f64 * share) as usize).min(times.len().saturating_sub(1));
        times.get(place).map_or(0.0, |time| time.as_secs_f64() * 1000.0)
    };
    Ok(Load { per_second: times.len() as f64 / seconds, median_ms: at(0.5), p99_ms: at(0.99), refused })
}

async fn line(
    to: SocketAddr,
    bodies: Arc<Vec<Vec<u8>>>,
    next: Arc<AtomicUsize>,
) -> io::Result<(Vec<Duration>, usize)> {
    let mut stream = TcpStream::connect(to).await?;
    stream.set_nodelay(true)?;
    let (mut times, mut refused) = (Vec::new(), 0);
    while let Some(body) = bodies.get(next.fetch_add(1, Ordering::Relaxed)) {
        let begun = now();
        loop {
            stream.write_all(&request(body)).await?;
            match answer(&mut stream).await? {
                200 => break,
                503 => refused += 1,
                status => return Err(io::Error::other(format!("the webhook answered {status}"))),
            }
            // What the service asks for by Retry-After.
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
        times.push(begun.elapsed());
    }
    Ok((times, refused))
}

fn request(body: &[u8]) -> Vec<u8> {
    let mut request = format!(
        "POST /telegram/webhook HTTP/1.1\r\nhost: bench\r\ncontent-type: application/json\r\n\
         x-telegram-bot-api-secret-token: {SECRET}\r\ncontent-length: {}\r\n\r\n",
        body.len()
    )
    .into_bytes();
    request.extend_from_slice(body);
    request
}

/// Reads one answer; returns its status.
async fn answer(stream: &mut TcpStream) -> io::Result<u16> {
    let mut read = Vec::with_capacity(256);
    loop {
        if stream.read_buf(&mut read).await? == 0 {
            return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the connection ended"));
        }
        let Some(head) = read.windows(4).position(|four| four == b"\r\n\r\n") else { continue };
        let text = String::from_utf8_lossy(&read[..head]).to_ascii_lowercase();
        let length = text.lines().find_map(|line| line.strip_prefix("content-length:"));
        let length: usize = length.and_then(|length| length.trim().parse().ok()).unwrap_or(0);
        if read.len() >= head + 4 + length {
            let status = text.get(9..12).and_then(|status| status.parse().ok());
            return status.ok_or_else(|| io::Error::other("no status in the answer"));
        }
    }
}

/// Asks for a page; returns its status. `None`: nobody listens yet.
pub async fn get(to: SocketAddr, path: &str) -> Option<u16> {
    let mut stream = TcpStream::connect(to).await.ok()?;
    let request = format!("GET {path} HTTP/1.1\r\nhost: bench\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.ok()?;
    answer(&mut stream).await.ok()
}
