//! Phones that no server holds.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::OnceCell;
use tokio::task::JoinHandle;
use tokio::time::Instant;

use super::{PhoneStep, Phones, ProbeContext, ScanResult, interview, milliseconds_since, rows};
use crate::doctor::host::holder_of_usb;
use crate::report::{Outcome, ProbeResult};
use crate::scan::aside::{aside, in_time};
use micheck_adb::direct::usb_devices;
use micheck_adb::usb::{NotShown, UsbDevice};
use micheck_adb::{Direct, DirectPhone, Endpoint, Link, LinkError, MemoryLease, key};
use micheck_core::verdict::Reason;

/// How long a look at the USB bus may take.
const LOOK_TIMEOUT: Duration = Duration::from_secs(5);

/// Looks for phones on the USB bus from now on.
pub(super) fn look() -> impl Future<Output = Result<Vec<UsbDevice>, LinkError>> {
    let looking: JoinHandle<_> = tokio::spawn(usb_devices(LOOK_TIMEOUT, false));
    async {
        let mut devices = looking.await.expect("looking doesn't panic")?;
        devices.retain(UsbDevice::is_phone);
        Ok(devices)
    }
}

/// How phones without a server are reached in a run.
#[derive(Clone)]
pub(crate) struct DirectConnector {
    pub(crate) direct: Direct,
    key: Option<PathBuf>,
    ensure: fn(&Path) -> Result<bool, key::KeyError>,
    /// Why there is no key to be used; set once one was wanted.
    no_key: Arc<OnceCell<Option<String>>>,
}

impl DirectConnector {
    /// Nothing is started or made yet; `key` is where adb's key lies.
    pub(crate) fn new(key: Option<PathBuf>) -> Self {
        // A path that isn't Unicode can't be told to a worker.
        let told = key.clone().filter(|key| key.to_str().is_some()).unwrap_or_default();
        Self { direct: Direct::new(told), key, ensure: key::ensure, no_key: Arc::default() }
    }

    /// Sees to it that there is a key, once, before any worker wants it. Without one phones that
    /// need none still answer, and the others have why in their rows. Making one takes a slow computer
    /// a second, in which nobody else waits.
    pub(crate) async fn no_key(&self) -> Option<String> {
        let look = async || {
            let Some(key) = self.key.clone() else {
                return Some(key::KeyError::NoHome.to_string());
            };
            if key.to_str().is_none() {
                return Some(format!("the ADB key's path isn't Unicode: {}", key.display()));
            }
            let ensure = self.ensure;
            match aside(move || ensure(&key)).await {
                Some(ended) => ended.err().map(|error| error.to_string()),
                None => Some("the ADB key couldn't be made".to_owned()),
            }
        };
        self.no_key.get_or_init(look).await.clone()
    }
}

impl Phones {
    /// Begins to ask the phones at these addresses.
    pub(super) fn start_network(
        &mut self,
        way: &DirectConnector,
        connect: &[Endpoint],
        asking: &Arc<ProbeContext>,
    ) {
        for endpoint in connect {
            let phone = way.direct.network_phone(endpoint);
            self.ask_directly(phone, rows::on_network(endpoint), way.clone(), asking);
        }
    }

    /// Begins to ask the phones on the USB bus that no server shows.
    pub(super) fn start_usb(
        &mut self,
        way: &DirectConnector,
        not_shown: NotShown,
        asking: &Arc<ProbeContext>,
        found: &mut ScanResult,
    ) {
        let NotShown { devices, more } = not_shown;
        for device in devices {
            let row = rows::on_usb(&device);
            match device.reason() {
                None => {
                    self.ask_directly(way.direct.usb_phone(&device), row, way.clone(), asking);
                }
                Some(reason) => self.leave(reason, row, asking, found),
            }
        }
        for _ in 0..more {
            let mut row = rows::somewhere_on_usb();
            row.detail =
                Some("the adb server doesn't list it, and it gives no serial number".to_owned());
            self.leave(Reason::AmbiguousSerial, row, asking, found);
        }
    }

    fn number(&mut self, row: &ProbeResult, asking: &ProbeContext) -> usize {
        let number = self.count;
        self.count += 1;
        asking.tell(number, PhoneStep::Listed(rows::called(row)));
        number
    }

    fn ask_directly(
        &mut self,
        phone: DirectPhone,
        row: ProbeResult,
        way: DirectConnector,
        asking: &Arc<ProbeContext>,
    ) {
        let number = self.number(&row, asking);
        let asked = connect_and_ask(phone, number, way, Arc::clone(asking), row.clone());
        let task = async {
            let (observation, shares, _) = asked.await;
            ((observation, shares), None)
        };
        self.spawn(task, row);
    }

    /// A phone that can't be asked.
    fn leave(
        &mut self,
        reason: Reason,
        mut row: ProbeResult,
        asking: &ProbeContext,
        found: &mut ScanResult,
    ) {
        let number = self.number(&row, asking);
        row.outcome = Outcome::Skipped(reason);
        found.observations.push(row);
        asking.tell(number, PhoneStep::Done);
    }
}

/// Begins a session with a phone, waits for its person where it asks one, and asks it everything.
/// Also gives whether its person was asked.
pub(crate) async fn connect_and_ask(
    phone: DirectPhone,
    number: usize,
    way: DirectConnector,
    asking: Arc<ProbeContext>,
    mut observation: ProbeResult,
) -> (ProbeResult, Vec<MemoryLease>, bool) {
    let link = Link::Direct(phone.clone());
    let no_key = way.no_key().await;
    // Waiting for a place is the other phones' doing.
    let place = phone.place().await;
    let started = Instant::now();
    asking.tell(number, PhoneStep::Asked);
    let mut asked_person = false;
    let waits = || {
        asked_person = true;
        asking.tell(number, PhoneStep::WaitsForPerson);
    };
    let connected =
        phone.connect(started + asking.options.links.timeout, asking.wait_auth, place, waits).await;
    let mut shares = Vec::new();
    match connected {
        Ok((introduction, deadline)) => {
            asking.tell(number, PhoneStep::Asked);
            observation.connection.state = Some(introduction.state.text());
            if introduction.model.is_some() {
                observation.listed_model = introduction.model;
            }
            match introduction.state.reason() {
                None => {
                    (observation, shares) =
                        interview::ask(&link, Some(deadline), &asking, observation).await;
                }
                Some(reason) => observation.outcome = Outcome::Skipped(reason),
            }
        }
        Err(trouble) => {
            tracing::debug!(reason = trouble.reason.key(), "no session");
            observation.outcome = Outcome::Skipped(trouble.reason);
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
    let holder = in_time(move || holder_of_usb(bus, address)).await.flatten()?;
    Some(format!("held by {}, process {}", holder.name, holder.pid))
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;
    use crate::scan::options::LinkArgs;
    use crate::scan::{ScanOptions, scan};
    use micheck_core::verdict::Verdict;
    use micheck_simulator::{Bench, Phone};

    /// How long making a key takes a very slow computer.
    const SLOW: Duration = Duration::from_secs(3);

    static MADE: AtomicUsize = AtomicUsize::new(0);

    #[expect(clippy::unnecessary_wraps, reason = "as `key::ensure`")]
    fn slowly(_: &Path) -> Result<bool, key::KeyError> {
        std::thread::sleep(SLOW);
        MADE.fetch_add(1, Ordering::Relaxed);
        Ok(true)
    }

    #[test]
    fn a_key_that_is_being_made_holds_up_nobody() {
        let phones = (0..40).map(|n| Phone::xiaomi(format!("P{n}")).version("3.1.874.10"));
        let bench = Bench::new().phones(phones).start_in_thread().unwrap();
        let server =
            Endpoint { host: bench.address().ip().to_string(), port: bench.address().port() };
        // As long as the key takes: where that held the loop, all would be late.
        let args = LinkArgs { server: vec![server], timeout: Some(SLOW), ..LinkArgs::default() };
        let links = args.resolve(None, &LinkArgs::default(), Duration::ZERO);
        let advisories = Arc::new(micheck_core::advisory::AdvisorySet::embedded());
        let options = Arc::new(ScanOptions { links, advisories, keep_evidence: false, salt: None });
        let way =
            DirectConnector { ensure: slowly, ..DirectConnector::new(Some(PathBuf::from("key"))) };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let started = Instant::now();
            let keys = [tokio::spawn(no_key(way.clone())), tokio::spawn(no_key(way))];
            let found = scan(options, None).await;
            assert!(started.elapsed() < SLOW, "the bench waited for the key");
            assert!(found.observations.iter().all(|phone| {
                let Outcome::Probed(asked) = &phone.outcome else { return false };
                asked.findings.iter().any(|finding| finding.verdict == Verdict::Vulnerable)
            }));
            assert_eq!(found.observations.len(), 40);
            for key in keys {
                assert_eq!(key.await.unwrap(), None);
            }
            assert_eq!(MADE.load(Ordering::Relaxed), 1, "made once for all");
        });
    }

    async fn no_key(way: DirectConnector) -> Option<String> {
        way.no_key().await
    }
}
