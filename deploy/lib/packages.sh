# shellcheck shell=bash
# Debian packages, and Node.

NODE_MAJOR=24

needs_debian() {
  local ID='' VERSION_ID='' PRETTY_NAME=''
  # shellcheck source=/dev/null
  [ ! -r /etc/os-release ] || . /etc/os-release
  case $ID:$VERSION_ID in
    debian:12 | debian:13) ;;
    *) refuse "This script is for Debian 12 and 13, and this is ${PRETTY_NAME:-another system}. docs/PRODUCTION.md lists the parts to install by hand." ;;
  esac
  [ -d /run/systemd/system ] || refuse "systemd does not run here. In a container, use docker-compose.yml."
}

is_installed() { dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null | grep -qx installed; }

# install_packages NAME…: sets ADDED to the packages that were missing.
install_packages() {
  local name
  ADDED=()
  for name in "$@"; do is_installed "$name" || ADDED+=("$name"); done
  if [ ${#ADDED[@]} = 0 ]; then
    kept "packages: $*"
    return
  fi
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq || fail "apt-get update failed. The lines above say why."
  apt-get install -y -qq --no-install-recommends "${ADDED[@]}" >/dev/null || fail "apt-get install failed. Repair it with apt-get -f install, then run this script again."
  changed "packages: ${ADDED[*]}"
}

# Node 20.19 or newer; 22 from 22.12. The same range as package.json's.
node_suits() {
  "$1" -e 'const [major, minor] = process.versions.node.split(".").map(Number)
    process.exit(major > 20 || (major === 20 && minor >= 19) ? 0 : 1)' 2>/dev/null
}

# Uses the Node that is there if it is new enough, else installs Node 24 from NodeSource. Sets NODE.
install_node() {
  NODE=$(command -v node || true)
  if [ -n "$NODE" ]; then
    NODE=$(readlink -f "$NODE")
    case $NODE in
      /home/* | /root/* | /tmp/*) NODE='' ;; # The services cannot read these folders.
    esac
  fi
  if [ -n "$NODE" ] && node_suits "$NODE" && command -v npm >/dev/null; then
    kept "Node $("$NODE" --version), $NODE"
  else
    install_packages curl ca-certificates
    curl -fsSL https://deb.nodesource.com/gpgkey/nodesource-repo.gpg.key -o /etc/apt/keyrings/nodesource.asc ||
      fail "NodeSource’s key could not be loaded. Install Node $NODE_MAJOR with npm by another way, then run this script again."
    say "deb [signed-by=/etc/apt/keyrings/nodesource.asc] https://deb.nodesource.com/node_$NODE_MAJOR.x nodistro main" |
      put_file /etc/apt/sources.list.d/nodesource.list 644 root:root || true
    # Debian's own nodejs may be there, and is too old.
    if ! apt-get update -qq || ! DEBIAN_FRONTEND=noninteractive apt-get install -y -qq nodejs >/dev/null; then
      fail "Node could not be installed from NodeSource. The lines above say why."
    fi
    NODE=$(readlink -f /usr/bin/node)
    node_suits "$NODE" || fail "$NODE is $("$NODE" --version), and Paperround needs 20.19 or newer."
    changed "Node $("$NODE" --version), $NODE"
  fi
  put_folder "$OPT" 755 root:root
  put_folder "$OPT/bin" 755 root:root
  put_folder "$OPT/releases" 755 root:root
  [ "$(readlink "$OPT/bin/node" 2>/dev/null)" = "$NODE" ] || {
    ln -sfn "$NODE" "$OPT/bin/node"
    changed "$OPT/bin/node -> $NODE"
  }
}
