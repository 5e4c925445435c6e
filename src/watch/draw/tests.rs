use core::time::Duration;

use sha2::{Digest as _, Sha256};

use super::*;
use crate::report::{AdvisoriesUsed, Connection, DeviceReport, LinkKind, Outcome, ProbeResult};
use crate::watch::board::{
    Action, Attempt, ConnectionId, Elapsed, Event, Key, PhoneId, Rules, Sighting, Timestamp,
};
use micheck_core::advisory::AdvisorySet;
use micheck_core::identity::Identity;
use micheck_core::verdict::{Reason, Verdict};

/// A phone of a bench that is drawn.
struct Seen<'a> {
    name: &'a str,
    serial: &'a str,
    path: &'a str,
    reason: Option<Reason>,
    /// What it answers, one after the other.
    versions: &'a [&'a str],
}

const fn seen<'a>(
    name: &'a str,
    serial: &'a str,
    path: &'a str,
    versions: &'a [&'a str],
) -> Seen<'a> {
    Seen { name, serial, path, reason: None, versions }
}

fn board_of(phones: &[Seen<'_>], simulated: bool) -> Board {
    let mut board = Board::new(Rules {
        recheck: Duration::from_secs(15),
        boot_wait: Duration::from_secs(120),
        run: "0".repeat(32),
        simulated,
        records: false,
        job: None,
        advisories: AdvisoriesUsed {
            version: String::new(),
            hash: String::new(),
            replaced: Vec::new(),
        },
        text: Text::default(),
    });
    let sightings = (1..).zip(phones).map(|(handle, phone)| Sighting {
        handle: ConnectionId(handle),
        connection: Connection {
            server: Some("127.0.0.1:5037".to_owned()),
            serial: Some(phone.serial.to_owned()),
            path: Some(phone.path.to_owned()).filter(|path| !path.is_empty()),
            ..Connection::of_link(LinkKind::AdbServer)
        },
        model: Some(phone.name.to_owned()),
        reason: phone.reason,
    });
    let mut asked = board.take(Event::Sighted(sightings.collect()), &at(0));
    for round in 0..3 {
        let mut next = Vec::new();
        for action in asked {
            let Action::Ask { attempt, handle, .. } = action else { continue };
            let phone = &phones[usize::try_from(handle.0 - 1).unwrap()];
            if let Some(version) = phone.versions.get(round) {
                next.extend(answer(&mut board, attempt, phone, version, round));
            }
        }
        next.extend(board.take(Event::Tick, &at(u64::try_from(round).unwrap() * 20 + 20)));
        asked = next;
    }
    board
}

fn at(seconds: u64) -> Timestamp {
    Timestamp {
        moment: Elapsed(Duration::from_secs(seconds)),
        stamp: format!("2026-11-24T14:32:{:02}+05:30", seconds % 60),
    }
}

fn answer(
    board: &mut Board,
    attempt: Attempt,
    phone: &Seen<'_>,
    version: &str,
    round: usize,
) -> Vec<Action> {
    let outcome = match version {
        "timeout" => Outcome::Skipped(Reason::Timeout),
        "starting" => Outcome::Skipped(Reason::StillBooting),
        version => Outcome::Typed(Some(version.as_bytes().to_vec())),
    };
    let observation = ProbeResult {
        connection: Connection {
            serial: Some(phone.serial.to_owned()),
            path: Some(phone.path.to_owned()),
            ..Connection::of_link(LinkKind::AdbServer)
        },
        listed_model: None,
        outcome,
        detail: None,
        duration_ms: 0,
        source: None,
    };
    let set = AdvisorySet::embedded().by_default();
    let mut report = DeviceReport::new(observation, &set, Text::default(), false);
    if report.verdict.reason().is_none() {
        report.identity = Identity::Phone(Sha256::digest(phone.serial).into());
    }
    report.device.marketname = Some(phone.name.to_owned());
    report.device.system = Some("HyperOS 1.0".to_owned());
    report.device.android = Some("14".to_owned());
    let now = at(u64::try_from(round).unwrap() * 20 + 1);
    board.take(Event::Answered { attempt, report: Box::new(report) }, &now)
}

/// Phones in every state that a board has.
fn bench() -> Vec<Seen<'static>> {
    vec![
        seen("Redmi Note 13", "R58M0001", "usb:1-1", &["3.1.874.10"]),
        seen("Redmi K60", "R58M0002", "usb:1-2", &["3.1.874.10", "3.1.921.10"]),
        seen("POCO X6 Pro 5G", "R58M0003", "usb:1-4.1", &["3.1.900.12"]),
        Seen {
            reason: Some(Reason::Unauthorized),
            ..seen("M2101K6G", "R58M0004", "usb:1-4.2", &[])
        },
        Seen { reason: Some(Reason::UsbDebuggingOff), ..seen("", "R58M0005", "usb:1-4.3", &[]) },
        seen("Mi 9", "R58M0006", "usb:1-10", &["starting"]),
        seen("Xiaomi 15", "R58M0007", "usb:2-1", &["timeout"]),
        seen("Xiaomi 14", "R58M0008", "usb:2-2", &[]),
        seen("Mi Box", "192.168.1.77:5555", "", &["3.1.921.10"]),
    ]
}

fn drawn(board: &Board, view: &View, width: usize, height: usize) -> String {
    let names = PortNames([("usb:1-2".to_owned(), "left hub 3".to_owned())].into());
    let page = super::board(board, view, &names, Size { width, height }).page;
    assert_eq!(page.lines.len(), height);
    let text = page.plain();
    for line in text.lines() {
        assert!(line.width() <= width, "{} > {width}: {line}", line.width());
    }
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    lines.join("\n")
}

fn pressed(board: &Board, keys: &[Key]) -> View {
    let mut view = View::default();
    for key in keys {
        view.press(*key, board, &PortNames::default());
    }
    view
}

#[test]
fn every_size_is_filled_and_none_is_passed() {
    let many: Vec<(String, String)> = (0..200)
        .map(|phone| (format!("SERIAL{phone:04}"), format!("usb:{}-{}", phone / 20, phone % 20)))
        .collect();
    for count in [0, 1, 2, 3, 7, 20, 64, 200] {
        let phones: Vec<Seen<'_>> = many[..count]
            .iter()
            .map(|(serial, path)| {
                seen("红米 Note\u{202e} 13 Pro Plus", serial, path, &["3.1.874.10"])
            })
            .collect();
        let board = board_of(&phones, count % 2 == 1);
        for width in [1, 10, 40, 41, 75, 76, 80, 120, 149, 150, 300] {
            for height in [1, 2, 5, 10, 24, 50, 100] {
                let mut view = View::default();
                for key in [Key::Home, Key::End, Key::Enter, Key::End, Key::Escape] {
                    drawn(&board, &view, width, height);
                    view.press(key, &board, &PortNames::default());
                }
                drawn(&board, &pressed(&board, &[Key::Character('?')]), width, height);
                drawn(&board, &pressed(&board, &[Key::Character('n')]), width, height);
            }
        }
    }
}

#[test]
fn the_chosen_phone_is_always_seen() {
    let serials: Vec<String> = (0..90).map(|phone| format!("{phone:04}")).collect();
    let phones: Vec<Seen<'_>> =
        serials.iter().map(|serial| seen("M", serial, "", &["3.1.921.10"])).collect();
    let board = board_of(&phones, false);
    for (width, height) in [(40, 12), (80, 24), (200, 30)] {
        let mut view = View::default();
        for serial in &serials {
            let page = drawn(&board, &view, width, height);
            let line = page.lines().find(|line| line.contains(serial.as_str()));
            assert!(line.is_some(), "{serial} at {width}\n{page}");
            view.press(Key::Down, &board, &PortNames::default());
        }
    }
}

#[test]
fn a_phone_that_came_between_moves_nothing_of_the_choice() {
    let board = board_of(&bench(), false);
    let view = pressed(&board, &[Key::Down, Key::Down]);
    assert_eq!(view.chosen, Some(PhoneId(3)));
    let view = pressed(&board, &[Key::End]);
    assert_eq!(view.chosen, Some(PhoneId(9)), "phones without a port are last");
}

#[test]
fn a_bench_on_a_wide_screen() {
    insta::assert_snapshot!(drawn(&board_of(&bench(), false), &View::default(), 100, 40), @"
    micheck  5 checked · 1 at risk · 1 to update · 1 fixed · 4 waiting
    ┃                           Redmi Note 13 · …0001 · usb:1-1
    ▶        ✖ AT RISK          3.1.874.10 · HyperOS 1.0, Android 14
    ┃                           → System apps updater → update all

                                Redmi K60 · …0002 · left hub 3
             ✔ UPDATED          3.1.874.10 → 3.1.921.10, 14:32 · HyperOS 1.0, Android 14
                                → Done: revoke authorisations, debugging off, unplug

                                POCO X6 Pro 5G · …0003 · usb:1-4.1
          ▲ UPDATE NEEDED       3.1.900.12 · HyperOS 1.0, Android 14
                                → System apps updater → update all

                                M2101K6G · …0004 · usb:1-4.2
            … TAP ALLOW         not allowed yet
                                → Have the owner unlock it and tap Allow

                                unknown phone · …0005 · usb:1-4.3
           ? NOT CHECKED        USB debugging off
                                → Switch USB debugging on (Enter: how)

                                Mi 9 · …0006 · usb:1-10
             … CHECKING


                                Xiaomi 15 · …0007 · usb:2-1
           ? NOT CHECKED        no answer in time · HyperOS 1.0, Android 14
                                → Leave it plugged in: it is rechecked automatically

                                Xiaomi 14 · …0008 · usb:2-2
             … CHECKING


                                Mi Box · 192.168.1.77:5555
             ✔ UPDATED          3.1.921.10 · HyperOS 1.0, Android 14
                                → Done: revoke authorisations, debugging off, unplug



    q quit · ? help · ↑↓ choose · Enter details · r recheck · o show updater · O all updaters · p sheet
    ");
}

#[test]
fn a_bench_on_a_usual_screen() {
    insta::assert_snapshot!(drawn(&board_of(&bench(), false), &View::default(), 80, 24), @"
    micheck  5 checked · 1 at risk · 1 to update · 1 fixed · 4 waiting
    ▶        ✖ AT RISK          Redmi Note 13 · …0001 · usb:1-1 · 3.1.874.10 · Hype…
    ┃                           → System apps updater → update all
             ✔ UPDATED          Redmi K60 · …0002 · left hub 3 · 3.1.874.10 → 3.1.9…
                                → Done: revoke authorisations, debugging off, unplug
          ▲ UPDATE NEEDED       POCO X6 Pro 5G · …0003 · usb:1-4.1 · 3.1.900.12 · H…
                                → System apps updater → update all
            … TAP ALLOW         M2101K6G · …0004 · usb:1-4.2 · not allowed yet
                                → Have the owner unlock it and tap Allow
           ? NOT CHECKED        unknown phone · …0005 · usb:1-4.3 · USB debugging o…
                                → Switch USB debugging on (Enter: how)
             … CHECKING         Mi 9 · …0006 · usb:1-10

           ? NOT CHECKED        Xiaomi 15 · …0007 · usb:2-1 · no answer in time · H…
                                → Leave it plugged in: it is rechecked automatically
             … CHECKING         Xiaomi 14 · …0008 · usb:2-2

             ✔ UPDATED          Mi Box · 192.168.1.77:5555 · 3.1.921.10 · HyperOS 1…
                                → Done: revoke authorisations, debugging off, unplug




    q quit · ? help · ↑↓ choose · Enter details · r recheck · o show updater
    ");
}

#[test]
fn a_bench_on_a_narrow_screen() {
    insta::assert_snapshot!(drawn(&board_of(&bench(), false), &View::default(), 44, 30), @"
    micheck  1 at risk · 1 to update · 1 fixed
    ▶  ✖ AT RISK  Redmi Note 13 · …0001
    ┃ 3.1.874.10 · HyperOS 1.0, Android 14
    ┃ → System apps updater → update all
       ✔ UPDATED  Redmi K60 · …0002 · left hub 3
      3.1.874.10 → 3.1.921.10, 14:32 · HyperOS …
      → Done: revoke authorisations, debugging …
       ▲ UPDATE NEEDED  POCO X6 Pro 5G · …0003
      3.1.900.12 · HyperOS 1.0, Android 14
      → System apps updater → update all
       … TAP ALLOW  M2101K6G · …0004 · usb:1-4.2
      not allowed yet
      → Have the owner unlock it and tap Allow
       ? NOT CHECKED  unknown phone · …0005
      USB debugging off
      → Switch USB debugging on (Enter: how)
       … CHECKING  Mi 9 · …0006 · usb:1-10


       ? NOT CHECKED  Xiaomi 15 · …0007
      no answer in time · HyperOS 1.0, Android …
      → Leave it plugged in: it is rechecked au…
       … CHECKING  Xiaomi 14 · …0008 · usb:2-2


       ✔ UPDATED  Mi Box · 192.168.1.77:5555
      3.1.921.10 · HyperOS 1.0, Android 14
      → Done: revoke authorisations, debugging …

    q quit · ? help · ↑↓ choose · Enter details
    ");
}

#[test]
fn a_bench_on_a_broad_and_low_screen() {
    insta::assert_snapshot!(drawn(&board_of(&bench(), false), &View::default(), 170, 12), @"
    micheck  5 checked · 1 at risk · 1 to update · 1 fixed · 4 waiting
    ▶        ✖ AT RISK          Redmi Note 13             …0001 · usb:1-1         3.1.874.10                          → System apps updater → update all
             ✔ UPDATED          Redmi K60                 …0002 · left hub 3      3.1.874.10 → 3.1.921.10, 14:32      → Done: revoke authorisations, debugging off, unplug
          ▲ UPDATE NEEDED       POCO X6 Pro 5G            …0003 · usb:1-4.1       3.1.900.12                          → System apps updater → update all
            … TAP ALLOW         M2101K6G                  …0004 · usb:1-4.2       not allowed yet                     → Have the owner unlock it and tap Allow
           ? NOT CHECKED        unknown phone             …0005 · usb:1-4.3       USB debugging off                   → Switch USB debugging on (Enter: how)
             … CHECKING         Mi 9                      …0006 · usb:1-10
           ? NOT CHECKED        Xiaomi 15                 …0007 · usb:2-1         no answer in time                   → Leave it plugged in: it is rechecked automatically
             … CHECKING         Xiaomi 14                 …0008 · usb:2-2
             ✔ UPDATED          Mi Box                    192.168.1.77:5555       3.1.921.10                          → Done: revoke authorisations, debugging off, unplug

    q quit · ? help · ↑↓ choose · Enter details · r recheck · o show updater · O all updaters · p sheet · l sheet language · n name the port · j job · Tab next at risk
    ");
}

#[test]
fn the_page_of_a_phone() {
    let board = board_of(&bench(), false);
    let view = pressed(&board, &[Key::Enter]);
    insta::assert_snapshot!(drawn(&board, &view, 90, 40), @r#"
    micheck  5 checked · 1 at risk · 1 to update · 1 fixed · 4 waiting

    ✖ AT RISK: update now
      Redmi Note 13 · serial …0001 · usb:1-1 · 3.1.874.10
      An attacker must be nearby, on the same network; this doesn't mean that the phone was
      hacked.
      1. Settings → System apps updater → update all.
      2. GetApps (China: App Store; India: Indus Appstore) → search for "Mi Connect Service"
         and update it; not there? Install all updates.
      3. Google Play: play.google.com/store/apps/details?id=com.xiaomi.mi_connect_service (if
         listed).
      4. Settings → About phone → tap the MIUI or HyperOS version → Check for updates →
         install.
      5. Still no update? None has been released for this phone yet: avoid public Wi-Fi
         (hotels, cafés, trains), and look again every few days; don't install the app from a
         website.
      6. Optional, at home, with the password known and a backup made: log out of the Xiaomi
         account and in again, as the published warning advises; this turns Find device off
         and can remove synced data.

    What was found
      Mi Connect Service · com.xiaomi.mi_connect_service · read 14:32 (typed_by_a_person)
        version             3.1.874.10
        affected up to      3.1.895.10
        fixed from          3.1.921.10
        CVE                 CVE-2024-45347, CVE-2024-45361

    So far
      14:32  ✖ AT RISK 3.1.874.10










    Esc back · ↑↓ scroll · q quit · ? help · r recheck · o show updater · p sheet
    "#);
}

#[test]
fn the_page_of_a_phone_that_cant_be_asked() {
    let board = board_of(&bench(), false);
    let keys = [Key::Down, Key::Down, Key::Down, Key::Down, Key::Enter];
    insta::assert_snapshot!(drawn(&board, &pressed(&board, &keys), 90, 14), @r#"
    micheck  5 checked · 1 at risk · 1 to update · 1 fixed · 4 waiting

    ? NOT CHECKED: USB debugging is off
      unknown phone · serial …0005 · usb:1-4.3
      1. Settings → About phone → tap the "MIUI version" (HyperOS: "OS version") 7 times; then
         Settings → Additional settings → Developer options → USB debugging ("USB debugging
         (Security settings)" and "Install via USB" aren't needed).
      2. Have the owner unlock the phone and tap Allow under "Allow USB debugging?" (on a
         customer's phone, don't tick "Always allow from this computer"; never ask for the
         PIN).



    Esc back · ↑↓ scroll · q quit · ? help · r recheck · o show updater · p sheet
    "#);
}

#[test]
fn the_page_about_the_keys() {
    let board = board_of(&[], false);
    let view = pressed(&board, &[Key::Character('?')]);
    insta::assert_snapshot!(drawn(&board, &view, 90, 23), @r#"
    micheck  0 checked · 0 at risk
    micheck watch

      q                quit (Ctrl-C works, too)
      ?                this page
      ↑↓               choose a phone (also Page up, Page down, Home, End)
      Enter            what the chosen phone answered, and every step; Esc goes back
      r                recheck the chosen phone now
      o                ask the chosen phone to show its app updater, if it is at risk
      O                the same for all phones at risk; asks you first
      p                make a sheet for the chosen phone's owner, and open it
      l                the language of that sheet
      n                name the chosen phone's port ("left hub 3"); kept for next time
      j                enter the job number of the chosen phone; it is kept in the record
      Tab              to the next phone at risk
      w                phones at risk first, or by their ports

      ✖ AT RISK        update it now, as shown beside it; it turns green automatically
      ▲ UPDATE NEEDED  nobody has confirmed this version as fixed: update it, too
      ? NOT CHECKED    couldn't be checked; that doesn't mean that it is fine
      ✔ UPDATED        the version is reported fixed
      – NOT AFFECTED   the app isn't on this phone
    Esc back · ↑↓ scroll
    "#);
}

#[test]
fn a_port_gets_a_name() {
    let board = board_of(&bench(), false);
    let view = pressed(&board, &[Key::Down, Key::Character('n'), Key::Character('x')]);
    insta::assert_snapshot!(drawn(&board, &view, 90, 5), @"
    micheck  5 checked · 1 at risk · 1 to update · 1 fixed · 4 waiting
    ▶        ✔ UPDATED          Redmi K60 · …0002 · left hub 3 · 3.1.874.10 → 3.1.921.10, 14:…
    ┃                           → Done: revoke authorisations, debugging off, unplug
    2–2 / 9
    Name for port usb:1-2: x▏  Enter save · Esc cancel
    ");
}

#[test]
fn an_empty_board_says_what_to_do() {
    insta::assert_snapshot!(drawn(&board_of(&[], true), &View::default(), 60, 14), @"
    micheck  0 checked · 0 at risk
    DEMO: simulated phones, not real ones

      Plug in a phone.

      USB debugging must be on: Settings → About phone → tap the
      MIUI or OS version 7 times; then Additional settings →
      Developer options → USB debugging.

      Have its owner unlock it and tap Allow. The rest is
      automatic.

      Nothing appears? Try another cable, then: micheck doctor
    q quit · ? help · ↑↓ choose · Enter details · r recheck
    ");
}

#[test]
fn a_phone_that_came_back_is_not_what_it_was() {
    let mut board = board_of(&[seen("Redmi K60", "R58M0002", "usb:1-2", &["3.1.921.10"])], false);
    board.take(Event::Sighted(Vec::new()), &at(100));
    let line =
        |board: &Board| drawn(board, &View::default(), 100, 6).lines().nth(2).unwrap().to_owned();
    assert!(line(&board).contains("✔ UPDATED"), "as it left");
    let back = Sighting {
        handle: ConnectionId(2),
        connection: board.phones()[0].connection.clone(),
        model: None,
        reason: Some(Reason::Offline),
    };
    board.take(Event::Sighted(vec![back]), &at(200));
    assert!(line(&board).contains("? NOT CHECKED"), "{}", line(&board));
    let page = drawn(&board, &pressed(&board, &[Key::Enter]), 90, 30);
    let (now, before) = page.split_once("Before it was plugged in again, 14:32:").unwrap();
    assert!(now.contains("? NOT CHECKED") && !now.contains("UPDATED"), "{page}");
    assert!(before.contains("✔ UPDATED") && !before.contains("Done:"), "{page}");
    board.take(Event::Sighted(Vec::new()), &at(210));
    assert!(line(&board).contains("? NOT CHECKED"), "it left unchecked: {}", line(&board));
}

#[test]
fn what_an_updated_phone_was_before_is_known_to_its_sheet() {
    let board = board_of(&bench(), false);
    let phone = |name: &str| {
        board.phones().iter().find(|phone| phone.name.as_deref() == Some(name)).unwrap()
    };
    let before = phone("Redmi K60").found_before().unwrap();
    let version = before.version.as_deref();
    assert_eq!((before.verdict, version), (Verdict::Vulnerable, Some("3.1.874.10")));
    assert_eq!(phone("Redmi Note 13").found_before(), None);
}

/// A bench of two phones at risk, one to update and one that is fine.
fn mixed() -> Board {
    board_of(
        &[
            seen("Xiaomi 15", "R58M0001", "usb:1-1", &["3.1.921.10"]),
            seen("Redmi Note 13", "R58M0002", "usb:1-2", &["3.1.874.10"]),
            seen("POCO X6", "R58M0003", "usb:1-3", &["3.1.900.12"]),
            seen("Redmi K60", "R58M0004", "usb:1-4", &["3.1.895.10"]),
        ],
        false,
    )
}

#[test]
fn phones_at_risk_to_update_and_left_behind_are_counted_apart() {
    let mut board = mixed();
    let head = |board: &Board| {
        let screen = drawn(board, &View::default(), 100, 30);
        screen.lines().next().unwrap().to_owned()
    };
    assert_eq!(head(&board), "micheck  4 checked · 2 at risk · 1 to update");
    board.take(Event::Sighted(Vec::new()), &at(70));
    assert_eq!(head(&board), "micheck  4 checked · 0 at risk · 3 left at risk");
}

#[test]
fn who_is_gone_was_unplugged_or_its_server_or_connection_went() {
    for (server_goes, said) in [(false, "unplugged 14:32"), (true, "adb server gone 14:32")] {
        let mut board = mixed();
        if server_goes {
            let (server, detail) = ("127.0.0.1:5037".to_owned(), "gone".to_owned());
            board.take(Event::ServerLost { server, detail }, &at(70));
        }
        board.take(Event::Sighted(Vec::new()), &at(71));
        let screen = drawn(&board, &View::default(), 100, 30);
        assert_eq!(screen.matches(said).count(), 4, "{screen}");
    }
    let at_address = [seen("Mi Box", "192.168.1.77:5555", "", &["3.1.921.10"])];
    let mut board = board_of(&at_address, false);
    board.take(Event::Sighted(Vec::new()), &at(70));
    let screen = drawn(&board, &View::default(), 100, 30);
    assert!(screen.contains("connection lost 14:32"), "{screen}");
}

#[test]
fn tab_goes_to_the_next_phone_at_risk_and_w_puts_them_first() {
    let board = mixed();
    let mut view = View::default();
    let mut next = |key| {
        view.press(key, &board, &PortNames::default());
        view.chosen(&view.shown(&board)).unwrap().1.id
    };
    assert_eq!([(); 4].map(|()| next(Key::Tab)), [2, 3, 4, 2].map(PhoneId));
    next(Key::Character('w'));
    let order: Vec<u32> = view.shown(&board).iter().map(|phone| phone.id.0).collect();
    assert_eq!(order, [2, 3, 4, 1]);
    view.press(Key::Character('w'), &board, &PortNames::default());
    assert_eq!(view.shown(&board)[0].id, PhoneId(1));
    let fine = board_of(&[seen("Xiaomi 15", "R58M0001", "usb:1-1", &["3.1.921.10"])], false);
    view.press(Key::Tab, &fine, &PortNames::default());
    assert_eq!(view.answer.as_deref(), Some("No phone here is at risk"));
}

#[test]
fn five_phones_fill_a_large_screen_with_every_way_to_an_update() {
    let phones: Vec<Seen<'_>> = ["usb:1-1", "usb:1-2", "usb:1-3", "usb:1-4", "usb:1-5"]
        .map(|path| seen("Redmi Note 13", "R58M0001", path, &["3.1.874.10"]))
        .into();
    let screen = drawn(&board_of(&phones, false), &View::default(), 160, 50);
    let lines: Vec<&str> = screen.lines().collect();
    let last = lines.iter().rposition(|line| line.contains("About phone")).unwrap();
    assert!(last >= 42, "{screen}");
    assert_eq!(screen.matches("or Google Play").count(), 5, "{screen}");
}

#[test]
fn what_must_be_said_is_wrapped_and_none_of_it_is_lost() {
    let board = mixed();
    let words = "can't write to a file whose name is as long as the names of files sometimes are";
    for width in [40, 45, 80] {
        let notices = vec![words.to_owned()];
        let view = View { notices, answer: Some(words.to_owned()), ..View::default() };
        let screen = drawn(&board, &view, width, 40);
        let joined = screen.split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(joined.matches(words).count(), 2, "{screen}");
    }
}
