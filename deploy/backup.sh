#!/usr/bin/env bash
# Makes one backup, checks that it can be read, and removes the oldest. paperround-backup.timer runs it.
set -euo pipefail

FOLDER=${1:-/var/backups/paperround}
KEPT=28 # Seven days, four a day.

usage() {
  cat <<'TEXT'
Usage: deploy/backup.sh [FOLDER]

Writes FOLDER/paperround-DAY-TIME.dump (default: /var/backups/paperround) and keeps the newest 28 of them.
A backup that cannot be read is removed, and then no older one is. --help shows this.
TEXT
}

case ${1:-} in
  --help | -h)
    usage
    exit 0
    ;;
  -*)
    echo "Unknown option $1. See --help." >&2
    exit 2
    ;;
esac
if [ ! -d "$FOLDER" ] || [ ! -w "$FOLDER" ]; then
  echo "$FOLDER is not a folder that $(id -un) can write to." >&2
  exit 2
fi

file=$FOLDER/paperround-$(date -u +%F-%H%M%S).dump
"${PAPERROUND:-/usr/local/bin/paperround}" backup "$file"
# Reads the table of contents. A dump that was cut off has none of the tables.
if [ "$(pg_restore --list "$file" | grep -c ' TABLE DATA ')" = 0 ]; then
  rm -f "$file"
  echo "The backup could not be read back and was removed. The older ones are kept." >&2
  exit 1
fi
find "$FOLDER" -maxdepth 1 -name 'paperround-*.dump' -printf '%f\n' | sort -r | tail -n +$((KEPT + 1)) | while read -r old; do
  rm -f "$FOLDER/$old"
  echo "$old is removed: the newest $KEPT are kept."
done
