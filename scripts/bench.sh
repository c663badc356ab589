#!/usr/bin/env bash
# make bench: builds for speed, then prints the figures beside the machine's own limits. QUICK=1 for a rough look.
#
#   bench.sh [--only delivery|pages|export|first|search …]
. "$(dirname "$0")/lib.sh"
RELEASE=1
. scripts/build.sh

need_build_tools
need openssl chromium
command -v node >/dev/null || need nodejs npm
[ -e end2end/node_modules/playwright-core ] || (cd end2end && npm ci --no-audit --no-fund --loglevel=error)
say "building for speed"
build_client
# In one go: another selection would compile what they have in common twice.
cargo build "${profile[@]}" --bin brevlada --bin infrastruktur --examples
programs=$(target_dir)/release
say "measuring; leave the machine alone meanwhile"
quick=()
[ "${QUICK:-0}" = 1 ] && quick=(--quick)
PROGRAMS=$programs SITE=$site TARGET=$(target_dir) exec node benches/run.mjs "${quick[@]}" "$@"
