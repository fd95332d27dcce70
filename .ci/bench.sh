#!/bin/sh
# Fills databases and measures what pages cost. BENCH="--cases 10000 --engines sqlite" narrows it.
set -eu
cd "$(dirname "$0")/.."

# shellcheck disable=SC2086  # words of one option each
exec .venv/bin/python -m benchmarks.bench ${BENCH:-}
