#!/bin/sh
# Runs every measurement in benchmarks/, one after the other.
set -eu
cd "$(dirname "$0")/.."

for script in benchmarks/*.py; do
    echo "== $script"
    .venv/bin/python "$script"
done
