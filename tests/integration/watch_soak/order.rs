//! Whether what the soak relies on notices anything: events that break their order.

use serde_json::{Value, json};

use crate::support::grammar::Grammar;

/// The first event of `events` that breaks the order, by its number.
fn breaks(events: &[Value]) -> Option<usize> {
    let mut grammar = Grammar::default();
    events.iter().position(|event| grammar.take(event).is_err())
}

#[test]
fn what_breaks_the_order_is_noticed() {
    let connection = json!({ "server": "A" });
    let phone = |event: &str, phone: u32, visit: u32, state: &str, gone: Value| {
        json!({ "event": event, "phone": phone, "visit": visit, "state": state, "gone": gone,
            "connection": connection })
    };
    let added = |number, visit| phone("phone_added", number, visit, "ready", Value::Null);
    let removed = |visit| phone("phone_removed", 1, visit, "ready", json!("unplugged"));
    let taken = phone("phone_removed", 1, 1, "ready", json!("server_lost"));
    let locked = phone("phone_added", 1, 1, "unauthorized", Value::Null);
    let lost = json!({ "event": "server_lost", "server": "A" });
    let back = json!({ "event": "server_back", "server": "A" });
    let asked = |check| json!({ "event": "check_started", "phone": 1, "visit": 1, "check": check });
    let verdict = |check: u32, recheck: bool, first: bool, verdict: &str, fixed: bool| {
        json!({ "event": "verdict", "phone": 1, "visit": 1, "check": check, "recheck": recheck,
            "first": first, "fixed": fixed, "device": { "verdict": verdict } })
    };
    let risk = verdict(1, false, true, "vulnerable", false);
    let whole = [
        added(1, 1),
        asked(1),
        risk.clone(),
        verdict(3, true, false, "patched", true),
        lost.clone(),
        taken.clone(),
        back.clone(),
        added(1, 2),
        removed(2),
        added(2, 1),
    ];
    assert_eq!(breaks(&whole), None);
    for (broken, at) in [
        (vec![added(2, 1)], 0),
        (vec![added(1, 2)], 0),
        (vec![added(1, 1), added(1, 2)], 1),
        (vec![added(1, 1), removed(1), added(1, 1)], 2),
        (vec![added(1, 1), removed(1), asked(1)], 2),
        (vec![locked, asked(1)], 1),
        (vec![added(1, 1), asked(1), asked(2)], 2),
        (vec![added(1, 1), asked(1), removed(1)], 2),
        (vec![added(1, 1), risk.clone()], 1),
        (vec![added(1, 1), asked(2), risk.clone()], 2),
        (vec![added(1, 1), asked(1), risk.clone(), risk.clone()], 3),
        (vec![added(1, 1), asked(1), verdict(1, false, false, "patched", false)], 2),
        (vec![added(1, 1), asked(1), verdict(1, false, true, "patched", true)], 2),
        (vec![added(1, 1), asked(1), risk, verdict(2, true, false, "patched", false)], 3),
        (vec![added(1, 1), taken], 1),
        (vec![added(1, 1), lost.clone(), removed(1)], 2),
        (vec![lost.clone(), lost.clone()], 1),
        (vec![lost, added(1, 1)], 1),
        (vec![back], 0),
        (vec![json!({ "event": "phone_eaten" })], 0),
    ] {
        assert_eq!(breaks(&broken), Some(at), "{broken:#?}");
    }
}
