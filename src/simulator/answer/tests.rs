//! Every fault, seen on the bytes that would go over the wire.

use super::*;
use crate::Phone;

const MARKER: &str = "0123456789abcdef0123456789abcdef";

fn command() -> String {
    format!(
        "echo;echo {MARKER}+0;getprop 2>&1;e=$?;echo;echo {MARKER}-0:$e;\
         echo;echo {MARKER}+1;dumpsys package x.y 2>&1;e=$?;echo;echo {MARKER}-1:$e;\
         echo;echo {MARKER}."
    )
}

fn phone() -> Phone {
    Phone::new("A").getprop("[a]: [b]\n").dump("x.y", "Packages:\n  Package\n")
}

fn answer(phone: Phone, service: Service, fault: &Fault) -> Script {
    let command = command();
    script(&phone.prepare(), &ShellRequest { service, command: &command }, fault)
}

fn sent(script: &Script) -> &[u8] {
    match &script.steps[0] {
        WireStep::Send(bytes) => bytes,
        other => panic!("not sent at once: {other:?}"),
    }
}

/// Ids and data of all packets that are whole.
fn packets_of(mut wire: &[u8]) -> Vec<(u8, Vec<u8>)> {
    let mut packets = Vec::new();
    while let [id, a, b, c, d, rest @ ..] = wire {
        let length = u32::from_le_bytes([*a, *b, *c, *d]) as usize;
        let Some((data, rest)) = rest.split_at_checked(length) else {
            break;
        };
        packets.push((*id, data.to_vec()));
        wire = rest;
    }
    packets
}

fn text(fault: &Fault) -> String {
    let script = answer(phone(), Service::V1, fault);
    String::from_utf8(sent(&script).to_vec()).unwrap()
}

fn marks(fault: &Fault) -> Vec<String> {
    let text = text(fault);
    text.lines().filter_map(|line| line.strip_prefix(MARKER)).map(str::to_owned).collect()
}

#[test]
fn both_services_carry_the_same_text() {
    let good = text(&Fault::None);
    assert!(good.starts_with(&format!("\n{MARKER}+0\n[a]: [b]\n\n{MARKER}-0:0\n")));
    let framed = answer(phone(), Service::V2, &Fault::None);
    let packets = packets_of(sent(&framed));
    assert_eq!(packets, [(1, good.clone().into_bytes()), (3, vec![0])]);
    assert_eq!(framed.end, End::Close);
    let old = answer(phone().crlf(true), Service::V1, &Fault::None);
    assert_eq!(sent(&old), good.replace('\n', "\r\n").as_bytes());
    // No terminal stands in the way of the new service.
    let new = answer(phone().crlf(true), Service::V2, &Fault::None);
    assert_eq!(sent(&new), sent(&framed));
}

#[test]
fn large_answers_take_full_packets() {
    let dump = vec![b'd'; 200_000];
    let script = answer(phone().dump("x.y", dump), Service::V2, &Fault::None);
    let packets = packets_of(sent(&script));
    let lengths: Vec<usize> = packets.iter().map(|(_, data)| data.len()).collect();
    assert_eq!(lengths[..3], [65_531; 3]);
    assert_eq!(lengths.len(), 5);
    assert_eq!(packets.last(), Some(&(3, vec![0])));
}

#[test]
fn stderr_is_kept_apart_by_the_new_service() {
    let request = ShellRequest { service: Service::V2, command: "echo a;nothing;echo b" };
    let script = script(&phone().prepare(), &request, &Fault::None);
    let ids: Vec<u8> = packets_of(sent(&script)).into_iter().map(|(id, _)| id).collect();
    assert_eq!(ids, [1, 2, 1, 3]);
}

#[test]
fn an_answer_is_cut_at_any_byte() {
    let whole = answer(phone(), Service::V2, &Fault::None);
    let whole = sent(&whole);
    for bytes in 0..=whole.len() + 1 {
        for (fault, end) in [
            (Fault::StallAfter { bytes }, End::Stall),
            (Fault::CloseAfter { bytes }, End::Close),
            (Fault::UnplugAfter { bytes }, End::Unplug),
        ] {
            let script = answer(phone(), Service::V2, &fault);
            assert_eq!(sent(&script), &whole[..bytes.min(whole.len())]);
            assert_eq!(script.end, end);
        }
    }
}

#[test]
fn markers_are_bent() {
    let all = ["+0", "-0:0", "+1", "-1:0", "."];
    assert_eq!(marks(&Fault::None), all);
    let double: Vec<&str> = all.into_iter().flat_map(|mark| [mark, mark]).collect();
    assert_eq!(marks(&Fault::DoubleMarkers), double);
    assert_eq!(marks(&Fault::OmitMarker { index: 1 }), ["+0", "+1", "-1:0", "."]);
    assert_eq!(marks(&Fault::OmitMarker { index: 9 }), all);
    assert_eq!(marks(&Fault::OmitFinalMarker), ["+0", "-0:0", "+1", "-1:0"]);
    let swapped = Fault::SwapMarkers { first: 1, second: 2 };
    assert_eq!(marks(&swapped), ["+0", "+1", "-0:0", "-1:0", "."]);
    assert!(text(&Fault::EchoCommand).starts_with(&format!("{}\n\n{MARKER}+0\n", command())));
}

#[test]
fn packets_are_wrong_as_asked() {
    let packets = |fault| packets_of(sent(&answer(phone(), Service::V2, &fault)));
    let ids = |fault| packets(fault).into_iter().map(|(id, _)| id).collect::<Vec<u8>>();
    assert_eq!(ids(Fault::UnknownPacket), [1, 9, 3]);
    assert_eq!(ids(Fault::NoExitPacket), [1]);
    assert_eq!(packets(Fault::BadExitPacket { length: 4 })[1], (3, vec![0; 4]));
    assert_eq!(packets(Fault::BadExitPacket { length: 0 })[1], (3, vec![]));
    let huge = answer(phone(), Service::V2, &Fault::HugePacket);
    assert_eq!((packets_of(sent(&huge)).len(), huge.end), (1, End::Stall));
    assert!(sent(&huge).ends_with(&[[1, 255, 255, 255, 255].as_slice(), &[b'x'; 64]].concat()));
    let garbage = answer(phone(), Service::V2, &Fault::Garbage);
    assert_eq!(sent(&garbage).len(), 4096);
}

#[test]
fn floods_begin_where_asked() {
    let flood = |lines, place, service| answer(phone(), service, &Fault::Flood { lines, place });
    let start = flood(false, FloodPlace::Start, Service::V1);
    assert_eq!(sent(&start), b"");
    let WireStep::Repeat(block) = &start.steps[1] else { panic!("no flood") };
    assert!(block.len() > 60_000 && block.iter().all(|byte| *byte == b'x'));
    let dump = flood(true, FloodPlace::Dump, Service::V2);
    let packets = packets_of(sent(&dump));
    let begun = String::from_utf8(packets[0].1.clone()).unwrap();
    assert!(begun.ends_with(&format!("{MARKER}+1\nPackages:\n")), "{begun}");
    let WireStep::Repeat(block) = &dump.steps[1] else { panic!("no flood") };
    let packets = packets_of(block);
    assert_eq!((packets.len(), packets[0].0, block.len()), (1, 1, 64 * 1024));
    assert_eq!(packets[0].1[79], b'\n');
}

#[test]
fn only_commands_are_shell_requests() {
    let request = shell_request("shell,v2,TERM=xterm,raw:getprop a:b").unwrap();
    assert_eq!((request.service, request.command), (Service::V2, "getprop a:b"));
    assert_eq!(shell_request("shell:ls").unwrap().service, Service::V1);
    for other in ["shell:", "shell", "sync:", "exec:ls", "shellfish:ls", "reboot:"] {
        assert!(shell_request(other).is_none(), "{other}");
    }
}
