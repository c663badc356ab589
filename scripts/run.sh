#!/usr/bin/env bash
# make run: builds what is missing, starts infrastruktur and brevlada under var/, and stops both on Ctrl-C.
#
# RELEASE=1 builds for speed. Every BREVLADA__* and INFRASTRUKTUR__* in the environment goes on to the programs and
# wins over what is set here.
. "$(dirname "$0")/lib.sh"
. scripts/build.sh

# Each port, what it is for, and the variable that moves it (docs/demonstration.md).
ports="
BREVLADA__WEB__LISTEN 8080 the mailbox
BREVLADA__SERVICE__LISTEN 8443 deliveries
BREVLADA__OPS__LISTEN 9090 health and metrics
INFRASTRUKTUR__REGISTER__LISTEN 8444 FaR
INFRASTRUKTUR__IDP__LISTEN 8090 the e-legitimation
INFRASTRUKTUR__CATCHER__LISTEN 8025 caught mail
INFRASTRUKTUR__CATCHER__SMTP_LISTEN 1025 SMTP
INFRASTRUKTUR__CATCHER__SMS_LISTEN 8026 text messages
INFRASTRUKTUR__CATCHER__PUSH_LISTEN 8027 notices to browsers
"
# at VARIABLE: where that part listens.
at() {
    local usual
    usual=$(sed -n "s/^$1 \([0-9]*\) .*/\1/p" <<<"$ports")
    printf '%s' "${!1:-127.0.0.1:$usual}"
}
port_of() { local address && address=$(at "$1") && printf '%s' "${address##*:}"; }

# Before anything is built or written: an earlier start may be running.
taken=()
while read -r variable _ what; do
    [ -n "$variable" ] || continue
    address=$(at "$variable")
    if port_open "$address"; then
        taken+=("${address##*:} ($what) by $(holder "${address##*:}")")
    fi
done <<<"$ports"
if [ ${#taken[@]} -gt 0 ]; then
    list=$(printf ', %s' "${taken[@]}")
    die "these ports are taken: ${list:2}. Stop what runs there, or move the port (docs/demonstration.md)."
fi

need_build_tools
# For letters as PDF; without it everything else works.
[ "$(id -u)" != 0 ] || need fonts-dejavu-core
say "building the browser client"
build_client
say "building brevlada and infrastruktur"
build_programs

# What this script itself must know; everything else is as server/brevlada.default.toml has it.
given() { [ -n "${!1+set}" ] || export "$1=$2"; }
given BREVLADA__WEB__SITE_ROOT "$site"
given BREVLADA__WEB__PUBLIC_URL "http://localhost:$(port_of BREVLADA__WEB__LISTEN)"
given BREVLADA__OPS__LISTEN "$(at BREVLADA__OPS__LISTEN)"
given BREVLADA__DATABASE__URL sqlite:var/brevlada.db
# Who has moved a port need not tell the others: they follow.
moved() { [ -n "${!1+set}" ]; }
if moved BREVLADA__WEB__LISTEN || [ "$BREVLADA__WEB__PUBLIC_URL" != http://localhost:8080 ]; then
    given INFRASTRUKTUR__IDP__SP_METADATA "$BREVLADA__WEB__PUBLIC_URL/saml/metadata,$BREVLADA__WEB__PUBLIC_URL/staff/saml/metadata"
    given INFRASTRUKTUR__REGISTER__OPERATOR_PAGE "$BREVLADA__WEB__PUBLIC_URL"
fi
if moved BREVLADA__SERVICE__LISTEN; then
    given BREVLADA__SERVICE__PUBLIC_URL "https://localhost:$(port_of BREVLADA__SERVICE__LISTEN)/service/v3"
    given INFRASTRUKTUR__REGISTER__OPERATOR_ADDRESS "$BREVLADA__SERVICE__PUBLIC_URL"
fi
if moved INFRASTRUKTUR__REGISTER__LISTEN; then
    far=https://localhost:$(port_of INFRASTRUKTUR__REGISTER__LISTEN)
    given BREVLADA__REGISTER__RECIPIENT_URL "$far/recipient/v3"
    given BREVLADA__REGISTER__AUTHORITY_URL "$far/authority"
    given INFRASTRUKTUR__SENDING__RECIPIENT_URL "$far/recipient/v3"
fi
if moved INFRASTRUKTUR__IDP__LISTEN; then
    given BREVLADA__SAML__IDP_METADATA "http://localhost:$(port_of INFRASTRUKTUR__IDP__LISTEN)/metadata"
fi
if moved INFRASTRUKTUR__CATCHER__SMTP_LISTEN; then
    given BREVLADA__SMTP__URL "smtp://$(at INFRASTRUKTUR__CATCHER__SMTP_LISTEN)"
fi
if moved INFRASTRUKTUR__CATCHER__SMS_LISTEN; then
    given BREVLADA__SMS__URL "http://$(at INFRASTRUKTUR__CATCHER__SMS_LISTEN)/a1/sms"
fi

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
trap 'stop; say stopped; exit 0' INT TERM

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
up infrastruktur "$(at INFRASTRUKTUR__IDP__LISTEN)" /metadata
start brevlada "$programs/brevlada" serve
up brevlada "$BREVLADA__OPS__LISTEN" /readyz

# FaR has the demonstration person with us from the start; the letters need the mailbox before anyone has logged in.
"$programs/brevlada" mailbox open --number 191212121212 --name "Tolvan Tolvansson" >/dev/null

# Staff as a real operator adds them: Hanna helps and writes, Ivar runs it and reads what the others have done.
staff() { "$programs/brevlada" staff add --or-leave --login "$1" --name "$2" --roles "$3" >/dev/null; }
staff hanna.hjelm@5599999017 "Hanna Hjelm" support,editor
staff ivar.isberg@5599999017 "Ivar Isberg" operations,auditor
staff jonna.juhl@5599999017 "Jonna Juhl" support

# The same letters however often they are sent: a mailbox that has them takes no second copy.
"$programs/infrastruktur" demo-mail >var/log/demo-mail.log 2>&1 || {
    cat var/log/demo-mail.log >&2
    die "the demonstration letters could not be delivered"
}

cat <<TEXT

  The mailbox                  $BREVLADA__WEB__PUBLIC_URL
  What was sent as e-mail      http://localhost:$(port_of INFRASTRUKTUR__CATCHER__LISTEN)
  Demonstration e-legitimation http://localhost:$(port_of INFRASTRUKTUR__IDP__LISTEN)
  Service v3 (mutual TLS)      https://localhost:$(port_of BREVLADA__SERVICE__LISTEN)/service/v3?wsdl
  Health and metrics           http://$BREVLADA__OPS__LISTEN/readyz  /metrics
  Logs                         var/log/

  Try this: log in as Tolvan Tolvansson (191212121212) and open a letter. Then, in another terminal:

    cargo run --bin infrastruktur -- send --to 191212121212 --subject "Hej" --text "Ett brev till dig"

  The staff's side is $BREVLADA__WEB__PUBLIC_URL/admin: log in there as Hanna Hjelm (accounts, traces, opinions, texts) or Ivar Isberg (queue, audit log, numbers).

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
