#!/usr/bin/env bash
# Installs the Debian/Ubuntu packages that are missing. Usage: tools/packages.sh run|test
# Asks no question. As root or with sudo; otherwise it names the packages and ends with 1.
set -euo pipefail

say() { printf '%s\n' "$*" >&2; }

# The installed PostgreSQL with PostGIS of at least 15, if there is one.
installed_postgres() {
    local control
    for control in /usr/share/postgresql/*/extension/postgis.control; do
        [ -e "$control" ] || continue
        local major=${control#/usr/share/postgresql/}
        major=${major%%/*}
        if [ "$major" -ge 15 ] && [ -x "/usr/lib/postgresql/$major/bin/initdb" ]; then
            printf '%s\n' "$major"
            return 0
        fi
    done
    return 1
}

# Python that can make a virtual environment; the system's first, see tools/venv.sh.
installed_python() {
    local python
    for python in /usr/bin/python3 python3; do
        if "$python" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            return 0
        fi
    done
    return 1
}

has_chromium() { command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null; }

# A server that is there already is used, and nothing of PostgreSQL is installed.
needs_cluster() { [ "$1" = test ] || [ -z "${DATABASE_URL:-}${DATABASE_URL_LOAD:-}${DATABASE_URL_OWNER:-}" ]; }

missing_packages() {
    if needs_cluster "$1" && ! installed_postgres >/dev/null; then
        printf '%s\n' "$(distribution_postgres)"
    fi
    installed_python || printf 'python3\npython3-venv\n'
    if [ "$1" = test ]; then
        has_chromium || printf 'chromium\n'
        # The program with which Playwright drives the browser wants it, and only larger installations have it.
        [ -n "$(find /usr/lib /lib -name 'libatomic.so.1*' -print -quit 2>/dev/null)" ] || printf 'libatomic1\n'
        # Labels of maps and pages need a font with umlauts; slim machines have none.
        [ -n "$(find /usr/share/fonts -name '*.ttf' -print -quit 2>/dev/null)" ] || printf 'fonts-dejavu-core\n'
    fi
}

# The major version that this distribution offers together with PostGIS: 15 on Debian 12, 16 on Ubuntu 24.04.
distribution_postgres() {
    local major=
    if command -v apt-cache >/dev/null; then
        major=$(apt-cache --names-only search '^postgresql-[0-9]+-postgis-3$' 2>/dev/null | sed -E 's/^postgresql-([0-9]+)-.*/\1/' | sort -n | tail -1)
    fi
    printf 'postgresql-%s\npostgresql-%s-postgis-3\n' "${major:-15}" "${major:-15}"
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    else
        sudo -n "$@"
    fi
}

can_install() {
    command -v apt-get >/dev/null || return 1
    [ "$(id -u)" -eq 0 ] || sudo -n true 2>/dev/null
}

# Debian starts a cluster of its own on port 5432 when a PostgreSQL server arrives, unless this stands there before.
forbid_main_cluster() {
    local folder=/etc/postgresql-common/createcluster.d
    as_root mkdir -p "$folder"
    printf '# Written by quartiermonitor, which starts a private cluster.\ncreate_main_cluster = false\n' |
        as_root tee "$folder/quartiermonitor.conf" >/dev/null
}

main() {
    local purpose=$1 packages
    packages=$(missing_packages "$purpose" | sort -u)
    [ -n "$packages" ] || return 0
    if ! can_install; then
        # shellcheck disable=SC2086 # one word for each package
        say "Missing packages:" $packages
        # shellcheck disable=SC2086
        say "Install them with: sudo apt-get install" $packages
        [ "$purpose" = run ] && needs_cluster run && say "or set the DATABASE_URL variables to a PostGIS server that is there already."
        exit 1
    fi
    say "Installing: $(echo "$packages" | tr '\n' ' ')"
    # The list of packages may be missing or old on a fresh machine; without it the major version is not known either.
    as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq
    packages=$(missing_packages "$purpose" | sort -u)
    forbid_main_cluster
    local log
    log=$(mktemp)
    # shellcheck disable=SC2086
    if ! as_root env DEBIAN_FRONTEND=noninteractive NEEDRESTART_MODE=a apt-get install -y -qq --no-install-recommends \
        -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold $packages </dev/null >"$log" 2>&1; then
        tail -20 "$log" >&2
        say "The packages could not be installed; the whole output is in $log."
        exit 1
    fi
    rm -f "$log"
}

main "${1:?run or test}"
