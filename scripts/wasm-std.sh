#!/usr/bin/env bash
# wasm-std.sh: provides the standard library for wasm32-wasip2 and prints the compiler flags to find it (none for a
# regular installation).
#
# In this order: the installed target; an earlier build; `rustup target add`; a build from the source in Debian's
# package of the same Rust version, into a separate sysroot in the tool cache. Only rustup changes the installed
# toolchain.

source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
cd "$root" # a toolchain override of this folder counts

# rustc_info KEY: a value from `rustc -Vv`.
rustc_info() { rustc -Vv | sed -n "s/^$1: //p"; }

release=$(rustc_info release) || die "rustc is not on PATH; this project needs Rust $(sed -n 's/^rust-version = //p' Cargo.toml) or newer."
commit=$(rustc_info commit-hash)
host=$(rustc_info host)
name=std-$triple-$release-${commit:0:9}

installed() {
    compgen -G "$(rustc --print target-libdir --target "$triple")/libstd-*.rlib" >/dev/null
}

add_by_rustup() {
    command -v rustup >/dev/null || return 1
    say "Adding Rust's standard library for $triple: rustup target add $triple (half a minute at most)."
    local answer
    answer=$(RUST_BACKTRACE=0 limited 30 rustup target add "$triple" 2>&1) && installed && return
    say "  rustup could not ($(grep -m 1 '^error' <<<"$answer" | cut -d : -f 2 | xargs))."
    return 1
}

# The URI of the machine's Debian mirror, from either form of source list.
debian_uri() {
    # Either form may be missing.
    { cat /etc/apt/sources.list.d/*.sources /etc/apt/sources.list /etc/apt/sources.list.d/*.list 2>/dev/null || true; } |
        sed -nE -e 's/^URIs: *([^ ]+).*/\1/p' -e 's/^deb +(\[[^]]*\] +)?([^ ]+) .*/\2/p' |
        awk '/\/debian\/?$/ && !seen { print; seen = 1 }'
}

# apt_private FOLDER PROGRAM ARGUMENT…: runs an apt program with FOLDER's source list and state only.
apt_private() {
    local folder=$1 program=$2
    shift 2
    "$program" -qq -o Dir::Etc::SourceList="$folder/sources.list" -o Dir::Etc::SourceParts=/dev/null \
        -o Dir::State::Lists="$folder/lists" -o Dir::Cache="$folder/cache" -o APT::Sandbox::User=root "$@"
}

# fetch_sources FOLDER: unpacks the source of std and its C library into FOLDER.
fetch_sources() {
    local folder=$1 uri suite version seen='' keyring=/usr/share/keyrings/debian-archive-keyring.gpg
    uri=$(debian_uri)
    [[ -n $uri ]] || die \
        "rustup could not add $triple, and this machine has no Debian package source to build it from." \
        "Run 'rustup target add $triple' with a network connection."
    for suite in trixie-backports forky sid; do
        mkdir -p "$folder"/{lists,cache/archives}/partial
        printf 'deb [signed-by=%s targets=Packages lang=none] %s %s main\n' "$keyring" "$uri" "$suite" >"$folder/sources.list"
        say "  looking for the source of std $release in Debian's $suite"
        apt_private "$folder" apt-get update >&2 || continue
        seen+=" $(apt_private "$folder" apt-cache madison rust-src | awk '{ print $3 }' | tr '\n' ' ')"
        version=$(apt_private "$folder" apt-cache madison rust-src |
            awk -v release="$release" 'index($3, release "+") == 1 || index($3, release "-") == 1 { print $3; exit }')
        [[ -n $version ]] || continue
        say "  downloading rust-src $version and wasi-libc: 50 MB"
        (cd "$folder" && apt_private "$folder" apt-get download "rust-src=$version" wasi-libc >&2) || continue
        for package in "$folder"/*.deb; do dpkg -x "$package" "$folder"; done
        return
    done
    die "rustup could not add $triple, and Debian's mirror has no source of Rust $release (it has:$seen)." \
        "Run 'rustup target add $triple' with a network connection, or use a Rust version that the mirror has."
}

# build_sysroot FOLDER: fills FOLDER like a toolchain's sysroot, for this target and, with links, for the host.
build_sysroot() {
    local folder=$1 work=$1/work lib=$1/lib/rustlib/$triple/lib source=$1/lib/rustlib/src/rust
    say "Building Rust's standard library for $triple from source into $cache: about a minute, once per Rust version."
    mkdir -p "$work/crate" "$lib/self-contained" "$folder/lib/rustlib/src"
    fetch_sources "$work"
    cp "$work/usr/lib/$triple"/{crt1-command.o,crt1-reactor.o,libc.a} "$lib/self-contained/" ||
        die "Debian's wasi-libc has no $triple in this suite; run 'rustup target add $triple' with a network connection."
    ln -s "$(rustc --print sysroot)/lib/rustlib/$host" "$folder/lib/rustlib/$host"

    # An empty crate makes cargo build std; a compiler with FOLDER as its sysroot makes cargo find the source.
    ln -s "$work/usr/src/rustc-$release" "$source"
    printf '#!/bin/sh\nexec "%s" --sysroot "%s" "$@"\n' "$(rustup which rustc 2>/dev/null || command -v rustc)" "$folder" >"$work/rustc"
    chmod +x "$work/rustc"
    printf '[package]\nname = "empty"\nversion = "0.0.0"\nedition = "2024"\n[lib]\npath = "lib.rs"\n[workspace]\n' >"$work/crate/Cargo.toml"
    : >"$work/crate/lib.rs"
    # Like the toolchain's own: optimised for speed, with bitcode for LTO, without local paths.
    (
        cd "$work/crate"
        unset CARGO_TARGET_DIR CARGO_ENCODED_RUSTFLAGS
        RUSTC_BOOTSTRAP=1 RUSTC=$work/rustc CARGO_PROFILE_RELEASE_OPT_LEVEL=3 CARGO_PROFILE_RELEASE_CODEGEN_UNITS=1 \
            RUSTFLAGS="-C embed-bitcode=yes --remap-path-prefix=$source=/rustc/$commit" \
            cargo build --quiet -Zbuild-std=std,panic_abort --target "$triple" --release >&2
    ) || die "the standard library did not build (see above). It needs the crate registry."
    rm "$work/crate/target/$triple/release/deps"/libempty-*.rlib
    cp "$work/crate/target/$triple/release/deps"/*.rlib "$lib/"
    rm -r "$work" "$folder/lib/rustlib/src"
}

if installed; then
    exit
fi
if [[ ! -d $cache/$name ]] && add_by_rustup; then
    exit
fi
sysroot=$(cached "$name" build_sysroot)
printf -- '--sysroot %s\n' "$sysroot"
