# Builds the programs and the browser client: read with `.` after lib.sh.
# shellcheck shell=bash

# RELEASE=1 builds for speed; the default builds quickly.
if [ "${RELEASE:-0}" = 1 ]; then
    profile=(--release) built=release
else
    profile=() built=debug
fi

# The browser client with styles and pictures, laid out in a folder that `site` names.
build_client() {
    site=$(target_dir)/site-$built
    cargo run --package xtask -- site --out "$site" "${profile[@]}"
}

# Both programs, in a folder that `programs` names.
build_programs() {
    programs=$(target_dir)/$built
    # The same selection as a plain `cargo run`, so that nothing is compiled again for «cargo run --bin infrastruktur».
    cargo build "${profile[@]}"
}
