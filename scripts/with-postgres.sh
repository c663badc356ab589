#!/usr/bin/env bash
# Runs a command with a PostgreSQL of its own, and takes it away afterwards, also when the command fails.
#
#   with-postgres.sh COMMAND…
#
# The cluster lives in a new folder and listens on a socket there and nowhere else. The command finds it in
# BREVLADA_TEST_POSTGRES. PostgreSQL refuses to run as root, so root hands it to an unprivileged user.
. "$(dirname "$0")/lib.sh"

bin=$(find /usr/lib/postgresql -maxdepth 2 -name bin 2>/dev/null | sort -V | tail -n 1)
[ -n "$bin" ] || die "PostgreSQL's server programs are missing (package postgresql)"
home=$(mktemp -d /tmp/brevlada-postgres.XXXXXX)
chmod 755 "$home"

if [ "$(id -u)" = 0 ]; then
    owner=postgres
    id "$owner" >/dev/null 2>&1 || owner=nobody
    chown "$owner" "$home"
    as_owner() { (cd "$home" && exec runuser -u "$owner" -- "$@"); }
else
    as_owner() { (cd "$home" && exec "$@"); }
fi

stop() {
    as_owner "$bin/pg_ctl" -D "$home/data" -m immediate stop >/dev/null 2>&1 || true
    rm -rf "$home"
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

as_owner "$bin/initdb" -D "$home/data" -U brevlada -A trust -E UTF8 --locale=C.UTF-8 --no-sync >"$home.log" 2>&1 ||
    die "initdb failed: $(cat "$home.log")"
rm -f "$home.log"
# Nothing here has to survive a power cut: the tests ask for answers, not for durability.
as_owner "$bin/pg_ctl" -D "$home/data" -w -l "$home/log" -o "-k $home -c listen_addresses='' -c fsync=off \
    -c full_page_writes=off -c synchronous_commit=off -c max_connections=400 -c shared_buffers=128MB" start >/dev/null

export BREVLADA_TEST_POSTGRES="postgres://brevlada@localhost/postgres?host=$home"
status=0
"$@" || status=$?
exit "$status"
