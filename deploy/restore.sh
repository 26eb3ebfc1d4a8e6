#!/usr/bin/env bash
# Restores a backup into the installation of install.sh, and makes it safe to send from.
set -euo pipefail
here=$(cd "$(dirname "$(readlink -f "$0")")" && pwd)
# shellcheck source=deploy/lib/output.sh
. "$here/lib/output.sh"
# shellcheck source=deploy/lib/services.sh
. "$here/lib/services.sh"

usage() {
  cat <<'TEXT'
Usage: deploy/restore.sh FILE [options]

Stops everything, replaces the database with the backup in FILE, repeats the unsubscribes of Caddy’s access log, marks the
days that went out since as sent, and starts everything.

  --sent-through DAY    the last day that may have been sent since the backup (leave it out if none was)
  --access-log GLOB     access logs (default: /var/log/caddy/paperround*.log*)
  --keep-stopped        start nothing at the end
  --help

Exit codes: 0 done, 1 failed, and nothing runs; 2 wrong usage, and nothing was changed.
TEXT
}

file='' logs='/var/log/caddy/paperround*.log*' keep_stopped=no check=(restore-check)

read_options() {
  while [ $# -gt 0 ]; do
    case $1 in
      --sent-through)
        check+=(--sent-through "$(value_of "$@")")
        shift
        ;;
      --access-log)
        logs=$(value_of "$@")
        shift
        ;;
      --keep-stopped) keep_stopped=yes ;;
      --help | -h)
        usage
        exit 0
        ;;
      -*) refuse "Unknown option $1. See --help." ;;
      *)
        [ -z "$file" ] || refuse "Name one backup. See --help."
        file=$1
        ;;
    esac
    shift
  done
  [ -n "$file" ] || refuse "Name the backup. The newest are: $(find /var/backups/paperround -name '*.dump' 2>/dev/null | sort -r | head -n 3 | tr '\n' ' ')"
  [ -f "$file" ] || refuse "$file does not exist."
  file=$(readlink -f "$file")
}

read_options "$@"
needs_root
[ -f "$ENV_FILE" ] || refuse "Paperround is not installed here by install.sh."
runuser -u paperround -- test -r "$file" || refuse "The user paperround cannot read $file. Move it to /var/backups/paperround, and give it to paperround."
runuser -u paperround -- pg_restore --list "$file" >/dev/null || refuse "$file is not a backup that pg_restore can read."
for ((i = 1; i < ${#check[@]}; i++)); do
  [ "${check[i]}" != --sent-through ] || date -d "${check[i + 1]}" +%F | grep -qxF -- "${check[i + 1]}" || refuse "--sent-through ${check[i + 1]} is not a day such as 2026-11-24."
done

systemctl stop paperround-web paperround-scheduler 'paperround-worker@*'
paperround restore "$file" --replace
# The log is readable for Caddy only. A copy goes to a folder that the user paperround can read, and is removed.
copies=$(mktemp -d /var/lib/paperround/access-log.XXXXXX)
trap 'rm -rf "$copies"' EXIT
# shellcheck disable=SC2086
cp $logs "$copies/" 2>/dev/null || say "WARNING  There is no access log at $logs: unsubscribes since the backup are not repeated."
chown -R paperround "$copies"
find "$copies" -type f -print0 | sort -z | while IFS= read -r -d '' log; do printf '%s\0' --access-log "$log"; done |
  mapfile -d '' log_options
paperround "${check[@]}" "${log_options[@]}"
[ "$keep_stopped" = no ] || exit 0
systemctl start paperround.target paperround-web paperround-scheduler
for unit in paperround-web paperround-scheduler $(enabled_workers); do
  restart "$unit" || {
    explain_service "$unit"
    fail "$unit is not ready. See docs/RUNBOOK.md."
  }
done
say "Done: $file is restored, and everything runs."
