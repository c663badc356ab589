#!/usr/bin/env bash
# make test: sets up what is missing, runs every test, and closes with one line: N passed, N failed.
#
#   test.sh [rust|browser]     only one half, for the one who works on it
#
# What was printed is kept under target/test/.
. "$(dirname "$0")/lib.sh"
. scripts/build.sh
half=${1:-all}
began=$SECONDS

# What is built once is built faster without notes for the next time.
[ "${CI:-}" != true ] || export CARGO_INCREMENTAL=0

need_build_tools
target=$(target_dir)
logs=$target/test
rm -rf "$logs"
mkdir -p "$logs"
passed=0 failed=0

# Debian's packages for the counterparts. One call of apt at a time, so all of them here.
packages() {
    need postgresql xmlsec1 chromium openssl unzip perl qpdf poppler-utils fonts-dejavu-core python3 python3-venv \
        openjdk-17-jdk-headless libjaxws-java libjaxb-java libwoodstox-java libgeronimo-annotation-1.3-spec-java
    # Where there is one without windows, it is the faster one (end2end/support/browser.mjs).
    ! apt-cache show chromium-headless-shell >/dev/null 2>&1 || need chromium-headless-shell
    command -v node >/dev/null || need nodejs npm
}

# Python's counterparts, in an environment that is made anew when the list changes.
python_environment() {
    local list=end2end/counterparts/requirements.txt
    cmp -s "$list" "$target/counterparts/requirements.txt" && return 0
    say "setting up the counterparts in Python"
    rm -rf "$target/counterparts"
    python3 -m venv "$target/counterparts"
    "$target/counterparts/bin/pip" install --quiet --disable-pip-version-check -r "$list"
    cp "$list" "$target/counterparts/requirements.txt"
}

# The browser's driver. The browser itself is Debian's.
node_packages() {
    cmp -s end2end/package-lock.json end2end/node_modules/.installed && return 0
    say "setting up the browser tests"
    (cd end2end && npm ci --no-audit --no-fund --loglevel=error)
    cp end2end/package-lock.json end2end/node_modules/.installed
}

# step NAME COMMAND…: a step that passes or fails as a whole
step() {
    local name=$1
    shift
    say "$name"
    if "$@" 2>&1 | tee "$logs/${name// /-}.log"; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        say "failed: $name"
        return 1
    fi
}

# counted NAME COMMAND…: a step that prints its own counts, cargo's or node's
counted() {
    local name=$1 log before=$failed status=0
    shift
    say "$name"
    log=$logs/${name// /-}.log
    "$@" 2>&1 | tee "$log" || status=$?
    local good bad
    good=$(sed -nE 's/^test result: .* ([0-9]+) passed;.*/\1/p; s/^(#|ℹ) pass ([0-9]+)$/\2/p' "$log" | paste -sd+ | bc_add)
    bad=$(sed -nE 's/^test result: .* ([0-9]+) failed;.*/\1/p; s/^(#|ℹ) (fail|cancelled) ([0-9]+)$/\3/p' "$log" |
        paste -sd+ | bc_add)
    passed=$((passed + good)) failed=$((failed + bad))
    # Something that could not even start counts as one failure.
    if [ "$status" != 0 ] && [ "$failed" = "$before" ]; then failed=$((failed + 1)); fi
}
bc_add() {
    local sum
    read -r sum || true
    echo $((${sum:-0}))
}

close() {
    say "logs are in $logs; it took $(((SECONDS - began) / 60)) min $(((SECONDS - began) % 60)) s"
    printf '\n%s passed, %s failed\n' "$passed" "$failed"
    [ "$failed" = 0 ]
}

# Downloads go on while the compiler works; formatting and lints need none of them.
set_up() {
    packages
    [ "$half" = rust ] || { python_environment && node_packages; }
}
set_up >"$logs/set-up.log" 2>&1 &
setting_up=$!
is_set_up() {
    wait "$setting_up" || {
        cat "$logs/set-up.log"
        die "what the tests need could not be set up"
    }
}

if [ "$half" != browser ]; then
    step format cargo fmt --all --check || true
    export RUSTC_WORKSPACE_WRAPPER=$top/scripts/linting-rustc.sh
    # What does not please is told; what works is told all the same.
    step lints cargo test --workspace --locked --no-run --quiet || unset RUSTC_WORKSPACE_WRAPPER
    is_set_up
    # They wait for databases, clocks and other programs more than they calculate.
    counted "unit and integration tests" env RUST_TEST_THREADS=$((3 * $(nproc))) scripts/with-postgres.sh \
        cargo test --workspace --locked --no-fail-fast --quiet
fi

if [ "$half" != rust ]; then
    is_set_up
    say "building what the browser tests use"
    # What the tests in Rust were built with is there already.
    beside=(--tests)
    build_client
    build_programs
    counted "browser tests" env PROGRAMS="$programs" SITE="$site" PYTHON="$target/counterparts/bin/python" TARGET="$target" \
        scripts/with-postgres.sh node end2end/run.mjs
fi

close
