//! The sentences around the verdicts: the table, files, progress, and what is said when no phone
//! is there.

use super::{Language, Text};
use micheck_core::hint::Hint;
use micheck_core::saved_dump::Form;

impl Text {
    /// A sentence with its full stop.
    #[must_use]
    pub fn sentence(self, sentence: &str) -> String {
        self.fill("sentence", [("text", sentence.into())])
    }

    /// What was recognised in a file.
    #[must_use]
    pub fn form(self, form: Form) -> &'static str {
        self.say_of("form", form.key())
    }

    /// The file that a phone was read from, in a phone's block.
    #[must_use]
    pub fn file(self, file: &str, entry: Option<&str>) -> String {
        match entry {
            Some(entry) => {
                self.fill("file-entry", [("file", file.into()), ("entry", entry.into())])
            }
            None => self.fill("file", [("file", file.into())]),
        }
    }

    /// When a file says that it was made.
    #[must_use]
    pub fn taken_at(self, at: &str) -> String {
        self.fill("made", [("at", at.into())])
    }

    /// When a phone of a merged report was checked, and which file says so.
    #[must_use]
    pub fn checked_at(self, at: &str, file: &str) -> String {
        self.fill("checked", [("at", at.into()), ("file", file.into())])
    }

    /// What stands for the name where a file holds no phone.
    #[must_use]
    pub fn unrecognised_file(self) -> &'static str {
        self.say("unrecognised-file")
    }

    /// What stands for the name where a file wasn't read, or not to its end.
    #[must_use]
    pub fn unread_file(self) -> &'static str {
        self.say("unread-file")
    }

    /// The mark on everything that shows simulated phones.
    #[must_use]
    pub fn demo(self) -> &'static str {
        self.say("demo")
    }

    /// The heads of the table's columns; `from_files`: no phone was connected.
    #[must_use]
    pub fn columns(self, from_files: bool) -> [&'static str; 5] {
        let last = if from_files { "column-file" } else { "column-serial" };
        ["column-result", "column-phone", "column-system", "column-version", last]
            .map(|key| self.say(key))
    }

    /// The head of the fourth column where several apps were looked at.
    #[must_use]
    pub fn apps_column(self) -> &'static str {
        self.say("apps-column")
    }

    /// How many apps of a phone must be updated.
    #[must_use]
    pub fn apps_to_update(self, count: usize) -> String {
        self.fill("apps-to-update", [("count", count.into())])
    }

    /// The number of phones, for the summary line.
    #[must_use]
    pub fn phones(self, count: usize) -> String {
        self.fill("phones", [("count", count.into())])
    }

    /// Said when there is no phone at all.
    #[must_use]
    pub fn no_phone(self) -> &'static str {
        self.say("no-phone")
    }

    /// A likely reason that no phone was found, as a sentence without its full stop.
    #[must_use]
    pub fn hint(self, hint: Hint) -> &'static str {
        self.say_of("hint", hint.key())
    }

    /// What stands for the name where a person typed the version.
    #[must_use]
    pub fn typed_by_a_person(self) -> &'static str {
        self.say("typed-by-a-person")
    }

    /// What stands for the name in the row of a server that couldn't be asked.
    #[must_use]
    pub fn lost_server(self) -> &'static str {
        self.say("lost-server")
    }

    /// Servers that couldn't be asked, for the summary line.
    #[must_use]
    pub fn lost_servers(self, count: usize) -> String {
        self.fill("lost-servers", [("count", count.into())])
    }

    /// How far a scan is.
    #[must_use]
    pub fn checked(self, done: usize, listed: usize) -> String {
        if listed == 0 {
            return self.say("looking").to_owned();
        }
        let phones = self.phones(listed);
        self.fill("checked-of", [("done", done.into()), ("phones", phones.into())])
    }

    /// Asks a person to allow the computer on these phones.
    #[must_use]
    pub fn allow_on(self, names: &str, seconds_left: u64) -> String {
        self.fill("allow-on", [("names", names.into()), ("seconds", seconds_left.into())])
    }

    /// Which phones are being asked, and how long the first of them has been.
    #[must_use]
    pub fn asking(self, names: &str, seconds: u64) -> String {
        self.fill("asking", [("names", names.into()), ("seconds", seconds.into())])
    }

    /// A phone that doesn't say what it is.
    #[must_use]
    pub fn unnamed_phone(self) -> &'static str {
        self.say("unnamed-phone")
    }

    /// The phone's serial number, in a phone's block.
    #[must_use]
    pub fn serial(self, serial: &str) -> String {
        self.fill("serial", [("serial", serial.into())])
    }

    /// The server that holds a phone, in a phone's block.
    #[must_use]
    pub fn server(self, server: &str) -> String {
        self.fill("server", [("server", server.into())])
    }

    /// The version in force, in a phone's block.
    #[must_use]
    pub fn version(self, app: &str, version: &str) -> String {
        self.fill("version", [("app", app.into()), ("version", version.into())])
    }

    /// The warning about a server on another computer.
    #[must_use]
    pub fn server_elsewhere(self, server: &str) -> String {
        self.fill("server-elsewhere", [("server", server.into())])
    }

    /// The USB bus couldn't be looked at.
    #[must_use]
    pub fn usb_unseen(self, why: &str) -> String {
        self.fill("usb-unseen", [("why", why.into())])
    }

    /// A line of a bench's log that counts for nothing.
    #[must_use]
    pub fn line_broken_off(self, file: &str, line: usize) -> String {
        self.fill("line-broken-off", [("file", file.into()), ("line", line.into())])
    }

    /// Events that a bench couldn't write.
    #[must_use]
    pub fn events_lost(self, file: &str, line: usize, count: usize) -> String {
        self.fill(
            "events-lost",
            [("file", file.into()), ("line", line.into()), ("count", count.into())],
        )
    }

    /// That another file stands in the place of a built-in advisory; both are escaped.
    #[must_use]
    pub fn advisory_replaced(self, id: &str, file: &str, narrower: bool) -> String {
        let key = if narrower { "advisory-replaced-narrower" } else { "advisory-replaced" };
        self.fill(key, [("id", id.into()), ("file", file.into())])
    }

    /// Where a file was written that nobody named.
    #[must_use]
    pub fn written_to(self, file: &str) -> String {
        self.fill("written-to", [("file", file.into())])
    }

    /// A language by its own name.
    #[must_use]
    pub fn language_name(self, language: Language) -> &'static str {
        self.say_of("language", language.tag())
    }
}
