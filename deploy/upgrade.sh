#!/usr/bin/env bash
# Upgrades an installation of install.sh, and goes back to the old version if the new one does not become ready.
set -euo pipefail
here=$(cd "$(dirname "$(readlink -f "$0")")" && pwd)
# shellcheck source=deploy/lib/output.sh
. "$here/lib/output.sh"
# shellcheck source=deploy/lib/release.sh
. "$here/lib/release.sh"
# shellcheck source=deploy/lib/services.sh
. "$here/lib/services.sh"

usage() {
  cat <<'TEXT'
Usage: deploy/upgrade.sh [options]

Builds the new version beside the old one, makes a backup, migrates, and restarts one service after the other.
If the new version does not become ready, the old one runs again, with the database as it was.

  --from PATH           a checkout or a tarball of one (default: the checkout of this script)
  --prebuilt            the source has node_modules and dist: copies them, and does not run npm ci
  --ready-within N      seconds that each service has to become ready, 5 to 600 (default: 60)
  --help

Exit codes: 0 done, 1 the old version runs, 2 wrong usage, and nothing was changed.
TEXT
}

from=$(dirname "$here") prebuilt=no NODE=$OPT/bin/node OLD_RELEASE='' backup='' stopped=no

read_options() {
  while [ $# -gt 0 ]; do
    case $1 in
      --from)
        from=$(value_of "$@")
        shift
        ;;
      --ready-within)
        READY_WITHIN_SECONDS=$(value_of "$@")
        if ! [[ $READY_WITHIN_SECONDS =~ ^[0-9]{1,3}$ ]] || [ "$READY_WITHIN_SECONDS" -lt 5 ] || [ "$READY_WITHIN_SECONDS" -gt 600 ]; then
          refuse "--ready-within $READY_WITHIN_SECONDS is not a number of seconds from 5 to 600."
        fi
        shift
        ;;
      --prebuilt) prebuilt=yes ;;
      --help | -h)
        usage
        exit 0
        ;;
      *) refuse "Unknown option $1. See --help." ;;
    esac
    shift
  done
}

# The migrations that the database has. A version refuses a database with one that it does not know.
schema() { (cd / && runuser -u paperround -- psql -XtAqd "$(setting DATABASE_URL)" -c 'select string_agg(name, chr(10) order by name) from kysely_migration'); }

# Only the website stays up: what it takes meanwhile is in the database, or in the access log.
stop_sending() {
  stopped=yes
  say "Stopping the scheduler and the workers. They finish their calls, at most 30 s."
  systemctl stop paperround-scheduler 'paperround-worker@*'
}

back_up() {
  backup=/var/backups/paperround/before-$(basename "$RELEASE")-$(date -u +%F-%H%M%S).dump
  paperround backup "$backup"
}

start_new() {
  paperround migrate || return 1
  local unit
  for unit in paperround-web paperround-scheduler $(enabled_workers); do
    restart "$unit" || {
      explain_service "$unit"
      return 1
    }
    say "  ready    $unit"
  done
}

# The old version again. If the new one changed the schema, the backup is restored, since the old one cannot read it.
go_back() {
  say "$(basename "$RELEASE") did not become ready. Going back to $(basename "$OLD_RELEASE")."
  systemctl stop paperround-scheduler 'paperround-worker@*'
  READY_WITHIN_SECONDS=60 # It was ready before.
  local now
  now=$(schema)
  switch_to "$OLD_RELEASE" || true
  if [ "$now" != "$before" ]; then
    say "The new version had migrated the database. Restoring the backup."
    systemctl stop paperround-web
    "$OLD_RELEASE/deploy/restore.sh" "$backup" --keep-stopped ||
      fail "The restore failed. Everything is stopped. Correct what the lines above say, then run: $OPT/current/deploy/restore.sh $backup"
  fi
  local unit
  for unit in paperround-web paperround-scheduler $(enabled_workers); do
    restart "$unit" || {
      explain_service "$unit"
      fail "$unit of the old version is not ready either. See docs/RUNBOOK.md."
    }
  done
  fail "$(basename "$OLD_RELEASE") runs as before. The new version is in $RELEASE, and the backup is $backup."
}

# After any other failure, what was running runs again.
finish() {
  local status=$?
  if [ "$status" != 0 ] && [ "$stopped" = yes ]; then systemctl start paperround-scheduler paperround.target; fi
  exit "$status"
}

read_options "$@"
needs_root
if [ ! -L "$OPT/current" ] || [ ! -f "$ENV_FILE" ]; then
  refuse "Paperround is not installed here by install.sh. Run deploy/install.sh first."
fi
check_source "$from"
OLD_RELEASE=$(readlink "$OPT/current")
say "Upgrading from $(basename "$OLD_RELEASE")"
prepare_release "$from" "$prebuilt"
if [ "$RELEASE" = "$OLD_RELEASE" ]; then
  say "Nothing to change: $(basename "$RELEASE") is installed already."
  exit 0
fi
before=$(schema)
trap finish EXIT
stop_sending
back_up
switch_to "$RELEASE" || true
if ! start_new; then
  trap - EXIT
  go_back
fi
stopped=no
# Units, Caddy's site and the command of the new version.
"$RELEASE/deploy/install.sh"
remove_old_releases
say "Done: $(basename "$RELEASE") runs. The backup from before is $backup."
