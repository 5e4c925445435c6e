//! Phones that no server holds.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinHandle;
use tokio::time::Instant;

use super::{Asking, Found, PhoneStep, Phones, interview, milliseconds_since, rows};
use crate::adb::direct::usb_devices;
use crate::adb::key;
use crate::adb::usb::UsbDevice;
use crate::adb::{Direct, DirectPhone, Endpoint, Link, Share, Trouble};
use crate::report::{Observation, Outcome};
use crate::surroundings::holder_of_usb;
use crate::verdict::Reason;

/// How long a look at the USB bus may take.
const LOOK_TIMEOUT: Duration = Duration::from_secs(5);

/// Looks for phones on the USB bus from now on.
pub(super) fn look() -> impl Future<Output = Result<Vec<UsbDevice>, Trouble>> {
    let looking: JoinHandle<_> = tokio::spawn(usb_devices(LOOK_TIMEOUT));
    async {
        let mut devices = looking.await.expect("looking doesn't panic")?;
        devices.retain(UsbDevice::is_phone);
        Ok(devices)
    }
}

impl Phones {
    /// Begins to ask the phones among `devices` and those at the addresses of `connect`.
    pub(super) async fn start_direct(
        &mut self,
        devices: Vec<UsbDevice>,
        connect: Vec<Endpoint>,
        key: Option<PathBuf>,
        asking: &Arc<Asking>,
        found: &mut Found,
    ) {
        let asks = |device: &UsbDevice| device.reason().is_none();
        if connect.is_empty() && devices.is_empty() {
            return;
        }
        let mut no_key = None;
        if let Some(key) = key.clone().filter(|_| !connect.is_empty() || devices.iter().any(asks)) {
            // Once, before any worker wants it. Without a key phones that need none still answer,
            // and the others have it in their rows.
            let made = tokio::task::spawn_blocking(move || key::ensure(&key)).await;
            no_key = made.ok().and_then(Result::err).map(|error| error.to_string());
        }
        let direct = Direct::new(key.unwrap_or_default());
        let no_key: Arc<Option<String>> = Arc::new(no_key);
        for device in devices {
            let observation = rows::on_usb(&device);
            let phone = match device.reason() {
                None => Ok(direct.usb_phone(device.port.clone(), device.address)),
                Some(reason) => Err(reason),
            };
            self.start_one(phone, observation, &no_key, asking, found);
        }
        for endpoint in connect {
            let observation = rows::on_network(&endpoint);
            let phone = Ok(direct.network_phone(&endpoint));
            self.start_one(phone, observation, &no_key, asking, found);
        }
    }

    fn start_one(
        &mut self,
        phone: Result<DirectPhone, Reason>,
        mut observation: Observation,
        no_key: &Arc<Option<String>>,
        asking: &Arc<Asking>,
        found: &mut Found,
    ) {
        let number = self.count;
        self.count += 1;
        asking.tell(number, PhoneStep::Listed(rows::called(&observation)));
        match phone {
            Ok(phone) => {
                let (asking, no_key) = (Arc::clone(asking), Arc::clone(no_key));
                let task = connect_and_ask(phone, number, no_key, asking, observation.clone());
                self.spawn(task, observation);
            }
            Err(reason) => {
                observation.outcome = Outcome::NotAsked(reason);
                found.observations.push(observation);
                asking.tell(number, PhoneStep::Done);
            }
        }
    }
}

/// Begins a session with a phone, waits for its person where it asks one, and asks it everything.
async fn connect_and_ask(
    phone: DirectPhone,
    number: usize,
    no_key: Arc<Option<String>>,
    asking: Arc<Asking>,
    mut observation: Observation,
) -> (Observation, Vec<Share>) {
    let link = Link::Direct(phone.clone());
    // Waiting for a place is the other phones' doing.
    let place = link.place().await;
    let started = Instant::now();
    asking.tell(number, PhoneStep::Asked);
    let waits = || asking.tell(number, PhoneStep::WaitsForPerson);
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
                Reason::BadKey => no_key.as_ref().clone().or(trouble.detail),
                _ => trouble.detail,
            };
        }
    }
    observation.duration_ms = milliseconds_since(started);
    asking.tell(number, PhoneStep::Done);
    (observation, shares)
}

/// Which program has the phone, if the system tells.
async fn holder(phone: &DirectPhone) -> Option<String> {
    let (bus, address) = phone.usb_address()?;
    let look = move || holder_of_usb(bus, address);
    let holder = tokio::task::spawn_blocking(look).await.ok().flatten()?;
    Some(format!("held by {}, process {}", holder.name, holder.pid))
}
