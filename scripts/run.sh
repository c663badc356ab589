#!/usr/bin/env bash
# make run: builds what is missing, starts infrastruktur and brevlada under var/, and stops both on Ctrl-C.
#
# RELEASE=1 builds for speed. Every BREVLADA__* and INFRASTRUKTUR__* in the environment goes on to the programs and
# wins over what is set here.
. "$(dirname "$0")/lib.sh"
. scripts/build.sh

need_build_tools
say "building the browser client"
build_client
say "building brevlada and infrastruktur"
build_programs

# What this script itself must know; everything else is as server/brevlada.default.toml has it.
given() { [ -n "${!1+set}" ] || export "$1=$2"; }
given BREVLADA__WEB__SITE_ROOT "$site"
given BREVLADA__WEB__PUBLIC_URL http://localhost:8080
given BREVLADA__OPS__LISTEN 127.0.0.1:9090
given BREVLADA__DATABASE__URL sqlite:var/brevlada.db

mkdir -p var/log
"$programs/infrastruktur" pki >/dev/null 2>var/log/pki.log || die "no certificates could be made: $(cat var/log/pki.log)"
[ -e "${BREVLADA__KEYS__MASTER_FILE:-var/keys/master.toml}" ] || "$programs/brevlada" keys new --demonstration >/dev/null

children=()
stop() {
    trap - EXIT INT TERM
    kill -TERM "${children[@]}" 2>/dev/null || true
    wait 2>/dev/null || true
}
trap stop EXIT
trap 'stop; exit 0' INT TERM

start() { # start NAME COMMAND…: in the background, its words in var/log
    local name=$1
    shift
    (tied "$@") >"var/log/$name.log" 2>&1 &
    children+=($!)
    eval "${name}_pid=$!"
}
up() { # up NAME HOST:PORT PATH: waits for it; if it has ended, shows why
    local name=$1 pid="${1}_pid" until=$((SECONDS + 60))
    until http_ok "$2" "$3"; do
        kill -0 "${!pid}" 2>/dev/null || {
            tail -n 20 "var/log/$name.log" >&2
            die "$name has stopped; its last words are above and in var/log/$name.log"
        }
        [ "$SECONDS" -lt "$until" ] || die "$name is not ready after a minute; see var/log/$name.log"
        sleep 0.1
    done
}

say "starting"
start infrastruktur "$programs/infrastruktur" serve
up infrastruktur 127.0.0.1:8090 /metadata
start brevlada "$programs/brevlada" serve
up brevlada "$BREVLADA__OPS__LISTEN" /readyz

# FaR has the demonstration person with us from the start; the letters need the mailbox before anyone has logged in.
"$programs/brevlada" mailbox open --number 191212121212 --name "Tolvan Tolvansson" >/dev/null

# The same letters however often they are sent: a mailbox that has them takes no second copy.
"$programs/infrastruktur" demo-mail >var/log/demo-mail.log 2>&1 || {
    cat var/log/demo-mail.log >&2
    die "the demonstration letters could not be delivered"
}

cat <<TEXT

  The mailbox                  $BREVLADA__WEB__PUBLIC_URL
  What was sent as e-mail      http://localhost:8025
  Demonstration e-legitimation http://localhost:8090
  Service v3 (mutual TLS)      https://localhost:8443/service/v3?wsdl
  Health and metrics           http://$BREVLADA__OPS__LISTEN/readyz  /metrics
  Logs                         var/log/

  Try this: log in as Tolvan Tolvansson (191212121212) and open a letter. Then, in another terminal:

    cargo run --bin infrastruktur -- send --to 191212121212 --subject "Hej" --text "Ett brev till dig"

  Ctrl-C stops everything. «make run» again starts where you left off; removing var/ starts afresh.

TEXT

ended=0
wait -n "${children[@]}" || ended=$?
for name in brevlada infrastruktur; do
    pid="${name}_pid"
    kill -0 "${!pid}" 2>/dev/null || {
        tail -n 20 "var/log/$name.log" >&2
        say "$name has ended (status $ended); stopping the rest"
    }
done
exit 1
