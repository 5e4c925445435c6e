//! What a text holds → phones: which dump belongs to which listing, and whether it can be believed.

use super::dump::{DumpEnd, DumpItem, Item};
use super::{Form, Found, SavedPhone};
use crate::device::Properties;
use crate::dumpsys::{Content, Extraction, Failure, Width};
use crate::evidence::{Evidence, Origin, PartEnd, SavedDump};
use crate::package::PackageName;
use crate::printable::decode;
use crate::verdict::Reason;

/// The most that one app can print in one place, in bytes: a text in its manifest has at most
/// 32,767 UTF-16 units, each of three bytes in UTF-8.
///
/// An app can forge everything up to here: its own end, another app's block, and the end of the
/// dump. If the text then breaks off, nothing shows it. So in a dump of many apps, as much must follow
/// the end of their list. (A text that is shorter as a whole is an excerpt: on a real phone the list
/// begins later.)
const MAX_FORGED_BYTES: u64 = 3 * 32_767;

/// What belongs to one phone.
#[derive(Default)]
struct Group {
    listing: Option<(Properties, bool)>,
    dumps: Vec<DumpItem>,
    /// The listing came first, so that the next listing begins the next phone.
    listing_first: bool,
}

pub(super) fn phones(found: Found, packages: &[PackageName], text_bytes: u64) -> Vec<SavedPhone> {
    let in_report = found.framed;
    if found.too_many {
        let mut evidence = Evidence::none(Origin::Saved, Reason::AnswerTooLarge);
        evidence.broken = Some(Reason::AnswerTooLarge);
        let form = if in_report { Form::BugReport } else { Form::DumpsysPackage };
        return vec![SavedPhone { evidence, form, taken_at: None }];
    }
    let context = Context {
        packages,
        text_bytes,
        in_report,
        is_bug_report: found.reports > 0 || found.sections > 0,
        has_service_ends: found.has_service_ends,
        forged: is_forged(&found),
        timed_out: found.timed_out,
    };
    let mut phones: Vec<SavedPhone> =
        groups(found.items, in_report).into_iter().map(|group| context.phone(group)).collect();
    if phones.is_empty() && in_report {
        phones.push(context.phone(Group::default()));
    }
    if let Some(phone) = phones.first_mut() {
        phone.taken_at = found.taken_at.as_deref().map(decode);
        phone.evidence.checkin = found.checkin;
        if let Some(fingerprint) = found.fingerprint {
            let properties = &mut phone.evidence.properties;
            properties.add("ro.product.brand", &fingerprint.brand);
            properties.add("ro.product.model", &fingerprint.device);
            properties.add("ro.build.version.release", &fingerprint.release);
            properties.add("ro.build.version.incremental", &fingerprint.incremental);
        }
    }
    phones
}

/// Whether what stands in the text can't all be the system's own words.
///
/// Of a dump of many apps every line may be forged, the beginning of another dump or phone too: such
/// a dump stands alone in its file. What is left of it where another was made to begin is torn, or
/// far longer than the dump of one app.
fn is_forged(found: &Found) -> bool {
    let dumps = || {
        found.items.iter().filter_map(|item| match item {
            Item::Dump(dump) => Some(dump),
            Item::Listing { .. } => None,
        })
    };
    let foreign =
        |dump: &DumpItem| dump.reading.extractions.iter().all(|package| !package.concerned);
    let listings = found.items.len() - dumps().count();
    let is_alone = dumps().count() == 1 && (listings < 2 || found.framed);
    let unlike_one_app = |dump: &DumpItem| {
        dump.reading.width == Width::Several
            || dump.reading.torn
            || (foreign(dump) && dump.bytes >= MAX_FORGED_BYTES)
    };
    found.forged
        || found.reports > 1
        || (found.framed && found.package_services > 1)
        || (!is_alone && dumps().any(unlike_one_app))
}

/// Cuts the items of a text into phones. A framed text is one phone's.
fn groups(items: Vec<Item>, framed: bool) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for item in items {
        let last = groups.last();
        let next = match (&item, last) {
            (_, None) => true,
            (_, Some(_)) if framed => false,
            (Item::Listing { .. }, Some(last)) => last.listing.is_some(),
            (Item::Dump(_), Some(last)) => last.listing.is_some() && !last.listing_first,
        };
        if next {
            groups.push(Group::default());
        }
        let Some(group) = groups.last_mut() else { continue };
        match item {
            Item::Listing { properties, whole } => {
                group.listing_first |= group.dumps.is_empty();
                // A bug report has one; what looks like a second is something else's.
                group.listing.get_or_insert((properties, whole));
            }
            Item::Dump(dump) => group.dumps.push(dump),
        }
    }
    groups
}

/// What is so of the text as a whole.
#[expect(clippy::struct_excessive_bools, reason = "four independent facts, not a state")]
struct Context<'a> {
    packages: &'a [PackageName],
    text_bytes: u64,
    /// In a bug report, or in `dumpsys` of all services.
    in_report: bool,
    is_bug_report: bool,
    has_service_ends: bool,
    forged: bool,
    timed_out: bool,
}

impl Context<'_> {
    fn phone(&self, group: Group) -> SavedPhone {
        let mut evidence = Evidence::none(Origin::Saved, Reason::IncompleteAnswer);
        let form = self.form(&group);
        if let Some((properties, whole)) = group.listing {
            evidence.properties = properties;
            evidence.properties_end =
                if whole { PartEnd::Closed { exit_code: 0 } } else { PartEnd::Unmarked };
        }
        for (index, package) in self.packages.iter().enumerate() {
            evidence.saved.insert(package.clone(), self.saved(&group.dumps, index));
        }
        SavedPhone { evidence, form, taken_at: None }
    }

    fn form(&self, group: &Group) -> Form {
        let any = |test: fn(&DumpItem) -> bool| group.dumps.iter().any(test);
        if self.is_bug_report {
            Form::BugReport
        } else if self.in_report {
            Form::Dumpsys
        } else if group.dumps.is_empty() {
            Form::Getprop
        } else if any(|dump| dump.is_service || dump.indented) {
            Form::PmDump
        } else if any(|dump| dump.reading.width == Width::Several) {
            Form::DumpsysPackages
        } else {
            Form::DumpsysPackage
        }
    }

    /// What the dumps of one phone say of the package with this number.
    fn saved(&self, dumps: &[DumpItem], index: usize) -> SavedDump {
        let failure = failure(dumps, index).or(self.timed_out.then_some(Failure::TimedOut));
        let of = |content| SavedDump { extraction: Extraction { content, failure }, whole: false };
        let concerned = |dump: &&DumpItem| dump.reading.extractions[index].concerned;
        let speaking = dumps.iter().filter(concerned).count();
        let dump = match (dumps, speaking) {
            // Nothing was dumped at all, or this package's part of the report isn't there.
            ([], _) => {
                return of(if self.in_report { Content::Silent } else { Content::Unrecognised });
            }
            _ if self.forged || speaking > 1 => return of(Content::Ambiguous),
            ([only], _) => only,
            (several, _) => match several.iter().find(concerned) {
                Some(dump) => dump,
                None => return of(Content::Silent),
            },
        };
        let located = &dump.reading.extractions[index];
        let mut extraction = located.extraction.clone();
        extraction.failure = extraction.failure.or(failure);
        match &mut extraction.content {
            Content::NotFound if dumps.iter().any(is_torn_off) => {
                extraction.content = Content::Ambiguous;
            }
            // The dump of another app, or not of a whole phone.
            Content::OtherName if !located.concerned => extraction.content = Content::Silent,
            // A bug report has every app's block, also where all but one were cut off.
            Content::Present(record) if self.in_report && dump.is_service => record.alone = false,
            _ => {}
        }
        SavedDump { extraction, whole: self.is_whole(dump) }
    }

    /// Whether the dump of a whole phone shows that nothing of it is missing.
    fn is_whole(&self, dump: &DumpItem) -> bool {
        let many = (self.in_report && dump.is_service) || dump.reading.width == Width::Several;
        let ended = match dump.end {
            DumpEnd::ServiceEnd => true,
            DumpEnd::NextService => !self.has_service_ends,
            DumpEnd::Text => !dump.is_service,
            DumpEnd::Other => false,
        };
        let is_excerpt = self.text_bytes < MAX_FORGED_BYTES;
        let far_enough = dump
            .reading
            .packages_end
            .is_some_and(|at| is_excerpt || self.text_bytes.saturating_sub(at) >= MAX_FORGED_BYTES);
        // What came before the list may be lost, and the list's title may be forged.
        let has_beginning = is_excerpt || self.is_bug_report || !dump.reading.begins_with_packages;
        many && ended && far_enough && has_beginning
    }
}

/// Whether a dump is a piece without any title that says nothing of what was asked.
fn is_torn_off(dump: &DumpItem) -> bool {
    dump.reading.width == Width::None && dump.reading.extractions.iter().all(|one| !one.concerned)
}

/// A failure text that stands beside the dumps and says nothing of which one it belongs to.
fn failure(dumps: &[DumpItem], index: usize) -> Option<Failure> {
    let mut failed = dumps.iter().filter(|dump| {
        let extractions = &dump.reading.extractions;
        extractions[index].concerned || extractions.iter().all(|one| !one.concerned)
    });
    failed.find_map(|dump| dump.reading.failure)
}
