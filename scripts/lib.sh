# Shared by the scripts here: read with `.`, from the top of the repository.
# shellcheck shell=bash
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
top=$PWD

say() { printf '\n==> %s\n' "$*" >&2; }
die() {
    printf '\nerror: %s\n' "$*" >&2
    exit 1
}

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        die "needs root to run: $*"
    fi
}

# need PACKAGE…: installs the Debian packages among them that are not there; asks nothing.
need() {
    local package missing=()
    command -v apt-get >/dev/null || return 0 # another system: what is missing will say so itself
    for package in "$@"; do
        dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    say "installing ${missing[*]}"
    # Another may be installing: a new machine does so by itself when it starts.
    local apt=(apt-get -q -o DPkg::Lock::Timeout=600)
    as_root "${apt[@]}" update >/dev/null
    as_root env DEBIAN_FRONTEND=noninteractive "${apt[@]}" install -y --no-install-recommends "${missing[@]}" >/dev/null
}

# What building takes: a C compiler (SQLite and AWS-LC are compiled) and Rust.
need_build_tools() {
    command -v cc >/dev/null || need gcc libc6-dev
    if ! command -v cargo >/dev/null && [ -x "$HOME/.cargo/bin/cargo" ]; then
        PATH=$HOME/.cargo/bin:$PATH
    fi
    if ! command -v cargo >/dev/null && apt-cache show rustup >/dev/null 2>&1; then
        need rustup
        rustup default stable
    fi
    command -v cargo >/dev/null || die "Rust is missing. Install it with rustup (https://rustup.rs), then try again."
}

# Where cargo builds, whatever says so (CARGO_TARGET_DIR, a setting of cargo's, a link called target).
target_dir() {
    cargo metadata --no-deps --format-version 1 --offline 2>/dev/null | sed -n 's/.*"target_directory":"\([^"]*\)".*/\1/p'
}

# port_open HOST:PORT
port_open() { (exec 3<>"/dev/tcp/${1%:*}/${1##*:}") 2>/dev/null; }

# holder PORT: which program listens there, as far as this user may see.
holder() {
    local inode pid link
    inode=$(awk -v port="$(printf ':%04X' "$1")" '$4 == "0A" && substr($2, length($2) - 4) == port { print $10; exit }' \
        /proc/net/tcp /proc/net/tcp6 2>/dev/null)
    for link in /proc/[0-9]*/fd/*; do
        [ -n "$inode" ] && [ "$(readlink "$link" 2>/dev/null)" = "socket:[$inode]" ] || continue
        pid=${link#/proc/}
        pid=${pid%%/*}
        printf '%s, process %s' "$(cat "/proc/$pid/comm" 2>/dev/null)" "$pid"
        return 0
    done
    printf 'another program'
}

# http_ok HOST:PORT PATH: whether a GET there is answered with 200. No curl: a new machine may not have it.
http_ok() {
    local line
    exec 3<>"/dev/tcp/${1%:*}/${1##*:}" || return 1
    printf 'GET %s HTTP/1.0\r\nHost: %s\r\n\r\n' "$2" "$1" >&3
    IFS= read -r -t 5 line <&3 || line=
    exec 3>&-
    [[ $line == *' 200'* ]]
} 2>/dev/null

# wait_for SECONDS WHAT COMMAND…: until the command succeeds.
wait_for() {
    local until=$((SECONDS + $1)) what=$2
    shift 2
    until "$@"; do
        [ "$SECONDS" -lt "$until" ] || die "$what did not come up"
        sleep 0.1
    done
}

# A child that ends when this script does, also when the script is killed outright.
tied() {
    if command -v setpriv >/dev/null; then
        exec setpriv --pdeathsig TERM -- "$@"
    fi
    exec "$@"
}
