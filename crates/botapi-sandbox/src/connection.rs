//! Connections that can be cut: a listener whose streams die on demand, without an answer.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::Notify;
use tokio::time::{Interval, MissedTickBehavior};

/// Cuts one connection: whatever is answered after that is not sent.
#[derive(Clone, Default)]
pub(crate) struct Link(Arc<AtomicBool>);

impl Link {
    pub fn cut(&self) {
        self.0.store(true, Ordering::SeqCst);
    }

    fn is_cut(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }
}

/// How many of a million slices of time nobody listens.
#[derive(Default)]
pub(crate) struct Refusals {
    share: AtomicU32,
    changed: Notify,
}

impl Refusals {
    pub fn set(&self, share: f64) {
        self.share.store((share.clamp(0.0, 1.0) * 1e6) as u32, Ordering::SeqCst);
        self.changed.notify_one();
    }

    /// Whether connections are closed after each answer, so that each call meets the share.
    pub fn any(&self) -> bool {
        self.share() > 0
    }

    fn share(&self) -> u32 {
        self.share.load(Ordering::SeqCst)
    }
}

/// For each slice of real time it is drawn whether anybody listens.
const SLICE: Duration = Duration::from_millis(5);

/// A listener that goes away now and then: whoever connects meanwhile is refused by the system.
pub(crate) struct CuttingListener {
    /// Keeps the port while nobody listens.
    _reserved: TcpSocket,
    address: SocketAddr,
    inner: Option<TcpListener>,
    /// Taken before the listener went away.
    taken: VecDeque<TcpStream>,
    refusals: Arc<Refusals>,
    slices: Interval,
    rng: StdRng,
}

impl CuttingListener {
    pub fn bind(address: SocketAddr, refusals: Arc<Refusals>, seed: u64) -> io::Result<Self> {
        let reserved = bound(address)?;
        let address = reserved.local_addr()?;
        let inner = bound(address)?.listen(BACKLOG)?;
        let mut slices = tokio::time::interval(SLICE);
        slices.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Ok(Self {
            _reserved: reserved,
            address,
            inner: Some(inner),
            taken: VecDeque::new(),
            refusals,
            slices,
            rng: StdRng::seed_from_u64(seed),
        })
    }

    /// Draws whether anybody listens from now on.
    async fn turn(&mut self) {
        let share = self.refusals.share();
        let away = share > 0 && self.rng.random_range(0..1_000_000) < share;
        if away && let Some(inner) = self.inner.take() {
            // Whoever is connected already is not to be reset: that would not be a refusal.
            while let Poll::Ready(Ok((stream, _))) = poll_fn(|cx| Poll::Ready(inner.poll_accept(cx))).await {
                self.taken.push_back(stream);
            }
        } else if !away && self.inner.is_none() {
            let listening = bound(self.address).and_then(|socket| socket.listen(BACKLOG));
            self.inner = listening.inspect_err(|error| tracing::warn!(%error, "nobody listens")).ok();
        }
    }
}

const BACKLOG: u32 = 1024;

fn bound(address: SocketAddr) -> io::Result<TcpSocket> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    Ok(socket)
}

impl Listener for CuttingListener {
    type Io = CuttableStream;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        loop {
            if let Some(stream) = self.taken.pop_front() {
                return (CuttableStream { stream, link: Link::default() }, self.address);
            }
            let refuses = self.refusals.any() || self.inner.is_none();
            let refusals = Arc::clone(&self.refusals);
            tokio::select! {
                _ = self.slices.tick(), if refuses => self.turn().await,
                () = refusals.changed.notified() => {}
                stream = accepted(self.inner.as_ref()) => self.taken.push_back(stream),
            }
        }
    }

    fn local_addr(&self) -> io::Result<Self::Addr> {
        Ok(self.address)
    }
}

/// The next connection; none comes while nobody listens.
async fn accepted(inner: Option<&TcpListener>) -> TcpStream {
    let Some(inner) = inner else { return std::future::pending().await };
    loop {
        match inner.accept().await {
            Ok((stream, _)) => {
                if let Err(error) = stream.set_nodelay(true) {
                    tracing::debug!(%error, "no TCP_NODELAY");
                }
                return stream;
            }
            Err(error) => {
                tracing::warn!(%error, "a connection is not accepted");
                tokio::time::sleep(SLICE).await;
            }
        }
    }
}

fn reset(stream: &TcpStream) {
    if let Err(error) = stream.set_zero_linger() {
        tracing::debug!(%error, "the connection closes instead of being reset");
    }
}

pub(crate) struct CuttableStream {
    stream: TcpStream,
    link: Link,
}

impl CuttableStream {
    fn check(&self) -> io::Result<()> {
        if self.link.is_cut() {
            reset(&self.stream);
            return Err(io::ErrorKind::ConnectionReset.into());
        }
        Ok(())
    }
}

impl AsyncRead for CuttableStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.check()?;
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for CuttableStream {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        self.check()?;
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.check()?;
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.check()?;
        Pin::new(&mut self.stream).poll_write_vectored(cx, bufs)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}

impl Connected<IncomingStream<'_, CuttingListener>> for Link {
    fn connect_info(stream: IncomingStream<'_, CuttingListener>) -> Self {
        stream.io().link.clone()
    }
}
