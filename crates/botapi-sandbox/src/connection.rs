//! Connections that can be cut: a listener whose streams die on demand, without an answer.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};

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

/// How many of a million new connections are refused.
#[derive(Default)]
pub(crate) struct Refusals(AtomicU32);

impl Refusals {
    pub fn set(&self, share: f64) {
        self.0.store((share.clamp(0.0, 1.0) * 1e6) as u32, Ordering::SeqCst);
    }

    /// Whether connections are closed after each answer, so that each call meets the share.
    pub fn any(&self) -> bool {
        self.0.load(Ordering::SeqCst) > 0
    }
}

pub(crate) struct CuttingListener {
    inner: TcpListener,
    refusals: Arc<Refusals>,
    rng: Mutex<StdRng>,
}

impl CuttingListener {
    pub fn new(inner: TcpListener, refusals: Arc<Refusals>, seed: u64) -> Self {
        Self { inner, refusals, rng: Mutex::new(StdRng::seed_from_u64(seed)) }
    }

    fn refuses(&self) -> bool {
        let share = self.refusals.0.load(Ordering::SeqCst);
        share > 0
            && self.rng.lock().unwrap_or_else(PoisonError::into_inner).random_range(0..1_000_000) < share
    }
}

impl Listener for CuttingListener {
    type Io = CuttableStream;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        loop {
            let (stream, addr) = Listener::accept(&mut self.inner).await;
            if self.refuses() {
                reset(&stream);
                continue;
            }
            if let Err(error) = stream.set_nodelay(true) {
                tracing::debug!(%error, "no TCP_NODELAY");
            }
            return (CuttableStream { stream, link: Link::default() }, addr);
        }
    }

    fn local_addr(&self) -> io::Result<Self::Addr> {
        self.inner.local_addr()
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
