use super::*;
use crate::cli::values::Format;
use crate::scan::duration::timeout;
use crate::scan::options::{DEFAULT_TIMEOUT, ServersFrom};

fn settings(args: ScanArgs, environment: &Environment) -> Result<Settings, String> {
    load(args, environment).map_err(|error| error.to_string())
}

fn shown(settings: &Settings) -> Vec<String> {
    settings.scan.links.servers.iter().map(ToString::to_string).collect()
}

#[test]
fn durations_are_read_as_people_write_them() {
    for (text, ms) in [
        ("8s", 8_000),
        ("500ms", 500),
        ("2m", 120_000),
        ("8", 8_000),
        ("1h", 3_600_000),
        ("2h", 0),
        ("", 0),
        ("0", 0),
        ("5ms", 0),
        ("-1", 0),
        ("1.5s", 0),
        ("3601", 0),
        ("99999999999999999999", 0),
    ] {
        let read = timeout(text).ok().map(|timeout| timeout.as_millis());
        assert_eq!(read, (ms > 0).then_some(ms), "{text}");
    }
}

#[test]
fn typed_comes_before_environment_before_default() {
    let environment = Environment {
        adb_server_socket: Some("tcp:bench:6000".into()),
        android_adb_server_port: Some("6001".into()),
        ..Environment::default()
    };
    let server = vec![Endpoint::parse("a:1").unwrap(); 2];
    let links = LinkArgs { server, ..LinkArgs::default() };
    let typed = ScanArgs { links, ..ScanArgs::default() };
    assert_eq!(shown(&settings(typed, &environment).unwrap()), ["a:1"]);
    let from_environment = settings(ScanArgs::default(), &environment).unwrap();
    assert_eq!(shown(&from_environment), ["bench:6000"]);
    assert_eq!(from_environment.scan.links.servers_from, ServersFrom::Environment);
    let port_only = Environment { adb_server_socket: None, ..environment };
    assert_eq!(shown(&settings(ScanArgs::default(), &port_only).unwrap()), ["127.0.0.1:6001"]);
    let nothing = settings(ScanArgs::default(), &Environment::default()).unwrap();
    assert_eq!(
        (shown(&nothing), nothing.scan.links.servers_from),
        (vec!["127.0.0.1:5037".to_owned()], ServersFrom::Default)
    );
    assert_eq!(nothing.scan.links.timeout, DEFAULT_TIMEOUT);
}

#[test]
fn a_variable_that_holds_no_address_is_named() {
    let environment =
        Environment { android_adb_server_port: Some("abc".into()), ..Environment::default() };
    let error = settings(ScanArgs::default(), &environment).unwrap_err();
    assert!(
        error.starts_with(
            "the environment variable ANDROID_ADB_SERVER_PORT is set, but `127.0.0.1:abc`"
        ),
        "{error}"
    );
    // A demo has its own server.
    let links = LinkArgs { demo: true, ..LinkArgs::default() };
    assert!(settings(ScanArgs { links, ..ScanArgs::default() }, &environment).is_ok());
}

#[test]
fn the_output_files_ending_tells_the_format() {
    let with = |format, output: &str| {
        let report = ReportArgs { format, output: Some(output.into()), ..ReportArgs::default() };
        let args = ScanArgs { report, ..ScanArgs::default() };
        settings(args, &Environment::default()).map(|settings| settings.report.format)
    };
    assert_eq!(with(None, "a/b.JSON"), Ok(Format::Json));
    assert_eq!(with(None, "b.txt"), Ok(Format::Table));
    assert_eq!(with(Some(Format::Json), "b.txt"), Ok(Format::Json));
    assert_eq!(
        with(None, "b.xls").unwrap_err(),
        "b.xls: this ending isn't known; end the name with .json, .jsonl, .csv, .html or .txt, or add --format"
    );
    assert_eq!(
        with(None, "b.PDF").unwrap_err(),
        "there is no PDF output: write .html and print it from the browser"
    );
}

#[test]
fn advisories_of_the_system_are_read_where_there_are_some() {
    const ADVISORY: &str = include_str!("../../core/advisory/mi-connect.toml");

    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("advisories");
    let environment =
        Environment { system_advisories: Some(folder.clone()), ..Environment::default() };
    let known = || {
        let settings = settings(ScanArgs::default(), &environment)?;
        Ok(settings.report.advisories.advisories.len())
    };
    let built_in = AdvisorySet::embedded().advisories.len();
    assert_eq!(known(), Ok(built_in));
    std::fs::create_dir(&folder).unwrap();
    assert_eq!(known(), Ok(built_in), "an empty folder is nothing to complain of");
    let other = ADVISORY.replace("id = \"mi-connect\"", "id = \"other\"");
    std::fs::write(folder.join("other.toml"), other).unwrap();
    assert_eq!(known(), Ok(built_in + 1));
    std::fs::write(folder.join("bad.toml"), "id = 1").unwrap();
    let error: String = known().unwrap_err();
    assert!(error.contains("bad.toml:1: id: "), "{error}");
}
