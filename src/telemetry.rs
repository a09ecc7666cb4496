//! What the operator sees: log lines on stderr, metrics, one line for a panic. Nothing that leaves through here shows
//! a secret (S2).

use std::io::{IsTerminal, Write};
use std::panic::PanicHookInfo;
use std::sync::{OnceLock, PoisonError, RwLock};

use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;

/// Secrets that are replaced by `***` wherever they would be written.
static HIDDEN: RwLock<Vec<String>> = RwLock::new(Vec::new());
static METRICS: OnceLock<PrometheusHandle> = OnceLock::new();

/// Shorter texts are no secrets; hiding them would only make lines unreadable.
const SHORTEST_SECRET: usize = 6;
/// Upper bounds, in seconds, of the buckets of `tierline_update_seconds`.
const UPDATE_SECONDS: [f64; 10] = [0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0];

/// Starts the log with `usual` as its level unless `TIERLINE_LOG` or `RUST_LOG` says otherwise: for reading on a
/// terminal, as JSON otherwise. A second start changes nothing.
pub fn start(usual: &str) {
    let filter = ["TIERLINE_LOG", "RUST_LOG"]
        .into_iter()
        .find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()))
        .and_then(|directives| EnvFilter::try_new(directives).ok())
        .unwrap_or_else(|| EnvFilter::new(usual));
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(ToStderr);
    let started = if std::io::stderr().is_terminal() {
        builder.compact().try_init()
    } else {
        builder.json().with_ansi(false).try_init()
    };
    if started.is_ok() {
        std::panic::set_hook(Box::new(log_panic));
    }
}

/// One line for a panic. A message made at run time may quote what a person wrote, so only a fixed one is shown (S12).
fn log_panic(panic: &PanicHookInfo<'_>) {
    let place = panic.location().map(ToString::to_string).unwrap_or_default();
    let message = panic.payload().downcast_ref::<&str>().copied().unwrap_or("(message withheld)");
    tracing::error!(place, message, "a part of the program failed");
}

/// Hides `secret` in every line from now on.
pub fn hide(secret: &str) {
    let mut hidden = HIDDEN.write().unwrap_or_else(PoisonError::into_inner);
    if secret.len() >= SHORTEST_SECRET && !hidden.iter().any(|known| known == secret) {
        hidden.push(secret.to_owned());
    }
}

/// `text` with every hidden secret replaced.
#[must_use]
pub fn redact(text: &str) -> String {
    let hidden = HIDDEN.read().unwrap_or_else(PoisonError::into_inner);
    hidden.iter().fold(text.to_owned(), |text, secret| text.replace(secret, "***"))
}

/// Writes log lines to stderr without the hidden secrets.
#[derive(Clone, Copy)]
struct ToStderr;

impl MakeWriter<'_> for ToStderr {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        *self
    }
}

impl Write for ToStderr {
    fn write(&mut self, line: &[u8]) -> std::io::Result<usize> {
        let text = redact(&String::from_utf8_lossy(line));
        std::io::stderr().lock().write_all(text.as_bytes())?;
        Ok(line.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        std::io::stderr().lock().flush()
    }
}

/// Installs the recorder of metrics, once per process.
pub fn start_metrics() {
    METRICS.get_or_init(|| {
        let recorder = PrometheusBuilder::new()
            .set_buckets_for_metric(Matcher::Full("tierline_update_seconds".to_owned()), &UPDATE_SECONDS)
            .expect("the bounds are not empty")
            .build_recorder();
        let handle = recorder.handle();
        if metrics::set_global_recorder(recorder).is_err() {
            tracing::warn!("another recorder of metrics is already installed");
        }
        describe();
        handle
    });
}

fn describe() {
    use metrics::{describe_counter, describe_gauge, describe_histogram};
    describe_counter!("tierline_updates_total", "Updates taken, repeats included");
    describe_histogram!("tierline_update_seconds", "Time from an update's arrival to its commit");
    describe_gauge!("tierline_outbox_depth", "Messages that wait to be sent, by class");
    describe_counter!("tierline_sent_total", "Calls finished, by class and result");
    describe_counter!("tierline_retry_after_total", "Answers 429");
    describe_counter!("tierline_audit_alarms", "Rows of the outbox and timers that were deleted by hand");
    describe_counter!(
        "tierline_figures_wrong_total",
        "Days whose figures did not add up when they were signed"
    );
    describe_counter!(
        "tierline_floods_muted_total",
        "Messages that got no answer because too many answers waited"
    );
    describe_gauge!("tierline_ready", "Whether /readyz says yes, asked when the metrics are");
    describe_gauge!("tierline_bots_failing", "Bots for which the Bot API does not answer");
    describe_gauge!("tierline_reminders_go_out", "Whether reminders really go out, judged once a minute");
    describe_gauge!("tierline_timers_failed", "Timers that failed too often and were given up");
    describe_gauge!("tierline_calls_stuck", "Calls in flight for more than a minute");
    describe_gauge!("tierline_updates_aside", "Updates that were set aside for the operator");
    describe_gauge!(
        "tierline_nags_unexplained",
        "Today's reminders and reports upward neither sent nor explained"
    );
    describe_gauge!("tierline_nothing_sent_today", "1: something was to be sent today, and nothing was");
    describe_gauge!(
        "tierline_timers_overdue_seconds",
        "Age of the oldest timer that is due and has not fired"
    );
    // A counter that is not there yet hides its first count from whoever watches the change.
    for name in [
        "tierline_updates_total",
        "tierline_audit_alarms",
        "tierline_figures_wrong_total",
        "tierline_floods_muted_total",
    ] {
        metrics::counter!(name).increment(0);
    }
    // Nobody has judged it yet.
    metrics::gauge!("tierline_reminders_go_out").set(0.0);
}

/// The metrics in Prometheus' text format; empty before [`start_metrics`].
#[must_use]
pub fn render_metrics() -> String {
    METRICS.get().map(PrometheusHandle::render).unwrap_or_default()
}

/// Folds observed values into their buckets. To be called now and then, so that memory stays flat when nobody asks
/// for the metrics.
pub fn tidy_metrics() {
    if let Some(handle) = METRICS.get() {
        handle.run_upkeep();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hidden_secrets_do_not_show() {
        hide("7:CANARY-of-telemetry");
        hide("abc");
        assert_eq!(redact("GET /bot7:CANARY-of-telemetry/getMe abc"), "GET /bot***/getMe abc");
    }

    #[test]
    fn metrics_are_rendered() {
        start_metrics();
        metrics::counter!("tierline_updates_total").increment(2);
        tidy_metrics();
        assert!(render_metrics().contains("tierline_updates_total"), "{}", render_metrics());
    }
}
