# Builds the programs and the browser client: read with `.` after lib.sh.
# shellcheck shell=bash

# RELEASE=1 builds for speed; the default builds quickly.
if [ "${RELEASE:-0}" = 1 ]; then
    profile=(--release) built=release
else
    profile=() built=debug
fi

# The browser client, laid out under site/. It is built with the compiler that has the wasm target (see
# wasm-toolchain.sh), in a folder of its own, since two compilers must not share one.
build_client() {
    scripts/wasm-toolchain.sh "$top/.wasm-env"
    cargo run --quiet --package xtask -- site "${profile[@]}"
}

build_programs() {
    cargo build --package server --package infrastruktur --bins "${profile[@]}"
    programs=$(target_dir)/$built
}
