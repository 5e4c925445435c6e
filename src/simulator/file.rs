//! Phones as data: what `fixtures/demo.toml` and `fixtures/film.toml` say of them. Both are compiled
//! in, so that a mistake in them is a failing test.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::activity::Activity;
use super::fault::Fault;
use super::phone::Phone;
use super::properties::Make;

/// Reads one of the files.
///
/// # Panics
/// It isn't as it should be.
pub(super) fn read<T: DeserializeOwned>(text: &str) -> T {
    toml::from_str(text).unwrap_or_else(|error| panic!("the simulated phones: {error}"))
}

/// The whole of `fixtures/demo.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Demo {
    pub(super) phones: Vec<TypedPhone>,
}

/// A phone by those of its settings that the files need; each is a method of [`Phone`].
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct TypedPhone {
    serial: String,
    preset: Preset,
    make: Option<Make>,
    android: Option<u32>,
    state: Option<String>,
    /// It is allowed by somebody after so long.
    device_after_ms: Option<u64>,
    usb: Option<String>,
    without_properties: Vec<String>,
    version: Option<String>,
    factory: Option<String>,
    no_factory: bool,
    enabled: Option<u8>,
    apps: BTreeMap<String, String>,
    packages: Option<Vec<String>>,
    delay_ms: u64,
    /// By the package of the app whose screen is asked for.
    activities: BTreeMap<String, Activity>,
    /// The version to which somebody updates the app under check once a screen was shown, and how long
    /// that takes.
    updated: Option<String>,
    updated_after_ms: u64,
    /// [`Fault::CloseAfter`].
    close_after: Option<usize>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Preset {
    #[default]
    Xiaomi,
    Poco,
    Pixel,
}

impl From<TypedPhone> for Phone {
    fn from(typed: TypedPhone) -> Self {
        let mut phone = match typed.preset {
            Preset::Xiaomi => Self::xiaomi(typed.serial),
            Preset::Poco => Self::poco(typed.serial),
            Preset::Pixel => Self::pixel(typed.serial),
        };
        phone = given(phone, typed.make, Self::make);
        phone = given(phone, typed.android, Self::android);
        phone = given(phone, typed.state, Self::state);
        phone = given(phone, typed.device_after_ms, |phone, after| {
            phone.then(Duration::from_millis(after), "device")
        });
        phone = given(phone, typed.usb, Self::usb);
        phone = typed.without_properties.into_iter().fold(phone, Self::without_property);
        phone = given(phone, typed.version, Self::version);
        phone = given(phone, typed.factory, |phone, version| phone.factory(Some(&version)));
        phone = given(phone, typed.no_factory.then_some(None), Self::factory);
        phone = given(phone, typed.enabled, Self::enabled);
        phone =
            typed.apps.into_iter().fold(phone, |phone, (name, version)| phone.app(name, version));
        phone = given(phone, typed.packages, Self::packages);
        phone = typed
            .activities
            .into_iter()
            .fold(phone, |phone, (package, activity)| phone.activity(package, activity));
        let after = Duration::from_millis(typed.updated_after_ms);
        phone = given(phone, typed.updated, |phone, version| phone.updates(after, version));
        phone = given(phone, typed.close_after, |phone, bytes| {
            phone.fault(Fault::CloseAfter { bytes })
        });
        phone.delay(Duration::from_millis(typed.delay_ms))
    }
}

/// Applies a setter to what was typed, if it was.
fn given<T>(phone: Phone, value: Option<T>, set: impl FnOnce(Phone, T) -> Phone) -> Phone {
    match value {
        Some(value) => set(phone, value),
        None => phone,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_documented_phone_is_read() {
        let (_, example) = include_str!("../../docs/simulator.md").split_once("```toml\n").unwrap();
        let (example, _) = example.split_once("```").unwrap();
        assert_eq!(Phone::from(read::<TypedPhone>(example)).prepare().serial, b"DEMO0001");
    }

    #[test]
    fn what_is_said_of_a_phone_holds() {
        let text = r#"
            serial = "A B"
            preset = "pixel"
            android = 9
            state = "offline"
            device_after_ms = 500
            usb = "3-1.4"
            without_properties = ["sys.boot_completed"]
            version = "1.2"
            no_factory = true
            enabled = 2
            apps = { "x.z" = "4.9" }
            packages = ["x.y"]
            delay_ms = 20
            close_after = 10

            [make]
            manufacturer = "M"
            brand = "B"
            model = "M-1"
            device = "d"
            product = "p"
        "#;
        let phone = Phone::from(read::<TypedPhone>(text)).prepare();
        assert_eq!((phone.serial.as_slice(), phone.state.as_str()), (b"A B".as_slice(), "offline"));
        assert_eq!(phone.states, [(Duration::from_millis(500), "device".to_owned())]);
        assert_eq!(phone.usb, crate::phone::Setting::Is("3-1.4".to_owned()));
        assert_eq!(phone.make.as_ref().unwrap().model, "M-1");
        assert_eq!(phone.packages.as_deref(), Some(["x.y".to_owned()].as_slice()));
        assert_eq!(phone.dumps.len(), 2);
        assert_eq!(phone.fault, Fault::CloseAfter { bytes: 10 });
        assert_eq!((phone.android, phone.delay), (9, Duration::from_millis(20)));
        let getprop = String::from_utf8(phone.getprop).unwrap();
        assert!(!getprop.contains("[sys.boot_completed]"), "{getprop}");
    }

    #[test]
    #[should_panic = "unknown field `fualt`"]
    fn a_mistake_is_named() {
        drop(read::<Demo>("[[phones]]\nserial = 'A'\nfualt = 1\n"));
    }
}
