# shellcheck shell=bash
# The services: which there are, how they are restarted, and when they are ready.

ENV_FILE=/etc/paperround/paperround.env
READY_WITHIN_SECONDS=60

# setting NAME: prints a value of paperround.env.
setting() { sed -n "s/^$1=//p" "$ENV_FILE" 2>/dev/null | tail -n 1; }

# enabled_workers: the workers that start with the machine, such as paperround-worker@1.service.
enabled_workers() {
  find /etc/systemd/system/paperround.target.wants -name 'paperround-worker@*' -printf '%f\n' 2>/dev/null | sort
}

# wait_ready URL: waits until a process says that its database and its queue work.
wait_ready() {
  local until=$(($(date +%s) + READY_WITHIN_SECONDS))
  while [ "$(date +%s)" -lt "$until" ]; do
    curl -fs -o /dev/null --max-time 5 "$1/readyz" && return
    sleep 0.3
  done
  return 1
}

# Each worker and the scheduler serve /readyz on a port of their own, which their units set.
port_of() {
  case $1 in
    paperround-web*) say 3000 ;;
    paperround-scheduler*) say 9100 ;;
    paperround-worker@*) say "910$(say "$1" | sed 's/.*@\([1-9]\).*/\1/')" ;;
  esac
}

# restart UNIT: restarts one service, and succeeds when it is ready.
restart() {
  systemctl restart "$1" && wait_ready "http://127.0.0.1:$(port_of "$1")"
}

# Prints the last lines of a service that does not become ready.
explain_service() {
  say "The last lines of $1:" >&2
  journalctl --unit "$1" --lines 15 --no-pager --output cat >&2 || true
}
