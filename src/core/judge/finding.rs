//! What came of judging one package.

use crate::advisory::{Advisory, Certainty};
use crate::dumpsys::UserState;
use crate::package_name::PackageName;
use crate::verdict::{Note, Verdict};

/// One advisory's verdict on one package of a phone, and what it rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The advisory's id.
    pub advisory: String,
    /// The package that was looked at.
    pub package: PackageName,
    /// The verdict.
    pub verdict: Verdict,
    /// `versionName` as the phone gave it, bytes as they came; `None` when it gave none.
    pub version: Option<Vec<u8>>,
    /// `versionCode`, its digits.
    pub version_code: Option<String>,
    /// The users of the phone and whether they have the app.
    pub users: Vec<UserState>,
    /// The version that a factory reset brings back, when it was read.
    pub factory_version: Option<Vec<u8>>,
    /// Switched off for every user who has it.
    pub disabled: bool,
    /// Where the app in force lies on the phone.
    pub code_path: Option<Vec<u8>>,
    /// How sure the fact is that decided; `None` when no version was compared.
    pub certainty: Option<Certainty>,
    /// Apps that a remedy needs and that the phone doesn't have; filled for phones at risk.
    pub missing_updaters: Vec<PackageName>,
    /// Whether the answer is whole enough for the app to be fine by it, were its version fixed.
    pub whole: bool,
    /// Remarks, sorted.
    pub notes: Vec<Note>,
    /// A version that stands in a piece of a dump, which doesn't say of which app it is.
    pub fragment: Option<Vec<u8>>,
}

impl Finding {
    /// A finding of which nothing but the verdict is known.
    pub(super) fn new(advisory: &Advisory, package: &PackageName, verdict: Verdict) -> Self {
        Self {
            advisory: advisory.id.clone(),
            package: package.clone(),
            verdict,
            version: None,
            version_code: None,
            users: Vec::new(),
            factory_version: None,
            disabled: false,
            code_path: None,
            certainty: None,
            missing_updaters: Vec::new(),
            whole: false,
            notes: Vec::new(),
            fragment: None,
        }
    }
}
