# shellcheck shell=bash
# A release is one version of the program in /opt/paperround/releases/VERSION-HASH. /opt/paperround/current points to one.
# The hash is of the files, so the same files are the same release.

OPT=/opt/paperround
RELEASES_KEPT=3
PARTS=(package.json package-lock.json tsconfig.json tsconfig.build.json .env.example LICENSE CHANGELOG.md config src workers locales templates deploy docs)

# check_source PATH: refuses anything that is not a checkout or a tarball of one.
check_source() {
  if [ -d "$1" ]; then
    if [ ! -f "$1/package.json" ] || [ ! -f "$1/deploy/install.sh" ]; then
      refuse "$1 is not a checkout of Paperround: it has no package.json with deploy/install.sh. Name its folder or a tarball with --from."
    fi
  elif [ -f "$1" ]; then
    tar -tf "$1" >/dev/null 2>&1 || refuse "$1 is not a tar archive. Name a checkout or a tarball of one with --from."
  else
    refuse "$1 does not exist. Name a checkout or a tarball of one with --from."
  fi
}

# prepare_release SOURCE PREBUILT: sets RELEASE to the folder of the release, and makes it if it is not there.
prepare_release() {
  RELEASE=$(readlink -f "$1")
  case $RELEASE in "$OPT"/releases/*-*) if [ -d "$RELEASE" ]; then return; fi ;; esac # It is one already.
  local source=$1 prebuilt=$2 draft=$OPT/releases/.draft unpacked=$OPT/releases/.unpacked name
  rm -rf "$draft" "$unpacked"
  mkdir -p "$draft"
  if [ -f "$source" ]; then
    mkdir -p "$unpacked"
    tar -xf "$source" -C "$unpacked" --no-same-owner
    source=$(dirname "$(find "$unpacked" -maxdepth 2 -name package.json -not -path '*/node_modules/*' | sort | head -n 1)")
    [ -f "$source/deploy/install.sh" ] || fail "The tarball is not of Paperround: it has no deploy/install.sh."
  fi
  local parts=("${PARTS[@]}")
  if [ "$prebuilt" = yes ]; then
    if [ ! -f "$source/dist/src/cli/main.js" ] || [ ! -d "$source/node_modules" ]; then
      fail "--prebuilt needs node_modules and dist in the source. Run npm ci there, or leave --prebuilt out."
    fi
    parts+=(dist)
  fi
  # `--version` names the commit.
  PAPERROUND_COMMIT=$(git -C "$source" rev-parse HEAD 2>/dev/null || true)
  export PAPERROUND_COMMIT
  tar -C "$source" -cf - "${parts[@]}" | tar -C "$draft" -xf - --no-same-owner
  name=$(version_in "$draft")-$(cd "$draft" && find . -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum | cut -c 1-10)
  RELEASE=$OPT/releases/$name
  if [ -d "$RELEASE" ]; then
    kept "$RELEASE"
  else
    if [ "$prebuilt" = yes ]; then copy_modules "$source" "$draft"; else build "$draft"; fi
    chmod -R u=rwX,go=rX "$draft"
    mv "$draft" "$RELEASE"
    changed "$RELEASE"
  fi
  rm -rf "$draft" "$unpacked"
}

version_in() {
  "$NODE" -p 'JSON.parse(require("fs").readFileSync(process.argv[1])).version' "$1/package.json"
}

# Installs the exact versions of the lock file, builds, and leaves what only the build needed.
build() (
  cd "$1" || exit 1
  export PATH="$OPT/bin:$PATH" npm_config_update_notifier=false
  say "  npm ci and the build take some minutes …"
  npm ci --ignore-scripts --no-audit --no-fund --loglevel=error || fail "npm ci failed. The lines above say why. The running version is as it was."
  npm run --silent build || fail "The build failed. The running version is as it was."
  npm prune --omit=dev --ignore-scripts --no-audit --no-fund --loglevel=error
)

# A tarball was unpacked for us and can be moved; a checkout is copied.
copy_modules() {
  case $1 in
    "$OPT"/releases/.unpacked*) mv "$1/node_modules" "$2/node_modules" ;;
    *) cp -a --no-preserve=ownership "$1/node_modules" "$2/node_modules" ;;
  esac
}

# switch_to RELEASE: one rename, so that there is always a current version.
switch_to() {
  if [ "$(readlink "$OPT/current" 2>/dev/null)" = "$1" ]; then
    kept "$OPT/current"
    return 1
  fi
  ln -sfn "$1" "$OPT/current.new"
  mv -T "$OPT/current.new" "$OPT/current"
  changed "$OPT/current -> $1"
}

# Removes the oldest releases, but never the current one and the one before it.
remove_old_releases() {
  local path
  find "$OPT/releases" -mindepth 1 -maxdepth 1 -type d -printf '%T@ %p\n' | sort -rn | tail -n +$((RELEASES_KEPT + 1)) |
    cut -d' ' -f2- | while read -r path; do
    case $path in "$(readlink "$OPT/current")" | "${OLD_RELEASE:-}") continue ;; esac
    rm -rf "$path"
    say "  removed  $path"
  done
}
