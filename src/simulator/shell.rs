//! The shell of a simulated phone: an interpreter of the few words that a probe uses. It runs
//! nothing; every answer is data of the phone.
//!
//! The language: statements separated by `;` or a newline, words by spaces, `NAME=VALUE`, `$NAME`,
//! `$?`, `2>&1`, words in `'` without a space, and the programs `echo`, `getprop [KEY]`, `dumpsys package NAME`, `pm path NAME`
//! `pm list packages -u NAME` and `am start`. Any other character that means something to a shell is a syntax
//! error, so that a probe which outgrows this language fails in its tests instead of being
//! answered by luck.

use std::borrow::Cow;
use std::collections::HashMap;
use std::time::{Duration, Instant};

use super::activity::{Activity, Intent};
use super::dumps;
use super::prepared::Prepared;

/// One piece of what a command prints.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Chunk<'p> {
    pub(super) origin: ChunkOrigin,
    /// On stderr, when the service keeps it apart.
    pub(super) stderr: bool,
    pub(super) bytes: Cow<'p, [u8]>,
}

/// What printed a [`Chunk`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ChunkOrigin {
    /// An `echo` whose text begins with 32 hexadecimal digits.
    Marker,
    /// `dumpsys`.
    Dump,
    /// Anything else.
    Other,
}

/// What a command line printed, and the exit code of its last statement.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct ShellOutput<'p> {
    pub(super) chunks: Vec<Chunk<'p>>,
    pub(super) exit: u8,
    /// How long its programs take.
    pub(super) delay: Duration,
    /// One of them never ends: nothing comes behind what is printed here.
    pub(super) hangs: bool,
}

/// Runs one command line on a phone.
pub(super) fn run<'p>(phone: &'p Prepared, command: &str) -> ShellOutput<'p> {
    let mut shell = Shell {
        phone,
        variables: HashMap::new(),
        chunks: Vec::new(),
        exit: 0,
        delay: Duration::ZERO,
        hangs: false,
    };
    if let Some(sign) = unsupported(command) {
        let text = format!("/system/bin/sh: syntax error: unexpected '{sign}'\n");
        shell.print(ChunkOrigin::Other, true, text.into_bytes());
        shell.exit = 1;
    } else {
        for statement in command.split([';', '\n']) {
            if !shell.hangs {
                shell.statement(statement);
            }
        }
    }
    let Shell { chunks, exit, delay, hangs, .. } = shell;
    ShellOutput { chunks, exit, delay, hangs }
}

/// The first character that this shell doesn't speak.
fn unsupported(command: &str) -> Option<char> {
    let rest = command.replace(" 2>&1", "").replace("$?", "");
    let parts: Vec<&str> = rest.split('\'').collect();
    if parts.len().is_multiple_of(2) {
        return Some('\'');
    }
    let is_plain = |sign: char| sign.is_ascii_alphanumeric() || ":/?=._-".contains(sign);
    let quoted = parts.iter().skip(1).step_by(2).flat_map(|part| part.chars());
    let mut bare = parts.iter().step_by(2).flat_map(|part| part.chars());
    bare.find(|sign| "|&<>()\"`\\*?[]{}#~!".contains(*sign))
        .or_else(|| quoted.into_iter().find(|sign| !is_plain(*sign)))
}

struct Shell<'p> {
    phone: &'p Prepared,
    variables: HashMap<String, String>,
    chunks: Vec<Chunk<'p>>,
    exit: u8,
    delay: Duration,
    hangs: bool,
}

impl<'p> Shell<'p> {
    fn print(&mut self, origin: ChunkOrigin, stderr: bool, bytes: impl Into<Cow<'p, [u8]>>) {
        let bytes = bytes.into();
        if !bytes.is_empty() {
            self.chunks.push(Chunk { origin, stderr, bytes });
        }
    }

    fn statement(&mut self, statement: &str) {
        let mut words: Vec<String> =
            statement.split_whitespace().map(|word| self.expand(word).replace('\'', "")).collect();
        let before = words.len();
        words.retain(|word| word != "2>&1");
        let merged = words.len() < before;
        let phone = self.phone;
        if let Some((output, exit)) = phone.commands.get(&words.join(" ")) {
            let dump = words.first().is_some_and(|word| word == "dumpsys");
            let origin = if dump { ChunkOrigin::Dump } else { ChunkOrigin::Other };
            self.print(origin, false, output.as_slice());
            self.exit = *exit;
            return;
        }
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        self.exit = match words.as_slice() {
            [] => self.exit,
            [word] if assignment(word).is_some() => {
                let (name, value) = assignment(word).expect("the guard found an assignment");
                self.variables.insert(name.to_owned(), value.to_owned());
                0
            }
            ["echo", text @ ..] => self.echo(&text.join(" ")),
            ["getprop"] => {
                self.print(ChunkOrigin::Other, false, phone.getprop.as_slice());
                0
            }
            ["getprop", key, ..] => {
                let mut value = property(&phone.getprop, key).unwrap_or_default().to_vec();
                value.push(b'\n');
                self.print(ChunkOrigin::Other, false, value);
                0
            }
            ["dumpsys", "package", name] => self.dump(name),
            ["dumpsys", service, ..] => {
                let text = format!("Can't find service: {service}\n");
                self.print(ChunkOrigin::Dump, !merged, text.into_bytes());
                0
            }
            ["pm", words @ ..] => self.package_manager(words, !merged),
            ["am", "start", words @ ..] => self.activity_manager(words, !merged),
            [program, ..] => self.not_found(program, !merged),
        };
    }

    fn echo(&mut self, text: &str) -> u8 {
        let digits = text.bytes().take_while(u8::is_ascii_hexdigit).count();
        let origin = if digits >= 32 { ChunkOrigin::Marker } else { ChunkOrigin::Other };
        self.print(origin, false, format!("{text}\n").into_bytes());
        0
    }

    fn activity_manager(&mut self, words: &[&str], stderr: bool) -> u8 {
        let phone = self.phone;
        self.delay += phone.am_delay;
        let Some(intent) = Intent::read(words) else {
            self.print(ChunkOrigin::Other, stderr, b"Error: Unknown option\n".as_slice());
            return 1;
        };
        let activity = phone.activities.get(intent.package).copied().unwrap_or_else(|| {
            if phone.has_app(intent.package) { Activity::Starts } else { intent.missing() }
        });
        if activity.is_shown() {
            // Whoever sees it updates the app.
            phone.shown_at.get_or_init(Instant::now);
        }
        self.print(ChunkOrigin::Other, false, activity.words(&intent).into_bytes());
        self.hangs = activity == Activity::Hangs;
        // Whatever became of it.
        0
    }

    fn dump(&mut self, name: &str) -> u8 {
        let phone = self.phone;
        match phone.dump_now(name) {
            Some(dump) => self.print(ChunkOrigin::Dump, false, dump),
            None => self.print(ChunkOrigin::Dump, false, dumps::unknown(phone.android, name)),
        }
        0
    }

    fn package_manager(&mut self, words: &[&str], stderr: bool) -> u8 {
        let Some(packages) = &self.phone.packages else {
            let text = "Error: Could not access the Package Manager.  Is the system running?\n";
            self.print(ChunkOrigin::Other, stderr, text.as_bytes());
            return 1;
        };
        match words {
            ["path", "android"] => {
                let text = "package:/system/framework/framework-res.apk\n";
                self.print(ChunkOrigin::Other, false, text.as_bytes());
                0
            }
            ["path", name] if packages.iter().any(|package| package == name) => {
                let text = format!("package:/data/app/{name}/base.apk\n");
                self.print(ChunkOrigin::Other, false, text.into_bytes());
                0
            }
            ["path", _] => 1,
            ["list", "packages", "-u", filter @ ..] if filter.len() <= 1 => {
                let filter = filter.first().copied().unwrap_or_default();
                let names = packages.iter().map(String::as_str).chain(["android"]);
                // The real one matches any part of the name.
                let mut text = String::new();
                for name in names.filter(|name| name.contains(filter)) {
                    text.push_str("package:");
                    text.push_str(name);
                    text.push('\n');
                }
                self.print(ChunkOrigin::Other, false, text.into_bytes());
                0
            }
            _ => {
                self.print(ChunkOrigin::Other, stderr, b"Error: unknown command\n".as_slice());
                1
            }
        }
    }

    fn not_found(&mut self, program: &str, stderr: bool) -> u8 {
        // mksh changed its words with Android 10.
        let how = if self.phone.android >= 10 { "inaccessible or not found" } else { "not found" };
        let text = format!("/system/bin/sh: {program}: {how}\n");
        self.print(ChunkOrigin::Other, stderr, text.into_bytes());
        127
    }

    /// Puts in `$?` and `$NAME`; an unset name is empty.
    fn expand(&self, word: &str) -> String {
        let mut expanded = String::new();
        let mut rest = word;
        while let Some((before, after)) = rest.split_once('$') {
            expanded.push_str(before);
            if let Some(tail) = after.strip_prefix('?') {
                expanded.push_str(&self.exit.to_string());
                rest = tail;
                continue;
            }
            let length = after.bytes().take_while(|byte| is_name_byte(*byte)).count();
            let (name, tail) = after.split_at(length);
            match self.variables.get(name) {
                Some(value) => expanded.push_str(value),
                None if name.is_empty() => expanded.push('$'),
                None => {}
            }
            rest = tail;
        }
        expanded.push_str(rest);
        expanded
    }
}

fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

fn assignment(word: &str) -> Option<(&str, &str)> {
    let (name, value) = word.split_once('=')?;
    let named = name.bytes().all(is_name_byte)
        && name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_');
    named.then_some((name, value))
}

/// The value of one property in the text of `getprop`; it can span lines.
fn property<'t>(text: &'t [u8], key: &str) -> Option<&'t [u8]> {
    let head = format!("[{key}]: [");
    let at = memchr::memmem::find_iter(text, head.as_bytes())
        .find(|at| *at == 0 || text[at - 1] == b'\n')?;
    let value = &text[at + head.len()..];
    let end = memchr::memmem::find(value, b"]\n").unwrap_or(value.len());
    Some(&value[..end])
}

#[cfg(test)]
mod tests {
    use super::super::Phone;
    use super::*;

    const MARKER: &str = "0123456789abcdef0123456789ABCDEF";

    fn shell(phone: Phone, command: &str) -> (String, u8) {
        let phone = phone.prepare();
        let output = run(&phone, command);
        let bytes: Vec<u8> = output.chunks.iter().flat_map(|chunk| chunk.bytes.to_vec()).collect();
        (String::from_utf8(bytes).unwrap(), output.exit)
    }

    #[test]
    fn the_probe_command_is_framed() {
        let phone = Phone::new("A").getprop("[a]: [1]\n").dump("x.y", "Packages:\n");
        let command = format!(
            "echo;echo {MARKER}+0;getprop 2>&1;e=$?;echo;echo {MARKER}-0:$e;\
             echo;echo {MARKER}+1;dumpsys package x.y 2>&1;e=$?;echo;echo {MARKER}-1:$e;\
             echo;echo {MARKER}."
        );
        let prepared = phone.clone().prepare();
        let markers = run(&prepared, &command);
        let markers = markers.chunks.iter().filter(|chunk| chunk.origin == ChunkOrigin::Marker);
        assert_eq!(markers.count(), 5);
        let (text, exit) = shell(phone, &command);
        let expected = format!(
            "\n{MARKER}+0\n[a]: [1]\n\n{MARKER}-0:0\n\n{MARKER}+1\nPackages:\n\n{MARKER}-1:0\n\n\
             {MARKER}.\n"
        );
        assert_eq!((text.as_str(), exit), (expected.as_str(), 0));
    }

    #[test]
    fn the_package_manager_answers() {
        let phone = Phone::new("A").packages(["com.a.b", "com.a.bc"]);
        let ask = |command: &str| shell(phone.clone(), command);
        assert_eq!(ask("pm path android").0, "package:/system/framework/framework-res.apk\n");
        assert_eq!(ask("pm path com.a.b"), ("package:/data/app/com.a.b/base.apk\n".into(), 0));
        assert_eq!(ask("pm path com.a"), (String::new(), 1));
        assert_eq!(
            ask("pm list packages -u com.a.b"),
            ("package:com.a.b\npackage:com.a.bc\n".into(), 0)
        );
        let dead = shell(Phone::new("A").package_manager_dead(), "pm path android; echo $?");
        assert_eq!(
            dead.0,
            "Error: Could not access the Package Manager.  Is the system running?\n1\n"
        );
    }

    #[test]
    fn packages_follow_the_dumps() {
        let mi = Phone::xiaomi("A").version("3.1.874.10");
        let name = dumps::MI_CONNECT;
        let (text, _) = shell(mi, &format!("pm list packages -u {name}"));
        assert_eq!(text, format!("package:{name}\n"));
        assert_eq!(shell(Phone::xiaomi("A"), &format!("pm path {name}")), (String::new(), 1));
    }

    #[test]
    fn single_properties_are_found() {
        let phone = Phone::new("A").getprop("[x]: [[a]: [no]]\n[a]: [one\ntwo]\n[b]: []\n");
        assert_eq!(shell(phone.clone(), "getprop a").0, "one\ntwo\n");
        assert_eq!(shell(phone.clone(), "getprop b").0, "\n");
        assert_eq!(shell(phone, "getprop c").0, "\n");
    }

    #[test]
    fn what_the_phone_does_not_have_is_not_found() {
        assert_eq!(
            shell(Phone::new("A").android(9), "grep x"),
            ("/system/bin/sh: grep: not found\n".into(), 127)
        );
        assert_eq!(
            shell(Phone::new("A"), "grep x 2>&1; echo $?").0,
            "/system/bin/sh: grep: inaccessible or not found\n127\n"
        );
        let (text, exit) = shell(Phone::new("A"), "echo yes; getprop | grep x");
        assert_eq!((text.as_str(), exit), ("/system/bin/sh: syntax error: unexpected '|'\n", 1));
    }

    #[test]
    fn one_statement_can_be_answered_as_wished() {
        let phone = Phone::new("A").command("pm path android", "Killed\n", 137);
        assert_eq!(shell(phone, "pm path android 2>&1;e=$?;echo $e").0, "Killed\n137\n");
    }

    #[test]
    fn a_make_gives_a_getprop_of_a_real_size() {
        let (text, _) = shell(Phone::xiaomi("R1"), "getprop");
        assert!(text.len() > 8_000, "{}", text.len());
        assert!(text.contains("[ro.mi.os.version.name]: [OS1.0]\n"));
        assert!(text.contains("[sys.boot_completed]: [1]\n"));
        assert!(text.contains("[ro.serialno]: [R1]\n"));
        let (text, _) = shell(Phone::xiaomi("R1").property_lines(1000), "getprop");
        // One value spans two lines.
        assert_eq!(text.lines().count(), 1001);
    }
}
