//! Running: each loop in a task of its own, started again when it fails, stopped together.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinSet;

use super::manager::{self, News};
use super::{App, AppBot, note_failure};
use crate::clock::SharedClock;
use crate::config::Updates;
use crate::http;
use crate::http::webhook::{self, Webhook};
use crate::loops::{courier, intake::queue};
use crate::store::Result;
use crate::telemetry;

/// How long what is in hand may take after the signal to stop; the process ends within 10 s.
const LAST_WORK: Duration = Duration::from_secs(8);
/// The pause before a loop that failed is started again, at first …
const FIRST_PAUSE: Duration = Duration::from_millis(200);
/// … and at most.
const LONGEST_PAUSE: Duration = Duration::from_secs(15);
/// How often the Bot API is asked whether it answers, where no polling shows it.
const ASK_EVERY: Duration = Duration::from_secs(45);
/// How often it is judged whether reminders go out.
const BEAT_EVERY: Duration = Duration::from_secs(60);
/// How often the service manager is told that the process gets to its work.
const ALIVE_EVERY: Duration = Duration::from_secs(20);

impl App {
    /// Runs until `stop` becomes true, then finishes what is in hand.
    pub async fn run(mut self, stop: watch::Receiver<bool>) {
        telemetry::start_metrics();
        courier::announce_metrics();
        let listener = self.listener.take();
        let app = Arc::new(self);
        let mut tasks = JoinSet::new();
        let mut router = http::router(app.health.clone());
        if let Updates::Webhook { secret, .. } = &app.config.telegram.updates {
            let (deliveries, taker) = queue(&app.engine);
            router = router.merge(webhook::router(Webhook {
                secret: secret.clone(),
                bots: app.bots.iter().map(|bot| bot.id).collect(),
                deliver: Arc::new(move |bot, raw| {
                    let deliveries = deliveries.clone();
                    Box::pin(async move { deliveries.deliver(bot, raw).await })
                }),
                clock: app.engine.clock.clone(),
            }));
            let (mut taker, mut stopped) = (taker, stop.clone());
            tasks.spawn(async move {
                if let Err(error) = taker.run(&mut stopped).await {
                    tracing::error!(%error, "the webhook's updates are no longer taken");
                }
            });
        }
        if let Some(listener) = listener {
            let mut stopped = stop.clone();
            tasks.spawn(async move {
                let until_stop = async move { drop(stopped.wait_for(|stop| *stop).await) };
                if let Err(error) = http::serve(listener, router, until_stop).await {
                    tracing::error!(%error, "HTTP is no longer served");
                }
            });
        }
        app.spawn_watch(&mut tasks, &stop);
        app.clone().spawn_loops(&mut tasks, &stop);
        manager::tell(News::Ready);
        app.wait(tasks, stop).await;
    }

    /// What runs from the start, whether Telegram answers or not.
    fn spawn_watch(self: &Arc<Self>, tasks: &mut JoinSet<()>, stop: &watch::Receiver<bool>) {
        let app = self.clone();
        tasks.spawn(supervise("housekeeping", app.engine.clock.clone(), stop.clone(), move |mut stop| {
            let mut housekeeping = app.housekeeping();
            async move { housekeeping.run(&mut stop).await }
        }));
        let app = self.clone();
        let mut stop = stop.clone();
        tasks.spawn(async move {
            tokio::select! {
                () = app.upkeep() => {}
                () = app.ask_silent_bots() => {}
                () = app.is_alive() => {}
                _ = stop.wait_for(|stop| *stop) => {}
            }
        });
    }

    async fn upkeep(&self) {
        loop {
            self.engine.clock.sleep(BEAT_EVERY).await;
            telemetry::tidy_metrics();
            if let Err(reason) = self.beat().await {
                tracing::warn!(reason, "no heartbeat");
            }
        }
    }

    /// Asks the Bot API whether it answers for each bot that nobody heard of lately: with a webhook nobody polls, and
    /// of several processes only one does.
    async fn ask_silent_bots(&self) {
        loop {
            self.engine.clock.sleep(ASK_EVERY).await;
            for bot in self.bots.iter().filter(|bot| self.health.is_silent(&bot.name, ASK_EVERY)) {
                match bot.chat.me().await {
                    Ok(_) => self.health.answered(&bot.name),
                    Err(error) => note_failure(&self.health, &bot.name, &error),
                }
            }
        }
    }

    async fn is_alive(&self) {
        loop {
            self.engine.clock.sleep(ALIVE_EVERY).await;
            manager::tell(News::Alive);
        }
    }

    /// What runs once a bot told who it is: its own loops, and timers with the first of them.
    fn spawn_loops(self: Arc<Self>, tasks: &mut JoinSet<()>, stop: &watch::Receiver<bool>) {
        let (met, mut any_met) = watch::channel(false);
        for bot in self.bots.clone() {
            let (app, met, stop) = (self.clone(), met.clone(), stop.clone());
            tasks.spawn(async move {
                if app.meet_at_last(&bot, stop.clone()).await {
                    met.send_replace(true);
                    app.run_bot(bot, stop).await;
                }
            });
        }
        let stop = stop.clone();
        tasks.spawn(async move {
            // An error: it was to stop before any bot had told.
            if any_met.wait_for(|met| *met).await.is_err() {
                return;
            }
            let clock = self.engine.clock.clone();
            let timers = supervise("timers", clock, stop, move |mut stop| {
                let (mut timers, engine) = (self.timers(), self.engine.clone());
                async move {
                    engine.prepare_days().await?;
                    timers.run(&mut stop).await
                }
            });
            timers.await;
        });
    }

    async fn run_bot(self: Arc<Self>, bot: AppBot, stop: watch::Receiver<bool>) {
        let mut loops = JoinSet::new();
        let (app, own) = (self.clone(), bot.clone());
        loops.spawn(supervise("courier", self.engine.clock.clone(), stop.clone(), move |mut stop| {
            let mut courier = app.courier(&own);
            async move { courier.run(&mut stop).await }
        }));
        self.spawn_intake(&mut loops, bot, &stop);
        while loops.join_next().await.is_some() {}
    }

    fn spawn_intake(self: Arc<Self>, loops: &mut JoinSet<()>, bot: AppBot, stop: &watch::Receiver<bool>) {
        let clock = self.engine.clock.clone();
        if matches!(self.config.telegram.updates, Updates::Polling) {
            loops.spawn(supervise("polling", clock, stop.clone(), move |mut stop| {
                let mut poller = self.poller(&bot);
                async move { poller.run(&mut stop).await }
            }));
            return;
        }
        let mut stop = stop.clone();
        loops.spawn(async move {
            tokio::select! {
                () = self.set_webhook(&bot) => {}
                _ = stop.wait_for(|stop| *stop) => {}
            }
        });
    }

    /// Sets the webhook. It is never taken away (S1).
    async fn set_webhook(&self, bot: &AppBot) {
        let (Updates::Webhook { secret, .. }, Some(url)) =
            (&self.config.telegram.updates, self.webhook_url(bot))
        else {
            return;
        };
        let clock = &self.engine.clock;
        while let Err(error) = bot.chat.set_webhook(&url, secret.reveal()).await {
            tracing::warn!(bot = bot.name, %error, "the webhook cannot be set yet");
            note_failure(&self.health, &bot.name, &error);
            clock.sleep(Duration::from_secs(5)).await;
        }
    }

    /// Asks a bot who it is until it tells; `false` when it is to stop before.
    async fn meet_at_last(&self, bot: &AppBot, mut stop: watch::Receiver<bool>) -> bool {
        let mut pause = Duration::from_millis(500);
        loop {
            let error = tokio::select! {
                met = self.meet(bot) => match met {
                    Ok(()) => return true,
                    Err(error) => error,
                },
                _ = stop.wait_for(|stop| *stop) => return false,
            };
            tracing::warn!(bot = bot.name, %error, "the Bot API does not tell who the bot is: asking again");
            tokio::select! {
                () = self.engine.clock.sleep(pause) => {}
                _ = stop.wait_for(|stop| *stop) => return false,
            }
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    /// Waits for the signal, then for what is in hand, then no longer.
    async fn wait(&self, mut tasks: JoinSet<()>, mut stop: watch::Receiver<bool>) {
        // When nobody is left who could say stop, it is time, too.
        let _ = stop.wait_for(|stop| *stop).await;
        manager::tell(News::Stopping);
        let finished = async { while tasks.join_next().await.is_some() {} };
        tokio::select! {
            () = finished => {}
            () = self.engine.clock.sleep(LAST_WORK) => {
                tracing::warn!("not everything in hand was finished in time: the next start judges it");
                tasks.abort_all();
            }
        }
        self.engine.db.close().await;
    }
}

/// Starts a loop, and again after a pause when it fails or panics, until it ends by itself.
async fn supervise<F, R>(name: &'static str, clock: SharedClock, mut stop: watch::Receiver<bool>, start: F)
where
    F: Fn(watch::Receiver<bool>) -> R,
    R: Future<Output = Result<()>> + Send + 'static,
{
    let mut pause = FIRST_PAUSE;
    loop {
        let begun = clock.elapsed();
        let mut running = JoinSet::new();
        running.spawn(start(stop.clone()));
        match running.join_next().await {
            Some(Ok(Ok(()))) | None => return,
            Some(Ok(Err(error))) if error.is_passing() => {
                tracing::warn!(part = name, %error, "a part waits for the database");
                pause = FIRST_PAUSE;
            }
            Some(Ok(Err(error))) => {
                tracing::error!(part = name, %error, "a part failed: it is started again")
            }
            Some(Err(error)) if error.is_cancelled() => return,
            Some(Err(_)) => tracing::error!(part = name, "a part broke off: it is started again"),
        }
        if *stop.borrow() {
            return;
        }
        if clock.elapsed() - begun > LONGEST_PAUSE * 2 {
            pause = FIRST_PAUSE;
        }
        tokio::select! {
            () = clock.sleep(pause) => {}
            _ = stop.wait_for(|stop| *stop) => return,
        }
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}
