#!/usr/bin/env bash
# Makes rustc able to compile for the browser (wasm32-unknown-unknown).
#
#   usage: scripts/wasm-toolchain.sh [ANSWER]
#
# With rustup: adds the target to the toolchain in use. Without, on Debian: installs
# rustc-web, its library sources and the lld that fits, and builds the standard library
# for the browser once (a minute), into that compiler's own folder.
#
# ANSWER (default: target/wasm-toolchain.env) gets the line RUSTC=<path> when another
# compiler than the usual one is to be used for the client, else nothing. xtask calls this
# by itself when it has to. Running it again is harmless and quick.
set -euo pipefail

target=wasm32-unknown-unknown
answer=${1:-target/wasm-toolchain.env}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

say()     { printf 'wasm-toolchain: %s\n' "$*" >&2; }
give_up() { say "$*"; exit 1; }
as_root() { if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi; }

# Compiles and links something that formats a number: library and linker are both there.
can_compile() { # can_compile RUSTC
    printf '%s\n' '#[no_mangle] pub extern "C" fn f(n: u32) -> usize { format!("{n}").len() }' >"$work/try.rs"
    "$1" --edition 2021 --crate-type cdylib --target "$target" -o "$work/try.wasm" "$work/try.rs" >"$work/try.log" 2>&1
}

answer_with() {
    mkdir -p "$(dirname "$answer")"
    printf '%s' "$1" >"$answer"
}

with_rustup() {
    command -v rustup >/dev/null || return 1
    can_compile "$(rustup which rustc)" && return 0
    timeout 300 rustup target add "$target" && can_compile "$(rustup which rustc)"
}

install() { # install PACKAGE...
    local package missing=()
    for package in "$@"; do
        dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
    done
    [ "${#missing[@]}" -gt 0 ] || return 0
    say "installing ${missing[*]}"
    as_root apt-get update -q >/dev/null
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}" >/dev/null
}

# The standard library, built by the compiler it is for. embed-bitcode, or a client with
# link-time optimisation cannot be linked to it. The caller's own settings stay outside.
build_library() { # build_library RUSTC FOLDER
    mkdir -p "$work/library/src"
    printf '#![no_std]\n' >"$work/library/src/lib.rs"
    printf '%s\n' '[package]' 'name = "library"' 'edition = "2021"' '[workspace]' >"$work/library/Cargo.toml"
    (
        cd "$work/library"
        unset RUSTC_WRAPPER CARGO_BUILD_RUSTC_WRAPPER CARGO_ENCODED_RUSTFLAGS RUSTUP_TOOLCHAIN
        RUSTC=$1 RUSTC_BOOTSTRAP=1 RUSTFLAGS=-Cembed-bitcode=yes CARGO_TARGET_DIR=$work/library/target \
            /usr/bin/cargo build -q --release --target "$target" -Zbuild-std=std,panic_abort,proc_macro,test
    )
    rm -f "$work/library/target/$target/release/deps/"liblibrary*
    as_root rm -rf "$2"
    as_root mkdir -p "$2"
    as_root cp "$work/library/target/$target/release/deps/"*.rlib "$2/"
    as_root chmod -R a+rX "$2"
}

with_debian() {
    command -v apt-get >/dev/null || give_up "install the target $target for your rustc"
    install rustc-web cargo-web rust-web-src gcc libc6-dev ca-certificates
    local rustc=/usr/bin/rustc lld home made version
    lld=lld-$("$rustc" -vV | sed -n 's/^LLVM version: \([0-9]*\).*/\1/p')
    install "$lld"
    home=$("$rustc" --print sysroot)/lib/rustlib
    # rustc looks for its linker here, under this name
    local linker
    linker=$home/$("$rustc" -vV | sed -n 's/^host: //p')/bin/rust-lld
    if [ ! -e "$linker" ]; then
        as_root mkdir -p "$(dirname "$linker")"
        as_root ln -s "/usr/bin/$lld" "$linker"
    fi
    # built anew when apt has moved the compiler on
    made=$home/$target/.made-by
    version=$(dpkg-query -W -f '${Version}' rustc-web)
    if [ "$(cat "$made" 2>/dev/null)" != "$version" ] || ! can_compile "$rustc"; then
        say "building the standard library for $target"
        build_library "$rustc" "$home/$target/lib"
        printf '%s' "$version" | as_root tee "$made" >/dev/null
    fi
    can_compile "$rustc" || { cat "$work/try.log" >&2; give_up "$rustc cannot compile for $target"; }
    answer_with "RUSTC=$rustc
"
}

if with_rustup; then
    answer_with ''
else
    say 'no target from rustup: trying the packages of Debian'
    with_debian
fi
say ready
