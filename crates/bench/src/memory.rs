//! How much memory this process holds.

use std::io;

/// The resident set in MiB, as Linux tells it.
///
/// # Errors
/// When `/proc` does not tell.
pub fn resident_mib() -> io::Result<f64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok());
    kib.map(|kib| kib / 1024.0).ok_or_else(|| io::Error::other("/proc/self/status names no VmRSS"))
}
