//! `micheck scan`: from settings over the phones to the report and the exit code.

use std::io::IsTerminal as _;
use std::sync::Arc;

use tokio::sync::mpsc::{self, UnboundedSender};
use tokio::task::JoinHandle;

use super::recording::Recording;
use super::write_report::{Written, prepare, written};
use super::{RunError, interrupted, not_here, now, runtime, say, trace_to_stderr};
use crate::cli::args::ScanArgs;
use crate::cli::exit_code::ExitCode;
use crate::cli::settings::{self, Environment, Settings};
use crate::cli::values::Verbosity;
use crate::doctor;
use crate::doctor::host::adb_program;
use crate::report::evidence_dir::{EvidenceDir, EvidenceDirError};
use crate::report::serial::Redaction;
use crate::report::{ProbeResult, Report, Run};
use crate::scan::aside::aside;
use crate::scan::options::ServersFrom;
use crate::scan::{self, Progress, ScanResult, progress};
use crate::text::t;
use micheck_adb::server::ServerError;
use micheck_adb::{Endpoint, LinkError};
use micheck_core::advisory::AdvisorySet;
use micheck_core::escape::escape;
use micheck_core::verdict::Reason;

pub(super) fn run(args: ScanArgs) -> Result<ExitCode, RunError> {
    let mut settings = settings::load(args, &Environment::read())?;
    let record = settings.record.take();
    let settings = Arc::new(settings);
    let runtime = runtime()?;
    let inside = runtime.enter();
    // Before anything is begun that Ctrl-C mustn't leave behind.
    let interrupted = interrupted();
    let output = prepare(&settings.report)?;
    let evidence = settings.evidence.as_deref().map(EvidenceDir::prepare).transpose()?;
    let evidence = evidence.map(Arc::new);
    trace_to_stderr(settings.verbosity);
    let warned = settings.scan.links.servers.iter().filter(|endpoint| !endpoint.is_loopback());
    for endpoint in warned.filter(|_| settings.verbosity != Verbosity::Quiet) {
        say(&not_here(endpoint, settings.report.said));
    }
    let mut recording = record.map(|record| Recording::new(record, settings.report.said));
    let code = runtime.block_on(async {
        let mut interrupted = std::pin::pin!(interrupted);
        let (report, written, code) = tokio::select! {
            report = scan_and_render(&settings, evidence.clone(), &mut recording) => report?,
            () = &mut interrupted => {
                // It may be in the middle of writing, on a thread that nothing else ends.
                if let Some(evidence) = &evidence {
                    evidence.abandon();
                }
                return Ok(ExitCode::Interrupted);
            }
        };
        let said = settings.report.said;
        let showing = async {
            let Some(written) = written else { return Ok(code) };
            // Not to be broken off: signals wait until it is done.
            if output.is_brief() {
                return written.write(output, said).map(|()| code);
            }
            tokio::select! {
                written = aside(move || written.write(output, said)) => {
                    written.expect("writing doesn't panic").map(|()| code)
                }
                () = &mut interrupted => Ok(ExitCode::Interrupted),
            }
        };
        let Some(mut recording) = recording.take() else { return showing.await };
        let shown = recording.record_behind(report, showing).await;
        // What can't be shown is recorded all the same.
        let code = *shown.as_ref().unwrap_or(&ExitCode::Error);
        let was_interrupted = matches!(shown, Ok(ExitCode::Interrupted));
        if was_interrupted {
            // Whoever presses it again waits for nothing.
            interrupted.set(super::interrupted());
        }
        let code = tokio::select! {
            code = recording.finish(code) => code,
            () = interrupted => ExitCode::Interrupted,
        };
        shown.map(|_| if was_interrupted { ExitCode::Interrupted } else { code })
    });
    drop(inside);
    // A report that nobody reads may still be on its way to standard output.
    runtime.shutdown_background();
    code
}

/// Scans, keeps the evidence, and gives the report, and as text with the exit code that it leads to.
async fn scan_and_render(
    settings: &Settings,
    evidence: Option<Arc<EvidenceDir>>,
    recording: &mut Option<Recording>,
) -> Result<(Report, Option<Written>, ExitCode), RunError> {
    let taken_at = now();
    let mut options = Arc::clone(&settings.scan);
    let demo = if settings.demo {
        let started = micheck_simulator::demo().start().await;
        Some(started.map_err(|error| RunError::Simulator(error.to_string()))?)
    } else {
        None
    };
    if let Some(demo) = &demo {
        Arc::make_mut(&mut options).links.servers = vec![demo.address().into()];
    }
    let (progress, shown) = start_progress(settings);
    let advisories = &options.advisories;
    let scanning = scan::scan(Arc::clone(&options), progress);
    let mut found = match recording {
        Some(recording) => recording.open_during(settings.report.sheet.is_some(), scanning).await,
        None => scanning.await,
    };
    // The line goes away before anything else is written.
    if let Some(shown) = shown {
        shown.await.expect("progress doesn't panic");
    }
    check_servers(&options.links.servers, &mut found, settings)?;
    check_usb(&mut found, settings)?;
    let hints = if found.observations.is_empty() {
        let looked_at_usb = settings.scan.links.usb && found.usb_trouble.is_none();
        let looked = found.servers_reached > 0 || looked_at_usb;
        doctor::hints(looked, adb_program().is_some(), cfg!(windows))
    } else {
        Vec::new()
    };
    let run = Run { taken_at, simulated: settings.demo, hints };
    if let Some(evidence) = evidence {
        let serials = settings.report.file_serials()?;
        found.observations = keep(evidence, found.observations, &run, advisories, serials).await?;
    }
    let mut report = Report::new(run, found.observations, advisories, settings.report.text);
    drop(found.shares);
    if let Some(recording) = recording {
        recording.note(&mut report);
        if settings.report.sheet.is_some() {
            recording.record_and_tell(&mut report);
        }
    }
    let code = ExitCode::of_summary(&report.summary, settings.report.fail_on);
    let written = written(&mut report, &settings.report)?;
    Ok((report, written, code))
}

/// Writes the phones' evidence, and hands them back.
async fn keep(
    evidence: Arc<EvidenceDir>,
    observations: Vec<ProbeResult>,
    run: &Run,
    advisories: &Arc<AdvisorySet>,
    serials: Redaction,
) -> Result<Vec<ProbeResult>, EvidenceDirError> {
    let (run, advisories) = (run.clone(), Arc::clone(advisories));
    // Off the reactor, so that Ctrl-C is heard.
    let written = aside(move || {
        evidence.write(&observations, &run, &advisories, &serials).map(|()| observations)
    });
    written.await.expect("writing doesn't panic")
}

/// Starts whoever tells the person how the scan goes.
fn start_progress(
    settings: &Settings,
) -> (Option<UnboundedSender<Progress>>, Option<JoinHandle<()>>) {
    let (events, seen) = mpsc::unbounded_channel();
    let (wait_auth, text) = (settings.scan.links.wait_auth, settings.report.said);
    match settings.verbosity {
        Verbosity::Usual if std::io::stderr().is_terminal() => {
            (Some(events), Some(tokio::spawn(progress::draw(seen, wait_auth, text))))
        }
        Verbosity::Usual | Verbosity::Verbose | Verbosity::VeryVerbose if !wait_auth.is_zero() => {
            (Some(events), Some(tokio::spawn(progress::tell_waits(seen, wait_auth, text))))
        }
        _ => (None, None),
    }
}

/// Says which servers couldn't be asked; none at all where a person named one is an error.
fn check_servers(
    servers: &[Endpoint],
    found: &mut ScanResult,
    settings: &Settings,
) -> Result<(), RunError> {
    let mut lost = std::mem::take(&mut found.lost_servers);
    // In the order of naming, not of failing.
    lost.sort_by_key(|error| servers.iter().position(|server| server == error.endpoint()));
    let nothing_reached = found.servers_reached == 0;
    let not_running = lost.iter().all(|error| matches!(error, ServerError::Unreachable { .. }));
    let named = settings.scan.links.servers_from != ServersFrom::Default;
    let usb_seen = settings.scan.links.usb && found.usb_trouble.is_none();
    let other_ways = usb_seen || !settings.scan.links.connect.is_empty();
    // What other ways have found counts all the same.
    if nothing_reached
        && !lost.is_empty()
        && found.observations.is_empty()
        && (named || !not_running && !other_ways)
    {
        return Err(RunError::NoServer(lost.iter().map(ServerError::with_remedy).collect()));
    }
    // That no server runs at the usual address is no trouble where none is needed.
    lost.retain(|error| {
        !(settings.scan.links.usb && !named && matches!(error, ServerError::Unreachable { .. }))
    });
    for error in lost.iter().filter(|_| settings.verbosity != Verbosity::Quiet) {
        say(&format_args!("micheck: {error}"));
    }
    Ok(())
}

/// Says what couldn't be seen of the USB bus; nothing at all where only that was asked for is an
/// error.
fn check_usb(found: &mut ScanResult, settings: &Settings) -> Result<(), RunError> {
    if let Some(trouble) = &found.usb_trouble {
        if settings.scan.links.only_usb() {
            return Err(RunError::NoUsb(usb_detail(trouble)));
        }
        // That this computer has no bus hides no phone.
        let no_bus = trouble.reason == Reason::UnsupportedInterface;
        let only_way = found.servers_reached == 0 && settings.scan.links.connect.is_empty();
        if settings.verbosity != Verbosity::Quiet && (only_way || !no_bus) {
            let said = t!(settings.report.said, "usb-unseen", why = usb_detail(trouble));
            say(&format_args!("micheck: {said}"));
        }
        if !no_bus {
            found.observations.push(scan::unseen_bus(trouble));
        }
    }
    Ok(())
}

fn usb_detail(trouble: &LinkError) -> String {
    let detail = trouble.detail.as_deref().unwrap_or(trouble.reason.key());
    escape(detail).into_owned()
}
