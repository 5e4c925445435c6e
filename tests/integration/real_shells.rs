//! The probe's command in the shells that phones have: mksh (Android's since 4.0), busybox's
//! (custom systems), and this machine's own as a third opinion. The phone's programs are
//! stubs; the command is what a phone is sent, to the byte, and its answer goes the whole
//! way to a verdict.

use std::fs::Permissions;
use std::io::{Read as _, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use micheck_core::advisory::AdvisorySet;
use micheck_core::evidence::{Part, PartEnd};
use micheck_core::judge::{judge, judge_all};
use micheck_core::package_name::PackageName;
use micheck_core::probe::{
    AnswerReader, Batch, Collected, MarkedAnswer, Marker, Question, batches, first_questions,
    follow_up_questions,
};
use micheck_core::verdict::Verdict;

const PACKAGE: &str = "com.xiaomi.mi_connect_service";

/// What a stub does. Only its shell's own words and absolute paths: PATH leads to stubs alone.
#[derive(Clone)]
struct Stub {
    program: &'static str,
    /// One case for each way to call it: its arguments, and what is then done.
    calls: Vec<(String, Vec<u8>, String)>,
}

/// A program that answers one call with these bytes and this exit code.
fn prints(program: &'static str, arguments: &str, bytes: impl Into<Vec<u8>>, exit: u8) -> Stub {
    does(program, arguments, bytes, &format!("/bin/cat \"$OUT\"; exit {exit}"))
}

/// A program that runs `script`, with `bytes` in the file `$OUT`.
fn does(program: &'static str, arguments: &str, bytes: impl Into<Vec<u8>>, script: &str) -> Stub {
    Stub { program, calls: vec![(arguments.to_owned(), bytes.into(), script.to_owned())] }
}

impl Stub {
    /// The same program, called otherwise.
    fn and(mut self, other: Self) -> Self {
        assert_eq!(self.program, other.program);
        self.calls.extend(other.calls);
        self
    }
}

/// A folder of stubs, the only one on the shell's PATH.
struct Phone {
    bin: tempfile::TempDir,
}

/// Makes a program. Another process writes it: a child of another thread that is begun meanwhile would
/// hold it open for writing, and it couldn't be run ("text file busy").
fn install(script: &str, path: &Path) {
    let mut install = Command::new("install");
    install.args(["-m", "755", "/dev/stdin"]).arg(path).stdin(Stdio::piped());
    let mut child = install.spawn().unwrap();
    child.stdin.take().unwrap().write_all(script.as_bytes()).unwrap();
    assert!(child.wait().unwrap().success());
}

impl Phone {
    fn new(stubs: impl IntoIterator<Item = Stub>) -> Self {
        let bin = tempfile::tempdir().unwrap();
        for stub in stubs {
            let mut script = "#!/bin/sh\n".to_owned();
            for (number, (arguments, bytes, action)) in stub.calls.iter().enumerate() {
                let out = bin.path().join(format!("{}.{number}", stub.program));
                std::fs::write(&out, bytes).unwrap();
                let out = out.display();
                let line =
                    format!("if [ \"$*\" = '{arguments}' ]; then OUT='{out}'; {action}; fi\n");
                script.push_str(&line);
            }
            // A call that no test expects must not look like an answer.
            script.push_str("echo \"unexpected: $*\"; exit 99\n");
            let path = bin.path().join(stub.program);
            install(&script, &path);
        }
        Self { bin }
    }

    /// What `shell` writes to standard output when it is given `command` as a phone's daemon
    /// gives it: as `/system/bin/sh -c COMMAND`.
    fn run(&self, shell: &Path, command: &str) -> Vec<u8> {
        let mut child = Command::new(shell)
            // Busybox goes by the name that it is called; the others print it in their messages.
            .arg0("/system/bin/sh")
            .args(["-c", command])
            .env_clear()
            .env("PATH", self.bin.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stderr = child.stderr.take().unwrap();
        let complaints = std::thread::spawn(move || {
            let mut text = String::new();
            stderr.read_to_string(&mut text).unwrap();
            text
        });
        let mut output = Vec::new();
        child.stdout.take().unwrap().read_to_end(&mut output).unwrap();
        let status = child.wait().unwrap();
        assert!(status.success(), "{}: {status}", shell.display());
        // "Killed", and that a program isn't there, may be said here; nothing may be of a mistake
        // in the command.
        let complaints = complaints.join().unwrap();
        assert!(!complaints.to_lowercase().contains("syntax"), "{complaints}");
        output
    }

    fn ask(&self, shell: &Path, terminal: Terminal, batch: &Batch) -> MarkedAnswer {
        let marker =
            Marker::from_random(0x0123_4567_89ab_cdef_0123_4567_89ab_cdef_u128.to_be_bytes());
        let mut output = self.run(shell, &batch.command(&marker));
        if terminal == Terminal::Crlf {
            output = crlf(&output);
        }
        let mut framer = AnswerReader::new(marker);
        // In pieces, as it comes from a phone.
        for piece in output.chunks(1000) {
            framer.push(piece).unwrap();
        }
        assert!(framer.ended(), "{}", String::from_utf8_lossy(&output));
        framer.finish()
    }

    /// The parts of the answer to `questions`, all of which must be whole.
    fn parts(&self, shell: &Path, terminal: Terminal, questions: &[Question]) -> Vec<Part> {
        let batch = Batch { questions: questions.to_vec() };
        let parts = self.ask(shell, terminal, &batch).into_parts(questions.len());
        parts.into_iter().map(Option::unwrap).collect()
    }

    /// The verdict on the phone, after both rounds of questions.
    fn verdict(&self, shell: &Path, terminal: Terminal) -> Verdict {
        let advisories = AdvisorySet::embedded().by_default();
        let mut collected = Collected::default();
        let put = |collected: &mut Collected, questions| {
            for batch in batches(questions) {
                let framing = self.ask(shell, terminal, &batch);
                collected.take(&batch, framing, None);
            }
        };
        put(&mut collected, first_questions(&advisories));
        let findings = judge_all(collected.evidence(), &advisories);
        let follow_up = follow_up_questions(collected.evidence(), &findings, &advisories);
        put(&mut collected, follow_up);
        let findings = judge(collected.evidence(), &advisories.advisories[0]);
        assert_eq!(findings.len(), 1);
        findings[0].verdict
    }
}

/// What stands between the shell and the reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Terminal {
    None,
    /// The shell service of Android 6 and older: a terminal that ends every line with CRLF.
    Crlf,
}

/// What a terminal makes of text (`ONLCR` of termios).
fn crlf(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    for &byte in text {
        if byte == b'\n' {
            out.push(b'\r');
        }
        out.push(byte);
    }
    out
}

/// The shells, all of which must be there.
fn shells() -> Vec<PathBuf> {
    let found = |name: &str| {
        let path = std::env::var_os("PATH").unwrap();
        let found =
            std::env::split_paths(&path).map(|dir| dir.join(name)).find(|file| file.is_file());
        found.unwrap_or_else(|| panic!("no {name} on PATH: tests/setup installs it"))
    };
    vec![found("mksh"), found("busybox"), "/bin/sh".into()]
}

fn dump_question() -> Question {
    Question::Dump(PackageName::try_from(PACKAGE).unwrap())
}

fn fixture(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/dumpsys").join(name);
    std::fs::read_to_string(path).unwrap()
}

fn getprop(sdk: u32) -> Stub {
    let text = format!(
        "[ro.build.version.sdk]: [{sdk}]\n[ro.product.brand]: [Redmi]\n\
         [ro.product.manufacturer]: [Xiaomi]\n[sys.boot_completed]: [1]\n"
    );
    prints("getprop", "", text, 0)
}

fn dumpsys(text: impl Into<Vec<u8>>) -> Stub {
    prints("dumpsys", &format!("package {PACKAGE}"), text, 0)
}

/// `pm` of a phone that has these packages.
fn pm(packages: &[&str]) -> Stub {
    let path =
        |name: &str| prints("pm", &format!("path {name}"), format!("package:/x/{name}.apk\n"), 0);
    let mut pm = path("android");
    for name in packages {
        pm = pm.and(path(name));
    }
    let list = format!("list packages -u {PACKAGE}");
    // The real one matches any part of a name.
    pm = pm.and(prints("pm", &list, format!("package:{PACKAGE}.overlay\n"), 0));
    for updater in
        ["com.indus.appstore", "com.xiaomi.discover", "com.xiaomi.mipicks", "com.xiaomi.market"]
    {
        pm = pm.and(prints("pm", &format!("path {updater}"), "", 1));
    }
    pm
}

#[test]
#[ignore = "needs the test beds: tests/run"]
fn bodies_come_through_byte_for_byte() {
    let every_byte: Vec<u8> = (0..=255).collect();
    let long = "a line of a long dump\n".repeat(60_000);
    let bodies: [&[u8]; 11] = [
        b"",
        b"\n",
        b"\n\n\n",
        b"one line\n",
        b"no final newline",
        b"\nblank lines around\n\n",
        b"$HOME `date` $(date) \\n %s * ~ ; echo 'x' \"y\" e=7\n",
        b"-n\n-e \\t\n",
        "\u{a0}नमस्ते 你好\u{2028}\r\n".as_bytes(),
        &every_byte,
        long.as_bytes(),
    ];
    for shell in shells() {
        for body in bodies {
            let phone = Phone::new([prints("getprop", "", body, 0), dumpsys(body)]);
            for (terminal, expected) in
                [(Terminal::None, body.to_vec()), (Terminal::Crlf, crlf(body))]
            {
                let parts = phone.parts(&shell, terminal, &[Question::Properties, dump_question()]);
                let part = Part { body: expected, end: PartEnd::Closed { exit_code: 0 } };
                let shown = String::from_utf8_lossy(&body[..body.len().min(60)]).into_owned();
                assert!(
                    parts == [part.clone(), part],
                    "{}: {terminal:?}: {shown:?}",
                    shell.display()
                );
            }
        }
    }
}

#[test]
#[ignore = "needs the test beds: tests/run"]
fn standard_error_is_part_of_the_body() {
    let script = "echo first; echo second >&2; echo third; exit 0";
    let stub = does("dumpsys", &format!("package {PACKAGE}"), "", script);
    let phone = Phone::new([stub]);
    for shell in shells() {
        let parts = phone.parts(&shell, Terminal::None, &[dump_question()]);
        assert_eq!(String::from_utf8_lossy(&parts[0].body), "first\nsecond\nthird\n");
    }
}

#[test]
#[ignore = "needs the test beds: tests/run"]
fn exit_codes_are_each_programs_own() {
    let pm = prints("pm", "path android", "package:/x\n", 255).and(prints(
        "pm",
        &format!("list packages -u {PACKAGE}"),
        "",
        1,
    ));
    let phone = Phone::new([prints("getprop", "", "x\n", 7), dumpsys("y\n"), pm]);
    let name = PackageName::try_from(PACKAGE).unwrap();
    let questions =
        [Question::Properties, dump_question(), Question::PmControl, Question::PmList(name)];
    for shell in shells() {
        let parts = phone.parts(&shell, Terminal::None, &questions);
        let codes: Vec<_> = parts.iter().map(|part| part.end).collect();
        let expected = [7, 0, 255, 1].map(|exit_code| PartEnd::Closed { exit_code });
        assert_eq!(codes, expected, "{}", shell.display());
    }
}

#[test]
#[ignore = "needs the test beds: tests/run"]
fn a_missing_program_is_the_phones_failure() {
    for shell in shells() {
        let phone = Phone::new([getprop(34)]);
        let parts = phone.parts(&shell, Terminal::None, &[Question::Properties, dump_question()]);
        let text = String::from_utf8_lossy(&parts[1].body).into_owned();
        assert_eq!(parts[1].end, PartEnd::Closed { exit_code: 127 }, "{text}");
        assert!(text.contains("dumpsys") && text.contains("not found"), "{text}");
        assert_eq!(shown(phone.verdict(&shell, Terminal::None)), "unknown: service_unavailable");

        // The dump speaks for itself; that the app is absent needs the properties, too.
        let patched = fixture("android14.txt").replace("3.1.900.12", "3.1.921.10");
        let phone = Phone::new([dumpsys(patched), pm(&[])]);
        assert_eq!(shown(phone.verdict(&shell, Terminal::None)), "patched");
        let phone = Phone::new([dumpsys(fixture("edge_unknown_android13plus.txt")), pm(&[])]);
        assert_eq!(shown(phone.verdict(&shell, Terminal::None)), "unknown: incomplete_answer");
    }
}

#[test]
#[ignore = "needs the test beds: tests/run"]
fn a_program_that_is_killed_has_not_answered() {
    for shell in shells() {
        let cut = fixture("android14.txt").replace("3.1.900.12", "3.1.921.10");
        let script = "/bin/cat \"$OUT\"; kill -9 $$";
        let stub = does("dumpsys", &format!("package {PACKAGE}"), cut, script);
        let phone = Phone::new([getprop(34), stub]);
        let parts = phone.parts(&shell, Terminal::None, &[dump_question()]);
        assert_eq!(parts[0].end, PartEnd::Closed { exit_code: 137 });
        assert_eq!(shown(phone.verdict(&shell, Terminal::None)), "unknown: incomplete_answer");
    }
}

#[test]
#[ignore = "needs the test beds: tests/run"]
fn what_a_program_may_not_do_is_no_answer() {
    for shell in shells() {
        let phone = Phone::new([getprop(34), dumpsys("")]);
        let program = phone.bin.path().join("dumpsys");
        std::fs::set_permissions(program, Permissions::from_mode(0o644)).unwrap();
        let verdict = shown(phone.verdict(&shell, Terminal::None));
        assert_eq!(verdict, "unknown: denied", "{}", shell.display());
    }
}

/// The verdict's key, and the reason behind a colon.
fn shown(verdict: Verdict) -> String {
    match verdict.reason() {
        Some(reason) => format!("{}: {}", verdict.key(), reason.key()),
        None => verdict.key().to_owned(),
    }
}

#[test]
#[ignore = "needs the test beds: tests/run"]
fn verdicts_are_right_in_every_shell() {
    let in_version = |file: &str, version: &str| fixture(file).replace("3.1.900.12", version);
    let cases = [
        (34, in_version("android14.txt", "3.1.895.10"), "vulnerable"),
        (34, in_version("android14.txt", "3.1.900.12"), "unconfirmed"),
        (34, in_version("android14.txt", "3.1.921.10"), "patched"),
        (36, in_version("android16.txt", "3.1.895.11"), "unconfirmed"),
        (28, in_version("android9.txt", "3.1.874.10"), "vulnerable"),
        (24, in_version("android7.txt", "3.1.921.10"), "patched"),
        (34, fixture("edge_unknown_android13plus.txt"), "not_installed"),
        (28, fixture("edge_unknown_android9.txt"), "not_installed"),
        (34, fixture("edge_timeout_android9plus.txt"), "unknown: dump_timed_out"),
        (34, String::new(), "unknown: incomplete_answer"),
        (23, String::new(), "not_installed"),
        (34, "Can't find service: package\n".to_owned(), "unknown: service_unavailable"),
    ];
    for shell in shells() {
        for (sdk, dump, expected) in &cases {
            let phone = Phone::new([getprop(*sdk), dumpsys(dump.as_str()), pm(&[])]);
            for terminal in [Terminal::None, Terminal::Crlf] {
                let verdict = shown(phone.verdict(&shell, terminal));
                assert_eq!(verdict, *expected, "{}, {terminal:?}: {dump}", shell.display());
            }
        }
    }
}

#[test]
#[ignore = "needs the test beds: tests/run"]
fn android_6_is_believed_only_when_pm_works() {
    let dead = "Error: Could not access the Package Manager.  Is the system running?\n";
    let list = format!("list packages -u {PACKAGE}");
    let control = || prints("pm", "path android", "package:/x\n", 0);
    let cases = [
        (vec![pm(&[])], "not_installed"),
        (vec![], "unknown: service_unavailable"),
        (
            vec![prints("pm", "path android", dead, 1).and(prints("pm", &list, dead, 1))],
            "unknown: service_unavailable",
        ),
        (vec![control().and(prints("pm", &list, "", 0))], "not_installed"),
        (
            vec![control().and(prints("pm", &list, format!("package:{PACKAGE}\n"), 0))],
            "unknown: ambiguous_dump",
        ),
        (
            vec![prints("pm", "path android", "", 0).and(prints("pm", &list, "", 0))],
            "unknown: service_unavailable",
        ),
    ];
    for shell in shells() {
        for (number, (pm, expected)) in cases.iter().enumerate() {
            let stubs = [getprop(23), dumpsys("")].into_iter().chain(pm.clone());
            let phone = Phone::new(stubs);
            let verdict = shown(phone.verdict(&shell, Terminal::Crlf));
            assert_eq!(verdict, *expected, "{}, case {number}", shell.display());
        }
    }
}

#[test]
#[ignore = "needs the test beds: tests/run"]
fn many_questions_go_through_in_commands_of_limited_length() {
    let names: Vec<_> = (0..60).map(|number| format!("com.example.app{number}")).collect();
    let answer = |name: &String| {
        prints("dumpsys", &format!("package {name}"), format!("this is {name}\n"), 0)
    };
    let phone = Phone::new([names.iter().map(answer).reduce(Stub::and).unwrap()]);
    let questions: Vec<_> = names
        .iter()
        .map(|name| Question::Dump(PackageName::try_from(name.as_str()).unwrap()))
        .collect();
    for shell in shells() {
        let mut bodies = Vec::new();
        for batch in batches(questions.clone()) {
            let parts = phone.parts(&shell, Terminal::None, &batch.questions);
            bodies.extend(parts.into_iter().map(|part| String::from_utf8(part.body).unwrap()));
        }
        let expected: Vec<_> = names.iter().map(|name| format!("this is {name}\n")).collect();
        assert_eq!(bodies, expected, "{}", shell.display());
    }
}
