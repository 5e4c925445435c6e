//! One `  Package [NAME] (hex):` block, line by line.

use serde::{Deserialize, Serialize};

use super::section::has_flag;

/// What a dump says of one installed (or once installed) package.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "four independent facts, not a state")]
pub struct PackageRecord {
    /// The `pkg=` line.
    pub pkg: PkgField,
    /// `versionCode=`, its digits. Says nothing about `versionName`.
    pub version_code: Option<String>,
    /// `versionName=`, the version in force.
    pub version: VersionField,
    /// `codePath=`, bytes as they came.
    pub code_path: Option<Vec<u8>>,
    /// One for each user line with an `installed=` word, in order.
    pub users: Vec<UserState>,
    /// A known title or another header follows the block, so that it can't have been cut off.
    pub closed: bool,
    /// A line stands in the block twice, or can't be read, that a real block has once.
    pub repeated: bool,
    /// No other package has a block: as in the answer to `dumpsys package NAME`. Where others
    /// have one, any of them may have printed this one.
    pub alone: bool,
    /// Elsewhere the dump says `Unable to find package`: right beside `pkg=null` only.
    pub said_not_found: bool,
    /// The version that a factory reset brings back.
    pub factory: FactoryCopy,
}

/// The `pkg=` line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PkgField {
    /// No such line.
    Missing,
    /// `pkg=null`: data kept after an uninstall, archived, or on ejected storage.
    Null,
    /// `pkg=Package{…}`.
    Present,
}

/// The `versionName=` line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VersionField {
    /// No such line after `versionCode=`.
    Missing,
    /// `versionName=null`: the app states none.
    Null,
    /// What follows is not what Android prints next: the value holds a newline, or was cut.
    Unreadable,
    /// The value, bytes as they came.
    Read(Vec<u8>),
}

/// One user of a phone.
// As a `User N:` line of a block says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "UserReport", deny_unknown_fields))]
pub struct UserState {
    /// Android's number: 0 is the owner.
    // 10 and 12 are a second space, 999 is dual apps.
    pub id: u32,
    /// Whether this user has the app.
    // Hidden and suspended apps are installed.
    pub installed: bool,
    /// `enabled=`, as Android numbers it.
    // 0 default, 1 enabled, 2 disabled, 3 disabled by the user, 4 until used.
    pub enabled: Option<u8>,
}

impl UserState {
    /// Whether the app is switched off for this user.
    #[must_use]
    pub fn disabled(&self) -> bool {
        matches!(self.enabled, Some(2..=4))
    }
}

/// The version that a factory reset brings back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FactoryCopy {
    /// Not a system app: a reset removes it.
    None,
    /// There is one, and its version can't be told.
    Unreadable,
    /// Its `versionName`, bytes as they came.
    Read(Vec<u8>),
}

/// The longest `versionName` that is taken for one, in bytes; the longest seen has 41.
const MAX_VERSION_BYTES: usize = 512;

/// The longest `codePath=` that is kept, in bytes; real ones have about 130.
const MAX_CODE_PATH_BYTES: usize = 1_024;

/// The most users that a phone is believed to have; Android allows a few dozen.
const MAX_USERS: usize = 100;

/// How many unknown lines may stand between `versionCode=` and `versionName=`.
/// Makers add lines of their own; nothing that an app chooses is printed there.
const MAX_LINES_BEFORE_VERSION_NAME: u8 = 4;

/// Where the reader stands as to `versionName=`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
enum Expecting {
    /// `versionCode=` hasn't come.
    #[default]
    VersionCode,
    /// It has, this many lines ago.
    VersionName(u8),
    /// The line after `versionName=VALUE` will show whether VALUE was all of it.
    LineAfter(Vec<u8>),
    /// Settled.
    Nothing(VersionField),
}

/// A block that is being read.
#[derive(Debug, Clone, Default)]
pub(super) struct Block {
    pkg: Option<PkgField>,
    version_code: Option<String>,
    expecting: Expecting,
    code_path: Option<Vec<u8>>,
    flags: Option<Flags>,
    users: Vec<UserState>,
    closed: bool,
    repeated: bool,
}

#[derive(Debug, Clone, Copy)]
struct Flags {
    system: bool,
    updated: bool,
}

/// Lines that Android prints right after `versionName=`: 7+ and 9+ the first
/// three, all before 10 the fourth when nothing else comes between; 4.0 the last.
const AFTER_VERSION_NAME: &[&[u8]] = &[
    b"splits=",
    b"usesNonSdkApi=",
    b"hiddenApiEnforcementPolicy=",
    b"applicationInfo=",
    b"dataDir=",
];

/// Whether `line` is one that Android prints right after `versionName=`.
pub(super) fn follows_version_name(line: &[u8]) -> bool {
    line.strip_prefix(b"    ").is_some_and(comes_after)
}

/// The same of what stands behind a block's four spaces.
fn comes_after(key_line: &[u8]) -> bool {
    AFTER_VERSION_NAME.iter().any(|start| key_line.starts_with(start))
}

impl Block {
    pub(super) fn line(&mut self, line: &[u8]) {
        let key_line = line.strip_prefix(b"    ").filter(|rest| !rest.starts_with(b" "));
        self.version_line(key_line);
        let Some(line) = key_line else { return };
        if let Some(value) = line.strip_prefix(b"pkg=") {
            let null = value.trim_ascii_end() == b"null";
            let field = if null { PkgField::Null } else { PkgField::Present };
            self.repeated |= self.pkg.replace(field).is_some();
        } else if let Some(value) = line.strip_prefix(b"codePath=") {
            let kept = &value[..value.len().min(MAX_CODE_PATH_BYTES)];
            self.repeated |= self.code_path.replace(kept.to_vec()).is_some();
        } else if let Some(flags) = line.strip_prefix(b"flags=[") {
            let flags = Flags {
                system: has_flag(flags, b"SYSTEM"),
                updated: has_flag(flags, b"UPDATED_SYSTEM_APP"),
            };
            self.repeated |= self.flags.replace(flags).is_some();
        } else if let Some(rest) = line.strip_prefix(b"User ") {
            self.user_line(rest);
        }
    }

    /// The part that must be in exact order: `versionCode=`, `versionName=`, a known next line.
    fn version_line(&mut self, key_line: Option<&[u8]>) {
        let code = key_line.and_then(|line| line.strip_prefix(b"versionCode="));
        let name = key_line.and_then(|line| line.strip_prefix(b"versionName="));
        self.expecting = match std::mem::take(&mut self.expecting) {
            Expecting::VersionCode => match (code, name) {
                (Some(code), _) => {
                    self.version_code = digits(code);
                    Expecting::VersionName(0)
                }
                (None, Some(_)) => Expecting::Nothing(VersionField::Unreadable),
                (None, None) => Expecting::VersionCode,
            },
            Expecting::VersionName(passed) => match (name, key_line) {
                (Some(name), _) if name.len() > MAX_VERSION_BYTES => {
                    Expecting::Nothing(VersionField::Unreadable)
                }
                (Some(name), _) => Expecting::LineAfter(name.to_vec()),
                (None, Some(line)) if passed < MAX_LINES_BEFORE_VERSION_NAME && may_pass(line) => {
                    Expecting::VersionName(passed + 1)
                }
                _ => Expecting::Nothing(VersionField::Missing),
            },
            Expecting::LineAfter(value) => {
                let known = key_line.is_some_and(comes_after);
                Expecting::Nothing(match (known, value.as_slice()) {
                    (false, _) => VersionField::Unreadable,
                    (true, b"null") => VersionField::Null,
                    (true, _) => VersionField::Read(value),
                })
            }
            Expecting::Nothing(field) => {
                self.repeated |= code.is_some() || name.is_some();
                Expecting::Nothing(field)
            }
        };
    }

    /// What stands after `User `. Lines of other sections have no `installed=` word.
    fn user_line(&mut self, rest: &[u8]) {
        let Some(colon) = memchr::memchr(b':', rest) else {
            return;
        };
        let (id, words) = rest.split_at(colon);
        let values = |key: &'static [u8]| {
            words[1..].split(u8::is_ascii_whitespace).filter_map(move |word| word.strip_prefix(key))
        };
        let mut installed = values(b"installed=");
        let Some(first) = installed.next() else {
            return;
        };
        if self.users.len() >= MAX_USERS {
            self.repeated = true;
            return;
        }
        let id = str::from_utf8(id).ok().and_then(|id| id.parse().ok());
        let state = match first {
            b"true" => Some(true),
            b"false" => Some(false),
            _ => None,
        };
        let (Some(id), Some(state), None) = (id, state, installed.next()) else {
            self.repeated = true;
            return;
        };
        let enabled =
            values(b"enabled=").next().and_then(|value| str::from_utf8(value).ok()?.parse().ok());
        let user = UserState { id, installed: state, enabled };
        match self.users.iter().find(|known| known.id == id) {
            None => self.users.push(user),
            Some(known) => self.repeated |= *known != user,
        }
    }

    pub(super) fn close(&mut self) {
        self.closed = true;
        // A block that ends right here has no line that vouches for the version.
        if let Expecting::LineAfter(_) = self.expecting {
            self.expecting = Expecting::Nothing(VersionField::Unreadable);
        }
    }

    fn version(&self) -> VersionField {
        match &self.expecting {
            Expecting::VersionCode | Expecting::VersionName(_) => VersionField::Missing,
            Expecting::LineAfter(_) => VersionField::Unreadable,
            Expecting::Nothing(field) => field.clone(),
        }
    }

    /// This block as the hidden one of an updated app.
    pub(super) fn factory_copy(&self) -> FactoryCopy {
        match self.version() {
            VersionField::Read(version) if !self.repeated => FactoryCopy::Read(version),
            _ => FactoryCopy::Unreadable,
        }
    }

    /// This block as the one in force; `hidden` is what stands under `Hidden system packages:`.
    pub(super) fn into_record(self, hidden: FactoryCopy) -> PackageRecord {
        let version = self.version();
        let factory = match (hidden, self.flags, &version) {
            (FactoryCopy::None, Some(Flags { updated: true, .. }) | None, _) => {
                FactoryCopy::Unreadable
            }
            (FactoryCopy::None, Some(Flags { system: true, .. }), VersionField::Read(version)) => {
                FactoryCopy::Read(version.clone())
            }
            (FactoryCopy::None, Some(Flags { system: true, .. }), _) => FactoryCopy::Unreadable,
            (hidden, _, _) => hidden,
        };
        PackageRecord {
            pkg: self.pkg.unwrap_or(PkgField::Missing),
            version_code: self.version_code,
            version,
            code_path: self.code_path,
            users: self.users,
            closed: self.closed,
            repeated: self.repeated,
            alone: true,
            said_not_found: false,
            factory,
        }
    }
}

/// The leading digits of `versionCode=31090012 minSdk=28 …`.
fn digits(value: &[u8]) -> Option<String> {
    let digits: String = value
        .iter()
        .take(20)
        .take_while(|byte| byte.is_ascii_digit())
        .map(|&b| char::from(b))
        .collect();
    (!digits.is_empty()).then_some(digits)
}

/// Whether a line may stand between `versionCode=` and `versionName=`: any `key=…` but
/// those that come after it.
fn may_pass(line: &[u8]) -> bool {
    let key = line.iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
    let comes_later = comes_after(line)
        || [&b"versionCode="[..], b"flags=", b"timeStamp="]
            .iter()
            .any(|start| line.starts_with(start));
    key > 0 && line.get(key) == Some(&b'=') && !comes_later
}
