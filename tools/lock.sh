#!/usr/bin/env bash
# Writes both lock files anew from pyproject.toml; the test lock keeps the versions of the other one.
# Extra arguments go to uv, as --upgrade or --upgrade-package NAME.
set -euo pipefail
cd "$(dirname "$0")/.."
compile() {
    .venv/bin/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-emit-find-links --no-header \
        --extra build "$@" pyproject.toml
}
compile --output-file requirements.lock "$@"
compile --extra dev --constraint requirements.lock --output-file requirements-dev.lock "$@"
