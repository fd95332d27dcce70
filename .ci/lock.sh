#!/bin/sh
# Writes both requirement locks anew: versions and hashes of every library, no address of a registry.
# Versions stay as they are where they can; `make lock UPGRADE=--upgrade` takes the newest that pyproject.toml allows.
set -eu
cd "$(dirname "$0")/.."

if command -v uv >/dev/null 2>&1; then uv=uv; else uv=.venv/bin/uv; fi
if ! "$uv" --version >/dev/null 2>&1; then
    echo "Cần uv / uv is needed:   .venv/bin/pip install uv" >&2
    exit 1
fi

lock() {
    file=$1
    shift
    "$uv" pip compile --quiet --universal --generate-hashes --no-header --no-annotate \
        --python-version 3.11 "$@" pyproject.toml --output-file "$file"
}

lock requirements.lock "$@"
lock requirements-dev.lock --extra dev "$@"
