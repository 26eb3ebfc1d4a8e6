#!/usr/bin/env bash
# Installs Paperround on Debian 12 or 13. Running it again changes only what differs, and says so.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=deploy/lib/output.sh
. "$here/lib/output.sh"
# shellcheck source=deploy/lib/packages.sh
. "$here/lib/packages.sh"
# shellcheck source=deploy/lib/release.sh
. "$here/lib/release.sh"
# shellcheck source=deploy/lib/services.sh
. "$here/lib/services.sh"

usage() {
  cat <<'TEXT'
Usage: deploy/install.sh --domain NAME [options]

Installs PostgreSQL, Redis, Caddy, Node and Paperround on this machine, with services, backups and log rotation.

  --domain NAME               the website’s name, such as papers.example.org; Caddy gets its certificate
  --http ADDRESS              without TLS instead, such as localhost or localhost:8080: only to try it
  --from PATH                 a checkout or a tarball of one (default: the checkout of this script)
  --prebuilt                  the source has node_modules and dist: copies them, and does not run npm ci
  --workers N                 worker services, 1 to 9 (default: 1, or as many as there are)
  --admin-password-file FILE  the password of /admin, 12 characters or more (default: asks, or makes one up)
  --help

Settings are in /etc/paperround/paperround.env, which a second run does not change. Exit codes: 0 done, 1 failed,
2 wrong usage, and nothing was changed.
TEXT
}

site='' scheme='' from=$(dirname "$here") prebuilt=no workers='' password_file='' ADDED=()

read_options() {
  while [ $# -gt 0 ]; do
    case $1 in
      --domain | --http)
        [ -z "$site" ] || refuse "Give --domain or --http, and only once."
        site=$(value_of "$@")
        scheme=$([ "$1" = --domain ] && echo https || echo http)
        shift
        ;;
      --from)
        from=$(value_of "$@")
        shift
        ;;
      --workers)
        workers=$(value_of "$@")
        shift
        ;;
      --admin-password-file)
        password_file=$(value_of "$@")
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

# Everything that can be wrong is found before anything is changed.
check_options() {
  local label='[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?'
  if [ -z "$site" ] && [ -f "$ENV_FILE" ]; then
    site=$(setting PUBLIC_URL)
    scheme=${site%%://*}
    site=${site#*://}
    site=${site%%/*}
  fi
  [ -n "$site" ] || refuse "Name the website with --domain, such as --domain papers.example.org. To try it without a domain: --http localhost."
  if [ "$scheme" = https ]; then
    [[ $site =~ ^($label\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])$ ]] || refuse "--domain $site is not a name such as papers.example.org. Write it without https:// and without a path, in lower case."
  else
    [[ $site =~ ^$label(\.$label)*(:[0-9]{1,5})?$ ]] || refuse "--http $site is not a name or an address such as localhost or localhost:8080."
    case ${site##*:} in 3000 | 9100 | 910[1-9]) refuse "Port ${site##*:} is one of Paperround’s own. Choose another, such as localhost:8080." ;; esac
  fi
  [ -z "$workers" ] || [[ $workers =~ ^[1-9]$ ]] || refuse "--workers $workers is not a number from 1 to 9."
  if [ -n "$password_file" ]; then
    [ -r "$password_file" ] || refuse "--admin-password-file $password_file cannot be read."
    [ "$(head -n 1 "$password_file" | tr -d '\r\n' | wc -m)" -ge 12 ] || refuse "The password in $password_file is shorter than 12 characters. Use a sentence of your own."
  fi
  check_source "$from"
  if [ -f "$ENV_FILE" ] && [ "$(setting PUBLIC_URL)" != "$scheme://$site" ]; then
    case $(setting PUBLIC_URL) in "$scheme://$site"/*) return ;; esac
    refuse "PUBLIC_URL in $ENV_FILE is $(setting PUBLIC_URL), and you asked for $scheme://$site. Change it there first, then run this script again without --domain."
  fi
}

make_user() {
  if id paperround >/dev/null 2>&1; then
    kept "user paperround"
  else
    useradd --system --user-group --home-dir /var/lib/paperround --no-create-home --shell /usr/sbin/nologin paperround
    changed "user paperround"
  fi
  put_folder /etc/paperround 755 root:root
  put_folder /var/lib/paperround 700 paperround:paperround
  put_folder /var/backups/paperround 700 paperround:paperround
  # The access log has addresses of visitors and links of subscribers.
  put_folder /var/log/caddy 750 caddy:caddy
}

make_database() {
  systemctl start postgresql
  local until=$(($(date +%s) + 60))
  until as_postgres 'select 1' >/dev/null 2>&1; do
    [ "$(date +%s)" -lt "$until" ] || fail "PostgreSQL does not answer. See: journalctl -u 'postgresql@*'"
    sleep 0.2
  done
  [ "$(as_postgres 'show server_version_num')" -ge 140000 ] || fail "PostgreSQL is older than 14. Upgrade its cluster with pg_upgradecluster, then run this script again."
  if [ "$(as_postgres "select 1 from pg_roles where rolname = 'paperround'")" = 1 ]; then
    kept "database role paperround"
  else
    as_postgres 'create role paperround login' >/dev/null
    changed "database role paperround, which logs in over the Unix socket and has no password"
  fi
  if [ "$(as_postgres "select 1 from pg_database where datname = 'paperround'")" = 1 ]; then
    kept "database paperround"
  else
    as_postgres 'create database paperround owner paperround' >/dev/null
    changed "database paperround"
  fi
}

as_postgres() { (cd / && runuser -u postgres -- psql -XtAqc "$1"); }

make_redis() {
  # Only this run installed it, so nobody else uses it yet. Ours is an instance of its own.
  case " ${ADDED[*]} " in *' redis-server '*) systemctl disable --quiet --now redis-server 2>/dev/null ;; esac
  if put_file /etc/redis/redis-paperround.conf 640 redis:redis <"$RELEASE/deploy/settings/redis.conf"; then
    systemctl enable --quiet redis-server@paperround
    systemctl restart redis-server@paperround
  fi
}

# Writes the settings once. They are the operator's from then on.
make_settings() {
  if [ -f "$ENV_FILE" ]; then
    kept "$ENV_FILE"
    return
  fi
  local password=''
  if [ -n "$password_file" ]; then
    password=$(head -n 1 "$password_file" | tr -d '\r\n')
  elif [ -t 0 ]; then
    read -rsp 'Password of /admin, 12 characters or more (Enter: one is made up): ' password
    echo
    [ -z "$password" ] || [ ${#password} -ge 12 ] || fail "The password is shorter than 12 characters. Run this script again: it goes on from here."
  fi
  [ -n "$password" ] || MADE_UP=$(openssl rand -base64 18 | tr '+/' '-_')
  local hash text
  hash=$(printf '%s' "${password:-$MADE_UP}" | "$NODE" "$RELEASE/dist/src/cli/main.js" hash-password)
  # Not with sed: other users of the machine can read arguments.
  text=$(<"$RELEASE/deploy/settings/paperround.env")
  text=${text/@PUBLIC_URL@/"$scheme://$site"}
  text=${text/@SECRET@/"$(openssl rand -hex 32)"}
  text=${text/@ADMIN_PASSWORD@/"$hash"}
  text=${text/@METRICS_TOKEN@/"$(openssl rand -hex 16)"}
  put_file "$ENV_FILE" 600 paperround:paperround <<<"$text"
}

make_proxy() {
  local address=$site
  # Any name that leads to this machine: a rehearsal may use several.
  [ "$scheme" = https ] || address=http://$site
  local written=no
  sed "s|@SITE@|$address|" "$RELEASE/deploy/settings/Caddyfile" | put_file /etc/caddy/paperround.caddy 644 root:root && written=yes
  if ! grep -qs '^import .*paperround\.caddy' /etc/caddy/Caddyfile; then
    if is_pristine /etc/caddy/Caddyfile; then
      cp /etc/caddy/Caddyfile /etc/caddy/Caddyfile.debian
      echo 'import paperround.caddy' >/etc/caddy/Caddyfile
    else
      printf '\nimport paperround.caddy\n' >>/etc/caddy/Caddyfile
    fi
    changed /etc/caddy/Caddyfile
    written=yes
  fi
  [ "$written" = yes ] || return 0
  caddy validate --config /etc/caddy/Caddyfile --adapter caddyfile >/dev/null 2>&1 || fail "Caddy does not accept its configuration. See: caddy validate --config /etc/caddy/Caddyfile --adapter caddyfile"
  systemctl enable --quiet caddy
  systemctl reload-or-restart caddy
}

# Whether a configuration file is as Debian's package brought it.
is_pristine() {
  local sum
  sum=$(dpkg-query -W -f '${Conffiles}\n' caddy | awk -v path="$1" '$1 == path { print $2 }')
  [ -n "$sum" ] && [ "$(md5sum <"$1" | cut -c 1-32)" = "$sum" ]
}

make_services() {
  local path name number restart=no
  for path in "$RELEASE"/deploy/systemd/*; do
    name=$(basename "$path")
    put_file "/etc/systemd/system/$name" 644 root:root <"$path" && restart=yes
  done
  put_file /usr/local/bin/paperround 755 root:root <"$RELEASE/deploy/paperround" || true
  put_folder /etc/systemd/journald.conf.d 755 root:root
  if put_file /etc/systemd/journald.conf.d/paperround.conf 644 root:root <"$RELEASE/deploy/settings/journald.conf"; then
    systemctl restart systemd-journald
  fi
  [ "$restart" = no ] || systemctl daemon-reload
  local units=(paperround.target paperround-web paperround-scheduler paperround-backup.timer)
  for ((number = 1; number <= ${workers:-1}; number++)); do units+=("paperround-worker@$number"); done
  systemctl enable --quiet "${units[@]}"
  for ((number = ${workers:-9} + 1; number <= 9; number++)); do
    systemctl is-enabled --quiet "paperround-worker@$number" 2>/dev/null || continue
    systemctl disable --quiet --now "paperround-worker@$number"
    changed "paperround-worker@$number, stopped"
  done
  if [ "$1" = yes ] || [ "$restart" = yes ]; then
    paperround migrate || fail "The database could not be migrated. The line above says why."
    systemctl restart paperround-web paperround-scheduler 'paperround-worker@*'
  fi
  systemctl start "${units[@]}"
}

check_services() {
  local unit
  for unit in paperround-web paperround-scheduler $(enabled_workers); do
    wait_ready "http://127.0.0.1:$(port_of "$unit")" || {
      explain_service "$unit"
      fail "$unit is not ready after $READY_WITHIN_SECONDS s. Correct $ENV_FILE, then run this script again."
    }
  done
  say "Ready: website, scheduler and $(enabled_workers | wc -l) worker(s)."
  local resolve=()
  [ "$scheme" = http ] || resolve=(--resolve "$site:443:127.0.0.1")
  curl -fs -o /dev/null --max-time 20 "${resolve[@]}" "$scheme://$site/readyz" ||
    say "WARNING  $scheme://$site does not answer yet. The name must lead to this machine, and ports 80 and 443 must be open. See: journalctl -u caddy"
}

summary() {
  if [ "$CHANGES" = 0 ]; then
    say "Nothing to change: $(basename "$RELEASE") is installed and runs."
    return
  fi
  say "Done: $CHANGES changes. $(basename "$RELEASE") runs at $scheme://$site."
  [ -z "${MADE_UP:-}" ] || say "The password of /admin is $MADE_UP
It is shown only now. Store it in your password manager, with a copy of $ENV_FILE."
  [ "$(setting MAIL_TRANSPORT)" != outbox ] || say "Mails go to /var/lib/paperround/outbox until you set MAIL_TRANSPORT in $ENV_FILE.
Then run: systemctl restart 'paperround-*' && paperround doctor"
}

read_options "$@"
check_options
needs_root
needs_debian
say "Installing Paperround for $scheme://$site"
install_packages postgresql redis-server caddy curl ca-certificates openssl
install_node
make_user
prepare_release "$from" "$prebuilt"
# A newer version of a running installation is an upgrade, which makes a backup first and can go back.
if [ -L "$OPT/current" ] && [ "$(readlink "$OPT/current")" != "$RELEASE" ]; then
  fail "$(basename "$(readlink "$OPT/current")") is installed, and $(basename "$RELEASE") is another version. Run: $RELEASE/deploy/upgrade.sh"
fi
make_database
make_redis
make_settings
switched=no
switch_to "$RELEASE" && switched=yes
make_proxy
make_services "$switched"
check_services
summary
