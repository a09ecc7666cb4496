//! `tierline run` as a process of its own, on a database that was filled before.

use std::fmt::Write as _;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::Failure;
use crate::moment::now;
use crate::post;
use crate::process;
use crate::sandbox::Hello;

/// How long a start may take before the benchmark gives up.
const PATIENCE: Duration = Duration::from_secs(120);
/// Limits that never bind.
const UNLIMITED: usize = 1_000_000;

/// How a service is to run.
#[derive(Debug, Clone, Copy)]
pub struct Manner {
    /// Updates come by webhook; otherwise they are polled.
    pub webhook: bool,
    /// How the check-in asks: `private`, `group` or `group_then_private`; `None`: no day opens.
    pub prompt: Option<&'static str>,
    /// Calls a second that are permitted; `None`: any number.
    pub per_second: Option<usize>,
}

/// Where a service finds what it works on.
#[derive(Debug, Clone)]
pub struct Place {
    /// The database's URL.
    pub database: String,
    /// A folder for its configuration; the key is in it.
    pub folder: PathBuf,
    /// The time zone in which it is about noon.
    pub timezone: String,
}

/// A running service.
pub struct Service {
    child: Child,
    /// Where it listens.
    pub address: SocketAddr,
    /// Seconds from its start until it was ready.
    pub ready_after: f64,
}

/// The service's program: the one beside this.
///
/// # Errors
/// When it was not built.
pub fn program() -> Result<PathBuf, Failure> {
    let program = std::env::current_exe()?.with_file_name("tierline");
    if program.is_file() {
        return Ok(program);
    }
    Err(format!("{} is not there: build it with cargo build --release", program.display()).into())
}

/// The settings of a service.
pub fn settings(place: &Place, manner: Manner, telegram: Option<&Hello>, listen: &str) -> String {
    let mut text = format!(
        "[school]\nname = \"示范大学\"\ntimezone = \"{}\"\nquiet_hours = \"\"\n\
         [database]\nurl = \"{}\"\n[http]\nlisten = \"{listen}\"\n\
         [privacy]\nkey_file = \"{}\"\n[checkin]\ncalendar = false\n",
        place.timezone,
        place.database,
        place.folder.join("bench.key").display(),
    );
    // Writing into a String cannot fail.
    let _ = match manner.prompt {
        Some(prompt) => writeln!(
            text,
            "open = \"0 0 6 * * *\"\ndeadline = \"20:00\"\nprompt = \"{prompt}\"\nprivate_after = \"4h\"\n\
             remind = [\"18:00\"]\nescalate = [{{ at = \"20:30\", to = \"class\" }}]\n\
             [report]\nclass_due = \"21:00\"\ncollege_due = \"21:30\"\nsign_by = \"22:00\"\ndigest = [\"0 30 22 * * *\"]"
        ),
        None => writeln!(text, "open = \"0 0 6 30 2 *\""),
    };
    if let Some(telegram) = telegram {
        let _ = writeln!(text, "[telegram]\ntoken = \"{}\"\napi_url = \"{}\"", telegram.token, telegram.api);
    }
    if manner.webhook {
        let _ = writeln!(
            text,
            "updates = \"webhook\"\nwebhook_url = \"https://example.org/telegram/webhook\"\nwebhook_secret = \"{}\"",
            post::SECRET
        );
    }
    let (all, chat, group) = match manner.per_second {
        Some(per_second) => (per_second, 1, 20),
        None => (UNLIMITED, UNLIMITED, UNLIMITED),
    };
    let _ = writeln!(
        text,
        "[telegram.limits]\nper_second = {all}\nper_chat_per_second = {chat}\nper_group_per_minute = {group}"
    );
    text
}

impl Service {
    /// Starts it and waits until it is ready.
    ///
    /// # Errors
    /// When it does not become ready in time.
    pub async fn start(place: &Place, manner: Manner, telegram: &Hello) -> Result<Self, Failure> {
        let address = free_address()?;
        let file = place.folder.join("bench.toml");
        std::fs::write(&file, settings(place, manner, Some(telegram), &address.to_string()))?;
        let begun = now();
        let mut service = Self { child: spawn(&file)?, address, ready_after: 0.0 };
        while post::get(address, "/readyz").await != Some(200) {
            if let Some(status) = service.child.try_wait()? {
                return Err(format!("the service ended: {status}").into());
            }
            if begun.elapsed() > PATIENCE {
                return Err("the service does not become ready".into());
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        service.ready_after = begun.elapsed().as_secs_f64();
        Ok(service)
    }

    /// Its resident memory in MiB: now, and at its largest.
    ///
    /// # Errors
    /// When `/proc` does not tell.
    pub fn memory(&self) -> Result<(f64, f64), Failure> {
        Ok(process::resident_mib(self.child.id())?)
    }

    /// Seconds of processor time it has used.
    ///
    /// # Errors
    /// When `/proc` does not tell.
    pub fn processor(&self) -> Result<f64, Failure> {
        Ok(process::processor_seconds(self.child.id())?)
    }

    /// Kills it, as a power cut would.
    ///
    /// # Errors
    /// When it cannot be killed.
    pub fn kill(mut self) -> Result<(), Failure> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        // One that was killed is gone already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn spawn(file: &Path) -> Result<Child, Failure> {
    let mut command = Command::new(program()?);
    command.arg("--config").arg(file).arg("run").stdin(Stdio::null()).stdout(Stdio::null());
    // Neither settings nor a proxy of whoever measures may come in between.
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("TIERLINE__"))
    {
        command.env_remove(name);
    }
    command.env("NO_PROXY", "127.0.0.1").env("TIERLINE_LOG", "off");
    Ok(command.spawn()?)
}

fn free_address() -> Result<SocketAddr, Failure> {
    Ok(std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?)
}
