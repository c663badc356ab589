#!/usr/bin/env bash
# What cargo calls as the compiler of our own crates when RUSTC_WORKSPACE_WRAPPER names it: clippy, which lints and compiles in one pass.
# A warning is an error, as in `make check`.
exec clippy-driver "$@" -D warnings
