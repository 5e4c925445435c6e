# shellcheck shell=bash
# What the scripts of packaging/ share; they source it. It sets no shell options: they do.

project=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source-path=SCRIPTDIR source=../tests/testbed/lib.sh
. "$project/tests/testbed/lib.sh"

# Where cargo builds; what is made lies in dist/ below it.
target_dir=$(realpath --canonicalize-missing "${CARGO_TARGET_DIR:-$project/target}")
# shellcheck disable=SC2034
dist=$target_dir/dist
# Apart from what developers build: flags of a package, and in part another Rust.
package_target=$target_dir/cross
# How it is optimised: as people get it, unless a test says otherwise.
profile=${MICHECK_PROFILE:-dist}

# The same sources make the same files: what is dated, has the date of the commit. Not exported: crates
# with C in them are built anew whenever that changes.
source_date=${SOURCE_DATE_EPOCH:-$(git -C "$project" log -1 --format=%ct 2>/dev/null || echo 0)}
unset SOURCE_DATE_EPOCH
# Nor is anything sorted or worded as the person who builds it likes to read.
export LC_ALL=C.UTF-8 TZ=UTC

# shellcheck disable=SC2034
version=$(sed -n '/^\[workspace\.package\]/,/^\[/s/^version = "\(.*\)"/\1/p' "$project/Cargo.toml")

need_cargo() {
    command -v cargo >/dev/null ||
        fail "cargo is missing: install Rust (https://www.rust-lang.org/tools/install), then run this again"
}

# has_std TARGET: whether the Rust in use has a standard library for it.
has_std() {
    local folder
    folder=$(cd "$project" && rustc --print target-libdir --target "$1" 2>/dev/null) &&
        compgen -G "$folder/libstd-*.rlib" >/dev/null
}

# can_get_std TARGET: whether it has one, or rustup could fetch it. MICHECK_BUILD_STD=yes says no.
can_get_std() {
    [ "${MICHECK_BUILD_STD:-}" != yes ] || return 1
    has_std "$1" && return
    command -v rustup >/dev/null || return
    # In the project: its toolchain may be another one than elsewhere.
    (cd "$project" && timeout 60 rustup target add "$1" >/dev/null 2>&1 </dev/null) && has_std "$1"
}

# Folders of this machine, each with what stands for it in the program.
renamed_folders() {
    local cargo_home=${CARGO_HOME:-$HOME/.cargo} folder
    echo "$project=micheck"
    echo "$target_dir=target"
    echo "$cargo_home=cargo"
    # Named for the registry, or a mirror of it.
    for folder in "$cargo_home"/registry/src/*/; do
        echo "${folder%/}=crates"
    done
}

# musl_toolchain: sets `musl_cc`, a C compiler for static programs, and `musl_libraries`, what Rust's
# own library wants beside it. musl-gcc alone knows nothing of the kernel's headers, which libusb
# wants, nor of static programs that lie at another address each time (static-pie).
musl_toolchain() {
    local folder=$package_target/musl gcc
    need_packages gcc binutils libc6-dev musl-tools linux-libc-dev
    gcc=$(uname -m)-linux-gnu
    mkdir -p "$folder/include" "$folder/lib"
    ln -sfn /usr/include/linux "$folder/include/linux"
    ln -sfn /usr/include/asm-generic "$folder/include/asm-generic"
    ln -sfn "/usr/include/$gcc/asm" "$folder/include/asm"
    sed -e '/^%{!shared:/s|%{!shared: *\([^}]*\)/Scrt1.o}|%{static-pie:\1/rcrt1.o;!shared:\1/Scrt1.o}|' \
        -e 's|^-dynamic-linker \([^ ]*\) -nostdlib|%{static-pie:-static -pie --no-dynamic-linker -z text;!static:-dynamic-linker \1} -nostdlib|' \
        "$(echo /usr/lib/*-linux-musl/musl-gcc.specs)" >"$folder/specs"
    [ "$(grep --count -e rcrt1.o -e no-dynamic-linker "$folder/specs")" -eq 2 ] ||
        fail "musl-gcc.specs is not as it was: look at musl_toolchain"
    cat >"$folder/cc" <<END
#!/bin/sh
exec $gcc-gcc "\$@" -specs "$folder/specs" -idirafter "$folder/include"
END
    chmod +x "$folder/cc"
    # gcc's unwinder by the name of LLVM's, as which Rust asks for it.
    "$folder/cc" -Os -Wall -Wextra -Werror -ffunction-sections -c "$project/packaging/linux/find_object.c" \
        -o "$folder/lib/find_object.o"
    ar rcsD "$folder/lib/libfind_object.a" "$folder/lib/find_object.o"
    echo 'INPUT(-lgcc_eh -lfind_object -lgcc)' >"$folder/lib/libunwind.a"
    musl_cc=$folder/cc
    musl_libraries=$folder/lib
}

# build_for TARGET CARGO-ARG…: builds one program (`--bin NAME`) as it is given to people; sets
# `built` to the folder that it is in. Where no standard library for the target can be had, Debian's
# second Rust, which has its sources, builds that, too.
build_for() {
    local target=$1 name=${1//-/_} rust=(cargo) std=() rust_flags=() c_flags=() renamed
    shift
    need_cargo
    [ "$target" != x86_64-pc-windows-gnu ] || need_packages gcc-mingw-w64-x86-64
    if [ "$target" = x86_64-unknown-linux-musl ]; then
        musl_toolchain
        export "CC_$name=$musl_cc"
    fi
    if ! can_get_std "$target"; then
        need_packages rustc-web cargo-web rust-web-src
        rust=(env RUSTC_BOOTSTRAP=1 RUSTC=/usr/bin/rustc /usr/bin/cargo)
        # panic_unwind: what goes wrong with one phone must not end the others.
        std=(-Z 'build-std=std,panic_unwind')
        rust_flags+=("--remap-path-prefix=/usr/lib/rustlib/src/rust=rust")
        if [ "$target" = x86_64-unknown-linux-musl ]; then
            export "CARGO_TARGET_${name^^}_LINKER=$musl_cc"
            rust_flags+=(-Clink-self-contained=no "-Lnative=$musl_libraries")
        fi
    fi

    # Before their folder is renamed, it must be there.
    (cd "$project" && "${rust[@]}" fetch --quiet --locked --target "$target" >&2) ||
        fail "the crates could not be fetched"
    while IFS= read -r renamed; do
        rust_flags+=("--remap-path-prefix=$renamed")
        c_flags+=("$(printf %q "-ffile-prefix-map=$renamed")")
    done < <(renamed_folders)
    say "builds for $target"
    (
        cd "$project"
        CARGO_ENCODED_RUSTFLAGS=$(
            IFS=$'\x1f'
            echo "${rust_flags[*]}"
        )
        export CARGO_ENCODED_RUSTFLAGS CC_SHELL_ESCAPED_FLAGS=1 "CFLAGS_$name=${c_flags[*]}"
        "${rust[@]}" rustc --profile "$profile" --locked "${std[@]}" --target "$target" \
            --target-dir "$package_target" "$@" >&2
    ) || fail "the build for $target failed"
    # shellcheck disable=SC2034
    built=$package_target/$target/$profile
}

# no_paths PROGRAM: that it names no folder of this machine.
no_paths() {
    local found
    found=$(strings -a "$1" | grep --fixed-strings -e "$project/" -e "$target_dir/" -e "${CARGO_HOME:-$HOME/.cargo}/" | head -3) || true
    [ -z "$found" ] || fail "$1 names folders of this machine: $found"
}

# common_files FOLDER: puts there what goes with every program: pages and licences.
common_files() {
    local folder=$1 page
    cp "$project/README.md" "$project/CHANGELOG.md" "$project/LICENSE-APACHE" "$project/LICENSE-MIT" "$folder"
    "$project/packaging/notices" "$folder/THIRD-PARTY-NOTICES.txt"
    mkdir "$folder/docs"
    # What README.md and these pages point to.
    for page in "$project"/docs/*.md "$project"/docs/*.schema.json "$project"/docs/*.svg; do
        cp "$page" "$folder/docs"
    done
}

# settle FOLDER: the same rights and date for all that is in it.
settle() {
    chmod --recursive u=rwX,go=rX "$1"
    find "$1" -exec touch --no-dereference --date="@$source_date" {} +
}
# pack_zip FOLDER NAME FILE / pack_tar FOLDER NAME FILE: packs FOLDER/NAME, always alike.
pack_zip() {
    settle "$1"
    rm -f "$3"
    (cd "$1" && find "$2" | sort | zip --quiet -X -9 "$3" -@)
}
pack_tar() {
    settle "$1"
    tar --directory "$1" --sort=name --format=gnu --owner=0 --group=0 --numeric-owner \
        --mtime="@$source_date" --create "$2" | gzip --no-name -9 >"$3"
}

# man_pages FOLDER: makes them there.
man_pages() {
    mkdir -p "$1"
    # As developers build it: no second time for this.
    (cd "$project" && cargo run --quiet --locked --example manpages -- "$1" >&2) ||
        fail "the man pages could not be made"
}
# completions PROGRAM FOLDER: makes them there, named as shells want it.
completions() {
    mkdir -p "$2"
    "$1" completions bash >"$2/micheck"
    "$1" completions zsh >"$2/_micheck"
    "$1" completions fish >"$2/micheck.fish"
}
