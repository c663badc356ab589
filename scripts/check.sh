#!/usr/bin/env bash
# make check: format, lints, and advisories and licences when cargo-deny is installed.
. "$(dirname "$0")/lib.sh"
need_build_tools

say "format"
cargo fmt --all --check
say "lints"
cargo clippy --workspace --all-targets --locked -- -D warnings
if cargo deny --version >/dev/null 2>&1; then
    say "advisories and licences"
    cargo deny check
else
    say "cargo-deny is not installed: advisories and licences were not looked at"
fi
