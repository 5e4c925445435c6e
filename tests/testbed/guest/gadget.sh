# shellcheck shell=bash
# Phones on the guest's own USB: the kernel's dummy_hcd is a computer's USB sockets and what is
# plugged into them at once. `boot` sources it before the script that it runs.
#
#     add_phone NAME SERIAL FOLDER [KIND]   makes a phone. FOLDER is as tests/testbed/adbd/phone says.
#                                           KIND: adb; or off: a phone whose USB debugging is off
#                                           (file transfer alone). SERIAL may be empty.
#     plug NAME…                            plugs them in
#     unplug NAME…
#     phone_log NAME                        what its adbd says
#     usb_node NAME                         its device node: /dev/bus/usb/001/002
#     as_user COMMAND…                      runs it as a user who may open no device node
#     give_usb NAME, take_usb NAME          lets every user open the phone's device node, or none
#     new_folder NAME                       makes an empty folder in /run, for a phone, and prints it

set -euo pipefail

gadgets=/sys/kernel/config/usb_gadget
: "${ADBD:?is the path of adbd}" "${PHONE:?is the path of adbd/phone}"
guest_tools=$(dirname "${BASH_SOURCE[0]}")

# What Android and the kernel's sockets know of each phone, by its name.
declare -A phone_folder phone_kind phone_socket phone_pid
sockets_taken=0

mkdir -p /run/home /run/user /run/phones
chmod 777 /run/user
export HOME=/run/home TMPDIR=/run/home

new_folder() {
    mkdir -p "/run/phones/$1/bin"
    echo "/run/phones/$1"
}

# wait_for SECONDS COMMAND…: until it succeeds. What it said last is shown if it never does.
wait_for() {
    local until=$((SECONDS + $1))
    shift
    until "$@" 2>/run/wait_for; do
        [ "$SECONDS" -lt "$until" ] || {
            echo "waited in vain for: $*" >&2
            cat /run/wait_for >&2
            return 1
        }
        sleep 0.05
    done
}

add_phone() {
    local name=$1 serial=$2 folder=$3 kind=${4:-adb} gadget=$gadgets/$1 product=0xff48
    [ "$kind" = adb ] || product=0xff40
    mkdir -p "$gadget"/{strings/0x409,configs/c.1/strings/0x409,"functions/ffs.$name"}
    echo 0x2717 >"$gadget/idVendor"
    echo $product >"$gadget/idProduct"
    echo 0x0200 >"$gadget/bcdUSB"
    echo Xiaomi >"$gadget/strings/0x409/manufacturer"
    echo "${PRODUCT:-POCO X3 Pro}" >"$gadget/strings/0x409/product"
    # A gadget that was never told a serial number has none.
    [ -z "$serial" ] || echo "$serial" >"$gadget/strings/0x409/serialnumber"
    echo "$kind" >"$gadget/configs/c.1/strings/0x409/configuration"
    ln -s "$gadget/functions/ffs.$name" "$gadget/configs/c.1/"

    phone_folder[$name]=$folder
    phone_kind[$name]=$kind
    phone_socket[$name]=dummy_udc.$sockets_taken
    sockets_taken=$((sockets_taken + 1))
    start_answering "$name"
}

# Starts what answers behind the phone's interface, each with a FunctionFS of its own where adbd
# looks for it. It takes some seconds; `plug` waits for it.
start_answering() {
    local name=$1 program=("$PHONE" --adbd "$ADBD" --usb --log "/run/$1.log" "${phone_folder[$1]}")
    [ "${phone_kind[$name]}" = adb ] || program=("$guest_tools/file-transfer" /dev/usb-ffs/adb)
    mkdir -p /dev/usb-ffs
    : >"/run/$name.out"
    # shellcheck disable=SC2016 # The inner shell expands them.
    unshare --mount bash -euc '
        mount -t tmpfs tmpfs /dev/usb-ffs
        mkdir /dev/usb-ffs/adb
        mount -t functionfs "$0" /dev/usb-ffs/adb
        exec "$@"
    ' "$name" "${program[@]}" >"/run/$name.out" 2>&1 </dev/null &
    phone_pid[$name]=$!
}

plug() {
    local name
    for name; do
        [ -n "${phone_pid[$name]}" ] || start_answering "$name"
    done
    for name; do
        if ! { wait_for 60 grep -q ready "/run/$name.out" && wait_for 30 is_plugged "$name"; }; then
            phone_log "$name" | tail -n 40 >&2
            return 1
        fi
    done
}

# Plugs it in if it isn't, and sees whether the computer has noticed it. adbd waits a second to be
# plugged in, then closes everything and opens it anew: the kernel unplugs what was plugged in at
# that moment.
is_plugged() {
    [ -n "$(cat "$gadgets/$1/UDC")" ] || echo "${phone_socket[$1]}" >"$gadgets/$1/UDC"
    usb_node "$1" >/dev/null
}

unplug() {
    local name
    for name; do
        echo >"$gadgets/$name/UDC"
        # Unplugged in the middle of an answer adbd hangs (in io_submit): `plug` starts a new one.
        kill -9 "${phone_pid[$name]}"
        wait "${phone_pid[$name]}" 2>/dev/null || true
        phone_pid[$name]=
    done
}

phone_log() {
    cat "/run/$1.out" "/run/$1.log" 2>/dev/null
}

usb_node() {
    local number=${phone_socket[$1]##*.} device
    # Each of the emulated sockets is a bus of its own, with one port.
    for device in "/sys/devices/platform/dummy_hcd.$number"/usb*/*-1; do
        [ -e "$device/devnum" ] || return 1
        printf '/dev/bus/usb/%03d/%03d\n' "$(cat "$device/busnum")" "$(cat "$device/devnum")"
    done
}

give_usb() {
    chmod 666 "$(usb_node "$1")"
}
take_usb() {
    chmod 600 "$(usb_node "$1")"
}

as_user() {
    HOME=/run/user TMPDIR=/run/user setpriv --reuid 65534 --regid 65534 --clear-groups "$@"
}
