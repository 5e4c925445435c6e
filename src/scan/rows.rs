//! The rows of phones and servers of which nothing else is known yet.

use crate::report::serial::end;
use crate::report::{Connection, LinkKind, Outcome, ProbeResult};
use micheck_adb::server::ServerError;
use micheck_adb::usb::UsbDevice;
use micheck_adb::{Endpoint, ListedPhone};
use micheck_core::escape::decode;
use micheck_core::verdict::Reason;

/// What a phone is called while it is being asked.
pub(crate) fn called(observation: &ProbeResult) -> String {
    let Connection { serial, path, .. } = &observation.connection;
    let serial = serial.as_deref().map(end).or_else(|| path.clone()).unwrap_or_default();
    match &observation.listed_model {
        Some(model) => format!("{model} ({serial})"),
        None => serial,
    }
}

/// A phone in a server's list.
pub(crate) fn listed(endpoint: &Endpoint, phone: &ListedPhone) -> ProbeResult {
    let mut row = row(Connection {
        server: Some(endpoint.to_string()),
        serial: Some(decode(&phone.serial)),
        transport_id: phone.transport_id,
        path: phone.path.as_deref().map(decode),
        state: Some(phone.state.text()),
        ..Connection::of_link(LinkKind::AdbServer)
    });
    row.listed_model = phone.name();
    row
}

/// A server that couldn't be asked.
pub(crate) fn lost_server(endpoint: &Endpoint, error: &ServerError) -> ProbeResult {
    let server = Some(endpoint.to_string());
    let mut row = row(Connection { server, ..Connection::of_link(LinkKind::AdbServer) });
    row.outcome = Outcome::Skipped(match error {
        ServerError::ResourceLimit { .. } => Reason::ResourceLimit,
        _ => Reason::ServerLost,
    });
    row.detail = Some(error.to_string());
    row
}

/// A phone on the USB bus.
pub(crate) fn on_usb(device: &UsbDevice) -> ProbeResult {
    let mut row = row(Connection {
        serial: device.serial.clone(),
        path: Some(format!("usb:{}", device.port.path())),
        ..Connection::of_link(LinkKind::Usb)
    });
    row.listed_model.clone_from(&device.name);
    row
}

/// A phone on the USB bus of which nothing is known, not even which one.
pub(crate) fn somewhere_on_usb() -> ProbeResult {
    row(Connection::of_link(LinkKind::Usb))
}

/// A phone on the network.
pub(crate) fn on_network(endpoint: &Endpoint) -> ProbeResult {
    let serial = Some(endpoint.to_string());
    row(Connection { serial, ..Connection::of_link(LinkKind::Network) })
}

/// A phone whose task broke: a fault of ours while reading its answer costs this phone only.
pub(crate) fn failed(mut row: ProbeResult) -> ProbeResult {
    row.outcome = Outcome::Skipped(Reason::UnreadableAnswer);
    row.detail = Some("an internal error in micheck on this answer".to_owned());
    row
}

/// A phone that the whole scan couldn't wait for.
pub(crate) fn late(mut row: ProbeResult) -> ProbeResult {
    row.outcome = Outcome::Skipped(Reason::Timeout);
    row.detail = Some("the scan ended before this phone had answered".to_owned());
    row
}

fn row(connection: Connection) -> ProbeResult {
    ProbeResult {
        connection,
        listed_model: None,
        outcome: Outcome::Skipped(Reason::IncompleteAnswer),
        detail: None,
        duration_ms: 0,
        source: None,
    }
}
