#!/usr/bin/env bash
# Azurite, the emulator of Azure Storage, as tests/azurite/package-lock.json pins it.
#   eng/azurite.sh install     what the tests need; does nothing where it is there
#   eng/azurite.sh start       installs it and runs its Blob, Queue and Table services at their usual ports, in .azurite, until Ctrl-C
set -euo pipefail
cd "$(dirname "$0")/.."

need_node() {
  command -v node > /dev/null && command -v npm > /dev/null && return
  if command -v apt-get > /dev/null && [ "$(id -u)" -eq 0 ]; then
    echo "eng/azurite.sh: installing node and npm" >&2
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends nodejs npm; } > /dev/null && return
  fi
  echo "eng/azurite.sh: Azurite needs Node.js 18 or later with npm: https://nodejs.org, or 'apt-get install nodejs npm'" >&2
  exit 1
}

install() {
  need_node
  local done=tests/azurite/node_modules/.installed
  # npm ci starts from nothing each time: half a minute that an unchanged lock file need not cost.
  cmp -s tests/azurite/package-lock.json "$done" && return
  npm ci --prefix tests/azurite --ignore-scripts --silent || { echo "eng/azurite.sh: 'npm ci' in tests/azurite failed" >&2; exit 1; }
  cp tests/azurite/package-lock.json "$done"
}

case "${1:-}" in
  install) install ;;
  start) install; exec node tests/azurite/node_modules/azurite/dist/src/azurite.js --location .azurite --skipApiVersionCheck --disableTelemetry --silent ;;
  *) sed -n '2,4p' "$0" >&2; exit 2 ;;
esac
