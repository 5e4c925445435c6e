//! What help says beside the options.

/// What micheck is.
pub(super) const ABOUT: &str = "\
Checks Xiaomi, Redmi and POCO phones over ADB for the Mi Connect Service flaw CVE-2024-45347, and \
says how to update. A check changes nothing on a phone.";

/// The whole of `micheck --help`: one screen of 80 columns and 24 lines.
pub(super) const WHOLE: &str = "\
{about}
Usage: micheck [COMMAND]      (micheck COMMAND -h: its options; -V: the version)

Commands:
{subcommands}{after-help}
";

pub(super) const WHOLE_AFTER: &str = "\
Examples:
  micheck scan --demo            try it out without a phone
  micheck                        check every phone that is plugged in
Exit codes: 0 all fine, 1 at risk, 2 error, 3 not checked, 4 no phone found";

pub(super) const SCAN: &str = "\
Examples:
  micheck scan --sheet --sheet-lang hi   a Hindi sheet for each phone's owner
  micheck scan -o bench.csv --all   a table, with other vulnerable apps, too";

pub(super) const WATCH: &str = "\
Keys: arrows choose, Enter details, Tab next at risk, w at risk first,
r recheck, p sheet, l sheet language, n name the port, ? help, q quit.
A summary is written to standard error at the end. Exit codes: as for scan.";

pub(super) const FIX: &str = "\
It asks phones to show a screen, and only after your yes; it changes no setting
and installs nothing. Ctrl-C ends the wait. Exit codes: as for scan.

Examples:
  micheck fix --serial 4711 --sheet -o receipt.html
  micheck fix --demo";

pub(super) const INSPECT: &str = "\
Examples:
  micheck inspect bugreport.zip
  adb shell dumpsys package com.xiaomi.mi_connect_service | micheck inspect -";

pub(super) const REPORT: &str = "\
Examples:
  micheck report monday.json tuesday.json -o week.html
  micheck report bench-log.jsonl --sheet --serial 4711";

pub(super) const JUDGE: &str = "\
On the phone: Settings → Apps → Manage apps → ⋮ → Show all apps →
Mi Connect Service; the version is at the bottom.

Examples:
  micheck judge 3.1.874.10
  micheck judge --absent";

pub(super) const ADVISORIES: &str = "\
Examples:
  micheck advisories show CVE-2024-45347
  micheck advisories check my-advisories";

pub(super) const HISTORY: &str = "\
Checks are recorded with --record, or `record = true` in the settings file.

Examples:
  micheck history --since 30d
  micheck history --job 4711 --sheet -o again.html";

pub(super) const RECALL: &str = "\
Lists phones that are worse by today's advisories than they were told, and those
last seen at risk that never came back updated. Exit code 1 if there are any.

Examples:
  micheck recall -o call.csv
  micheck recall --advisories my-advisories";

pub(super) const FORGET: &str = "\
Examples:
  micheck forget --job 4711
  micheck forget --before 400d --yes";

pub(super) const RECORD: &str = "\
Examples:
  micheck record status
  micheck record export -o copy.jsonl";

pub(super) const DOCTOR: &str = "\
Examples:
  micheck doctor
  micheck doctor --udev-rule";

pub(super) const COMPLETIONS: &str = "\
Where to put them: bash, ~/.local/share/bash-completion/completions/micheck; zsh,
a file _micheck in a folder of $fpath; fish,
~/.config/fish/completions/micheck.fish; PowerShell, the end of $PROFILE.

Example:
  micheck completions fish > ~/.config/fish/completions/micheck.fish";
