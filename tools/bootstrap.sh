#!/bin/sh
# Puts uv into .tools/ and brings both environments in step with their lock files.
# Needs only a POSIX shell and any Python 3; does nothing, in a moment, when everything is in step.
set -eu
cd "$(dirname "$0")/.."
UV_VERSION=0.13.9
UV=.tools/bin/uv
LOG=.tools/bootstrap.log
STARTED=$(date +%s)
UV_PYTHON_INSTALL_DIR=$PWD/.tools/python
UV_NO_PROGRESS=${UV_NO_PROGRESS:-}
[ -t 1 ] || UV_NO_PROGRESS=1
[ -n "$UV_NO_PROGRESS" ] || unset UV_NO_PROGRESS
export UV_PYTHON_INSTALL_DIR ${UV_NO_PROGRESS:+UV_NO_PROGRESS}

say() { printf '[%3ss] %s\n' "$(($(date +%s) - STARTED))" "$1"; }

# The reason, what to do, and the last lines of what went wrong.
stop_with() {
    [ ! -s "$LOG" ] || { echo; tail -n 15 "$LOG"; } >&2
    printf '\n%s\n' "$1" >&2
    exit 1
}

host_python() {
    for candidate in python3 python3.14 python3.13 python3.12 python3.11 python3.10 python; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 8))' >/dev/null 2>&1; then
            echo "$candidate"
            return
        fi
    done
    : >"$LOG"
    stop_with "Python 3.8 or newer is missing. Install it (Debian and Ubuntu: apt-get install python3 python3-venv; macOS: xcode-select --install) and run make again."
}

install_uv() {
    [ "$("$UV" --version 2>/dev/null | cut -d ' ' -f 2)" != "$UV_VERSION" ] || return 0
    python=$(host_python) || exit 1
    say "uv $UV_VERSION, once, into .tools/"
    rm -rf .tools/uv .tools/bin
    mkdir -p .tools/bin
    # A Debian Python may come without venv or ensurepip; pip alone is enough then.
    if "$python" -m venv .tools/uv >"$LOG" 2>&1; then
        .tools/uv/bin/python -m pip install --quiet "uv==$UV_VERSION" >"$LOG" 2>&1 || download_failed "uv"
    elif "$python" -m pip --version >/dev/null 2>&1; then
        rm -rf .tools/uv
        "$python" -m pip install --quiet --target .tools/uv "uv==$UV_VERSION" >"$LOG" 2>&1 || download_failed "uv"
    else
        stop_with "This Python has neither venv nor pip. Install them (Debian and Ubuntu: apt-get install python3-venv) and run make again."
    fi
    ln -s ../uv/bin/uv "$UV"
    "$UV" --version >"$LOG" 2>&1 || stop_with "uv was installed but does not run here. Remove the folder .tools and run make again."
}

download_failed() {
    stop_with "The download of $1 failed. Check the network connection (and the proxy, if there is one) and run make again."
}

# A Python of this version that really runs: from the path, from pyenv, or none (uv then downloads one).
python_of() {
    for candidate in "python$1" "${PYENV_ROOT:-$HOME/.pyenv}"/versions/"$1".*/bin/python; do
        if "$candidate" -c "import sys; sys.exit('%d.%d' % sys.version_info[:2] != '$1')" >/dev/null 2>&1; then
            command -v "$candidate"
            return
        fi
    done
    echo "$1"
}

# in_step FOLDER PYTHON LOCK NAME: the environment holds exactly what its lock file says.
in_step() {
    "$1/bin/python" -c '' >/dev/null 2>&1 || {
        say "Python $2 for $4"
        "$UV" venv --quiet --clear --python "$(python_of "$2")" "$1" 2>"$LOG" || download_failed "Python $2"
    }
    ! cmp -s "$3" "$1/installed.lock" || return 0
    say "packages for $4 (first time: a few minutes)"
    "$UV" pip sync --quiet --require-hashes --python "$1/bin/python" "$3" 2>"$LOG" || download_failed "the packages in $3"
    cp "$3" "$1/installed.lock"
    say "packages for $4: done"
}

mkdir -p .tools
: >"$LOG"
install_uv
in_step .venv 3.12 requirements.lock "backend and actions"
in_step bot/.venv 3.10 bot/requirements.lock "the bot (Rasa)"
