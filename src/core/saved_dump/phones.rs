//! What a file's texts hold → phones: which dump belongs to which listing, and what each may prove.

use super::dump::{DumpItem, Item, ListingItem};
use super::frames::Frames;
use super::{Form, Found, SavedPhone};
use crate::dumpsys::{Content, Extraction, Failure, Width};
use crate::escape::decode;
use crate::evidence::{Evidence, Origin, PartEnd, Proof, SavedDump};
use crate::package_name::PackageName;
use crate::verdict::Reason;

/// What belongs to one phone.
#[derive(Default)]
struct Group {
    listing: Option<ListingItem>,
    dumps: Vec<DumpItem>,
}

/// What stands for a file, or a part of one, that can't be read.
pub(super) fn unread(reason: Reason) -> SavedPhone {
    let mut evidence = Evidence::none(Origin::Saved, reason);
    evidence.broken = Some(reason);
    SavedPhone {
        evidence,
        form: Form::Unrecognised,
        taken_at: None,
        has_packages: true,
        serial: None,
    }
}

/// The phones of all texts of a file; `is_mixed`: it isn't in one encoding.
///
/// What apps can print isn't believed to begin another phone: beside a bug report, `dumpsys` of all
/// services, a dump of all apps or a piece of one, nothing in the file is fine.
pub(super) fn phones(
    texts: Vec<Found>,
    is_mixed: bool,
    packages: &[PackageName],
) -> Vec<SavedPhone> {
    let things = |text: &Found| if text.frames.is_some() { 1 } else { text.dumps().count() };
    let is_wide =
        |text: &Found| text.frames.is_some() || text.dumps().any(|dump| fault(dump).is_some());
    let is_crowded = texts.iter().map(things).sum::<usize>() > 1 && texts.iter().any(is_wide);
    // A framed text may have NULs of its own: bug reports hold what the kernel says.
    let is_unsound = texts.iter().any(|text| text.has_nuls && text.frames.is_none());
    let mut phones: Vec<SavedPhone> = Vec::new();
    for mut text in texts {
        if is_listing_of(phones.last(), &text)
            && let (Some(phone), Some(Item::Listing(listing))) =
                (phones.last_mut(), text.items.pop())
        {
            phone.take_listing(listing);
        } else if let Some(frames) = text.frames.take() {
            let has_several = text.dumps().filter(|dump| dump.reading.recognised).count() > 1;
            let phone = framed(text, &frames, is_crowded, packages);
            let mut saved = phone.evidence.saved.values();
            let is_told = saved.any(|dump| dump.extraction.content == Content::Ambiguous);
            phones.push(phone);
            // It may be another phone's.
            let is_foreign = frames.has_displaced || (has_several && !is_told);
            phones.extend(is_foreign.then(|| unread(Reason::AmbiguousDump)));
        } else {
            phones.extend(plain(text, is_crowded, packages));
        }
    }
    if is_mixed {
        phones.push(unread(Reason::NotRead));
    } else if is_unsound {
        phones.push(unread(Reason::UnreadableAnswer));
    }
    phones
}

/// Whether a text is nothing but the property listing of the phone before it: behind `dumpsys`.
fn is_listing_of(phone: Option<&SavedPhone>, text: &Found) -> bool {
    text.is_behind
        && matches!(text.items.as_slice(), [Item::Listing(_)])
        && phone.is_some_and(|phone| {
            phone.form == Form::Dumpsys && phone.evidence.properties.is_empty()
        })
}

impl SavedPhone {
    fn take_listing(&mut self, listing: ListingItem) {
        self.serial = listing.serial;
        self.evidence.properties = listing.properties;
        self.evidence.properties_end =
            if listing.whole { PartEnd::Closed { exit_code: 0 } } else { PartEnd::Unmarked };
    }
}

/// The one phone of a bug report, or of `dumpsys` of all services.
fn framed(text: Found, frames: &Frames, is_crowded: bool, packages: &[PackageName]) -> SavedPhone {
    let form = if frames.is_dumpsys { Form::Dumpsys } else { Form::BugReport };
    let mut group = Group::default();
    for item in text.items {
        match item {
            // It has one; what looks like a second is something else's.
            Item::Listing(listing) => drop(group.listing.get_or_insert(listing)),
            Item::Dump(dump) => group.dumps.push(dump),
        }
    }
    let fault = frames.fault().or(is_crowded.then_some(Reason::AmbiguousDump));
    let proof = fault.map_or(Proof::Whole, Proof::RiskOnly);
    let mut phone = phone(group, form, packages, |dumps, index| framed_dump(dumps, index, proof));
    phone.taken_at = text.taken_at.as_deref().map(decode);
    phone.evidence.checkin = text.checkin;
    phone.evidence.properties.add_all(text.header);
    phone
}

fn framed_dump(dumps: &[DumpItem], index: usize, proof: Proof) -> SavedDump {
    let mut concerned = dumps.iter().filter(|dump| dump.reading.extractions[index].concerned);
    let of = |content| SavedDump { extraction: Extraction { content, failure: None }, proof };
    let (first, second) = (concerned.next(), concerned.next());
    if second.is_some() {
        return of(Content::Ambiguous);
    }
    let Some(dump) = first.or(dumps.last()) else { return of(Content::Silent) };
    let mut extraction = dump.reading.extractions[index].extraction.clone();
    if extraction.content == Content::OtherName && first.is_none() {
        extraction.content = Content::Silent;
    }
    SavedDump { extraction, proof }
}

/// The phones of a text without frames.
fn plain(text: Found, is_crowded: bool, packages: &[PackageName]) -> Vec<SavedPhone> {
    let (groups, is_ordered) = groups(text.items);
    let of_text = if text.is_excerpt {
        Some(Reason::IncompleteAnswer)
    } else {
        (is_crowded || !is_ordered).then_some(Reason::AmbiguousDump)
    };
    let phone = |group: Group| {
        let form = form(&group.dumps);
        phone(group, form, packages, |dumps, index| plain_dump(dumps, index, of_text))
    };
    groups.into_iter().map(phone).collect()
}

/// Cuts the items of a text into phones, and says whether their order allows it: each listing has
/// its dumps behind it, or each has them before it, and no package comes twice without a listing
/// between.
fn groups(items: Vec<Item>) -> (Vec<Group>, bool) {
    let listing_first = matches!(items.first(), Some(Item::Listing(_)));
    let mut groups: Vec<Group> = Vec::new();
    let mut is_ordered = true;
    for item in items {
        let last = groups.last();
        let has_listing = last.is_some_and(|last| last.listing.is_some());
        let repeats = |dump: &DumpItem| {
            last.is_some_and(|last| last.dumps.iter().any(|other| is_of_one_package(dump, other)))
        };
        let next = match &item {
            _ if last.is_none() => true,
            Item::Listing(_) => listing_first || has_listing,
            Item::Dump(dump) => {
                let repeats = repeats(dump) && (listing_first || !has_listing);
                is_ordered &= !repeats;
                repeats || (has_listing && !listing_first)
            }
        };
        if next {
            groups.push(Group::default());
        }
        let Some(group) = groups.last_mut() else { continue };
        match item {
            Item::Listing(listing) => group.listing = Some(listing),
            Item::Dump(dump) => group.dumps.push(dump),
        }
    }
    let any_listing = groups.iter().any(|group| group.listing.is_some());
    let all_paired = groups.iter().all(|group| group.listing.is_some() && !group.dumps.is_empty());
    is_ordered &= !any_listing || all_paired;
    (groups, is_ordered)
}

fn is_of_one_package(one: &DumpItem, other: &DumpItem) -> bool {
    let (one, other) = (&one.reading, &other.reading);
    let mut pairs = one.extractions.iter().zip(&other.extractions);
    // A dump of all apps speaks of every package.
    one.width.max(other.width) == Width::Several
        || (one.name.is_some() && one.name == other.name)
        || pairs.any(|(one, other)| one.concerned && other.concerned)
}

/// Why a dump without frames can't make a phone fine: it may be cut anywhere, and has what any app
/// printed.
fn fault(dump: &DumpItem) -> Option<Reason> {
    if dump.reading.width == Width::Several {
        Some(Reason::AllAppsDump)
    } else {
        dump.reading.torn.then_some(Reason::IncompleteAnswer)
    }
}

fn form(dumps: &[DumpItem]) -> Form {
    let any = |test: fn(&DumpItem) -> bool| dumps.iter().any(test);
    if dumps.is_empty() {
        Form::Getprop
    } else if any(|dump| dump.is_pm_dump) {
        Form::PmDump
    } else if any(|dump| dump.reading.width == Width::Several) {
        Form::DumpsysPackages
    } else {
        Form::DumpsysPackage
    }
}

/// What the dumps of one phone, each of one app, say of the package with this number.
fn plain_dump(dumps: &[DumpItem], index: usize, of_text: Option<Reason>) -> SavedDump {
    let failure = failure(dumps, index);
    let concerned = dumps.iter().find(|dump| dump.reading.extractions[index].concerned);
    let Some(dump) = concerned.or(dumps.first()) else {
        let extraction = Extraction { content: Content::Unrecognised, failure };
        return SavedDump { extraction, proof: Proof::OneApp };
    };
    let mut extraction = dump.reading.extractions[index].extraction.clone();
    extraction.failure = extraction.failure.or(failure);
    let is_other = concerned.is_none() && dump.reading.name.is_some();
    if extraction.content == Content::OtherName && is_other && dump.reading.width == Width::One {
        // The dump of another app.
        extraction.content = Content::Silent;
    }
    let proof = fault(dump).or(of_text).map_or(Proof::OneApp, Proof::RiskOnly);
    SavedDump { extraction, proof }
}

/// A failure text that stands beside the dumps and says nothing of which one it belongs to.
fn failure(dumps: &[DumpItem], index: usize) -> Option<Failure> {
    let mut failed = dumps.iter().filter(|dump| {
        let extractions = &dump.reading.extractions;
        extractions[index].concerned || extractions.iter().all(|one| !one.concerned)
    });
    failed.find_map(|dump| dump.reading.failure)
}

fn phone(
    group: Group,
    form: Form,
    packages: &[PackageName],
    dump: impl Fn(&[DumpItem], usize) -> SavedDump,
) -> SavedPhone {
    let Group { listing, dumps } = group;
    let mut evidence = Evidence::none(Origin::Saved, Reason::IncompleteAnswer);
    for (index, package) in packages.iter().enumerate() {
        evidence.saved.insert(package.clone(), dump(&dumps, index));
    }
    let has_packages = dumps.iter().any(|dump| dump.reading.name.is_some() || dump.reading.torn);
    let mut phone = SavedPhone { evidence, form, taken_at: None, has_packages, serial: None };
    if let Some(listing) = listing {
        phone.take_listing(listing);
    }
    phone
}
