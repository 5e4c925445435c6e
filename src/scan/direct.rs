//! Phones that no server holds.

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use tokio::task::JoinHandle;
use tokio::time::Instant;

use super::{Asking, Found, PhoneStep, Phones, interview, milliseconds_since, rows};
use crate::adb::direct::usb_devices;
use crate::adb::key;
use crate::adb::usb::{NotShown, UsbDevice};
use crate::adb::{Direct, DirectPhone, Endpoint, Link, Share, Trouble};
use crate::report::{Observation, Outcome};
use crate::surroundings::holder_of_usb;
use crate::verdict::Reason;

/// How long a look at the USB bus may take.
const LOOK_TIMEOUT: Duration = Duration::from_secs(5);

/// Looks for phones on the USB bus from now on.
pub(super) fn look() -> impl Future<Output = Result<Vec<UsbDevice>, Trouble>> {
    let looking: JoinHandle<_> = tokio::spawn(usb_devices(LOOK_TIMEOUT, false));
    async {
        let mut devices = looking.await.expect("looking doesn't panic")?;
        devices.retain(UsbDevice::is_phone);
        Ok(devices)
    }
}

/// How phones without a server are reached in a run.
pub(crate) struct Way {
    direct: Direct,
    key: Option<PathBuf>,
    /// Why there is no key to be used; set once one was wanted.
    no_key: OnceLock<Option<String>>,
}

impl Way {
    /// Nothing is started or made yet; `key` is where adb's key lies.
    pub(crate) fn new(key: Option<PathBuf>) -> Self {
        // A path that isn't Unicode can't be told to a worker.
        let told = key.clone().filter(|key| key.to_str().is_some()).unwrap_or_default();
        Self { direct: Direct::new(told), key, no_key: OnceLock::new() }
    }

    /// What reaches them.
    pub(crate) const fn direct(&self) -> &Direct {
        &self.direct
    }

    /// Sees to it that there is a key, once, before any worker wants it. Without one phones that
    /// need none still answer, and the others have why in their rows.
    pub(crate) fn no_key(&self) -> Option<String> {
        let look = || match &self.key {
            None => Some(key::KeyError::NoHome.to_string()),
            Some(key) if key.to_str().is_none() => {
                Some(format!("the path of adb's key isn't Unicode: {}", key.display()))
            }
            Some(key) => key::ensure(key).err().map(|error| error.to_string()),
        };
        self.no_key.get_or_init(look).clone()
    }
}

impl Phones {
    /// Begins to ask the phones at these addresses.
    pub(super) fn start_network(&mut self, way: &Way, connect: &[Endpoint], asking: &Arc<Asking>) {
        for endpoint in connect {
            let phone = way.direct.network_phone(endpoint);
            self.ask_directly(phone, rows::on_network(endpoint), way.no_key(), asking);
        }
    }

    /// Begins to ask the phones on the USB bus that no server shows.
    pub(super) fn start_usb(
        &mut self,
        way: &Way,
        not_shown: NotShown,
        asking: &Arc<Asking>,
        found: &mut Found,
    ) {
        let NotShown { devices, more } = not_shown;
        for device in devices {
            let row = rows::on_usb(&device);
            match device.reason() {
                None => {
                    self.ask_directly(way.direct.usb_phone(&device), row, way.no_key(), asking);
                }
                Some(reason) => self.leave(reason, row, asking, found),
            }
        }
        for _ in 0..more {
            let mut row = rows::somewhere_on_usb();
            row.detail = Some("the adb server doesn't show it, and it gives no serial".to_owned());
            self.leave(Reason::AmbiguousSerial, row, asking, found);
        }
    }

    fn number(&mut self, row: &Observation, asking: &Asking) -> usize {
        let number = self.count;
        self.count += 1;
        asking.tell(number, PhoneStep::Listed(rows::called(row)));
        number
    }

    fn ask_directly(
        &mut self,
        phone: DirectPhone,
        row: Observation,
        no_key: Option<String>,
        asking: &Arc<Asking>,
    ) {
        let number = self.number(&row, asking);
        let asked = connect_and_ask(phone, number, no_key, Arc::clone(asking), row.clone());
        let task = async {
            let (observation, shares, _) = asked.await;
            ((observation, shares), None)
        };
        self.spawn(task, row);
    }

    /// A phone that can't be asked.
    fn leave(&mut self, reason: Reason, mut row: Observation, asking: &Asking, found: &mut Found) {
        let number = self.number(&row, asking);
        row.outcome = Outcome::NotAsked(reason);
        found.observations.push(row);
        asking.tell(number, PhoneStep::Done);
    }
}

/// Begins a session with a phone, waits for its person where it asks one, and asks it everything.
/// Also gives whether its person was asked.
pub(crate) async fn connect_and_ask(
    phone: DirectPhone,
    number: usize,
    no_key: Option<String>,
    asking: Arc<Asking>,
    mut observation: Observation,
) -> (Observation, Vec<Share>, bool) {
    let link = Link::Direct(phone.clone());
    // Waiting for a place is the other phones' doing.
    let place = phone.place().await;
    let started = Instant::now();
    asking.tell(number, PhoneStep::Asked);
    let mut asked_person = false;
    let waits = || {
        asked_person = true;
        asking.tell(number, PhoneStep::WaitsForPerson);
    };
    let connected = phone.connect(started + asking.timeout, asking.wait_auth, place, waits).await;
    let mut shares = Vec::new();
    match connected {
        Ok((introduction, deadline)) => {
            asking.tell(number, PhoneStep::Asked);
            observation.connection.state = Some(introduction.state.text().into_owned());
            if introduction.model.is_some() {
                observation.listed_model = introduction.model;
            }
            match introduction.state.reason() {
                None => {
                    (observation, shares) =
                        interview::ask(&link, Some(deadline), &asking, observation).await;
                }
                Some(reason) => observation.outcome = Outcome::NotAsked(reason),
            }
        }
        Err(trouble) => {
            tracing::debug!(reason = trouble.reason.key(), "no session");
            observation.outcome = Outcome::NotAsked(trouble.reason);
            observation.detail = match trouble.reason {
                Reason::UsbBusy => holder(&phone).await.or(trouble.detail),
                // That there is none says less than why.
                Reason::BadKey => no_key.or(trouble.detail),
                _ => trouble.detail,
            };
        }
    }
    observation.duration_ms = milliseconds_since(started);
    asking.tell(number, PhoneStep::Done);
    (observation, shares, asked_person)
}

/// Which program has the phone, if the system tells.
async fn holder(phone: &DirectPhone) -> Option<String> {
    let (bus, address) = phone.usb_address()?;
    let look = move || holder_of_usb(bus, address);
    let holder = tokio::task::spawn_blocking(look).await.ok().flatten()?;
    Some(format!("held by {}, process {}", holder.name, holder.pid))
}
