//! A phone on the USB bus.

use std::thread::sleep;
use std::time::{Duration, Instant};

use rusb::{Context, Device, DeviceHandle, Direction, TransferType, UsbContext as _};

use super::libusb::{kept_texts, of_usb_error, port_of};
use super::pipe::PhoneAddress;
use super::session::{Received, Transport};
use crate::link_error::LinkError;
use crate::message::{HEADER_BYTES, Header, InvalidMessage, MAX_PAYLOAD, Message};
use crate::usb_error::Operation;
use micheck_core::verdict::Reason;

/// How long nothing must come before what a former session left counts as read.
const QUIET_TIMEOUT: Duration = Duration::from_millis(8);

/// How much a former session may have left, transfers.
const MAX_STALE: usize = 1_000;

/// How long a phone may be silent after its first message.
const PATIENCE: Duration = Duration::from_secs(2);

/// How much one transfer asks for, bytes; also the most that adbd writes at a time.
const TRANSFER_BYTES: usize = 16 << 10;

/// Without udev, a device shows before udev has set its permissions.
const GRACE: Duration = Duration::from_secs(2);
const RETRY: Duration = Duration::from_millis(50);

/// How many empty packets may come in a row.
const MAX_EMPTY: usize = 16;

/// An interface that is claimed; the system gives it free when the process ends.
pub(super) struct Usb {
    handle: DeviceHandle<Context>,
    ends: Endpoints,
    /// An endpoint has stopped, and waits to be told to go on.
    halted: bool,
}

/// Where an ADB interface is read and written.
#[derive(Debug, Clone, Copy)]
struct Endpoints {
    interface: u8,
    setting: u8,
    input: u8,
    output: u8,
    packet_bytes: usize,
    output_packet_bytes: usize,
}

impl Usb {
    /// Opens the phone that `target` describes.
    ///
    /// # Errors
    /// It is gone, may not be opened, or another program holds it.
    pub(super) fn open(target: &PhoneAddress) -> Result<Self, LinkError> {
        let context =
            patiently(Context::new).map_err(|error| of_usb_error(error, Operation::Open))?;
        let device = find(&context, target)?;
        let handle = open_in_time(&device)?;
        let ends = Endpoints::of(&device)?;
        // Where the system has a driver of its own on the interface.
        let _ = handle.set_auto_detach_kernel_driver(true);
        patiently(|| handle.claim_interface(ends.interface))
            .map_err(|error| of_usb_error(error, Operation::Claim))?;
        if ends.setting != 0 {
            let _ = handle.set_alternate_setting(ends.interface, ends.setting);
        }
        Ok(Self { handle, ends, halted: false })
    }

    /// One transfer of at most `bytes`, rounded up to whole packets: a device that sends a full
    /// packet where less was asked for would spoil the transfer.
    fn transfer(&self, bytes: usize, timeout: Duration) -> Result<Vec<u8>, rusb::Error> {
        let packet = self.ends.packet_bytes;
        let whole = bytes.div_ceil(packet) * packet;
        let mut buffer = vec![0; whole.clamp(packet, TRANSFER_BYTES.max(packet))];
        let read = self.handle.read_bulk(self.ends.input, &mut buffer, timeout)?;
        buffer.truncate(read);
        Ok(buffer)
    }

    /// What comes of a message whose transfer failed.
    fn no_message(&mut self, error: rusb::Error) -> Result<Received, LinkError> {
        match error {
            rusb::Error::Timeout => Ok(Received::Nothing),
            rusb::Error::Overflow | rusb::Error::Pipe => {
                self.halted = true;
                Ok(Received::Garbage(InvalidMessage::Header))
            }
            error => Err(of_usb_error(error, Operation::Transfer)),
        }
    }

    fn write(&self, bytes: &[u8]) -> Result<(), LinkError> {
        let mut left = bytes;
        while !left.is_empty() {
            let piece = &left[..left.len().min(TRANSFER_BYTES)];
            // A phone that takes nothing is ended by its deadline.
            let written = self
                .handle
                .write_bulk(self.ends.output, piece, Duration::ZERO)
                .map_err(|error| of_usb_error(error, Operation::Transfer))?;
            left = &left[written..];
        }
        Ok(())
    }
}

impl Transport for Usb {
    fn send(&mut self, message: &Message) -> Result<(), LinkError> {
        self.write(&message.header(true).encode())?;
        if message.payload.is_empty() {
            return Ok(());
        }
        self.write(&message.payload)?;
        if message.payload.len().is_multiple_of(self.ends.output_packet_bytes) {
            // Else the phone would wait for the rest of a transfer that has none.
            self.handle
                .write_bulk(self.ends.output, &[], Duration::ZERO)
                .map_err(|error| of_usb_error(error, Operation::Transfer))?;
        }
        Ok(())
    }

    fn receive(
        &mut self,
        checksum_due: bool,
        until: Option<Instant>,
    ) -> Result<Received, LinkError> {
        let left = || match until.map(|until| until.saturating_duration_since(Instant::now())) {
            None => Duration::ZERO,
            // libusb takes nothing for for ever.
            Some(left) => left.max(Duration::from_millis(1)),
        };
        let mut empty = 0;
        let head = loop {
            match self.transfer(HEADER_BYTES, left()) {
                Ok(bytes) if bytes.is_empty() && empty < MAX_EMPTY => empty += 1,
                Ok(bytes) => break bytes,
                Err(error) => return self.no_message(error),
            }
        };
        let Ok(head) = <[u8; HEADER_BYTES]>::try_from(head.as_slice()) else {
            return Ok(Received::Garbage(InvalidMessage::Header));
        };
        let header = Header::decode(head);
        let command = match header.check(MAX_PAYLOAD) {
            Ok(command) => command,
            Err(what) => return Ok(Received::Garbage(what)),
        };
        let length = header.length as usize;
        let mut payload = Vec::with_capacity(length);
        let mut empty = 0;
        while payload.len() < length {
            let piece = match self.transfer(length - payload.len(), left()) {
                Ok(piece) => piece,
                Err(error) => return self.no_message(error),
            };
            empty = if piece.is_empty() { empty + 1 } else { 0 };
            if empty > MAX_EMPTY || payload.len() + piece.len() > length {
                return Ok(Received::Garbage(InvalidMessage::Length { length: header.length }));
            }
            payload.extend_from_slice(&piece);
        }
        Ok(match header.with_payload(command, payload, checksum_due) {
            Ok(message) => Received::Message(message),
            Err(what) => Received::Garbage(what),
        })
    }

    fn drain(&mut self) {
        // Not because of silence alone: some phones say nothing more until they are replugged.
        if std::mem::take(&mut self.halted) {
            for endpoint in [self.ends.input, self.ends.output] {
                let _ = self.handle.clear_halt(endpoint);
            }
        }
        for _ in 0..MAX_STALE {
            match self.transfer(TRANSFER_BYTES, QUIET_TIMEOUT) {
                Ok(_) | Err(rusb::Error::Overflow) => {}
                Err(rusb::Error::Pipe) => {
                    self.halted = true;
                    return;
                }
                // Nothing more, or nothing at all: what the phone does next shows which.
                Err(_) => return,
            }
        }
    }

    fn patience(&self) -> Option<Duration> {
        Some(PATIENCE)
    }
}

/// Tries what fails now and then on a busy computer, for reasons that libusb has no word for.
fn patiently<T>(mut work: impl FnMut() -> Result<T, rusb::Error>) -> Result<T, rusb::Error> {
    let until = Instant::now() + GRACE;
    loop {
        match work() {
            Err(rusb::Error::Other) if Instant::now() < until => sleep(RETRY),
            done => return done,
        }
    }
}

fn find(context: &Context, target: &PhoneAddress) -> Result<Device<Context>, LinkError> {
    let gone = || LinkError::new(Reason::Disconnected);
    let PhoneAddress::Usb { port, address, vendor, product, serial } = target else {
        return Err(gone());
    };
    let devices = context.devices().map_err(|error| of_usb_error(error, Operation::Open))?;
    let is_it = |device: &Device<Context>| {
        let at_its_place = device.address() == *address && port_of(device) == *port;
        at_its_place
            && device.device_descriptor().is_ok_and(|descriptor| {
                descriptor.vendor_id() == *vendor && descriptor.product_id() == *product
            })
            // Another phone may have come in its place since the bus was looked at.
            && kept_texts(port).0.is_none_or(|now| serial.as_ref() == Some(&now))
    };
    devices.iter().find(is_it).ok_or_else(gone)
}

/// Opens a device; one that has just arrived gets the time that udev needs.
fn open_in_time(device: &Device<Context>) -> Result<DeviceHandle<Context>, LinkError> {
    let until = Instant::now() + GRACE.saturating_sub(age(device).unwrap_or(Duration::ZERO));
    loop {
        match device.open() {
            Err(rusb::Error::Access) if Instant::now() < until => sleep(RETRY),
            opened => {
                return opened.map_err(|error| of_usb_error(error, Operation::Open));
            }
        }
    }
}

/// How long ago the device arrived; `None`: the system doesn't say. Only Linux makes programs wait for
/// permission.
fn age(device: &Device<Context>) -> Option<Duration> {
    if !cfg!(target_os = "linux") {
        return Some(GRACE);
    }
    let node = format!("/dev/bus/usb/{:03}/{:03}", device.bus_number(), device.address());
    std::fs::metadata(node).ok()?.modified().ok()?.elapsed().ok()
}

impl Endpoints {
    /// Finds the ADB interface of `device` and its two bulk endpoints.
    fn of(device: &Device<Context>) -> Result<Self, LinkError> {
        let configuration = device
            .active_config_descriptor()
            .or_else(|_| device.config_descriptor(0))
            .map_err(|error| of_usb_error(error, Operation::Open))?;
        for interface in configuration.interfaces().flat_map(|interface| interface.descriptors()) {
            let class =
                (interface.class_code(), interface.sub_class_code(), interface.protocol_code());
            if class != (0xff, 0x42, 0x01) {
                continue;
            }
            let bulk = |direction: Direction| {
                interface.endpoint_descriptors().find(|end| {
                    end.transfer_type() == TransferType::Bulk
                        && end.direction() == direction
                        && end.max_packet_size() > 0
                })
            };
            if let (Some(input), Some(output)) = (bulk(Direction::In), bulk(Direction::Out)) {
                return Ok(Self {
                    interface: interface.interface_number(),
                    setting: interface.setting_number(),
                    input: input.address(),
                    output: output.address(),
                    packet_bytes: usize::from(input.max_packet_size()),
                    output_packet_bytes: usize::from(output.max_packet_size()),
                });
            }
        }
        Err(LinkError::new(Reason::UnsupportedInterface))
    }
}
