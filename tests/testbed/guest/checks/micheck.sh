# shellcheck shell=bash
# micheck with real USB and real adbds, as a user without rights. `../boot` runs it; $GUEST_MICHECK
# is the program.

: "${GUEST_MICHECK:?is the path of micheck}"

failed=0
# What a phone with the app in version 3.1.900.12 prints.
dump=fixtures/dumpsys/android13.txt

# expect WHAT SHOULD IS
expect() {
    local at
    at=$(cut -d ' ' -f 1 /proc/uptime)
    if [ "$2" = "$3" ]; then
        echo "ok      $1 (at $at s)"
    else
        printf 'FAILED  %s (at %s s)\n  should be: %s\n  is:        %s\n' "$1" "$at" "$2" "$3"
        tail -n 30 /run/user/report /run/user/said 2>/dev/null || true
        failed=1
    fi
}

# A phone's folder: with this version of the app, or without it (`none`).
make_folder() {
    local folder version=$2
    folder=$(new_folder "$1")
    cat >"$folder/props" <<EOF
[ro.product.brand]: [POCO]
[ro.product.manufacturer]: [Xiaomi]
[ro.product.model]: [$1]
[ro.product.name]: [vayu]
[ro.build.version.release]: [13]
[ro.build.version.sdk]: [33]
[ro.miui.ui.version.name]: [V140]
[sys.boot_completed]: [1]
EOF
    [ "${3:-}" != secure ] || echo '[ro.adb.secure]: [1]' >>"$folder/props"
    # shellcheck disable=SC2016 # The phone's shell expands them.
    printf '#!/bin/sh\ncat "$PHONE_DIR/props"\n' >"$folder/bin/getprop"
    if [ "$version" = none ]; then
        # shellcheck disable=SC2016
        printf '#!/bin/sh\necho "Unable to find package: $2"\n' >"$folder/bin/dumpsys"
    else
        # As long as the file is there, it doesn't answer.
        # shellcheck disable=SC2016
        printf '#!/bin/sh\nwhile [ -e /run/user/slow ]; do sleep 0.2; done\ncat "$PHONE_DIR/dump"\n' >"$folder/bin/dumpsys"
        sed "s/3\.1\.900\.12/$version/" "$dump" >"$folder/dump"
    fi
    printf '#!/bin/sh\necho "package:/system/framework/framework-res.apk"\n' >"$folder/bin/pm"
    chmod +x "$folder"/bin/*
    echo "$folder"
}

# scan OPTIONS…: as a user. Its report goes to /run/user/report.
scan() {
    as_user env -u ANDROID_ADB_SERVER_PORT "$GUEST_MICHECK" scan --serials full --format json --timeout 60s "$@" \
        </dev/null >/run/user/report 2>/run/user/said || true
}

# verdicts: of each phone its model or, where it gave none, its serial; link; verdict or reason. Sorted.
verdicts() {
    python3 - <<'EOF'
import json
devices = json.load(open("/run/user/report"))["devices"]
print("; ".join(sorted(" ".join((
    (d["device"]["model"] if d["findings"] else None) or d["connection"]["serial"] or "-",
    d["connection"]["link"], d["reason"] or d["verdict"])) for d in devices)))
EOF
}
detail() {
    python3 -c 'import json; print(" ".join(d["detail"] or "" for d in json.load(open("/run/user/report"))["devices"]))'
}

add_phone first SAME "$(make_folder first 3.1.874.10)"
add_phone second SAME "$(make_folder second 3.1.921.10)"
asking=$(make_folder asking 3.1.921.10 secure)
add_phone asking ASKING "$asking"
add_phone off OFF "$(make_folder off none)" off
plug first second

# Who may open nothing is told so; a moment later, because udev needs one.
take_usb first
take_usb second
scan --via usb
expect "without permission" "SAME usb no_permission; SAME usb no_permission" "$(verdicts)"

give_usb first
give_usb second
scan --via usb
expect "two identical phones, each with its verdict" "first usb vulnerable; second usb patched" "$(verdicts)"

# Phones that say nothing for a while are waited for: some stop talking after CLEAR_FEATURE (a request to
# an endpoint, 02, number 01) until they are plugged in again.
mount -t debugfs debugfs /sys/kernel/debug
cat /sys/kernel/debug/usb/usbmon/0u >/run/bus &
listening=$!
pkill -STOP -f "$ADBD"
(sleep 3 && pkill -CONT -f "$ADBD") &
scan --via usb
kill "$listening"
expect "silent for three seconds" "first usb vulnerable; second usb patched" "$(verdicts)"
expect "the bus was listened to" yes "$(grep -q ' S Bo:' /run/bus && echo yes)"
expect "and no endpoint was cleared" 0 "$(grep -c ' s 02 01 ' /run/bus || true)"

# Killed in the middle of an answer, a session leaves packets for the next one.
touch /run/user/slow
as_user timeout -s KILL 6 "$GUEST_MICHECK" scan --via usb >/dev/null 2>&1 </dev/null || true
rm /run/user/slow
expect "no worker is left by one that was killed" "" "$(pgrep -u 65534 -f 'exe worker' || true)"
scan --via usb
expect "after a session that was killed" "first usb vulnerable; second usb patched" "$(verdicts)"

# Unplugged, and plugged in again.
unplug second
scan --via usb
expect "one was unplugged" "first usb vulnerable" "$(verdicts)"
plug second
give_usb second
scan --via usb
expect "and plugged in again" "first usb vulnerable; second usb patched" "$(verdicts)"

touch /run/user/slow
scan --via usb &
wait_for 30 pgrep -f bin/dumpsys >/dev/null
unplug second
rm /run/user/slow
wait $!
expect "unplugged in mid-answer" disconnected "$(verdicts | grep -o 'disconnected')"

# A server that holds them.
plug second
give_usb second
as_user adb start-server >/dev/null 2>&1 </dev/null
wait_for 30 sh -c '[ "$(adb devices | grep -c "device$")" = 2 ]' || true
scan --via usb
expect "a server holds them" "SAME usb usb_busy; SAME usb usb_busy" "$(verdicts)"
expect "and is named" "held by adb" "$(detail | grep -o 'held by adb' | head -n 1)"
scan
expect "auto goes through it" "first adb_server vulnerable; second adb_server patched" "$(verdicts)"
plug off
give_usb off
scan
expect "and shows what it doesn't" \
    "OFF usb usb_debugging_off; first adb_server vulnerable; second adb_server patched" "$(verdicts)"
as_user adb kill-server </dev/null
unplug off
unplug first
unplug second

# The person at the phone.
plug asking
give_usb asking
scan --via usb
expect "not allowed, nobody waits" "ASKING usb unauthorized" "$(verdicts)"
echo 'deny' >"$asking/on_auth"
scan --via usb --wait-auth 5s
expect "refused" "ASKING usb auth_refused" "$(verdicts)"
# `once` isn't remembered, so that each asks anew.
for seconds in 2 12 40; do
    echo "once $seconds" >"$asking/on_auth"
    scan --via usb --wait-auth 90s
    expect "allowed after $seconds s" "asking usb patched" "$(verdicts)"
done
echo accept >"$asking/on_auth"
scan --via usb --wait-auth 30s
echo ignore >"$asking/on_auth"
scan --via usb
expect "allowed for good" "asking usb patched" "$(verdicts)"

# adb has the same key, so that the phone doesn't ask again.
as_user adb start-server >/dev/null 2>&1 </dev/null
wait_for 30 sh -c 'adb devices | grep -q "^ASKING.device$"' || true
expect "adb uses the key that micheck made" device "$(adb devices | awk '$1 == "ASKING" { print $2 }')"
as_user adb kill-server </dev/null

# And the other way round.
mv /run/user/.android/adbkey /run/user/micheck-key
: >"$asking/adb_keys"
echo accept >"$asking/on_auth"
as_user adb start-server >/dev/null 2>&1 </dev/null
wait_for 30 sh -c 'adb devices | grep -q "^ASKING.device$"' || true
as_user adb kill-server </dev/null
echo ignore >"$asking/on_auth"
scan --via usb
expect "micheck uses the key that adb made" "asking usb patched" "$(verdicts)"

# The bench: what happens to phones that come and go, one event a line.
events=/run/user/events
as_user env -u ANDROID_ADB_SERVER_PORT "$GUEST_MICHECK" watch --format jsonl --serials full --recheck 3s \
    --timeout 60s </dev/null >"$events" 2>/run/user/said &
# came EVENT TEXT: waits until such an event is there, in how many lines.
came() {
    wait_for 60 grep -q "\"event\":\"$1\".*$2" "$events" || true
    grep -c "\"event\":\"$1\".*$2" "$events" || true
}
expect "watch: the phone that is there" 1 "$(came verdict '"model":"asking".*"verdict":"patched"')"
plug first
give_usb first
expect "watch: one that was plugged in" 1 "$(came verdict '"model":"first".*"verdict":"vulnerable"')"
unplug first
expect "watch: unplugged" 1 "$(came phone_removed '"serial":"SAME"')"
# Another phone with the same number, on the same port or not: its verdict is its own.
plug second
give_usb second
expect "watch: another with its number" 1 "$(came verdict '"model":"second".*"verdict":"patched"')"
# A server takes the phones over, and gives them back when it ends.
as_user adb start-server >/dev/null 2>&1 </dev/null
expect "watch: a server has taken over" 1 "$(came verdict '"link":"adb_server".*"model":"second".*"verdict":"patched"')"
as_user adb kill-server </dev/null
expect "watch: the server is lost" 1 "$(came server_lost 5037)"
pkill -INT -u 65534 -f "watch --format" || true
wait_for 30 sh -c '! pgrep -u 65534 -f "exe worker" >/dev/null' || true
expect "watch: no worker is left" "" "$(pgrep -u 65534 -f 'exe worker' || true)"

exit "$failed"
