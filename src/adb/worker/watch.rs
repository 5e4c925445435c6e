//! Follows the USB bus: looks whenever libusb tells of a change, or every now and then where it
//! doesn't.

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::sleep;
use std::time::Duration;

use rusb::{Context, Device, Hotplug, HotplugBuilder, Registration, UsbContext as _};

use super::bus;
use crate::link_error::LinkError;
use crate::usb::UsbDevice;

/// How long after news or a change to look again: libusb tells of a device before the system has
/// finished with it.
const SETTLING: Duration = Duration::from_millis(100);

/// How long between two looks where nothing tells of changes.
const POLLING: Duration = Duration::from_millis(500);

/// The same where libusb tells of them: a container may show the bus and keep its news back.
const CALM_INTERVAL: Duration = Duration::from_secs(2);

/// The least time between two looks, whatever news comes: a loose contact is no reason to compute
/// without a pause.
const PAUSE: Duration = Duration::from_millis(20);

/// Shows what is on the bus, at once and after each change, until the process ends.
///
/// # Errors
/// The system shows no USB bus.
pub(super) fn follow(mut show: impl FnMut(Vec<UsbDevice>)) -> Result<Infallible, LinkError> {
    // Without a bus rusb panics when it is asked whether libusb tells of changes.
    drop(bus::context()?);
    // Before the first look, so that nothing can come between the two.
    let mut news = News::subscribe();
    let mut bus = Bus::default();
    let mut shown: Option<Vec<UsbDevice>> = None;
    loop {
        let now = bus.look(shown.as_deref().unwrap_or_default())?;
        let changed = shown.as_ref() != Some(&now);
        if changed {
            show(now.clone());
            shown = Some(now);
        }
        sleep(PAUSE);
        if changed || news.came {
            news.wait(SETTLING);
        } else {
            news.wait(CALM_INTERVAL);
        }
    }
}

/// What is looked at.
#[derive(Default)]
struct Bus {
    /// Kept where a second list is a second look.
    context: Option<Context>,
}

impl Bus {
    fn look(&mut self, known: &[UsbDevice]) -> Result<Vec<UsbDevice>, LinkError> {
        let context = match self.context.take() {
            Some(context) => context,
            None => bus::context()?,
        };
        let devices = bus::devices(&context, false, known)?;
        // Where libusb tells of changes, it lists what it was told of itself: a new one looks.
        self.context = (!rusb::has_hotplug()).then_some(context);
        Ok(devices)
    }
}

/// What libusb tells of changes.
struct News {
    /// `None`: it tells nothing.
    subscription: Option<Subscription>,
    /// Whether any came while they were last waited for.
    came: bool,
}

struct Subscription {
    context: Context,
    came: Arc<AtomicBool>,
    _registration: Registration<Context>,
}

impl News {
    fn subscribe() -> Self {
        // What newer versions of libusb tell on Windows was never tried here.
        let tells = rusb::has_hotplug() && !cfg!(windows);
        let subscription = if tells { Subscription::new().ok() } else { None };
        Self { subscription, came: false }
    }

    /// Waits for news, for at most `time`; for less where none will come.
    fn wait(&mut self, time: Duration) {
        self.came = false;
        if let Some(subscription) = &self.subscription {
            match subscription.context.handle_events(Some(time)) {
                Ok(()) | Err(rusb::Error::Interrupted) => {
                    self.came = subscription.came.swap(false, Ordering::Relaxed);
                    return;
                }
                Err(_) => self.subscription = None,
            }
        }
        sleep(time.min(POLLING));
    }
}

impl Subscription {
    fn new() -> rusb::Result<Self> {
        let context = Context::new()?;
        let came = Arc::<AtomicBool>::default();
        let hotplug = Box::new(Flag(Arc::clone(&came)));
        let registration = HotplugBuilder::new().register(&context, hotplug)?;
        Ok(Self { context, came, _registration: registration })
    }
}

/// Notes that something changed; what, the next look shows.
struct Flag(Arc<AtomicBool>);

impl Hotplug<Context> for Flag {
    fn device_arrived(&mut self, _: Device<Context>) {
        self.0.store(true, Ordering::Relaxed);
    }

    fn device_left(&mut self, _: Device<Context>) {
        self.0.store(true, Ordering::Relaxed);
    }
}
