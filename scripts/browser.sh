#!/bin/sh
# Prints the path of a Chromium-like browser for the tests; gets one if the machine has none.
#   GDL_CHROMIUM   use this browser
#   VENV           the virtual environment whose Playwright may download a browser (default .venv)
# Only the path goes to standard output; everything said to people goes to standard error.
set -eu

python=${VENV:-.venv}/bin/python
say() { echo "browser: $*" >&2; }

# Start each candidate: some systems install a stub that only prints advice.
works() { [ -n "$1" ] && "$1" --version >/dev/null 2>&1; }

installed() {
  for name in chromium chromium-browser google-chrome google-chrome-stable \
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"; do
    path=$(command -v "$name") || continue
    if works "$path"; then echo "$path"; return; fi
  done
  return 1
}

playwrights_own() {
  path=$("$python" -c 'from playwright.sync_api import sync_playwright as play
with play() as p: print(p.chromium.executable_path)' 2>/dev/null) || return 1
  works "$path" && echo "$path"
}

system_package() {
  if [ "$(id -u)" = 0 ]; then sudo=; elif sudo -n true 2>/dev/null; then sudo="sudo -n"; else return 1; fi
  if command -v apt-get >/dev/null; then
    say "installing the system package chromium (apt-get)"
    { $sudo apt-get update -qq && $sudo apt-get install -y -qq chromium; } >&2
  elif command -v dnf >/dev/null; then
    say "installing the system package chromium (dnf)"
    $sudo dnf install -y -q chromium >&2
  else
    return 1
  fi
}

playwrights_download() {
  say "downloading a browser with Playwright"
  "$python" -m playwright install chromium >&2
}

if [ -n "${GDL_CHROMIUM:-}" ]; then
  works "$GDL_CHROMIUM" || { say "GDL_CHROMIUM=$GDL_CHROMIUM doesn't start"; exit 1; }
  echo "$GDL_CHROMIUM"
  exit
fi

installed || playwrights_own || { system_package && installed; } || { playwrights_download && playwrights_own; } || {
  say "no browser found and none could be installed."
  say "Install Chromium or Chrome, or name one: GDL_CHROMIUM=/path/to/browser make test"
  exit 1
}
