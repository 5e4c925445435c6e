//! What is so of the phones on the USB bus, and of the hubs that carry them.

use super::{Check, CheckKey, Facts, Findings, PluggedIn, bounded, stranger};
use micheck_adb::usb_device::{UsbAccess, UsbDevice, UsbKind, UsbSpeed};
use micheck_core::step::Step;
use micheck_core::verdict::Reason;

/// What a hub without a supply of its own has for all that hangs on it, mA. Source: USB 2.0, 7.2.1,
/// and USB 3.2, 11.4.1: five or six unit loads from the computer's port.
const USB_2_MA: u32 = 500;
const USB_3_MA: u32 = 900;

/// How many phones a hub without a supply of its own carries at most, however little they want.
const MOST_ON_A_BARE_HUB: usize = 7;

pub(super) fn checks(findings: &Findings) -> Vec<Check> {
    let devices = match &findings.usb {
        Ok(devices) => devices,
        Err(why) => return vec![Check::of(CheckKey::UsbUnknown).saying(why)],
    };
    let (phones, others): (Vec<&PluggedIn>, Vec<&PluggedIn>) =
        devices.iter().partition(|one| one.device.is_phone());
    if phones.is_empty() {
        return vec![Check::of(CheckKey::UsbEmpty)];
    }
    let server_runs = findings.server_runs_here();
    let mut checks: Vec<Check> = phones.iter().map(|phone| of_phone(phone, server_runs)).collect();
    let hubs: Vec<&UsbDevice> = others
        .into_iter()
        .map(|one| &one.device)
        // The computer's own ports have a port of nobody's.
        .filter(|hub| hub.kind == UsbKind::Hub && !hub.port.ports.is_empty())
        .collect();
    let phones: Vec<&UsbDevice> = phones.into_iter().map(|one| &one.device).collect();
    checks.extend(slow(&hubs, &phones));
    checks.extend(hubs.iter().filter_map(|hub| hungry(hub, &hubs, &phones)));
    checks
}

/// Whether the system keeps this user from it.
pub(super) fn is_denied(one: &PluggedIn) -> bool {
    one.device.kind == UsbKind::Adb && one.device.access == UsbAccess::Denied && !one.listed
}

fn of_phone(one: &PluggedIn, server_runs: bool) -> Check {
    let PluggedIn { device, listed, holder } = one;
    let not_ready = |reason| Check::of(CheckKey::UsbPhoneNotReady).because(reason);
    let mut facts = facts(device);
    let check = match (device.reason(), device.access, holder) {
        // Then its state is the server's to say.
        _ if *listed => Check::of(CheckKey::UsbPhoneListed),
        (Some(reason), ..) => not_ready(reason),
        (None, UsbAccess::Denied, _) => not_ready(Reason::NoPermission),
        (None, UsbAccess::NoDriver, _) => not_ready(Reason::DriverMissing),
        (None, access, holder) if access == UsbAccess::Busy || holder.is_some() => {
            facts.holder = holder.as_ref().map(bounded);
            not_ready(Reason::UsbBusy)
        }
        (None, ..) if server_runs => {
            Check::of(CheckKey::UsbPhoneUnlisted).then(&[Step::Replug, Step::RestartServer])
        }
        (None, ..) => Check::of(CheckKey::UsbPhoneReady),
    };
    check.about(&device.port.path()).with(facts)
}

fn facts(device: &UsbDevice) -> Facts {
    Facts {
        name: device.name.as_deref().map(stranger),
        serial: device.serial.as_deref().map(stranger),
        path: Some(device.port.path()),
        ..Facts::default()
    }
}

const fn is_slow(device: &UsbDevice) -> bool {
    matches!(device.speed, UsbSpeed::Low | UsbSpeed::Full)
}

/// Slow hubs that carry phones, and the slow phones that no slow hub explains.
fn slow(hubs: &[&UsbDevice], phones: &[&UsbDevice]) -> Vec<Check> {
    let above = |hub: &UsbDevice, phone: &UsbDevice| hub.port.is_above(&phone.port);
    let mut checks = Vec::new();
    for hub in hubs.iter().filter(|hub| is_slow(hub)) {
        let count = phones.iter().filter(|phone| above(hub, phone)).count();
        if count > 0 {
            let facts = Facts { count: Some(count), ..facts(hub) };
            let check = Check::of(CheckKey::HubSlow).about(&hub.port.path()).with(facts);
            checks.push(check.then(&[Step::FasterHub]));
        }
    }
    for phone in phones.iter().filter(|phone| is_slow(phone)) {
        if !hubs.iter().any(|hub| is_slow(hub) && above(hub, phone)) {
            let check = Check::of(CheckKey::UsbPhoneSlow).about(&phone.port.path());
            checks.push(check.with(facts(phone)).then(&[Step::TryCable]));
        }
    }
    checks
}

/// Whether phones want more of a hub than it has; `None`: they don't, or it has its own supply, or
/// that is said of the hub before it.
fn hungry(hub: &UsbDevice, hubs: &[&UsbDevice], phones: &[&UsbDevice]) -> Option<Check> {
    let check = starved(hub, hubs, phones)?;
    let said_above = hubs.iter().any(|other| {
        other.port.is_above(&hub.port)
            && feeds(other, hub, hubs)
            && starved(other, hubs, phones).is_some()
    });
    (!said_above).then_some(check)
}

fn starved(hub: &UsbDevice, hubs: &[&UsbDevice], phones: &[&UsbDevice]) -> Option<Check> {
    if hub.self_powered {
        return None;
    }
    let fed: Vec<&&UsbDevice> = phones
        .iter()
        .filter(|phone| hub.port.is_above(&phone.port) && feeds(hub, phone, hubs))
        .collect();
    let wanted_ma: u32 = fed.iter().filter_map(|phone| phone.max_power_ma).map(u32::from).sum();
    let given_ma = if hub.speed == UsbSpeed::Super { USB_3_MA } else { USB_2_MA };
    let facts = Facts { count: Some(fed.len()), ..facts(hub) };
    let check = if wanted_ma > given_ma {
        let power = Facts { wanted_ma: Some(wanted_ma), given_ma: Some(given_ma), ..facts };
        Check::of(CheckKey::HubUnderpowered).with(power)
    } else if fed.len() > MOST_ON_A_BARE_HUB {
        Check::of(CheckKey::HubCrowded).with(facts)
    } else {
        return None;
    };
    Some(check.about(&hub.port.path()).then(&[Step::PoweredHub]))
}

/// Whether `device`, somewhere below `hub`, lives on its power: no hub between has its own.
fn feeds(hub: &UsbDevice, device: &UsbDevice, hubs: &[&UsbDevice]) -> bool {
    !hubs.iter().any(|between| {
        between.self_powered
            && hub.port.is_above(&between.port)
            && (between.port.is_above(&device.port) || between.port == device.port)
    })
}
