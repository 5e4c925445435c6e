//! What a report says of one app on one phone, and the steps that follow.

use std::borrow::Cow;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use micheck_core::advisory::Certainty;
use micheck_core::dumpsys::UserState;
use micheck_core::step::Step;
use micheck_core::verdict::{Note, Reason, Verdict, keyed_enum};

/// One finding of a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(deny_unknown_fields))]
pub struct FindingReport {
    /// The advisory's id.
    pub id: String,
    /// Its CVE ids.
    pub cves: Vec<String>,
    /// Its CVSS vector; none when no record gives one.
    pub cvss: Option<String>,
    /// The verdict under it.
    #[serde(serialize_with = "verdict_key", deserialize_with = "verdict_of_key")]
    pub verdict: Verdict,
    /// Why that is `unknown`.
    pub reason: Option<Reason>,
    /// The app's name for people.
    pub app: String,
    /// The package.
    pub package: String,
    /// `versionName` as read, decoded.
    pub version: Option<String>,
    /// `versionCode`, its digits.
    pub version_code: Option<String>,
    /// The phone's users.
    pub users: Vec<UserState>,
    /// The version that a factory reset brings back.
    pub factory_version: Option<String>,
    /// Switched off for every user who has it.
    pub disabled: bool,
    /// Where the app in force lies.
    pub code_path: Option<String>,
    /// How sure the deciding fact is.
    pub certainty: Option<Certainty>,
    /// The highest affected version of the advisory.
    pub last_affected: Option<String>,
    /// The version of the advisory below which all are affected.
    pub less_than: Option<String>,
    /// The first fixed version of the advisory.
    pub first_fixed: Option<String>,
    /// The lowest affected version of the advisory, where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub introduced: Option<String>,
    /// Single affected versions of the advisory, where it has any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exact: Vec<String>,
    /// The regular expression by which versions of this app are read, where they are no dotted
    /// numbers: each group is one part.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version_pattern: Option<String>,
    /// How the version was read.
    pub read_by: ReadBy,
    /// The remarks that are about this app, sorted.
    pub notes: Vec<Note>,
    /// Whether the answer is whole enough for the app to be fine by it, were its version fixed; of this
    /// run and the record only.
    #[serde(skip)]
    pub whole: bool,
}

keyed_enum! {
    /// How a version was read.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
    #[cfg_attr(test, derive(schemars::JsonSchema))]
    pub enum ReadBy {
        /// From `dumpsys package`.
        DumpsysPackage = "dumpsys_package",
        /// A person read it off the phone's settings.
        TypedByAPerson = "typed_by_a_person",
    }
}

/// A step, with its sentence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(deny_unknown_fields))]
pub struct StepReport {
    /// The stable key.
    pub key: Step,
    /// The sentence, in the report's language.
    pub text: String,
    /// The apps that the sentence names; none where it names none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub apps: Vec<StepApp>,
    /// The version that the sentence names, where it names one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
}

/// An app that a step names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(deny_unknown_fields))]
pub struct StepApp {
    /// Its name for people.
    pub name: String,
    /// Its package.
    pub package: String,
    /// Its affected versions.
    pub affected: AffectedVersions,
}

/// Affected versions, as the advisory writes them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(deny_unknown_fields))]
pub struct AffectedVersions {
    /// The first affected one.
    pub introduced: Option<String>,
    /// The last affected one.
    pub last_affected: Option<String>,
    /// The version below which all are affected.
    pub less_than: Option<String>,
    /// Single affected ones.
    pub exact: Vec<String>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands fields over by reference")]
pub(crate) fn verdict_key<S: Serializer>(
    verdict: &Verdict,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(verdict.key())
}

/// The verdict of a key. The reason of `unknown` stands beside it: until both are put together it
/// is one that stands for any.
pub(crate) fn verdict_of_key<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Verdict, D::Error> {
    let key = Cow::<'de, str>::deserialize(deserializer)?;
    let any = Verdict::Unknown(Reason::UnreadableAnswer);
    [
        Verdict::Vulnerable,
        Verdict::Unconfirmed,
        any,
        Verdict::Patched,
        Verdict::NotInstalled,
        Verdict::NotApplicable,
    ]
    .into_iter()
    .find(|verdict| verdict.key() == key)
    .ok_or_else(|| serde::de::Error::custom("no known verdict"))
}
