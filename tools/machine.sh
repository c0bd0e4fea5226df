#!/bin/sh
# What the machine must have before make can do its work.
#
#   tools/machine.sh environment REQUIREMENTS   a virtual environment in .venv with the pinned requirements
#   tools/machine.sh services                   PostgreSQL and Chromium, for the tests
#
# Missing system packages are installed with apt-get as root on Debian. Everywhere else
# the script stops with the exact command to type and exit status 1; it never goes on without.
set -eu

say() { printf '%s\n' "$*" >&2; }

on_debian_as_root() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; }

# need WHAT APT_PACKAGES BREW_COMMAND: install, or say how and stop.
need() {
    if on_debian_as_root; then
        say "$1 is missing: installing $2 with apt-get"
        apt-get update -q >&2
        # shellcheck disable=SC2086  # several packages in one argument
        DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $2 >&2
        return 0
    fi
    if command -v apt-get >/dev/null 2>&1; then
        command="sudo apt-get update && sudo apt-get install -y $2"
    elif [ "$(uname -s)" = Darwin ]; then
        command=$3
    else
        command="(your system's package manager) $2"
    fi
    say "$1 is missing. Install it with:"
    say "    $command"
    exit 1
}

python_is_new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

find_python() {
    for candidate in "${PYTHON:-python3}" python3.14 python3.13 python3.12 python3.11; do
        if command -v "$candidate" >/dev/null 2>&1 && python_is_new_enough "$candidate"; then
            command -v "$candidate"
            return 0
        fi
    done
    return 1
}

make_environment() {
    python=$(find_python) || {
        need "Python 3.11 or later" "python3 python3-venv" "brew install python@3.12"
        python=$(find_python) || { say "Python 3.11 or later could not be found."; exit 1; }
    }
    # Debian's python3 comes without ensurepip; venv then fails half way.
    if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
        need "Python's venv module" "python$version-venv" "brew install python@$version"
    fi
    "$python" -m venv --clear .venv
}

find_uv() {
    if command -v uv >/dev/null 2>&1; then command -v uv; return 0; fi
    [ -x .venv/bin/uv ] || .venv/bin/python -m pip install --quiet --disable-pip-version-check \
        --require-hashes -r requirements-uv.txt >/dev/null 2>&1 || return 1
    echo .venv/bin/uv
}

# environment REQUIREMENTS: uv where it can be had (seconds), else pip (half a minute); the same files.
environment() {
    .venv/bin/python -c '' 2>/dev/null || make_environment
    if uv=$(find_uv) && VIRTUAL_ENV=.venv "$uv" pip install --quiet --python .venv/bin/python --require-hashes -r "$1"; then
        return 0
    fi
    say "uv could not be used here; going on with pip"
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r "$1"
}

have_postgresql() {
    [ -n "${TEST_DATABASE_URL:-}" ] || [ -n "$(.venv/bin/python -m tests.machine.postgresql)" ]
}

have_chromium() { [ -n "$(.venv/bin/python -m tests.machine.chromium)" ]; }

# What drives the browser is a program of its own, which a bare Debian lacks a library for.
have_driver() { .venv/bin/playwright --version >/dev/null 2>&1; }

services() {
    have_postgresql || need "PostgreSQL" "postgresql" "brew install postgresql@17"
    have_chromium || need "Chromium" "chromium" "brew install --cask chromium"
    have_driver || need "libatomic, for Playwright's driver," "libatomic1" "make clean"
    have_postgresql || { say "PostgreSQL (initdb, postgres) could not be found."; exit 1; }
    have_chromium || { say "Chromium could not be found."; exit 1; }
    have_driver || { .venv/bin/playwright --version; exit 1; }
}

case "${1:-}" in
    environment) environment "$2" ;;
    services) services ;;
    *) say "usage: tools/machine.sh environment REQUIREMENTS | services"; exit 2 ;;
esac
