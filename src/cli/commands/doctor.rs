//! `micheck doctor`: looks around, each look within its own time, and says why a phone isn't seen.
//! Changes nothing: starts no adb server, makes no key.

use std::path::PathBuf;
use std::time::Duration;

use jiff::Zoned;
use jiff::civil::Date;
use tokio::task::JoinSet;

use super::{RunError, interruptible, now, until_interrupted, written};
use crate::cli::args::DoctorArgs;
use crate::cli::exit_code::ExitCode;
use crate::cli::settings::{self, DoctorSettings, Environment};
use crate::doctor::host::{adb_program, holder_of_port, holder_of_usb, look_at_key, udev_state};
use crate::doctor::{
    AdvisoriesFound, Checkup, Findings, KeyState, OwningProcess, PluggedIn, RunningServer,
    ServerFound, UDEV_RULE,
};
use crate::output::file::Output;
use crate::output::render;
use crate::report::AdvisoriesUsed;
use crate::scan::aside::in_time;
use crate::text::Text;
use micheck_adb::direct::usb_devices;
use micheck_adb::server::ServerError;
use micheck_adb::usb::not_shown;
use micheck_adb::usb_device::{UsbDevice, UsbKind};
use micheck_adb::{Endpoint, LinkError, ListedPhone, Server, key};
use micheck_core::advisory::AdvisorySet;
use micheck_core::escape::decode;

/// How long a look at the USB bus may take.
const USB_TIME: Duration = Duration::from_secs(5);

pub(super) fn run(args: DoctorArgs) -> Result<ExitCode, RunError> {
    if args.udev_rule {
        Output::Stdout.write(UDEV_RULE)?;
        return Ok(ExitCode::Fine);
    }
    let settings = settings::load_doctor(args, &Environment::read())?;
    let output = Output::prepare(settings.page.output.as_deref())?;
    let taken_at = now();
    let set = AdvisorySet::embedded();
    let Some(findings) = until_interrupted(look(&settings, &set))? else {
        return Ok(ExitCode::Interrupted);
    };
    let text = settings.page.text;
    let mut checkup = Checkup::new(&findings);
    let mut serials = None;
    for check in &mut checkup.checks {
        if let Some(serial) = &mut check.facts.serial {
            let serials = match &mut serials {
                Some(serials) => serials,
                none => none.insert(settings.serials()?),
            };
            *serial = serials.shown(serial);
        }
    }
    let json = || render::checkup_json(&checkup, AdvisoriesUsed::of(&set), taken_at, text);
    let page = |layout| render::checkup(&checkup, text, layout);
    let written = written(&settings.page, json, page);
    match interruptible(move || output.write(&written))? {
        Some(written) => drop(written?),
        None => return Ok(ExitCode::Interrupted),
    }
    Ok(ExitCode::of_checkup(checkup.state()))
}

/// Looks at everything, at once where one doesn't need another.
async fn look(settings: &DoctorSettings, set: &AdvisorySet) -> Findings {
    let key_path = key::default_path();
    let (adb_program, key, udev, servers, usb) = tokio::join!(
        in_time(adb_program),
        look_at_key_in_time(key_path.clone()),
        in_time(udev_state),
        look_at_servers(settings),
        usb_devices(USB_TIME, true),
    );
    let here = servers.iter().filter(|server| server.endpoint.is_loopback());
    let listed: Vec<ListedPhone> = here.flat_map(ServerFound::phones).cloned().collect();
    let usb = match usb {
        Ok(devices) => Ok(with_holders(devices, &listed).await),
        Err(trouble) => Err(words_of(trouble)),
    };
    Findings {
        adb_program: adb_program.flatten().map(shown),
        key_path: key_path.map(shown),
        key,
        udev: udev.flatten(),
        needs_driver: cfg!(windows),
        servers,
        usb,
        advisories: AdvisoriesFound {
            version: set.version.clone(),
            date: set.date.clone(),
            age_days: age_days(&set.date, Zoned::now().date()),
        },
    }
}

async fn look_at_key_in_time(path: Option<PathBuf>) -> KeyState {
    let Some(path) = path else { return KeyState::Missing };
    in_time(move || look_at_key(&path)).await.unwrap_or(KeyState::Unknown)
}

/// What came of asking each server, in the order of naming.
async fn look_at_servers(settings: &DoctorSettings) -> Vec<ServerFound> {
    let mut looks = JoinSet::new();
    for (number, endpoint) in settings.servers.iter().cloned().enumerate() {
        let named = settings.servers_named;
        looks.spawn(async move { (number, look_at_server(endpoint, named).await) });
    }
    let mut found = looks.join_all().await;
    found.sort_by_key(|(number, _)| *number);
    found.into_iter().map(|(_, found)| found).collect()
}

async fn look_at_server(endpoint: Endpoint, named: bool) -> ServerFound {
    let server = Server::new(endpoint.clone());
    // Each within the time that the client has for a server's answer.
    let (version, phones) = tokio::join!(server.version(), server.devices());
    let outcome = phones.map(|phones| RunningServer { version: version.ok(), phones });
    let is_held =
        endpoint.is_loopback() && !matches!(outcome, Err(ServerError::Unreachable { .. }));
    let port = endpoint.port;
    let holder = if is_held { holder(move || holder_of_port(port)).await } else { None };
    ServerFound { endpoint, named, holder, outcome }
}

/// Which of the devices a server of this computer lists, and who has the others open.
async fn with_holders(devices: Vec<UsbDevice>, listed: &[ListedPhone]) -> Vec<PluggedIn> {
    let phones = devices.iter().filter(|device| device.is_phone()).cloned().collect();
    let left = not_shown(phones, listed).devices;
    let mut plugged_in = Vec::new();
    for device in devices {
        let listed = device.is_phone() && !left.iter().any(|one| one.port == device.port);
        let (bus, address) = (device.port.bus, device.address);
        let holder = if device.kind == UsbKind::Adb && !listed {
            holder(move || holder_of_usb(bus, address)).await
        } else {
            None
        };
        plugged_in.push(PluggedIn { device, listed, holder });
    }
    plugged_in
}

async fn holder(
    look: impl FnOnce() -> Option<OwningProcess> + Send + 'static,
) -> Option<OwningProcess> {
    in_time(look).await.flatten()
}

fn words_of(trouble: LinkError) -> String {
    let short = Text::default().reason_short(trouble.reason);
    trouble.detail.unwrap_or_else(|| short.to_owned())
}

fn shown(path: PathBuf) -> String {
    decode(path.into_os_string().as_encoded_bytes())
}

/// The days from a date `YYYY-MM-DD` to another.
fn age_days(date: &str, today: Date) -> i64 {
    // A test reads the built-in one.
    date.parse().map_or(0, |date: Date| today.duration_since(date).as_hours() / 24)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted() {
        let today: Date = "2026-03-01".parse().unwrap();
        let age = |date| age_days(date, today);
        assert_eq!([age("2026-03-01"), age("2026-02-28"), age("2026-03-04")], [0, 1, -3]);
        assert_eq!(age("2025-03-01"), 365);
        assert!(AdvisorySet::embedded().date.parse::<Date>().is_ok());
    }

    #[tokio::test]
    async fn a_look_that_never_ends_costs_only_itself() {
        // No clock of tests: a blocking look can't be hurried.
        let (sender, receiver) = std::sync::mpsc::channel::<()>();
        let begun = std::time::Instant::now();
        assert_eq!(in_time(move || receiver.recv()).await, None);
        assert!(begun.elapsed() < crate::scan::aside::LOOK_TIMEOUT * 5);
        drop(sender);
        assert_eq!(in_time(|| 5).await, Some(5));
    }
}
