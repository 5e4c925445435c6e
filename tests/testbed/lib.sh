# shellcheck shell=bash
# What the scripts of tests/ share; they source it. It sets no shell options: they do.

# Where what was built or fetched is kept: outside the checkout, so that a fresh one finds it.
testbed_cache=${XDG_CACHE_HOME:-${HOME:?HOME is not set}/.cache}/micheck/testbed

# What is needed to build the test beds of these names. clang: adbd's source is written for it;
# boringssl: no other library has its RSA functions.
# shellcheck disable=SC2034
adbd_packages=(clang gcc make patch xz-utils libcap-dev android-libboringssl-dev)
# shellcheck disable=SC2034
usb_mock_packages=(umockdev libumockdev-dev libglib2.0-dev libc6-dev gcc pkg-config)

# say WORDS… / fail WORDS…: on stderr, since stdout is for the answer; under the name of the script.
say() {
    echo "${testbed_script:-${0##*/}}: $*" >&2
}
fail() {
    say "$@"
    exit 1
}

# missing_packages PACKAGE…: prints those that are not installed.
missing_packages() {
    local package
    for package; do
        [ "$(dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null)" = installed ] ||
            echo "$package"
    done
}

# has_browser: whether one is there; the names are those that tests/pages/browser.py looks for.
has_browser() {
    local program
    for program in chromium google-chrome google-chrome-stable chromium-browser; do
        command -v "$program" >/dev/null && return
    done
    return 1
}

# as_root COMMAND…
# Where nobody can type a password, sudo must not wait for one.
as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif [ -t 0 ]; then
        sudo "$@"
    else
        sudo -n "$@"
    fi
}

# install_packages PACKAGE…: by apt-get, or ends the script with words on why not.
install_packages() {
    local log by='' others installing seconds
    command -v apt-get >/dev/null ||
        fail "$*: missing, and there is no apt-get here; install them as this system does"
    if [ "$(id -u)" -ne 0 ]; then
        by=', by sudo'
        others="have somebody who may do so run: apt-get install --no-install-recommends $*"
        command -v sudo >/dev/null || fail "packages are missing, and there is neither root nor sudo here; $others"
        as_root true || fail "packages are missing, and sudo gives no right to install them; $others"
    fi

    say "installs with apt-get$by, which can take some minutes: $*"
    log=$(mktemp)
    try_install "$@" >"$log" 2>&1 </dev/null &
    installing=$!
    for ((seconds = 1; ; seconds++)); do
        sleep 1
        kill -0 "$installing" 2>/dev/null || break
        ((seconds % 15)) || say "… $(tail -1 "$log" | cut -c1-100)"
    done
    if ! wait "$installing"; then
        cat "$log" >&2
        rm -f "$log"
        fail "apt-get could not install $*"
    fi
    rm -f "$log"
}
try_install() {
    # A fresh machine has no package lists; old lists name versions that the archive no longer has.
    if apt-cache show --no-all-versions "$@" && apt_get_install "$@"; then
        return 0
    fi
    apt_get update && apt_get_install "$@"
}
apt_get() {
    # Another apt-get may be at work: that is waited for.
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 "$@"
}
apt_get_install() {
    apt_get install --yes --no-install-recommends "$@"
}

# need_packages PACKAGE…: installs those that are missing.
need_packages() {
    local missing
    command -v dpkg-query >/dev/null || fail "needs Debian or Ubuntu, for their packages: $*"
    mapfile -t missing < <(missing_packages "$@")
    [ ${#missing[@]} -eq 0 ] || install_packages "${missing[@]}"
}

# download_packages PACKAGE…: puts their .deb files into the working directory, and installs none.
download_packages() {
    command -v apt-get >/dev/null || fail "needs apt-get, to fetch $*"
    # Old lists name versions that the archive no longer has.
    apt-get --quiet --quiet download "$@" >&2 2>/dev/null ||
        { apt_get --quiet --quiet update >&2 && apt-get --quiet --quiet download "$@" >&2; } ||
        fail "apt-get could not fetch $*"
}

# cached NAME FUNCTION FILE…: sets `cached` to a folder of the cache that `FUNCTION FOLDER` filled.
# It is filled anew when one of the FILEs (or the system) is another one than last time, by one
# script at a time, and is there whole or not at all.
cached() {
    local name=$1 fill=$2 key lock
    shift 2
    key=$({
        cat "$@"
        uname -m
        cat /etc/os-release
    } | sha256sum | cut -c1-16)
    cached=$testbed_cache/$name-$key
    [ ! -d "$cached" ] || return 0

    mkdir -p "$testbed_cache"
    exec {lock}>"$testbed_cache/$name.lock"
    flock "$lock"
    # Another script may have filled it in the meantime.
    if [ ! -d "$cached" ]; then
        cached_new=$(mktemp -d "$testbed_cache/$name.new.XXXXXX")
        trap 'rm -rf "$cached_new"' EXIT
        # Not in a condition, where `set -e` would not end it at its first mistake.
        "$fill" "$cached_new"
        chmod 755 "$cached_new"
        mv -T "$cached_new" "$cached"
        trap - EXIT
    fi
    exec {lock}>&-
}
