//! What the operating system knows of a process.

use std::io;

/// The resident set of a process in MiB: now, and at its largest.
///
/// # Errors
/// When `/proc` does not tell.
pub fn resident_mib(pid: u32) -> io::Result<(f64, f64)> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status"))?;
    let mib = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name));
        let kib = line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok());
        kib.map(|kib| kib / 1024.0).ok_or_else(|| io::Error::other(format!("/proc tells no {name}")))
    };
    Ok((mib("VmRSS:")?, mib("VmHWM:")?))
}

/// Seconds of processor time that a process has used so far.
///
/// # Errors
/// When `/proc` does not tell.
pub fn processor_seconds(pid: u32) -> io::Result<f64> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat"))?;
    // The name in brackets may hold blanks: the fields are counted behind it. User and system time are 14 and 15.
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks = |at: usize| fields.get(at).and_then(|field| field.parse::<f64>().ok());
    match (ticks(11), ticks(12)) {
        // Linux counts in hundredths of a second wherever this runs.
        (Some(user), Some(system)) => Ok((user + system) / 100.0),
        _ => Err(io::Error::other("/proc tells no processor time")),
    }
}
