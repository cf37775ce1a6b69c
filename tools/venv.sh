#!/usr/bin/env bash
# Makes .venv from the lock file, hashes checked, and leaves .venv/bin/qm. Usage: tools/venv.sh run|test
# Does nothing when the lock file is the one that was installed. Two at once wait for each other.
set -euo pipefail
cd "$(dirname "$0")/.."

exec 9>.venv.lock
flock 9

# What was installed for the tests stays installed when the application starts: a server that runs in this checkout must
# not lose packages, nor must the tests. Both lock files agree on versions (a test compares them).
purpose=${1:?run or test}
[ "$purpose" = run ] && [ -e .venv/.installed-test ] && purpose=test
lock=requirements.lock
[ "$purpose" = test ] && lock=requirements-dev.lock

stamp=.venv/.installed-$purpose
fingerprint=$(cat "$lock" pyproject.toml tools/venv.sh | sha256sum)
if [ -x .venv/bin/qm ] && [ "$(cat "$stamp" 2>/dev/null)" = "$fingerprint" ]; then
    exit 0
fi

# The system's Python first: as root the server runs as postgres, which cannot enter a Python under /root.
find_python() {
    local python
    for python in /usr/bin/python3 python3; do
        if "$python" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            printf '%s\n' "$python"
            return
        fi
    done
    printf 'Python 3.11 or newer with the module venv is missing (package python3-venv).\n' >&2
    exit 1
}

if ! .venv/bin/python -c 'import pip' 2>/dev/null; then
    python=$(find_python)
    printf 'Making .venv with %s ...\n' "$python" >&2
    rm -rf .venv
    "$python" -m venv .venv
fi
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore UV_LINK_MODE=copy

# uv does not read pip's configuration, and a machine without the open internet has its package index only there.
pip_setting() { .venv/bin/python -m pip config list 2>/dev/null | sed -nE "s/^[a-z:]+\\.$1='(.*)'$/\\1/p" | head -1; }
index=${UV_DEFAULT_INDEX:-${UV_INDEX_URL:-$(pip_setting index-url)}}
[ -z "$index" ] || export UV_DEFAULT_INDEX=$index
certificates=${SSL_CERT_FILE:-$(pip_setting cert)}
[ -z "$certificates" ] || export SSL_CERT_FILE=$certificates

[ -x .venv/bin/uv ] || .venv/bin/python -m pip install -qq uv
printf 'Installing the packages of %s ...\n' "$lock" >&2
rm -f "$stamp"
VIRTUAL_ENV=$PWD/.venv .venv/bin/uv pip sync --quiet --require-hashes "$lock"
VIRTUAL_ENV=$PWD/.venv .venv/bin/uv pip install --quiet --no-deps --no-build-isolation --editable .
printf '%s\n' "$fingerprint" >"$stamp"
