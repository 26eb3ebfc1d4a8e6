# shellcheck shell=bash
# Messages, and files that are written only when they differ. Sourced by the scripts in deploy/.

# `… | put_file` runs in this shell, so that it can count its change.
shopt -s lastpipe
CHANGES=0

say() { printf '%s\n' "$*"; }

# A change that this run made.
changed() {
  CHANGES=$((CHANGES + 1))
  say "  changed  $*"
}

kept() { say "  kept     $*"; }

# Something failed on the way. What was done so far stays.
fail() {
  printf '%s\n' "$*" >&2
  exit 1
}

# Wrong usage. Nothing was changed.
refuse() {
  printf '%s\n' "$*" >&2
  exit 2
}

# put_file PATH MODE OWNER: writes standard input to PATH if it differs. Succeeds when it wrote the file.
put_file() {
  local path=$1 mode=$2 owner=$3 draft
  draft=$(mktemp "$path.XXXXXX")
  cat >"$draft"
  chmod "$mode" "$draft"
  chown "$owner" "$draft"
  if [ -f "$path" ] && cmp -s "$draft" "$path" && [ "$(stat -c '%a %U:%G' "$path")" = "$(stat -c '%a %U:%G' "$draft")" ]; then
    rm -f "$draft"
    kept "$path"
    return 1
  fi
  mv "$draft" "$path"
  changed "$path"
}

# put_folder PATH MODE OWNER
put_folder() {
  local path=$1 mode=$2 owner=$3
  if [ -d "$path" ] && [ "$(stat -c '%a %U:%G' "$path")" = "$mode $owner" ]; then return; fi
  install -d -m "$mode" -o "${owner%:*}" -g "${owner#*:}" "$path"
  changed "$path/"
}

needs_root() {
  [ "$(id -u)" = 0 ] || refuse "Run this as root: sudo $0"
}

# value_of OPTION VALUE…: prints the value that follows an option, or refuses.
value_of() {
  if [ $# -lt 2 ] || [ -z "$2" ]; then refuse "$1 needs a value. See --help."; fi
  printf '%s' "$2"
}
