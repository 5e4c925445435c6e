# shellcheck shell=bash
# Shows that the guest is what it's said to be, with Debian's adb as the computer's side. `../boot`
# runs it.

pass() {
    echo "ok      $* (at $(cut -d ' ' -f 1 /proc/uptime) s)"
}
# expect WHAT SHOULD IS
expect() {
    [ "$2" = "$3" ] || {
        printf 'FAILED  %s\n  should be: %s\n  is:        %s\n' "$1" "$2" "$3"
        exit 1
    }
    pass "$1"
}

# A phone's folder with the programs that a check asks for.
make_folder() {
    local folder
    folder=$(new_folder "$1")
    printf '[ro.product.model]: [%s]\n[ro.product.name]: [vayu]\n' "$1" >"$folder/props"
    [ "${2:-}" != secure ] || echo '[ro.adb.secure]: [1]' >>"$folder/props"
    # shellcheck disable=SC2016 # The phone's shell expands them.
    printf '#!/bin/sh\ncat "$PHONE_DIR/props"\n' >"$folder/bin/getprop"
    # shellcheck disable=SC2016
    printf '#!/bin/sh\necho "Packages: $PHONE_DIR $*"\n' >"$folder/bin/dumpsys"
    chmod +x "$folder"/bin/*
    echo "$folder"
}

state_of() {
    adb devices | awk -v serial="$1" '$1 == serial { print $2 }'
}
is_in_state() {
    [ "$(state_of "$1")" = "$2" ]
}

add_phone first SAME "$(make_folder first)"
add_phone second SAME "$(make_folder second)"
asking=$(make_folder asking secure)
add_phone asking ASKING "$asking"
add_phone off OFF "$(make_folder off)" off
plug first second asking off

expect "vendor and product" "2717:ff48 2717:ff48 2717:ff48 2717:ff40" \
    "$(for name in first second asking off; do
        node=$(usb_node $name)
        lsusb -D "$node" | awk '/idVendor/ { vendor = substr($2, 3) } /idProduct/ { print vendor ":" substr($2, 3) }'
    done | xargs)"

# A user may open no phone until he's given it.
take_usb first
expect "a user can't open a phone's node" no "$(as_user sh -c "exec 3<>$(usb_node first)" 2>/dev/null && echo yes || echo no)"
give_usb first
expect "a user can open a node that he was given" yes "$(as_user sh -c "exec 3<>$(usb_node first)" && echo yes || echo no)"

# adb tells two phones with one serial number apart by their sockets only.
adb start-server >/dev/null 2>&1
wait_for 20 is_in_state ASKING unauthorized || true
expect "adb lists both phones with the same serial" 2 "$(adb devices | grep -c '^SAME.device')"
mapfile -t transports < <(adb devices -l | sed -n 's/^SAME .*transport_id://p')
answers=$(for id in "${transports[@]}"; do adb -t "$id" shell 'getprop; dumpsys package x'; done | sort)
for name in first second; do
    grep -q "^\[ro.product.model\]: \[$name\]" <<<"$answers" || expect "$name answers getprop" yes "$answers"
    grep -q "^Packages: .*/$name package x" <<<"$answers" || expect "$name answers dumpsys" yes "$answers"
    pass "$name answers getprop and dumpsys package x"
done
expect "adb does not list the phone whose USB debugging is off" "" "$(state_of OFF)"

# The person taps Allow after 2 s.
expect "the phone that asks is not allowed" unauthorized "$(state_of ASKING)"
sleep 1
expect "nor a second later" unauthorized "$(state_of ASKING)"
echo 'accept 2' >"$asking/on_auth"
wait_for 20 is_in_state ASKING device || expect "it's allowed after the tap" device "$(state_of ASKING)"
expect "the allowed phone answers" asking "$(adb -s ASKING shell getprop | sed -n 's/.*product.model.: .\(.*\)./\1/p')"
expect "and remembers the computer" 1 "$(wc -l <"$asking/adb_keys")"

# Unplugged while it answers, and plugged in again.
adb -s ASKING shell 'cat /dev/zero' >/run/answer 2>/dev/null &
answer=$!
wait_for 20 test -s /run/answer || expect "an answer has begun" yes no
unplug asking
wait $answer || true
expect "the unplugged phone is gone" "" "$(state_of ASKING)"
plug asking
wait_for 20 is_in_state ASKING device || expect "plugged in again it is known" device "$(state_of ASKING)"
pass "plugged in again it's known"
adb kill-server
