#!/bin/sh
# Gets the proxy that deploy/Caddyfile is for, so that the slow tests can try it; nothing to do where it is installed.
set -eu

say() { echo "proxy: $*" >&2; }

if command -v caddy >/dev/null; then exit; fi
if [ "$(id -u)" = 0 ]; then sudo=; elif sudo -n true 2>/dev/null; then sudo="sudo -n"; else sudo=none; fi
if [ "$sudo" != none ] && command -v apt-get >/dev/null; then
  say "installing the system package caddy (apt-get)"
  { $sudo apt-get update -qq && $sudo apt-get install -y -qq --no-install-recommends caddy; } >&2
elif [ "$sudo" != none ] && command -v dnf >/dev/null; then
  say "installing the system package caddy (dnf)"
  $sudo dnf install -y -q caddy >&2
else
  say "Install Caddy (https://caddyserver.com) to try the proxy's settings."
  exit 1
fi
