#!/bin/sh
# Every check that reads the source instead of running it; all are run, and any failure is a failure.
set -u
cd "$(dirname "$0")/.."

failed=0
step() {
    echo "== $*"
    program=.venv/bin/$1
    shift
    "$program" "$@" || failed=1
}

step ruff check
step ruff format --check
step mypy
step lint-imports
step djlint --lint --quiet templates
if [ -z "${CASEMGR_TESTED:-}" ]; then
    step python -m pytest -q tests/contracts tests/migrations
fi
if ! command -v initdb >/dev/null 2>&1 && ! ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1; then
    echo "Chưa thử trên PostgreSQL: không có máy chủ ở đây / Not tried on PostgreSQL: no server here."
    echo "    sudo apt-get install postgresql"
fi
if [ "$failed" = 0 ]; then echo "Đạt / All checks passed."; else echo "Chưa đạt / Some checks failed."; fi
exit "$failed"
