//! `micheck fix`: from settings over the plan and the person's yes to before and after.

use std::io::{IsTerminal as _, Write as _};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use super::recording::LAST_CHECKS;
use super::write_report::{Written, only_one, prepare, written};
use super::{RunError, interrupted, not_here, now, runtime, say, trace_to_stderr};
use crate::cli::args::FixArgs;
use crate::cli::exit_code::ExitCode;
use crate::cli::settings::{self, ConfigError, Environment, FixSettings};
use crate::cli::values::Verbosity;
use crate::doctor;
use crate::doctor::host::adb_program;
use crate::fix::display::Display;
use crate::fix::{Fixing, called, how_gone, looking};
use crate::output::file::Output;
use crate::output::terminal::shown;
use crate::report::Run;
use crate::report::evidence_dir::EvidenceDir;
use crate::scan::aside::aside;
use crate::text::{Text, t};
use crate::watch::BenchRecorder;
use crate::watch::board::{BoardPhone, PhoneId, Presence};
use micheck_adb::server::ServerError;
use micheck_core::escape::escape;
use micheck_core::update_route::UpdateKind;
use micheck_core::verdict::{Reason, Verdict};
use micheck_platform::typed::discard_typed;

/// How soon it is heard that a line ended because of Ctrl-C.
const INTERRUPT: Duration = Duration::from_millis(100);

/// How many phones the plan names: it is to be seen whole.
const NAMED: usize = 15;

/// The folders of the evidence: of answers with requests, and of the last ones.
const EVIDENCE: [&str; 2] = ["requested", "last"];

pub(super) fn run(args: FixArgs) -> Result<ExitCode, RunError> {
    let settings = settings::load_fix(args, &Environment::read())?;
    let is_there = std::io::stdin().is_terminal() && std::io::stderr().is_terminal();
    if !settings.yes && !is_there {
        return Err(ConfigError::NobodyToAsk.into());
    }
    let runtime = runtime()?;
    let code = runtime.block_on(fix(settings));
    // It may go on reading what nobody waits for any more.
    runtime.shutdown_background();
    code
}

async fn fix(mut settings: FixSettings) -> Result<ExitCode, RunError> {
    // Before anything is begun that Ctrl-C mustn't leave behind.
    let mut interrupted = std::pin::pin!(interrupted());
    let output = prepare(&settings.report)?;
    let evidence = settings.evidence.as_deref().map(evidence_dirs).transpose()?;
    trace_to_stderr(settings.verbosity);
    let text = settings.options.rules.text;
    let servers = &settings.options.scan.links.servers;
    let warned = servers.iter().filter(|endpoint| !endpoint.is_loopback());
    for endpoint in warned.filter(|_| settings.verbosity != Verbosity::Quiet) {
        say(&not_here(endpoint, text));
    }
    let demo = if settings.options.rules.simulated {
        let started = micheck_simulator::fix().start().await;
        Some(started.map_err(|error| RunError::Simulator(error.to_string()))?)
    } else {
        None
    };
    if let Some(demo) = &demo {
        Arc::make_mut(&mut settings.options.scan).links.servers = vec![demo.address().into()];
    }
    let taken_at = now();
    let record = settings.record.take();
    let recorder = record.map(|it| BenchRecorder::start(it.options, it.salt));
    let mut fixing = Fixing::new(settings.options.clone(), recorder);
    let display = display(settings.verbosity);
    let done = tokio::select! {
        done = all_of_it(&mut fixing, &settings, &display) => Some(done),
        () = &mut interrupted => None,
    };
    display.clear();
    let is_interrupted = done.is_none();
    if let Some(done) = done {
        done?;
    } else {
        for line in fixing.interrupted() {
            display.say(&line);
        }
        // What was done by then is worth a report.
        if !fixing.has_begun() {
            record_all(&mut fixing).await;
            return Ok(ExitCode::Interrupted);
        }
    }
    let told = tokio::select! {
        code = tell_all(&mut fixing, &settings, evidence.as_ref(), taken_at, output) => code,
        // Whoever presses it again waits for nothing.
        () = super::interrupted() => {
            for dir in evidence.iter().flatten() {
                dir.abandon();
            }
            Ok(ExitCode::Interrupted)
        }
    };
    // What can't be shown is recorded all the same.
    let is_recorded = record_all(&mut fixing).await;
    let code = told?;
    Ok(match (is_interrupted, is_recorded) {
        (true, _) => ExitCode::Interrupted,
        (false, true) => code,
        (false, false) => ExitCode::Error,
    })
}

/// Has everything recorded that was found; whether it could be.
async fn record_all(fixing: &mut Fixing) -> bool {
    let Some(recorder) = fixing.take_recorder() else { return true };
    let lost = recorder.finish(LAST_CHECKS).await.err();
    if let Some(lost) = &lost {
        say(&format_args!("micheck: {lost}"));
    }
    lost.is_none()
}

/// Keeps the evidence, and writes the report; gives the exit code that it leads to.
async fn tell_all(
    fixing: &mut Fixing,
    settings: &FixSettings,
    evidence: Option<&[Arc<EvidenceDir>; 2]>,
    taken_at: String,
    output: Output,
) -> Result<ExitCode, RunError> {
    let kept = keep_evidence(fixing, settings, evidence, &taken_at).await;
    // Evidence that can't be kept costs no report.
    let (written, code) = report(fixing, settings, taken_at)?;
    let text = settings.options.rules.text;
    match written {
        None => {}
        // Not to be broken off: signals wait until it is done.
        Some(written) if output.is_brief() => written.write(output, text)?,
        Some(written) => {
            let writing = aside(move || written.write(output, text));
            writing.await.expect("writing doesn't panic")?;
        }
    }
    kept.map(|()| code)
}

/// From the look for phones to the end of the wait.
async fn all_of_it(
    fixing: &mut Fixing,
    settings: &FixSettings,
    display: &Display,
) -> Result<(), RunError> {
    let text = settings.options.rules.text;
    if settings.options.rules.simulated {
        display.say(text.get("demo"));
    }
    fixing.look(|board| display.show(&[looking(board)])).await;
    display.show(&[]);
    check_links(fixing, settings)?;
    let phones = phones_to_ask(fixing, settings, display)?;
    fixing.plan(&phones);
    if phones.is_empty() || !is_wanted(fixing, settings, display, &phones).await {
        fixing.give_up();
        return Ok(());
    }
    let tell = |fixing: &mut Fixing, news: &[_], left: Duration| {
        for sentence in news.iter().flat_map(|news| fixing.sentences(news)) {
            display.say_behind(&format!("{}  ", clock()), &sentence);
        }
        display.show(&fixing.lines(left));
    };
    fixing.wait(tell).await;
    Ok(())
}

/// Where what happens is shown.
fn display(verbosity: Verbosity) -> Display {
    match verbosity {
        Verbosity::Quiet => Display::new(false, |_| {}),
        Verbosity::Usual => Display::new(std::io::stderr().is_terminal(), |line| say(&line)),
        // Between lines of what happens nothing can stand still.
        Verbosity::Verbose | Verbosity::VeryVerbose => Display::new(false, |line| say(&line)),
    }
}

fn clock() -> String {
    jiff::Zoned::now().strftime("%H:%M:%S").to_string()
}

/// What couldn't be looked at; nothing at all where a person named it is an error.
fn check_links(fixing: &Fixing, settings: &FixSettings) -> Result<(), RunError> {
    let links = &settings.options.scan.links;
    let none = fixing.board().phones().is_empty();
    let lost = fixing.lost_servers();
    if none && !lost.is_empty() && !fixing.has_reached_a_server() && links.servers_named() {
        return Err(RunError::NoServer(
            lost.iter().map(|error| ServerError::with_remedy(error)).collect(),
        ));
    }
    if let Some(trouble) = fixing.usb_trouble() {
        let trouble = escape(trouble).into_owned();
        if links.only_usb() {
            return Err(RunError::NoUsb(trouble));
        }
        if settings.verbosity != Verbosity::Quiet && none {
            say(&t!(settings.options.rules.text, "usb-unseen", why = trouble));
        }
    }
    Ok(())
}

/// The phones that are to be asked; says why others can't be.
fn phones_to_ask(
    fixing: &mut Fixing,
    settings: &FixSettings,
    display: &Display,
) -> Result<Vec<PhoneId>, RunError> {
    let text = settings.options.rules.text;
    let board = fixing.board();
    if board.phones().is_empty() {
        return Ok(Vec::new());
    }
    if let Some(wanted) = &settings.serial {
        let serials: Vec<(PhoneId, &str)> = board
            .phones()
            .iter()
            .map(|phone| (phone.id, phone.connection.serial.as_deref().unwrap_or_default()))
            .collect();
        let id = only_one(&serials, wanted)?;
        fixing.only(id);
    }
    let (phones, others): (Vec<&BoardPhone>, Vec<&BoardPhone>) =
        fixing.phones().into_iter().partition(|phone| fixing.board().may_show_updater(phone));
    let needs_none = |phone: &&BoardPhone| phone.outcome().is_some_and(Verdict::is_fine);
    for phone in others.iter().filter(|phone| settings.serial.is_some() || !needs_none(phone)) {
        display.say(&why_not(phone, text));
    }
    if phones.is_empty() && settings.serial.is_none() {
        display.say(if others.iter().all(needs_none) {
            text.get("fix-nothing")
        } else {
            text.get("fix-nobody")
        });
    }
    Ok(phones.iter().map(|phone| phone.id).collect())
}

/// Why a phone isn't asked: it is fine, nobody knows how it is, or it is at risk and can't be.
fn why_not(phone: &BoardPhone, text: Text) -> String {
    let name = called(phone, text);
    let why = match (phone.reason(), phone.presence) {
        (Some(reason), _) => text.reason_short(reason),
        (None, Presence::Absent { gone, .. }) => how_gone(phone, gone, text),
        (None, _) if phone.is_starting() => text.reason_short(Reason::StillBooting),
        (None, _) => phone
            .standing()
            .and_then(|held| held.verdict.reason())
            .map_or_else(|| text.get("fix-not-told-apart"), |reason| text.reason_short(reason)),
    };
    match phone.outcome() {
        Some(verdict) if verdict.is_fine() => t!(text, "fix-not-at-risk", phone = name),
        Some(verdict) if verdict.is_at_risk() => t!(text, "fix-cannot", phone = name, why = why),
        _ => t!(text, "fix-not-checked", phone = name, why = why),
    }
}

/// Says what will be done, and asks whether it is to be.
async fn is_wanted(
    fixing: &mut Fixing,
    settings: &FixSettings,
    display: &Display,
    phones: &[PhoneId],
) -> bool {
    let text = settings.options.rules.text;
    let count = phones.len();
    display.say(&match settings.options.kind {
        UpdateKind::Apps => t!(text, "fix-plan", count = count),
        UpdateKind::System => text.get("fix-plan-system").to_owned(),
    });
    for phone in phones.iter().take(NAMED).filter_map(|id| fixing.board().phone(*id)) {
        display.say(&format!("  {}", planned(phone, text)));
    }
    if count > NAMED {
        display.say(&format!("  {}", t!(text, "fix-more", count = count - NAMED)));
    }
    if settings.yes {
        return true;
    }
    display.clear();
    let answer = tokio::select! {
        answer = asked(t!(text, "fix-ask", count = count)) => answer,
        () = fixing.attend() => unreachable!("it attends without end"),
    };
    let is_yes = matches!(answer.trim().to_lowercase().as_str(), "y" | "yes");
    if !is_yes {
        say(&text.get("fix-declined"));
    }
    is_yes
}

/// A phone that is to be asked, with what was found of it.
fn planned(phone: &BoardPhone, text: Text) -> String {
    let found = phone.standing().map(|held| {
        let version = held.version.as_deref().map(escape).unwrap_or_default();
        format!("{} {version}", text.verdict_word(held.verdict))
    });
    let port = phone.connection.path.as_deref().map(|path| escape(path).into_owned());
    let facts = [Some(called(phone, text)), port, found];
    facts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// Asks a question on standard error, and gives the line that is typed.
async fn asked(question: String) -> String {
    // What was typed before the question is no answer to it.
    discard_typed();
    let _ = write!(std::io::stderr(), "{} ", shown(&question));
    let _ = std::io::stderr().flush();
    // On a thread that nothing ends: whoever types nothing ends the program with Ctrl-C.
    let read = aside(|| {
        let mut line = String::new();
        let read = std::io::stdin().read_line(&mut line);
        read.map(|_| line).unwrap_or_default()
    });
    let line = read.await.unwrap_or_default();
    if !line.ends_with('\n') {
        // Some systems end the line when they are told of Ctrl-C: that it was that comes next.
        tokio::time::sleep(INTERRUPT).await;
        let _ = writeln!(std::io::stderr());
    }
    line
}

/// The report as it is written, with the exit code that it leads to.
fn report(
    fixing: &Fixing,
    settings: &FixSettings,
    taken_at: String,
) -> Result<(Option<Written>, ExitCode), RunError> {
    let hints = if fixing.board().phones().is_empty() {
        let looked_at_usb = settings.options.scan.links.usb && fixing.usb_trouble().is_none();
        let looked = fixing.has_reached_a_server() || looked_at_usb;
        doctor::hints(looked, adb_program().is_some(), cfg!(windows))
    } else {
        Vec::new()
    };
    let run = Run { taken_at, simulated: settings.options.rules.simulated, hints };
    let mut report = fixing.report(run, settings.report.text);
    let code = ExitCode::of_summary(&report.summary, settings.report.fail_on);
    if settings.report.sheet.is_some() {
        // A receipt is for who was asked.
        report.devices.retain(|device| device.before.is_some());
    }
    Ok((written(&mut report, &settings.report)?, code))
}

fn evidence_dirs(dir: &Path) -> Result<[Arc<EvidenceDir>; 2], RunError> {
    let [requested, last] = EVIDENCE.map(|name| EvidenceDir::prepare(&dir.join(name)));
    Ok([Arc::new(requested?), Arc::new(last?)])
}

/// Writes what the phones answered, if that is wanted.
async fn keep_evidence(
    fixing: &mut Fixing,
    settings: &FixSettings,
    dirs: Option<&[Arc<EvidenceDir>; 2]>,
    taken_at: &str,
) -> Result<(), RunError> {
    let Some(dirs) = dirs else { return Ok(()) };
    let serials = settings.report.file_serials()?;
    let simulated = settings.options.rules.simulated;
    let run = Run { taken_at: taken_at.to_owned(), simulated, hints: Vec::new() };
    if fixing.not_kept() > 0 {
        let text = settings.options.rules.text;
        say(&t!(text, "fix-evidence-too-large", count = fixing.not_kept()));
    }
    let rows = fixing.evidence();
    let mut kept = Ok(());
    for (dir, rows) in dirs.iter().zip(rows) {
        let (dir, run, serials) = (Arc::clone(dir), run.clone(), serials.clone());
        let advisories = Arc::clone(&settings.options.scan.advisories);
        let written = aside(move || dir.write(&rows, &run, &advisories, &serials));
        let written = written.await.expect("writing doesn't panic");
        kept = kept.and(written.map_err(RunError::from));
    }
    kept
}
