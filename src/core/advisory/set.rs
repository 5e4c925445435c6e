//! All advisories of a run: those that are built in, the administrator's, and a person's own. Core:
//! no I/O.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{Advisory, AdvisoryError, Remark, source};
use crate::escape::hex;
use crate::package_name::PackageName;
use crate::suggest::nearest;

/// The embedded set as a whole: both go up whenever one of its advisories changes.
const EMBEDDED_VERSION: &str = "4";
const EMBEDDED_DATE: &str = "2026-11-29";

/// The embedded files.
const EMBEDDED: &[(&str, &str)] = &[
    ("app-market-2023-26323.toml", include_str!("app-market-2023-26323.toml")),
    ("app-store-2020-14118.toml", include_str!("app-store-2020-14118.toml")),
    ("cast-2020-14107.toml", include_str!("cast-2020-14107.toml")),
    ("cloud-2023-26316.toml", include_str!("cloud-2023-26316.toml")),
    ("content-center-2020-14117.toml", include_str!("content-center-2020-14117.toml")),
    ("file-manager-2023-26321.toml", include_str!("file-manager-2023-26321.toml")),
    ("game-center-2024-45351.toml", include_str!("game-center-2024-45351.toml")),
    ("getapps-2023-26322.toml", include_str!("getapps-2023-26322.toml")),
    ("getapps-2023-26324.toml", include_str!("getapps-2023-26324.toml")),
    ("getapps-2024-45346.toml", include_str!("getapps-2024-45346.toml")),
    ("mi-connect.toml", include_str!("mi-connect.toml")),
    ("quick-apps-2024-45353.toml", include_str!("quick-apps-2024-45353.toml")),
    ("shop-2024-45354.toml", include_str!("shop-2024-45354.toml")),
    ("smart-home-2024-45352.toml", include_str!("smart-home-2024-45352.toml")),
];

/// The most that the compiled patterns of all advisories may take, in bytes.
const MAX_PATTERNS_BYTES: usize = 16 << 20;

/// All advisories of a run.
#[derive(Debug, Clone)]
pub struct AdvisorySet {
    /// The embedded set's version, with `+local` when files were added or replaced.
    pub version: String,
    /// The day of the embedded set, `YYYY-MM-DD`.
    pub date: String,
    /// SHA-256 over every file's name and content, hexadecimal.
    pub hash: String,
    /// Those that count by default first, then by id.
    pub advisories: Vec<Advisory>,
    /// The built-in ones whose place others have taken.
    pub replaced: Vec<Replacement>,
}

/// Another file in the place of a built-in advisory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(deny_unknown_fields))]
pub struct Replacement {
    /// The advisory's id.
    pub id: String,
    /// The file.
    pub file: String,
    /// Whether it looks for fewer packages, or calls a version better than the built-in one does.
    pub narrower: bool,
}

/// What there is to say of files of advisories.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LintReport {
    /// How many advisories they hold that can be used.
    pub advisories: usize,
    /// Everything that is wrong, by file and line.
    pub errors: Vec<AdvisoryError>,
    /// What is no error and perhaps not meant, by file and line.
    pub remarks: Vec<Remark>,
}

/// Where a file of a set comes from: the later ones replace the earlier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Layer {
    /// This program.
    Embedded,
    /// The computer's administrator.
    System,
    /// The person who runs it.
    Own,
}

/// One file of a set.
struct Entry<'a> {
    file: source::File,
    name: &'a str,
    text: &'a str,
    layer: Layer,
}

impl Entry<'_> {
    fn id(&self) -> &str {
        &self.file.advisory.id
    }

    /// An error at the advisory's head.
    fn error(&self, field: &str, reason: &str, remedy: &str) -> AdvisoryError {
        let error = AdvisoryError::of_file(self.name, reason, remedy);
        AdvisoryError { line: self.file.id_line, field: field.to_owned(), ..error }
    }

    /// A remark at the advisory's head.
    fn remark(&self, field: &str, text: String) -> Remark {
        let (file, line) = (self.name.to_owned(), self.file.id_line);
        Remark { file, line, field: field.to_owned(), text }
    }
}

impl AdvisorySet {
    /// The set that this program carries.
    #[must_use]
    pub fn embedded() -> Self {
        Self::with_files(&[], &[]).expect("the embedded advisories are valid")
    }

    /// The embedded set with files (name, content) added, those of the computer's administrator and
    /// then a person's `own`; a file whose advisory has a known id replaces that advisory.
    ///
    /// # Errors
    /// Everything that is wrong in the files, by file and line. Two of one folder with one id are an
    /// error too.
    pub fn with_files(
        system: &[(String, String)],
        own: &[(String, String)],
    ) -> Result<Self, Vec<AdvisoryError>> {
        let mut joined = Joined::new(system, own);
        if !joined.errors.is_empty() {
            return Err(joined.errors);
        }
        joined.entries.sort_by(|left, right| left.id().cmp(right.id()));
        let hash = hash(&joined.entries);
        let local = if system.is_empty() && own.is_empty() { "" } else { "+local" };
        let mut advisories: Vec<Advisory> =
            joined.entries.into_iter().map(|entry| entry.file.advisory).collect();
        // Stable: each group stays in the order of ids.
        advisories.sort_by_key(|advisory| !advisory.by_default);
        Ok(Self {
            version: format!("{EMBEDDED_VERSION}{local}"),
            date: EMBEDDED_DATE.to_owned(),
            hash,
            advisories,
            replaced: joined.replaced,
        })
    }

    /// Looks at files of a person's own as a run would, and harder.
    #[must_use]
    pub fn check(files: &[(String, String)]) -> LintReport {
        let Joined { entries, errors, mut remarks, .. } = Joined::new(&[], files);
        remarks.sort();
        let advisories = entries.iter().filter(|entry| entry.layer == Layer::Own).count();
        LintReport { advisories, errors, remarks }
    }

    /// The set with those advisories alone that count when nobody asks for all.
    #[must_use]
    pub fn by_default(&self) -> Self {
        let mut set = self.clone();
        set.advisories.retain(|advisory| advisory.by_default);
        set
    }

    /// The set with this one advisory alone; `None` when it isn't in it.
    #[must_use]
    pub fn only(&self, word: &str) -> Option<Self> {
        let advisories = vec![self.find(word)?.clone()];
        Some(Self { advisories, ..self.clone() })
    }

    /// The advisory of this id, else the first one of this CVE id; capitals don't matter.
    #[must_use]
    pub fn find(&self, word: &str) -> Option<&Advisory> {
        let by_id = |advisory: &&Advisory| advisory.id.eq_ignore_ascii_case(word);
        let by_cve =
            |advisory: &&Advisory| advisory.cves.iter().any(|cve| cve.eq_ignore_ascii_case(word));
        self.advisories.iter().find(by_id).or_else(|| self.advisories.iter().find(by_cve))
    }

    /// The id or CVE id that is most like `word`; `None` when none is at all.
    #[must_use]
    pub fn nearest(&self, word: &str) -> Option<&str> {
        let named: Vec<&str> = self
            .advisories
            .iter()
            .flat_map(|advisory| std::iter::once(&advisory.id).chain(&advisory.cves))
            .map(String::as_str)
            .collect();
        // However it was written, CVE ids have capitals and other ids small letters.
        let small = word.to_ascii_lowercase();
        let word = if small.starts_with("cve") { word.to_ascii_uppercase() } else { small };
        nearest(&word, named)
    }

    /// The packages that a phone is asked about, each once: those first whose advisory counts by
    /// default, because a phone may not get to the last one in its time.
    #[must_use]
    pub fn packages(&self) -> Vec<PackageName> {
        let mut all: Vec<(bool, &PackageName)> = Vec::new();
        for one in &self.advisories {
            all.extend(one.packages.iter().map(|package| (!one.by_default, &package.name)));
        }
        all.sort();
        let mut names: Vec<PackageName> = Vec::new();
        for (_, name) in all {
            if !names.contains(name) {
                names.push(name.clone());
            }
        }
        names
    }
}

/// The embedded files and others, put together.
#[derive(Default)]
struct Joined<'a> {
    entries: Vec<Entry<'a>>,
    errors: Vec<AdvisoryError>,
    remarks: Vec<Remark>,
    replaced: Vec<Replacement>,
    /// What all patterns take, in bytes.
    pattern_bytes: usize,
}

impl<'a> Joined<'a> {
    fn new(system: &'a [(String, String)], own: &'a [(String, String)]) -> Self {
        let mut joined = Self::default();
        for (name, text) in EMBEDDED {
            joined.read(name, text, Layer::Embedded);
        }
        for (layer, files) in [(Layer::System, system), (Layer::Own, own)] {
            for (name, text) in files {
                joined.read(name, text, layer);
            }
        }
        joined.errors.sort();
        joined
    }

    fn read(&mut self, name: &'a str, text: &'a str, layer: Layer) {
        let embedded = layer == Layer::Embedded;
        let mut file = match source::read(name, text, embedded) {
            Ok(file) => file,
            Err(errors) => return self.errors.extend(errors),
        };
        if !embedded {
            file.advisory.by_default = true;
            file.advisory.own_file = Some(name.to_owned());
            self.remarks.append(&mut file.remarks);
        }
        let entry = Entry { file, name, text, layer };
        if let Some(pattern) = &entry.file.advisory.version_pattern {
            self.pattern_bytes += pattern.bytes();
            if self.pattern_bytes > MAX_PATTERNS_BYTES {
                let most = MAX_PATTERNS_BYTES >> 20;
                let reason = format!("the patterns of all files take more than {most} MiB");
                let remedy = "use shorter patterns, without large repetitions";
                return self.errors.push(entry.error("version_pattern", &reason, remedy));
            }
        }
        let known = self.entries.iter().position(|known| known.id() == entry.id());
        match known.map(|at| (at, self.entries[at].layer == layer)) {
            Some((at, true)) => {
                let reason = format!("`{}` is taken by {}", entry.id(), self.entries[at].name);
                self.errors.push(entry.error("id", &reason, "give each its own id"));
            }
            Some((at, false)) => {
                let text = format!("this replaces the built-in advisory `{}`", entry.id());
                self.remarks.push(entry.remark("id", text));
                let built_in = EMBEDDED.iter().find_map(|(name, text)| {
                    let file = source::read(name, text, true).ok()?;
                    (file.advisory.id == entry.id()).then_some(file.advisory)
                });
                if let Some(built_in) = built_in {
                    self.replaced.retain(|known| known.id != built_in.id);
                    self.replaced.push(Replacement {
                        id: built_in.id.clone(),
                        file: name.to_owned(),
                        narrower: entry.file.advisory.is_narrower(&built_in),
                    });
                }
                self.entries[at] = entry;
            }
            None => {
                self.shared_cves(&entry);
                self.entries.push(entry);
            }
        }
    }

    /// One flaw in two advisories gives two findings.
    fn shared_cves(&mut self, entry: &Entry<'_>) {
        for cve in entry.file.advisory.cves.iter().filter(|_| entry.layer != Layer::Embedded) {
            let same = |known: &&Entry<'_>| known.file.advisory.cves.contains(cve);
            if let Some(known) = self.entries.iter().find(same) {
                let text = format!("{cve} is also in `{}`: phones get two findings", known.id());
                self.remarks.push(entry.remark("cves", text));
            }
        }
    }
}

/// SHA-256 over the files, hexadecimal.
fn hash(entries: &[Entry<'_>]) -> String {
    let mut hasher = Sha256::new();
    for entry in entries {
        // Where the folder lies makes no other set of it.
        let name = entry.name.rsplit(['/', '\\']).next().unwrap_or(entry.name);
        // Lengths keep two different sets from running together into one text.
        for part in [name, entry.text] {
            hasher.update((part.len() as u64).to_le_bytes());
            hasher.update(part.as_bytes());
        }
    }
    hex(&hasher.finalize())
}
