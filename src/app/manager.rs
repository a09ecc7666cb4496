//! What the service tells its service manager (systemd's `Type=notify`): ready, alive, stopping. Without
//! `NOTIFY_SOCKET` in the environment nobody is told.

use std::io;
use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::{SocketAddr, UnixDatagram};

/// What can be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum News {
    /// The address is listened on, the loops run.
    Ready,
    /// The process still gets to its work.
    Alive,
    /// What is in hand is finished.
    Stopping,
}

/// Tells the service manager.
pub fn tell(news: News) {
    let Ok(socket) = std::env::var("NOTIFY_SOCKET") else { return };
    let words = match news {
        News::Ready => "READY=1",
        News::Alive => "WATCHDOG=1",
        News::Stopping => "STOPPING=1",
    };
    if let Err(error) = send(&socket, words) {
        tracing::warn!(%error, "the service manager cannot be told");
    }
}

fn send(socket: &str, words: &str) -> io::Result<()> {
    let address = match socket.strip_prefix('@') {
        Some(name) => SocketAddr::from_abstract_name(name)?,
        None => SocketAddr::from_pathname(socket)?,
    };
    UnixDatagram::unbound()?.send_to_addr(words.as_bytes(), &address).map(drop)
}
