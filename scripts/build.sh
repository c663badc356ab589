# Builds the programs and the browser client: read with `.` after lib.sh.
# shellcheck shell=bash

# RELEASE=1 builds for speed; the default builds quickly.
if [ "${RELEASE:-0}" = 1 ]; then
    profile=(--release) built=release
else
    profile=() built=debug
fi

# What is built beside the programs. The whole workspace is selected always, and by all in one way: a crate gets the features that the
# selected ask for together, so another selection compiles again what they have in common.
beside=()

# The browser client with styles and pictures, laid out in a folder that `site` names.
build_client() {
    site=$(target_dir)/site-$built
    cargo build --bin xtask "${beside[@]}"
    "$(target_dir)/debug/xtask" site --out "$site" "${profile[@]}"
}

# Both programs, in a folder that `programs` names.
build_programs() {
    programs=$(target_dir)/$built
    cargo build "${profile[@]}" --bin brevlada --bin infrastruktur "${beside[@]}"
}
