use std::collections::BTreeMap;

use super::*;
use crate::advisory::AdvisorySet;
use crate::getprop::Properties;

const NAME: &str = "com.xiaomi.mi_connect_service";
const BOOTED: &str = "[ro.product.manufacturer]: [Xiaomi]\n[ro.build.version.sdk]: [34]\n[sys.boot_completed]: [1]\n";
const WHOLE: PartEnd = PartEnd::Closed { exit_code: 0 };

fn name() -> PackageName {
    PackageName::try_from(NAME).unwrap()
}

fn part(body: &str) -> Part {
    Part { body: body.into(), end: WHOLE }
}

fn evidence(origin: Origin, properties: &str, dump: Part) -> Evidence {
    Evidence {
        shown: Vec::new(),
        origin,
        identity: crate::identity::Identity::NotSaid,
        serial_code: None,
        properties: Properties::read(properties.as_bytes()),
        properties_end: WHOLE,
        broken: None,
        dumps: BTreeMap::from([(name(), dump)]),
        saved: BTreeMap::new(),
        checkin: BTreeMap::new(),
        pm_control: None,
        pm_lists: BTreeMap::new(),
        updaters: BTreeMap::new(),
    }
}

fn live(dump: &str) -> Evidence {
    evidence(Origin::Live, BOOTED, part(dump))
}

fn saved(dump: &str) -> Evidence {
    let part = Part { body: dump.into(), end: PartEnd::Unmarked };
    let properties_end = PartEnd::Cut(Reason::IncompleteAnswer);
    Evidence { properties_end, ..evidence(Origin::Saved, "", part) }
}

fn finding(evidence: &Evidence) -> Finding {
    judge(evidence, &AdvisorySet::embedded().advisories[0]).remove(0)
}

/// Verdict, and its reason behind a colon.
fn verdict(evidence: &Evidence) -> String {
    let verdict = finding(evidence).verdict;
    verdict.reason().map_or(verdict.key().to_owned(), |reason| format!("unknown: {}", reason.key()))
}

#[expect(clippy::disallowed_methods, reason = "tests read what is in fixtures")]
fn fixture(name: &str) -> String {
    let path = format!("{}/../../fixtures/dumpsys/{name}.txt", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(path).unwrap()
}

fn android14(version: &str) -> String {
    fixture("android14").replace("versionName=3.1.900.12", &format!("versionName={version}"))
}

#[test]
fn versions_lead_to_their_verdicts() {
    for (version, expected) in [
        ("2.0.193", "vulnerable"),
        ("3.1.895.10", "vulnerable"),
        ("3.1.900.12", "unconfirmed"),
        ("3.1.921.10-rc1", "unconfirmed"),
        ("3.1.921.10", "patched"),
        ("null", "unknown: unreadable_version"),
        ("beta", "unknown: unreadable_version"),
        ("9.9\n    x=1", "unknown: unreadable_version"),
    ] {
        assert_eq!(verdict(&live(&android14(version))), expected, "{version}");
    }
}

#[test]
fn every_fixture_has_its_verdict() {
    for (name, expected) in [
        ("android7", "unconfirmed"),
        ("android9", "unconfirmed"),
        ("android11", "unconfirmed"),
        ("android13", "unconfirmed"),
        ("android14", "unconfirmed"),
        ("android15", "unconfirmed"),
        ("android16", "unconfirmed"),
        ("edge_android5_crlf_pty", "unconfirmed"),
        ("edge_android16_multiuser_uninstalled_user0", "unconfirmed"),
        ("edge_bugreport_android14_excerpt", "unconfirmed"),
        ("edge_android11_keepdata_pkgnull", "not_installed"),
        ("edge_android16_keepdata_pkgnull", "not_installed"),
        ("edge_unknown_android9", "not_installed"),
        ("edge_unknown_android13plus", "not_installed"),
        ("edge_android14_versionname_null", "unknown: unreadable_version"),
        ("edge_injection_full_dump_android14", "unknown: ambiguous_dump"),
        ("edge_timeout_android9plus", "unknown: dump_timed_out"),
        ("edge_checkin_android14", "unknown: unreadable_answer"),
    ] {
        assert_eq!(verdict(&live(&fixture(name))), expected, "{name}");
    }
}

#[test]
fn absence_needs_a_phone_that_has_started() {
    let absent = fixture("edge_unknown_android13plus");
    let with = |properties: &str| verdict(&evidence(Origin::Live, properties, part(&absent)));
    assert_eq!(with(BOOTED), "not_installed");
    assert_eq!(
        with(&BOOTED.replace("completed]: [1]", "completed]: [0]")),
        "unknown: still_booting"
    );
    assert_eq!(with(""), "unknown: still_booting");
    let cut = Evidence { properties_end: PartEnd::Cut(Reason::Timeout), ..live(&absent) };
    assert_eq!(verdict(&cut), "unknown: timeout");
    assert_eq!(verdict(&saved(&absent)), "not_installed");
    // Present needs no such proof.
    assert_eq!(verdict(&evidence(Origin::Live, "", part(&android14("2.0.1")))), "vulnerable");
}

#[test]
fn absence_needs_an_answer_down_to_its_last_newline() {
    let absent = fixture("edge_unknown_android9");
    assert_eq!(verdict(&live(absent.trim_end())), "unknown: incomplete_answer");
    let no_properties =
        Evidence { properties_end: PartEnd::Closed { exit_code: 127 }, ..live(&absent) };
    assert_eq!(verdict(&no_properties), "unknown: incomplete_answer");
    let contradicted = absent.replace("Dexopt", "    User 0: installed=true\nDexopt");
    assert_eq!(verdict(&live(&contradicted)), "unknown: ambiguous_dump");
}

#[test]
fn a_block_in_which_no_user_has_the_app_must_be_followed_by_something() {
    let dump = android14("3.1.874.10").replace("installed=true", "installed=false");
    assert_eq!(verdict(&live(&dump)), "not_installed");
    let cut = &dump[..dump.find("Hidden system packages:").unwrap()];
    assert_eq!(verdict(&live(cut)), "unknown: incomplete_answer");
    for (sdk, expected) in [
        ("[22]", "not_installed"),
        ("[23]", "not_installed"),
        ("[24]", "unknown: incomplete_answer"),
    ] {
        let properties = BOOTED.replace("[34]", sdk);
        assert_eq!(verdict(&evidence(Origin::Live, &properties, part(cut))), expected, "{sdk}");
    }
}

#[test]
fn a_phone_that_answers_with_other_packages_is_not_believed_to_be_fine() {
    let other = "Packages:\n  Package [com.other] (1):\n    pkg=Package{1 com.other}\n";
    for (version, installed, expected) in [
        ("3.1.895.10", true, "vulnerable"),
        ("3.1.900.12", true, "unknown: ambiguous_dump"),
        ("3.1.921.10", true, "unknown: ambiguous_dump"),
        ("3.1.895.10", false, "unknown: ambiguous_dump"),
        ("3.1.921.10", false, "unknown: ambiguous_dump"),
    ] {
        let state = format!(" installed={installed}");
        let dump = android14(version).replacen("Packages:\n", other, 1);
        let dump = dump.replace(" installed=true", &state);
        assert_eq!(verdict(&live(&dump)), expected, "{version} installed={installed}");
    }
}

#[test]
fn a_whole_phones_packages_without_this_one_show_its_absence_in_a_whole_file_only() {
    let all = "Packages:\n  Package [android] (1):\n    pkg=Package{1 android}\n  \
               Package [com.other] (2):\n    pkg=Package{2 com.other}\n\nQueries:\n";
    let whole = |dump: &str| evidence(Origin::Saved, BOOTED, part(dump));
    let in_checkin = |evidence: Evidence| {
        let checkin = BTreeMap::from([(name(), Some("31090012".to_owned()))]);
        verdict(&Evidence { checkin, ..evidence })
    };
    assert_eq!(verdict(&whole(all)), "not_installed");
    assert_eq!(in_checkin(whole(all)), "unknown: ambiguous_dump");
    assert_eq!(verdict(&saved(all)), "unknown: incomplete_answer");
    assert_eq!(verdict(&live(all)), "unknown: ambiguous_dump");
    let not_found = fixture("edge_unknown_android9");
    assert_eq!(verdict(&whole(&not_found)), "not_installed");
    assert_eq!(in_checkin(whole(&not_found)), "unknown: ambiguous_dump");
    assert_eq!(in_checkin(whole(&android14("3.1.921.10"))), "patched");
}

#[test]
fn only_a_device_that_says_so_is_of_another_family() {
    let absent = fixture("edge_unknown_android9");
    let with = |properties: &str| verdict(&evidence(Origin::Live, properties, part(&absent)));
    assert_eq!(with("[ro.product.brand]: [google]\n[sys.boot_completed]: [1]"), "not_applicable");
    assert_eq!(with("[sys.boot_completed]: [1]"), "not_installed");
    let google = "[ro.product.brand]: [google]\n[sys.boot_completed]: [1]";
    assert_eq!(verdict(&evidence(Origin::Live, google, part(&android14("2.0.1")))), "vulnerable");
}

#[test]
fn an_empty_answer_needs_pm_to_confirm_it() {
    let with = |sdk: &str, control: Option<&str>, list: Option<&str>| {
        let properties = BOOTED.replace("[34]", &format!("[{sdk}]"));
        let mut evidence = evidence(Origin::Live, &properties, part("\n"));
        evidence.pm_control = control.map(part);
        evidence.pm_lists = list.map(|list| (name(), part(list))).into_iter().collect();
        verdict(&evidence)
    };
    let good = Some("package:/system/framework/framework-res.apk\r\n");
    assert_eq!(with("23", good, Some("")), "not_installed");
    assert_eq!(
        with("23", good, Some("package:com.xiaomi.mi_connect_service2\r\n")),
        "not_installed"
    );
    assert_eq!(
        with("23", good, Some("package:com.xiaomi.mi_connect_service\r\n")),
        "unknown: ambiguous_dump"
    );
    assert_eq!(with("23", None, None), "unknown: incomplete_answer");
    assert_eq!(with("23", good, None), "unknown: incomplete_answer");
    assert_eq!(with("23", Some(""), Some("")), "unknown: service_unavailable");
    for list in [
        "java.lang.OutOfMemoryError: x\n",
        "Error: Unknown option: -u\n",
        " package:com.xiaomi.mi_connect_service\n",
        "package:com.xiaomi.mi_conn",
    ] {
        assert_eq!(with("23", good, Some(list)), "unknown: incomplete_answer", "{list}");
    }
    assert_eq!(with("23", good, Some("Security exception: x\n")), "unknown: denied");
    assert_eq!(with("23", good, Some("WARNING: linker: x\r\npackage:a.b\r\n")), "not_installed");
    let dead = "Error: Could not access the Package Manager.  Is the system running?\n";
    assert_eq!(with("23", Some(dead), Some(dead)), "unknown: service_unavailable");
    assert_eq!(
        with("24", good, Some("")),
        "unknown: incomplete_answer",
        "newer phones say it in words"
    );
    assert_eq!(with("x", good, Some("")), "not_installed");
    assert_eq!(verdict(&saved("")), "unknown: incomplete_answer");
}

#[test]
fn failure_texts_win_over_all_but_a_complete_vulnerable_block() {
    let failed =
        |dump: String| verdict(&live(&format!("{dump}\nPermission Denial: can't dump it\n")));
    assert_eq!(failed(android14("3.1.895.10")), "vulnerable");
    assert_eq!(failed(android14("3.1.921.10")), "unknown: denied");
    assert_eq!(failed(fixture("edge_unknown_android9")), "unknown: denied");
    assert_eq!(failed(String::new()), "unknown: denied");
    let timed_out = fixture("edge_timeout_android9plus").replace("3.1.900.12", "2.0.193");
    assert_eq!(verdict(&live(&timed_out)), "unknown: dump_timed_out", "its block has no user line");
    assert_eq!(verdict(&live("Can't find service: package\n")), "unknown: service_unavailable");
    let killed =
        Part { body: android14("3.1.921.10").into(), end: PartEnd::Closed { exit_code: 137 } };
    assert_eq!(verdict(&evidence(Origin::Live, BOOTED, killed)), "unknown: incomplete_answer");
}

#[test]
fn a_part_that_is_cut_is_unknown_with_the_reason_of_the_cut() {
    for reason in
        [Reason::Timeout, Reason::Disconnected, Reason::AnswerTooLarge, Reason::ServerLost]
    {
        let part = Part { body: android14("3.1.921.10").into(), end: PartEnd::Cut(reason) };
        assert_eq!(
            finding(&evidence(Origin::Live, BOOTED, part)).verdict,
            Verdict::Unknown(reason)
        );
    }
    let nothing = Evidence::none(Origin::Live, Reason::IncompleteAnswer);
    assert_eq!(verdict(&nothing), "unknown: incomplete_answer");
}

#[test]
fn a_phone_whose_answer_breaks_is_not_believed_to_be_fine() {
    let broken =
        |dump: &str| verdict(&Evidence { broken: Some(Reason::UnreadableAnswer), ..live(dump) });
    assert_eq!(broken(&android14("3.1.921.10")), "unknown: unreadable_answer");
    assert_eq!(broken(&fixture("edge_unknown_android13plus")), "unknown: unreadable_answer");
    assert_eq!(broken(&android14("3.1.895.10")), "vulnerable");
    assert_eq!(broken(&android14("3.1.900.12")), "unconfirmed");
}

#[test]
fn a_block_without_user_lines_is_at_risk_or_unknown() {
    let no_users = |version: &str| {
        let dump = android14(version);
        let lines = dump.lines().filter(|line| !line.contains(" installed="));
        lines.collect::<Vec<_>>().join("\n")
    };
    assert_eq!(verdict(&live(&no_users("3.1.895.10"))), "vulnerable");
    assert_eq!(verdict(&live(&no_users("3.1.900.12"))), "unknown: incomplete_answer");
    assert_eq!(verdict(&live(&no_users("3.1.921.10"))), "unknown: incomplete_answer");
}

#[test]
fn a_file_must_show_what_follows_the_block() {
    let cut = |version: &str| {
        let dump = android14(version);
        let end = dump.find("Hidden system packages:").unwrap();
        saved(&dump[..end])
    };
    assert_eq!(verdict(&saved(&android14("3.1.921.10"))), "patched");
    assert_eq!(verdict(&cut("3.1.921.10")), "unknown: incomplete_answer");
    assert_eq!(verdict(&cut("3.1.895.10")), "vulnerable");
    let mut uninstalled = android14("3.1.895.10").replace("installed=true", "installed=false");
    assert_eq!(verdict(&saved(&uninstalled)), "not_installed");
    uninstalled.truncate(uninstalled.find("Hidden system packages:").unwrap());
    assert_eq!(verdict(&saved(&uninstalled)), "unknown: incomplete_answer");
    assert_eq!(verdict(&saved("hello")), "unknown: not_a_dump");
}

#[test]
fn contradictions_are_never_fine() {
    let present = android14("3.1.921.10");
    let contradicted = present.replace(
        "Compiler stats:",
        "Compiler stats:\n  Unable to find package: com.xiaomi.mi_connect_service",
    );
    assert_eq!(verdict(&live(&contradicted)), "unknown: ambiguous_dump");
    let null = present.replace("pkg=Package{c0ffee1 com.xiaomi.mi_connect_service}", "pkg=null");
    assert_eq!(verdict(&live(&null)), "unknown: unreadable_version");
    let hidden_only = present.replace(
        "Package [com.xiaomi.mi_connect_service] (5a1bb5)",
        "Package [com.other] (5a1bb5)",
    );
    assert_eq!(verdict(&live(&hidden_only)), "unknown: ambiguous_dump");
}

#[test]
fn notes_say_what_else_there_is_to_know() {
    let notes = |dump: &str| finding(&live(dump)).notes;
    assert_eq!(notes(&android14("3.1.921.10")), [Note::FactoryVersionVulnerable]);
    assert_eq!(notes(&android14("3.1.900.12")), [Note::FactoryVersionVulnerable]);
    assert_eq!(notes(&android14("3.1.895.10")), []);
    assert_eq!(notes(&android14("3.1.921.10").replace("2.5.100.3", "3.1.921.10")), []);
    assert_eq!(
        notes(&android14("3.1.921.10").replace("2.5.100.3", "3.1.900.1")),
        [Note::FactoryVersionUnknown]
    );
    assert_eq!(
        notes(&android14("3.1.921.10").replace("2.5.100.3", "?")),
        [Note::FactoryVersionUnknown]
    );
    let disabled = android14("3.1.895.10").replace("enabled=0", "enabled=3");
    assert_eq!(notes(&disabled), [Note::Disabled]);
    assert!(finding(&live(&disabled)).disabled);
    let users =
        fixture("edge_android16_multiuser_uninstalled_user0").replace("3.1.900.12", "2.0.1");
    assert_eq!(notes(&users), [Note::OtherUsersOnly]);
    assert_eq!(notes(&fixture("edge_android11_keepdata_pkgnull")), [Note::DataKept]);
    let kept_by_none = android14("3.1.895.10").replace("installed=true", "installed=false");
    assert_eq!(notes(&kept_by_none), []);
    let null = android14("3.1.895.10")
        .replace("pkg=Package{c0ffee1 com.xiaomi.mi_connect_service}", "pkg=null");
    assert_eq!(notes(&null), [], "a user has it");
}

#[test]
fn updaters_are_missing_only_when_pm_works_and_says_so() {
    let with = |control: &str, discover: &str| {
        let mut evidence = live(&android14("3.1.895.10"));
        evidence.pm_control = Some(part(control));
        for (name, answer) in [
            ("com.xiaomi.discover", discover),
            ("com.indus.appstore", ""),
            ("com.xiaomi.mipicks", ""),
            ("com.xiaomi.market", ""),
        ] {
            let answer = Part { end: PartEnd::Closed { exit_code: 1 }, ..part(answer) };
            evidence.updaters.insert(PackageName::try_from(name).unwrap(), answer);
        }
        finding(&evidence).notes
    };
    assert_eq!(with("package:/x.apk\n", ""), [Note::UpdaterMissing]);
    assert_eq!(with("package:/x.apk\n", "package:/y.apk\n"), []);
    assert_eq!(with("", ""), []);
    assert_eq!(finding(&live(&android14("3.1.895.10"))).notes, []);
}

#[test]
fn a_typed_version_is_judged_like_a_phones() {
    let advisory = &AdvisorySet::embedded().advisories[0];
    let one_source = Some(Certainty::OneSecondarySource);
    for (version, expected, certainty) in [
        (Some("3.1.895.10"), Verdict::Vulnerable, one_source),
        (Some("3.1.900.12"), Verdict::Unconfirmed, None),
        (Some("3.1.921.10"), Verdict::Patched, one_source),
        (Some("60004241"), Verdict::Unknown(Reason::UnreadableVersion), None),
        (None, Verdict::Unknown(Reason::NotSeen), None),
    ] {
        let findings = judge_typed(version.map(str::as_bytes), advisory);
        let [finding] = findings.as_slice() else { panic!("{findings:?}") };
        assert_eq!((finding.verdict, finding.certainty), (expected, certainty), "{version:?}");
        assert_eq!(finding.version.as_deref(), version.map(str::as_bytes));
        assert_eq!((&finding.advisory, &finding.package), (&advisory.id, &name()));
    }
}

#[test]
fn a_verdict_says_what_it_is() {
    let timeout = Some(Reason::Timeout);
    for (verdict, key, reason, at_risk) in [
        (Verdict::Vulnerable, "vulnerable", None, true),
        (Verdict::Unconfirmed, "unconfirmed", None, true),
        (Verdict::Unknown(Reason::Timeout), "unknown", timeout, false),
        (Verdict::Patched, "patched", None, false),
        (Verdict::NotInstalled, "not_installed", None, false),
        (Verdict::NotApplicable, "not_applicable", None, false),
    ] {
        assert_eq!((verdict.key(), verdict.reason()), (key, reason));
        assert_eq!(verdict.is_at_risk(), at_risk, "{key}");
    }
}

#[test]
fn verdicts_are_ordered_worst_first() {
    let unknown = Verdict::Unknown(Reason::Timeout);
    let order = [
        Verdict::Vulnerable,
        Verdict::Unconfirmed,
        unknown,
        Verdict::Patched,
        Verdict::NotInstalled,
        Verdict::NotApplicable,
    ];
    assert!(order.is_sorted());
}
