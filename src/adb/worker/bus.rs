//! Looks at the USB bus.

use std::time::Duration;

use rusb::{Context, Device, DeviceDescriptor, DeviceHandle, Speed, UsbContext as _};

use super::libusb::{kept, kept_texts, of_usb_error, port_of};
use crate::link_error::LinkError;
use crate::usb::{UsbAccess, UsbDevice, UsbKind, UsbSpeed};
use crate::usb_error::{self, Operation, System};
use micheck_core::verdict::Reason;

/// How long a device may take for one of its texts.
const TEXT_TIMEOUT: Duration = Duration::from_millis(300);

/// libusb, which lists what is on the bus now. Where it tells of changes, its list only changes by
/// these.
///
/// # Errors
/// The system shows no USB bus at all.
pub(super) fn context() -> Result<Context, LinkError> {
    Context::new().map_err(|error| match error {
        // Where the kernel has no USB, libusb knows no better word than this.
        rusb::Error::Other | rusb::Error::NotFound => {
            LinkError::with_detail(Reason::UnsupportedInterface, "this system shows no USB bus")
        }
        other => of_usb_error(other, Operation::Look),
    })
}

/// Every device that matters here, by port; `open`: and which phones can be opened. Elsewhere than on
/// Linux that is tried anyway, because only the device itself tells its serial number; but not with
/// those that could be opened when they became `known`.
///
/// # Errors
/// libusb gives no list.
pub(super) fn devices(
    context: &Context,
    open: bool,
    known: &[UsbDevice],
) -> Result<Vec<UsbDevice>, LinkError> {
    let devices = context.devices().map_err(|error| of_usb_error(error, Operation::Look))?;
    let mut found: Vec<UsbDevice> =
        devices.iter().filter_map(|device| look(&device, open, known)).collect();
    found.sort_by(|left, right| left.port.cmp(&right.port));
    Ok(found)
}

fn look(device: &Device<Context>, open: bool, known: &[UsbDevice]) -> Option<UsbDevice> {
    let descriptor = device.device_descriptor().ok()?;
    let mut found = describe(device, &descriptor)?;
    if found.kind == UsbKind::Hub {
        return Some(found);
    }
    (found.serial, found.name) = kept_texts(&found.port);
    if !open && (cfg!(target_os = "linux") || reuse_known(&mut found, known)) {
        return Some(found);
    }
    let opened = device.open();
    found.access = access(&opened);
    // Linux asked the device when it arrived; asking again would disturb one that is busy.
    if let Ok(handle) = opened
        && !cfg!(target_os = "linux")
    {
        read_strings(&mut found, &handle, &descriptor);
    }
    Some(found)
}

/// What the device's descriptors say; `None`: it is of no kind that matters here.
fn describe(device: &Device<Context>, descriptor: &DeviceDescriptor) -> Option<UsbDevice> {
    let configuration =
        device.active_config_descriptor().or_else(|_| device.config_descriptor(0)).ok();
    let interfaces: Vec<(u8, u8, u8)> = configuration
        .iter()
        .flat_map(|configuration| configuration.interfaces())
        .flat_map(|interface| interface.descriptors())
        .map(|one| (one.class_code(), one.sub_class_code(), one.protocol_code()))
        .collect();
    Some(UsbDevice {
        address: device.address(),
        vendor: descriptor.vendor_id(),
        product: descriptor.product_id(),
        serial: None,
        name: None,
        kind: UsbKind::of(descriptor.vendor_id(), descriptor.class_code(), &interfaces)?,
        speed: match device.speed() {
            Speed::Low => UsbSpeed::Low,
            Speed::Full => UsbSpeed::Full,
            Speed::High => UsbSpeed::High,
            Speed::Super | Speed::SuperPlus => UsbSpeed::Super,
            _ => UsbSpeed::Unknown,
        },
        max_power_ma: configuration.as_ref().map(|one| max_power_ma(one, device.speed())),
        self_powered: configuration.as_ref().is_some_and(rusb::ConfigDescriptor::self_powered),
        access: UsbAccess::Unknown,
        port: port_of(device),
    })
}

/// Takes what a device said that could be opened before: opening it once more could keep a session
/// from it, or be kept out by one. `false`: it isn't known.
fn reuse_known(found: &mut UsbDevice, known: &[UsbDevice]) -> bool {
    let Some(known) = known.iter().find(|known| was_opened(known, found)) else { return false };
    found.serial.clone_from(&known.serial);
    found.name.clone_from(&known.name);
    found.access = known.access;
    true
}

fn access(opened: &rusb::Result<DeviceHandle<Context>>) -> UsbAccess {
    match opened {
        Ok(_) => UsbAccess::Granted,
        Err(error) => match usb_error::reason(*error, Operation::Open, System::OWN) {
            Reason::NoPermission => UsbAccess::Denied,
            Reason::UsbBusy => UsbAccess::Busy,
            Reason::DriverMissing => UsbAccess::NoDriver,
            _ => UsbAccess::Unknown,
        },
    }
}

/// Asks the device for its serial number and its name, in the first language that it has.
fn read_strings(
    found: &mut UsbDevice,
    handle: &DeviceHandle<Context>,
    descriptor: &DeviceDescriptor,
) {
    let languages = handle.read_languages(TEXT_TIMEOUT).unwrap_or_default();
    let Some(&language) = languages.first() else { return };
    if found.serial.is_none() && descriptor.serial_number_string_index().is_some() {
        let serial = handle.read_serial_number_string(language, descriptor, TEXT_TIMEOUT);
        found.serial = serial.ok().and_then(|serial| kept(&serial));
    }
    if found.name.is_none() && descriptor.product_string_index().is_some() {
        let name = handle.read_product_string(language, descriptor, TEXT_TIMEOUT);
        found.name = name.ok().and_then(|name| kept(&name));
    }
}

/// Whether `known` could be opened and is what was `found` now.
fn was_opened(known: &UsbDevice, found: &UsbDevice) -> bool {
    let identity = |device: &UsbDevice| (device.address, device.vendor, device.product);
    known.access == UsbAccess::Granted
        && known.port == found.port
        && identity(known) == identity(found)
}

/// What a configuration may draw: `bMaxPower` counts in 2 mA, for which rusb takes it always, and
/// in 8 mA on `SuperSpeed` (USB 3.2, 9.6.3).
fn max_power_ma(configuration: &rusb::ConfigDescriptor, speed: Speed) -> u16 {
    let in_steps_of_2 = configuration.max_power();
    match speed {
        Speed::Super | Speed::SuperPlus => in_steps_of_2.saturating_mul(4),
        _ => in_steps_of_2,
    }
}
