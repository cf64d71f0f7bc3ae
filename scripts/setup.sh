#!/bin/sh
# Makes a virtual environment and installs a requirements file into it:
#   scripts/setup.sh VENV REQUIREMENTS
#
# torch is installed first and alone: the default index serves a build for graphics cards that takes
# several gigabytes, and this app computes on the CPU only.
#
# PYTHON            use this interpreter instead of searching for one
# TORCH_INDEX_URL   where CPU builds of torch are; set but empty: don't ask there
set -eu

venv=${1:?usage: scripts/setup.sh VENV REQUIREMENTS}
requirements=${2:?usage: scripts/setup.sh VENV REQUIREMENTS}
torch_index=${TORCH_INDEX_URL-https://download.pytorch.org/whl/cpu}
folder=$(cd "$(dirname "$0")/.." && pwd)

say() { echo "setup: $*" >&2; }

# Run each candidate instead of only looking for its name: version managers leave names that don't run.
new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }
has_venv() { "$1" -c 'import ensurepip, venv' >/dev/null 2>&1; }

# The oldest suitable Python first: it is the one most likely to have ready-made packages.
find_python() {
  for candidate in ${PYTHON:-python3.11 python3.12 python3.13 python3 python}; do
    if new_enough "$candidate" && has_venv "$candidate"; then echo "$candidate"; return; fi
  done
  return 1
}

# Debian and Ubuntu ship Python without the part that makes virtual environments.
add_venv_module() {
  [ -z "${PYTHON:-}" ] && new_enough python3 && command -v apt-get >/dev/null || return 1
  if [ "$(id -u)" = 0 ]; then sudo=; elif sudo -n true 2>/dev/null; then sudo="sudo -n"; else return 1; fi
  say "installing the system package python3-venv"
  { $sudo apt-get update -qq && $sudo apt-get install -y -qq python3-venv; } >/dev/null 2>&1
}

if ! "$venv/bin/python" -m pip --version >/dev/null 2>&1; then
  python=$(find_python) || { add_venv_module && python=$(find_python); } || {
    say "no Python >= 3.11 that can make virtual environments was found."
    say "Install one (on Debian or Ubuntu also the package python3-venv), or name it: PYTHON=/path/to/python make ..."
    exit 1
  }
  say "making $venv with $("$python" --version)"
  "$python" -m venv --clear "$venv"
fi
pip() { "$venv/bin/python" -m pip --disable-pip-version-check "$@"; }

version=$(sed -n 's/^torch==//p' "$folder/requirements.txt")
# One try and a short wait, so that a machine that can't reach a source moves on at once.
cpu_torch() { pip install --retries 0 --timeout 10 --no-deps "$@" "torch==$version+cpu" 2>"$venv/torch.log"; }

if pip show torch 2>/dev/null | grep -qE "^Version: $version(\+|\$)"; then
  : # already there, whichever build
elif [ "$(uname -s)" != Linux ]; then
  : # elsewhere the default build is the CPU build
elif say "looking for torch $version, CPU build" && cpu_torch; then
  : # pip's own sources offered it
elif [ -n "$torch_index" ] && say "asking $torch_index" && cpu_torch --index-url "$torch_index"; then
  : # PyTorch's CPU index offered it
else
  tail -n 1 "$venv/torch.log" >&2
  say "***************************************************************************"
  say "NOTICE: no CPU build of torch $version could be fetched. Taking the default"
  say "build instead: it works the same, but downloads several GB of GPU libraries."
  say "***************************************************************************"
fi

say "installing $(basename "$requirements")"
pip install --quiet -r "$requirements"
