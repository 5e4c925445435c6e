//! Evidence and an advisory → a verdict.
//!
//! The rule above all: `patched`, `not_installed` and `not_applicable` need
//! positive, complete evidence. Everything else that isn't at risk is `unknown`,
//! with its reason.

mod block;
mod finding;
mod rate;
mod recorded;
mod remarks;

pub use finding::Finding;
pub use rate::rate;
pub use recorded::judge_recorded;

use crate::advisory::{Advisory, AdvisorySet, AffectedPackage, Certainty, Rating};
use crate::dumpsys::{
    self, Content, Extraction, FactoryCopy, PackageRecord, PkgField, UserState, VersionField,
};
use crate::evidence::{Evidence, Origin, Part, PartEnd, Proof, pm_found};
use crate::getprop::{Device, Family};
use crate::package_name::PackageName;
use crate::verdict::{Note, Reason, Verdict};
use block::{BlockFacts, BlockVersion, Decision, Users};
use remarks::{missing_updaters, notes};

/// The first API level whose `dumpsys` says in words that a package is unknown (Android 7.0).
pub const FIRST_SDK_WITH_NOT_FOUND_TEXT: u32 = 24;

/// Judges a phone (or a file) under one advisory: one finding for each of its packages.
#[must_use]
pub fn judge(evidence: &Evidence, advisory: &Advisory) -> Vec<Finding> {
    advisory.packages.iter().map(|package| judge_package(evidence, advisory, package)).collect()
}

/// Judges `evidence` by every advisory of `set`.
#[must_use]
pub fn judge_all(evidence: &Evidence, set: &AdvisorySet) -> Vec<Finding> {
    set.advisories.iter().flat_map(|advisory| judge(evidence, advisory)).collect()
}

/// Judges a version that a person read off a phone's settings; `None`: they didn't find the app.
///
/// The rules are those of a phone that answers; but that somebody didn't see the app
/// is no proof that it isn't there, because the settings hide it at first.
#[must_use]
pub fn judge_typed(version: Option<&[u8]>, advisory: &Advisory) -> Vec<Finding> {
    let verdict = match version {
        None => Verdict::Unknown(Reason::NotSeen),
        Some(version) => rate(true, advisory.rate(version), Family::Unknown),
    };
    let finding = |package: &AffectedPackage| Finding {
        version: version.map(<[u8]>::to_vec),
        certainty: certainty(verdict, advisory),
        whole: version.is_some(),
        ..Finding::new(advisory, &package.name, verdict)
    };
    advisory.packages.iter().map(finding).collect()
}

/// How sure the fact is that leads to `verdict`.
fn certainty(verdict: Verdict, advisory: &Advisory) -> Option<Certainty> {
    match verdict {
        Verdict::Vulnerable => Some(advisory.affected.certainty),
        Verdict::Patched => advisory.fixed.as_ref().map(|fixed| fixed.certainty),
        Verdict::Unconfirmed
        | Verdict::Unknown(_)
        | Verdict::NotInstalled
        | Verdict::NotApplicable => None,
    }
}

fn judge_package(evidence: &Evidence, advisory: &Advisory, package: &AffectedPackage) -> Finding {
    let incomplete = Verdict::Unknown(evidence.broken.unwrap_or(Reason::IncompleteAnswer));
    let mut finding = Finding::new(advisory, &package.name, incomplete);
    let Some((dump, end)) = dump(evidence, &package.name) else {
        return finding;
    };
    let dump = match dump {
        Ok(dump) => dump,
        Err(reason) => {
            finding.verdict = Verdict::Unknown(reason);
            return finding;
        }
    };
    let judged = Judged { evidence, advisory, end, package: &package.name };
    let doubt = judged.doubt(&dump);
    finding.whole = doubt.is_none() && judged.would_prove_a_fix(&dump);
    finding.verdict = match (judged.verdict(&dump), doubt) {
        (verdict, Some(reason)) if verdict.is_fine() => Verdict::Unknown(reason),
        (verdict, _) => verdict,
    };
    if let Content::Fragment(version) = &dump.content {
        finding.fragment = Some(version.clone());
    }
    if let Content::Present(record) = dump.content {
        finding.notes = notes(&record, advisory, finding.verdict);
        finding.certainty = certainty(finding.verdict, advisory);
        let PackageRecord { version, version_code, users, factory, code_path, .. } = *record;
        finding.disabled = is_disabled(&users);
        finding.version = match version {
            VersionField::Read(version) => Some(version),
            VersionField::Missing | VersionField::Null | VersionField::Unreadable => None,
        };
        finding.factory_version = match factory {
            FactoryCopy::Read(version) => Some(version),
            FactoryCopy::None | FactoryCopy::Unreadable => None,
        };
        finding.version_code = version_code;
        finding.users = users;
        finding.code_path = code_path;
    }
    if let (Verdict::Unknown(_), Some(code)) =
        (finding.verdict, evidence.checkin.get(&package.name))
    {
        finding.notes.push(Note::ListedInCheckin);
        finding.version_code = finding.version_code.or_else(|| code.clone());
    }
    if finding.verdict.is_at_risk() {
        finding.missing_updaters = missing_updaters(evidence, advisory);
        let missing = |name: &PackageName| finding.missing_updaters.contains(name);
        if advisory.updaters().next().is_some() && advisory.updaters().all(missing) {
            finding.notes.push(Note::UpdaterMissing);
        }
    }
    finding.notes.sort_unstable();
    finding
}

/// What is said of a package, and how that ended; why nothing can be read in it.
/// `None`: nothing was said of it.
fn dump(evidence: &Evidence, name: &PackageName) -> Option<(Result<Extraction, Reason>, PartEnd)> {
    if let Some(part) = evidence.dumps.get(name) {
        let read = part.cut().map_or_else(|| Ok(dumpsys::read(&part.body, name)), Err);
        return Some((read, part.end));
    }
    let saved = evidence.saved.get(name)?;
    Some((Ok(saved.extraction.clone()), PartEnd::Unmarked))
}

/// What is being judged.
struct Judged<'a> {
    evidence: &'a Evidence,
    advisory: &'a Advisory,
    end: PartEnd,
    package: &'a PackageName,
}

impl Judged<'_> {
    fn failure(&self, dump: &Extraction) -> Option<Reason> {
        dump.failure.map(dumpsys::Failure::reason).or_else(|| self.exit_failure())
    }

    /// Whether the app would be fine by this dump, were its version a fixed one.
    fn would_prove_a_fix(&self, dump: &Extraction) -> bool {
        let Content::Present(record) = &dump.content else { return false };
        let facts = self.facts(record, self.failure(dump));
        let is_read = facts.version != BlockVersion::OfKeptData;
        let fixed = BlockFacts { version: BlockVersion::Rated(Rating::Fixed), ..facts };
        is_read && !record.repeated && fixed.decide() == Decision::Present(Rating::Fixed)
    }

    fn verdict(&self, dump: &Extraction) -> Verdict {
        let failure = self.failure(dump);
        match &dump.content {
            Content::Present(record) => self.present(record, failure),
            content => match failure {
                Some(reason) => Verdict::Unknown(reason),
                None => self.not_present(content),
            },
        }
    }

    /// Why the phone isn't believed to be fine, whatever the dump says: its answer breaks off or
    /// breaks the protocol, the dump's frames don't hold, or CHECKIN PACKAGE says something else.
    fn doubt(&self, dump: &Extraction) -> Option<Reason> {
        let of_proof = self.proof().and_then(|proof| match proof {
            Proof::RiskOnly(reason) => Some(reason),
            Proof::Whole | Proof::OneApp => None,
        });
        let differs = || {
            let code = self.evidence.checkin.get(self.package)?;
            let same = match &dump.content {
                Content::Present(record) => code.is_some() && record.version_code == *code,
                _ => false,
            };
            (!same).then_some(Reason::AmbiguousDump)
        };
        self.evidence.broken.or(of_proof).or_else(differs)
    }

    /// What a file may prove; `None` of what was kept or just answered.
    fn proof(&self) -> Option<Proof> {
        let kept = self.evidence.dumps.contains_key(self.package);
        let saved = self.evidence.saved.get(self.package).filter(|_| !kept);
        saved.map(|saved| saved.proof)
    }

    /// There is no single block of the package, and no failure text either.
    fn not_present(&self, content: &Content) -> Verdict {
        match content {
            Content::NotFound => self.absent(),
            Content::Empty => self.empty(),
            // A phone that is asked for one package doesn't list the others.
            Content::NotListed if self.is_live() => Verdict::Unknown(Reason::AmbiguousDump),
            Content::NotListed => self.not_listed(),
            Content::Present(_) | Content::HiddenOnly | Content::OtherName | Content::Ambiguous => {
                Verdict::Unknown(Reason::AmbiguousDump)
            }
            Content::Silent | Content::Fragment(_) => Verdict::Unknown(Reason::IncompleteAnswer),
            Content::Unrecognised => Verdict::Unknown(match self.evidence.origin {
                Origin::Live => Reason::UnreadableAnswer,
                Origin::Saved => Reason::NotADump,
            }),
        }
    }

    /// `dumpsys` returns 0 even when it fails; another code means that it was killed or isn't there.
    fn exit_failure(&self) -> Option<Reason> {
        match self.end {
            PartEnd::Closed { exit_code: 0 } | PartEnd::Unmarked => None,
            PartEnd::Closed { .. } => Some(Reason::IncompleteAnswer),
            PartEnd::Cut(reason) => Some(reason),
        }
    }

    fn present(&self, record: &PackageRecord, failure: Option<Reason>) -> Verdict {
        if record.repeated {
            return Verdict::Unknown(Reason::AmbiguousDump);
        }
        match self.facts(record, failure).decide() {
            Decision::Present(rating) => rate(true, rating, self.family()),
            Decision::Absent => self.absent(),
            Decision::Unknown(reason) => Verdict::Unknown(reason),
        }
    }

    fn facts(&self, record: &PackageRecord, failure: Option<Reason>) -> BlockFacts {
        let users = match record.users.as_slice() {
            [] => Users::Unsaid,
            users if users.iter().any(|user| user.installed) => Users::Somebody,
            _ => Users::Nobody,
        };
        let version = match &record.version {
            _ if record.pkg == PkgField::Null => BlockVersion::OfKeptData,
            VersionField::Read(version) => BlockVersion::Rated(self.advisory.rate(version)),
            VersionField::Missing | VersionField::Null | VersionField::Unreadable => {
                BlockVersion::Rated(Rating::Unreadable)
            }
        };
        // Nothing after the block in a file: more users may have been cut off.
        let may_be_cut = self.end == PartEnd::Unmarked && !record.closed;
        // From Android 7 on something follows every block of an installed package; a user who has
        // the app may stand in what was cut off.
        let may_lack_users = self.is_live()
            && record.pkg == PkgField::Present
            && !record.closed
            && !self.is_before_android_7();
        // A phone that was asked for one package answers with several.
        let has_others = self.is_live() && !record.alone;
        BlockFacts {
            failure,
            complete: users != Users::Unsaid && record.pkg != PkgField::Missing && !may_be_cut,
            users,
            version,
            absence_doubt: match (has_others, may_lack_users) {
                (true, _) => Some(Reason::AmbiguousDump),
                (false, true) => Some(Reason::IncompleteAnswer),
                (false, false) => None,
            },
            contradicted: record.said_not_found || has_others,
        }
    }

    /// The packages of a whole phone are in the file, and this one isn't among them.
    fn not_listed(&self) -> Verdict {
        let of_all_apps = self.proof().is_some_and(|proof| proof != Proof::OneApp);
        match self.end {
            PartEnd::Closed { .. } => self.absent(),
            PartEnd::Unmarked if of_all_apps => self.absent(),
            PartEnd::Unmarked | PartEnd::Cut(_) => Verdict::Unknown(Reason::IncompleteAnswer),
        }
    }

    /// The package service says that no user has the app: believed of a phone that has started. Of
    /// a dump without any property listing nobody knows.
    fn absent(&self) -> Verdict {
        let has_listing = match self.evidence.properties_end {
            PartEnd::Closed { exit_code: 0 } => true,
            PartEnd::Unmarked => !self.is_live(),
            PartEnd::Cut(reason) if self.is_live() => return Verdict::Unknown(reason),
            PartEnd::Closed { .. } | PartEnd::Cut(_) => false,
        };
        if self.is_live() {
            if !has_listing {
                return Verdict::Unknown(Reason::IncompleteAnswer);
            }
            // Every line that Android prints ends in a newline.
            let body = self.evidence.dumps.get(self.package).map_or(&[][..], |part| &part.body);
            if !body.is_empty() && !body.ends_with(b"\n") {
                return Verdict::Unknown(Reason::IncompleteAnswer);
            }
        }
        let properties = &self.evidence.properties;
        if has_listing && !properties.boot_completed() {
            // The key comes when Android has started; a listing in a file may lack it otherwise.
            let says_so = self.is_live() || properties.get("sys.boot_completed").is_some();
            return Verdict::Unknown(if says_so {
                Reason::StillBooting
            } else {
                Reason::IncompleteAnswer
            });
        }
        rate(false, Rating::Unreadable, self.family())
    }

    fn family(&self) -> Family {
        Device::read(&self.evidence.properties).family()
    }

    fn is_live(&self) -> bool {
        self.evidence.origin == Origin::Live
    }

    /// Whether the phone says that it is older than Android 7.
    fn is_before_android_7(&self) -> bool {
        let sdk = self.evidence.properties.sdk();
        sdk.is_some_and(|sdk| sdk < FIRST_SDK_WITH_NOT_FOUND_TEXT)
    }

    /// Nothing was printed: up to Android 6 that is how "no such package" looks,
    /// and how a broken package service looks too.
    fn empty(&self) -> Verdict {
        let sdk = self.evidence.properties.sdk();
        let newer = sdk.is_some_and(|sdk| sdk >= FIRST_SDK_WITH_NOT_FOUND_TEXT);
        let control = self.evidence.pm_control.as_ref();
        let list = self.evidence.pm_lists.get(self.package);
        let (false, Some(control), Some(list)) = (newer, control, list) else {
            return Verdict::Unknown(Reason::IncompleteAnswer);
        };
        if let Some(reason) = control.cut().or(list.cut()) {
            return Verdict::Unknown(reason);
        }
        let failed = |part: &Part| dumpsys::Failure::of_answer(&part.body);
        if let Some(failure) = failed(control).or_else(|| failed(list)) {
            return Verdict::Unknown(failure.reason());
        }
        if !pm_found(control) || !list.succeeded() {
            return Verdict::Unknown(Reason::ServiceUnavailable);
        }
        if !is_package_list(list) {
            return Verdict::Unknown(Reason::IncompleteAnswer);
        }
        // The list matches substrings, so the whole name is compared.
        let name = self.package.as_str().as_bytes();
        let listed = |line: &[u8]| line.strip_prefix(b"package:") == Some(name);
        if list.lines().any(listed) {
            return Verdict::Unknown(Reason::AmbiguousDump);
        }
        self.absent()
    }
}

/// Whether a part is a list of packages and nothing else, down to its last newline.
fn is_package_list(list: &Part) -> bool {
    let whole = list.body.is_empty() || list.body.ends_with(b"\n");
    let known = |line: &[u8]| {
        line.trim_ascii().is_empty()
            || line.starts_with(b"package:")
            // Old phones' linker complains like this before any program's own output.
            || line.starts_with(b"WARNING: linker")
    };
    whole && list.lines().all(known)
}

fn is_disabled(users: &[UserState]) -> bool {
    let mut having = users.iter().filter(|user| user.installed).peekable();
    having.peek().is_some() && having.all(UserState::disabled)
}

#[cfg(test)]
mod tests;
