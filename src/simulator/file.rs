//! The TOML format of simulated phones: `fixtures/demo.toml` is its example, docs/simulator.md its
//! description. What was typed here becomes a `Bench` through the same builder that tests use.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Deserialize;

use super::fault::{Fault, maybe_milliseconds, milliseconds};
use super::options::ServerOptions;
use super::phone::{Authorisation, Phone};
use super::properties::Make;
use super::{Bench, SimulatorError};

/// Reads a whole bench.
pub(super) fn bench(text: &str) -> Result<Bench, SimulatorError> {
    let typed: TypedBench = toml::from_str(text)
        .map_err(|source| SimulatorError::Description { source: Box::new(source) })?;
    let phones = typed.phones.into_iter().map(Phone::from);
    Ok(Bench::new().server(typed.server).phones(phones))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct TypedBench {
    #[serde(default)]
    server: ServerOptions,
    #[serde(default)]
    phones: Vec<TypedPhone>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a key of the format, independent of the others"
)]
pub(super) struct TypedPhone {
    pub(super) serial: String,
    #[serde(default)]
    preset: Preset,
    make: Option<Make>,
    android: Option<u32>,
    state: Option<String>,
    #[serde(default)]
    states: Vec<TypedState>,
    usb: Option<String>,
    #[serde(default)]
    network: bool,
    features: Option<String>,
    #[serde(default)]
    no_features: bool,
    #[serde(default)]
    properties: BTreeMap<String, String>,
    #[serde(default)]
    without_properties: Vec<String>,
    property_lines: Option<usize>,
    getprop: Option<String>,
    version: Option<String>,
    factory: Option<String>,
    #[serde(default)]
    no_factory: bool,
    enabled: Option<u8>,
    #[serde(default)]
    apps: BTreeMap<String, String>,
    #[serde(default)]
    dumps: BTreeMap<String, String>,
    packages: Option<Vec<String>>,
    #[serde(default)]
    package_manager_dead: bool,
    #[serde(default)]
    commands: BTreeMap<String, TypedCommand>,
    crlf: Option<bool>,
    #[serde(default, rename = "delay_ms", deserialize_with = "milliseconds")]
    delay: Duration,
    #[serde(default)]
    fault: Fault,
    fault_times: Option<usize>,
    #[serde(default)]
    authorisation: TypedAuthorisation,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Preset {
    /// No make at all.
    #[default]
    Bare,
    Xiaomi,
    Poco,
    Pixel,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct TypedState {
    #[serde(rename = "after_ms", deserialize_with = "milliseconds")]
    after: Duration,
    state: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct TypedCommand {
    output: String,
    #[serde(default)]
    exit: u8,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct TypedAuthorisation {
    #[serde(default)]
    ask: bool,
    #[serde(default, rename = "allowed_after_ms", deserialize_with = "maybe_milliseconds")]
    allowed_after: Option<Duration>,
}

impl From<TypedPhone> for Phone {
    fn from(typed: TypedPhone) -> Self {
        let serial = typed.serial;
        let mut phone = match typed.preset {
            Preset::Bare => Self::new(serial),
            Preset::Xiaomi => Self::xiaomi(serial),
            Preset::Poco => Self::poco(serial),
            Preset::Pixel => Self::pixel(serial),
        };
        phone = given(phone, typed.make, Self::make);
        phone = given(phone, typed.android, Self::android);
        phone = given(phone, typed.state, Self::state);
        for state in typed.states {
            phone = phone.then(state.after, state.state);
        }
        phone = given(phone, typed.usb, Self::usb);
        phone = when(phone, typed.network, Self::network);
        phone = given(phone, typed.features, Self::features);
        phone = when(phone, typed.no_features, Self::no_features);
        for (key, value) in typed.properties {
            phone = phone.property(key, value);
        }
        for key in typed.without_properties {
            phone = phone.without_property(key);
        }
        phone = given(phone, typed.property_lines, Self::property_lines);
        phone = given(phone, typed.getprop, Self::getprop);
        phone = given(phone, typed.version, Self::version);
        phone = given(phone, typed.factory, |phone, version| phone.factory(Some(&version)));
        phone = when(phone, typed.no_factory, |phone| phone.factory(None));
        phone = given(phone, typed.enabled, Self::enabled);
        for (package, version) in typed.apps {
            phone = phone.app(package, version);
        }
        for (package, text) in typed.dumps {
            phone = phone.dump(package, text);
        }
        phone = given(phone, typed.packages, Self::packages);
        phone = when(phone, typed.package_manager_dead, Self::package_manager_dead);
        for (statement, command) in typed.commands {
            phone = phone.command(statement, command.output, command.exit);
        }
        phone = given(phone, typed.crlf, Self::crlf);
        phone = given(phone, typed.fault_times, Self::fault_times);
        let TypedAuthorisation { ask, allowed_after } = typed.authorisation;
        phone = when(phone, ask, |phone| phone.authorisation(Authorisation::Ask { allowed_after }));
        phone.delay(typed.delay).fault(typed.fault)
    }
}

/// Applies a setter to what was typed, if it was.
fn given<T>(phone: Phone, value: Option<T>, set: impl FnOnce(Phone, T) -> Phone) -> Phone {
    match value {
        Some(value) => set(phone, value),
        None => phone,
    }
}

fn when(phone: Phone, said: bool, set: impl FnOnce(Phone) -> Phone) -> Phone {
    if said { set(phone) } else { phone }
}

#[cfg(test)]
mod tests {
    use super::super::phone::Setting;
    use super::*;

    const DOCS: &str = include_str!("../../docs/simulator.md");

    #[test]
    fn the_documented_example_is_read() {
        let (_, example) = DOCS.split_once("```toml\n").unwrap();
        let (example, _) = example.split_once("```").unwrap();
        assert!(bench(example).is_ok(), "{:?}", bench(example).err());
    }

    #[test]
    fn every_key_is_read() {
        let text = r#"
            [server]
            version = 39
            old = true
            no_long_tracking = true
            die_after_shells = 3
            list_fails = "no"
            wire = "silent"
            record_requests = false
            extra_lines = ["odd line"]

            [[phones]]
            serial = "A B"
            preset = "pixel"
            android = 9
            state = "offline"
            states = [{ after_ms = 500, state = "device" }]
            usb = "3-1.4"
            features = "cmd"
            properties = { "a.b" = "c" }
            without_properties = ["sys.boot_completed"]
            property_lines = 700
            version = "1.2"
            factory = "1.1"
            enabled = 2
            apps = { "x.z" = "4.9" }
            dumps = { "x.y" = "text" }
            packages = ["x.y"]
            commands = { "pm path android" = { output = "Killed\n", exit = 137 } }
            crlf = true
            delay_ms = 20
            fault = { kind = "trickle", bytes = 10, every_ms = 5 }
            fault_times = 1
            authorisation = { ask = true, allowed_after_ms = 100 }

            [phones.make]
            manufacturer = "M"
            brand = "B"
            model = "M-1"
            device = "d"
            product = "p"

            [[phones]]
            serial = "C"
            network = true
            no_features = true
            no_factory = true
            getprop = "[a]: [b]\n"
            package_manager_dead = true
            fault = { kind = "flood", lines = true, place = "dump" }
        "#;
        let typed: TypedBench = toml::from_str(text).unwrap();
        assert_eq!(typed.server.version, 39);
        assert!(!typed.server.record_requests);
        assert_eq!(typed.server.extra_lines, [b"odd line".to_vec()]);
        let mut phones = typed.phones.into_iter().map(|typed| Phone::from(typed).prepare());
        let first = phones.next().unwrap();
        assert_eq!(first.states, [(Duration::from_millis(500), "device".to_owned())]);
        assert_eq!(first.usb, Setting::Is("3-1.4".to_owned()));
        assert_eq!(first.make.as_ref().unwrap().model, "M-1");
        assert_eq!(first.dumps.len(), 3);
        assert_eq!(first.packages.as_deref(), Some(["x.y".to_owned()].as_slice()));
        assert_eq!(first.fault, Fault::Trickle { bytes: 10, every: Duration::from_millis(5) });
        assert_eq!(
            first.authorisation,
            Authorisation::Ask { allowed_after: Some(Duration::from_millis(100)) }
        );
        let second = phones.next().unwrap();
        assert_eq!((second.features, second.usb), (None, Setting::Without));
        assert_eq!(second.getprop, b"[a]: [b]\n");
        assert!(second.packages.is_none());
    }

    #[test]
    fn every_fault_has_a_name_in_toml() {
        for fault in [
            "kind = 'transport', at = 'middle', what = 'some_strays'",
            "kind = 'none'",
            "kind = 'stall_after', bytes = 1",
            "kind = 'stall_at_marker', index = 1",
            "kind = 'close_after', bytes = 1",
            "kind = 'unplug_after', bytes = 1",
            "kind = 'garbage'",
            "kind = 'flood'",
            "kind = 'unknown_packet'",
            "kind = 'huge_packet'",
            "kind = 'bad_exit_packet', length = 4",
            "kind = 'no_exit_packet'",
            "kind = 'double_markers'",
            "kind = 'omit_marker', index = 2",
            "kind = 'swap_markers', first = 0, second = 1",
            "kind = 'omit_final_marker'",
            "kind = 'repeat_marker'",
            "kind = 'echo_command'",
            "kind = 'trickle', bytes = 1, every_ms = 1",
            "kind = 'refuse_transport', message = 'x'",
            "kind = 'ignore_transport'",
            "kind = 'refuse_shell', message = 'x'",
            "kind = 'ignore_shell'",
            "kind = 'close_before_connect'",
            "kind = 'stall_before_connect'",
            "kind = 'bad_magic'",
            "kind = 'huge_length'",
            "kind = 'bad_checksum'",
        ] {
            let text = format!("[[phones]]\nserial = 'A'\nfault = {{ {fault} }}\n");
            assert!(bench(&text).is_ok(), "{fault}");
            let name = fault.split('\'').nth(1).unwrap();
            assert!(DOCS.contains(&format!("`{name}`")), "{name} is not documented");
        }
    }

    #[test]
    fn a_mistake_is_named_with_its_line() {
        let error = bench("[[phones]]\nserial = 'A'\nfualt = 1\n").unwrap_err().to_string();
        assert!(error.contains("line 3") && error.contains("fualt"), "{error}");
    }
}
