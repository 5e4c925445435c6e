//! `micheck watch`: settings, where it is shown, summary and exit code.

use std::io::IsTerminal as _;
use std::sync::Arc;

use super::{RunError, say};
use crate::cli::args::WatchArgs;
use crate::cli::exit_code::ExitCode;
use crate::cli::settings::{self, Environment, PortsFile, WatchSettings};
use crate::cli::values::WatchFormat;
use crate::output::render::layout::broken;
use crate::output::terminal::{ColorChoice, Terminal};
use crate::text::t;
use crate::watch::board::PortNames;
use crate::watch::{self, BenchRecorder, Ending, EventSink, Outlets, Screen, Target};
use micheck_platform::interrupts::Interrupts;

/// Watches until it is over, and gives the exit code of all that was seen.
pub(super) fn run(args: WatchArgs) -> Result<ExitCode, RunError> {
    let settings = settings::load_watch(args, &Environment::read())?;
    let runtime = super::runtime()?;
    let code = runtime.block_on(watch_bench(settings));
    // A line that nobody takes may still be on its way.
    runtime.shutdown_background();
    code
}

async fn watch_bench(mut settings: WatchSettings) -> Result<ExitCode, RunError> {
    let mut interrupts = Interrupts::new();
    let log = settings.log.clone().map(Target::File);
    let (tell, states) = tokio::sync::mpsc::unbounded_channel();
    let log = log.as_ref().map(|log| EventSink::open(log, &tell)).transpose()?;
    let text = settings.options.rules.text;
    let servers = &settings.options.scan.links.servers;
    for endpoint in servers.iter().filter(|endpoint| !endpoint.is_loopback()) {
        say(&super::not_here(endpoint, text));
    }
    if let Some(why) = &settings.not_kept {
        say(&super::not_kept(why));
    }
    let film = micheck_simulator::film();
    let demo = if settings.options.rules.simulated {
        let started = film.bench().start().await;
        Some(started.map_err(|error| RunError::Simulator(error.to_string()))?)
    } else {
        None
    };
    // It ends with this function.
    let mut playing = tokio::task::JoinSet::new();
    if let Some(demo) = &demo {
        Arc::make_mut(&mut settings.options.scan).links.servers = vec![demo.address().into()];
        let controls = micheck_simulator::Controls::clone(demo);
        playing.spawn(async move { film.play(controls).await });
    }
    let as_board = match settings.format {
        Some(format) => format == WatchFormat::Board,
        None => std::io::stdout().is_terminal(),
    };
    let mut lines = Vec::new();
    if !as_board {
        lines.push(EventSink::open(&Target::Stdout, &tell)?);
    }
    lines.extend(log);
    let ports = settings.ports.clone();
    let outlets = Outlets {
        screen: if as_board {
            let terminal = Terminal::stdout(settings.color);
            Some(Screen::open(terminal, settings.ascii, settings.bell)?)
        } else {
            None
        },
        lines,
        recorder: settings.record.take().map(|it| BenchRecorder::start(it.options, it.salt)),
        states,
        names: ports.names.clone(),
        keep_names: Box::new(move |names| keep(&ports, names)),
        say: |line| say(&format_args!("micheck: {line}")),
    };
    let ending = watch::watch(&settings.options, outlets, &mut interrupts).await?;
    match ending.no_usb {
        Some(why) => Err(RunError::NoUsb(why)),
        None => Ok(tell_ending(&ending, &settings)),
    }
}

fn keep(ports: &PortsFile, names: &PortNames) -> Result<(), String> {
    ports.keep(names).map_err(|error| error.to_string())
}

/// The summary, on standard error.
fn tell_ending(ending: &Ending, settings: &WatchSettings) -> ExitCode {
    let text = settings.options.rules.text;
    for lost in &ending.lost_lines {
        say(&format_args!("micheck: {lost}"));
    }
    let mut lines = vec![crate::output::render::summary(&ending.summary, text)];
    if ending.fixed > 0 {
        lines.push(t!(text, "count-fixed", count = ending.fixed));
    }
    if !ending.at_risk.is_empty() {
        lines.push(t!(text, "left-at-risk-list", names = ending.at_risk.join(", ")));
    }
    let width = Terminal::stdout(ColorChoice::Never).width.unwrap_or(usize::MAX);
    for line in lines.iter().flat_map(|line| broken(line, width)) {
        say(&line);
    }
    if let Some(lost) = &ending.not_recorded {
        say(&format_args!("micheck: {lost}"));
    }
    if ending.lost_lines.is_empty() && ending.not_recorded.is_none() {
        ExitCode::of_summary(&ending.summary, settings.fail_on)
    } else {
        ExitCode::Error
    }
}
