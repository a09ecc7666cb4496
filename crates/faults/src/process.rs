//! The real program as a child process, and what it writes into its log.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use crate::{Failure, Outcome};

/// Longer than anything here may take by itself.
pub const WITHIN: Duration = Duration::from_secs(240);
/// How often a condition is looked at.
pub const LOOK: Duration = Duration::from_millis(10);

/// The machine's own time: what is measured is the machine.
#[allow(clippy::disallowed_methods)]
pub fn now() -> Instant {
    Instant::now()
}

/// Waits until `is_so` holds; returns how long that took.
///
/// # Errors
/// When it does not hold within `limit`, or cannot be found out.
pub async fn until(
    what: &str,
    limit: Duration,
    mut is_so: impl AsyncFnMut() -> Outcome<bool>,
) -> Outcome<Duration> {
    let begun = now();
    while !is_so().await? {
        if begun.elapsed() > limit {
            return Err(format!("waited in vain for {} s: {what}", limit.as_secs()).into());
        }
        tokio::time::sleep(LOOK).await;
    }
    Ok(begun.elapsed())
}

/// The program, wherever it was built.
#[derive(Debug, Clone)]
pub struct Program(PathBuf);

impl Program {
    /// As named, or `TIERLINE_PROGRAM`, or the one beside this program.
    ///
    /// # Errors
    /// When there is none.
    pub fn find(named: Option<PathBuf>) -> Outcome<Self> {
        let beside = std::env::current_exe()?.with_file_name("tierline");
        let found =
            named.or_else(|| std::env::var_os("TIERLINE_PROGRAM").map(PathBuf::from)).unwrap_or(beside);
        if found.is_file() {
            return Ok(Self(found));
        }
        Err(format!("{} is not there: build it with cargo build --bin tierline", found.display()).into())
    }

    /// Runs a command to its end; returns what it printed.
    ///
    /// # Errors
    /// When it fails.
    pub fn does(&self, config: &Path, arguments: &[&str]) -> Outcome<String> {
        let mut command = Command::new(&self.0);
        let output = command.arg("--config").arg(config).args(arguments).env_clear().output()?;
        if !output.status.success() {
            let errors = String::from_utf8_lossy(&output.stderr);
            return Err(format!("tierline {}: {errors}", arguments.join(" ")).into());
        }
        Ok(String::from_utf8(output.stdout)?)
    }

    /// Starts `run`; what it says goes to the end of `log`.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn run(&self, config: &Path, log: &Path, environment: &[(String, String)]) -> Outcome<Running> {
        let log_file = std::fs::File::options().create(true).append(true).open(log)?;
        let mut command = Command::new(&self.0);
        command.arg("--config").arg(config).arg("run").env_clear();
        command.envs(environment.iter().map(|(name, value)| (name, value)));
        let child = command.stdout(Stdio::null()).stderr(log_file).spawn()?;
        Ok(Running { child })
    }
}

/// A process that runs. It is killed when it is dropped.
pub struct Running {
    child: Child,
}

impl Running {
    /// Its number.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// How it ended, if it has.
    ///
    /// # Errors
    /// When the system does not tell.
    pub fn has_ended(&mut self) -> Outcome<Option<ExitStatus>> {
        Ok(self.child.try_wait()?)
    }

    /// `kill -9`.
    ///
    /// # Errors
    /// When the system refuses.
    pub async fn is_killed(&mut self) -> Outcome<()> {
        self.child.kill()?;
        self.ends(WITHIN).await.map(drop)
    }

    /// SIGTERM; returns how long it took to end. It must end well.
    ///
    /// # Errors
    /// When it fails or does not end.
    pub async fn is_stopped(&mut self) -> Outcome<Duration> {
        signal("TERM", self.id())?;
        let begun = now();
        let status = self.ends(Duration::from_secs(10)).await?;
        if status.success() { Ok(begun.elapsed()) } else { Err(format!("it stopped with {status}").into()) }
    }

    async fn ends(&mut self, limit: Duration) -> Outcome<ExitStatus> {
        let child = &mut self.child;
        until("the process ends", limit, async || Ok(child.try_wait()?.is_some())).await?;
        child.try_wait()?.ok_or_else(|| Failure::from("a process that ended is gone"))
    }

    /// Resident memory in KiB and open files.
    ///
    /// # Errors
    /// When the system does not tell.
    pub fn weight(&self) -> Outcome<(u64, usize)> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kib = line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok());
        let files = std::fs::read_dir(format!("/proc/{}/fd", self.id()))?.count();
        Ok((kib.ok_or("no VmRSS")?, files))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended: then there is nothing to kill.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Sends a signal to one process.
///
/// # Errors
/// When there is no such process.
pub fn signal(name: &str, id: u32) -> Outcome<()> {
    let status = Command::new("kill").arg(format!("-{name}")).arg(id.to_string()).status()?;
    if status.success() { Ok(()) } else { Err(format!("kill -{name} {id}: {status}").into()) }
}
