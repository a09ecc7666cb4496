//! PostgreSQL is restarted, killed, paused (R10): a server of the runner's own.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::Duration;

use chrono::TimeDelta;

use super::Report;
use crate::day::{Day, Script, slowness};
use crate::place::Kind;
use crate::process::{WITHIN, signal, until};
use crate::{Outcome, Setup, ensure};

/// R10: nothing is lost, and the program is away no longer than PostgreSQL and three seconds.
pub async fn fails(setup: &Setup) -> Outcome<Report> {
    let Some(binaries) = Server::binaries() else {
        return Ok(Report::skipped("PostgreSQL's initdb and pg_ctl are not installed here".to_owned()));
    };
    let server = Server::starts(binaries)?;
    let mut day = Day::begins(setup, Script::lasting(Kind::Postgres(server.url()), 70.0)).await?;
    day.is_ready().await?;
    let mut worst = Duration::ZERO;
    day.passes_until(TimeDelta::seconds(60)).await;
    server.ctl(&["-m", "fast", "-w", "restart"])?;
    worst = worst.max(day.is_back().await?);
    day.passes_until(TimeDelta::seconds(210)).await;
    server.is_killed_and_starts().await?;
    worst = worst.max(day.is_back().await?);
    day.passes_until(TimeDelta::seconds(360)).await;
    server.is_paused(Duration::from_secs(5)).await?;
    worst = worst.max(day.is_back().await?);
    ensure!(
        worst < Duration::from_secs(3).mul_f64(slowness()),
        "the program came back {worst:?} after PostgreSQL"
    );
    ensure!(day.place.told("a part waits for the database") > 0, "the operator was not told");
    let sum = day.ends().await?;
    let did = format!(
        "restarted, killed, paused for 5 s; ready at most {} ms after PostgreSQL was back",
        worst.as_millis()
    );
    Ok(Report::of(did, sum))
}

impl Day {
    /// Waits until the program takes updates again; the server is there.
    async fn is_back(&mut self) -> Outcome<Duration> {
        let sandbox = self.stage.sandbox.clone();
        let before = sandbox.confirmed_updates(&self.stage.bot).len();
        until("updates are taken again", WITHIN, async || {
            Ok(sandbox.confirmed_updates(&self.stage.bot).len() > before)
        })
        .await
    }
}

/// A server in a folder of its own, gone with this value.
struct Server {
    folder: tempfile::TempDir,
    binaries: PathBuf,
    as_postgres: bool,
}

impl Server {
    /// Where `initdb` and `pg_ctl` are.
    fn binaries() -> Option<PathBuf> {
        let debian = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
        let mut folders: Vec<PathBuf> = debian.map(|version| version.path().join("bin")).collect();
        folders.sort();
        folders.extend(std::env::var_os("PATH").iter().flat_map(std::env::split_paths));
        folders
            .into_iter()
            .rev()
            .find(|folder| folder.join("initdb").is_file() && folder.join("pg_ctl").is_file())
    }

    fn starts(binaries: PathBuf) -> Outcome<Self> {
        let folder = tempfile::tempdir_in("/tmp")?;
        // PostgreSQL does not run as root.
        let as_postgres = owner("/proc/self")? == 0;
        let server = Self { folder, binaries, as_postgres };
        if as_postgres {
            run(Command::new("chown").arg("postgres").arg(server.path()))?;
        }
        let arguments = ["-D", "data", "-U", "tierline", "-A", "trust", "-E", "UTF8", "--no-sync"];
        server.command("initdb", &arguments)?;
        let options = format!(
            "listen_addresses=''\nunix_socket_directories='{}'\nmax_connections=60\nfsync=off\n",
            server.path().display()
        );
        let file = server.path().join("data/postgresql.conf");
        let usual = std::fs::read_to_string(&file)?;
        std::fs::write(&file, usual + &options)?;
        server.ctl(&["-w", "start"])?;
        Ok(server)
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn url(&self) -> String {
        format!("postgres://tierline@localhost/postgres?host={}", self.path().display())
    }

    fn command(&self, program: &str, arguments: &[&str]) -> Outcome<Output> {
        let program = self.binaries.join(program);
        let mut command = if self.as_postgres {
            let mut command = Command::new("runuser");
            command.args(["-u", "postgres", "--"]).arg(program);
            command
        } else {
            Command::new(program)
        };
        run(command.args(arguments).current_dir(self.path()))
    }

    fn ctl(&self, arguments: &[&str]) -> Outcome<()> {
        let common = ["-D", "data", "-l", "server.log"];
        self.command("pg_ctl", &[&common[..], arguments].concat()).map(drop)
    }

    fn postmaster(&self) -> Outcome<u32> {
        let file = std::fs::read_to_string(self.path().join("data/postmaster.pid"))?;
        Ok(file.lines().next().unwrap_or_default().parse()?)
    }

    /// `kill -9`, then a start, which waits until the old server's processes are gone.
    async fn is_killed_and_starts(&self) -> Outcome<()> {
        signal("KILL", self.postmaster()?)?;
        until("PostgreSQL starts", WITHIN, async || Ok(self.ctl(&["-w", "start"]).is_ok())).await?;
        Ok(())
    }

    /// All its processes stand still for so long.
    async fn is_paused(&self, time: Duration) -> Outcome<()> {
        let postmaster = self.postmaster()?;
        let children = std::fs::read_to_string(format!("/proc/{postmaster}/task/{postmaster}/children"))?;
        let children = children.split_whitespace().filter_map(|id| id.parse().ok());
        let all: Vec<u32> = std::iter::once(postmaster).chain(children).collect();
        // One of them may end meanwhile.
        all.iter().for_each(|id| drop(signal("STOP", *id)));
        tokio::time::sleep(time).await;
        all.iter().for_each(|id| drop(signal("CONT", *id)));
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may not run any more.
        let _ = self.ctl(&["-m", "immediate", "-w", "stop"]);
    }
}

fn owner(path: &str) -> Outcome<u32> {
    use std::os::unix::fs::MetadataExt;
    Ok(std::fs::metadata(path)?.uid())
}

fn run(command: &mut Command) -> Outcome<Output> {
    let output = command.output()?;
    if output.status.success() {
        return Ok(output);
    }
    let errors = String::from_utf8_lossy(&output.stderr);
    Err(format!("{command:?}: {} {}", errors.trim(), String::from_utf8_lossy(&output.stdout).trim()).into())
}
