#!/bin/sh
# Runs the tests: first two at a time, then those that open a browser, alone. TESTS="tests/cases -k consent" narrows.
set -eu
cd "$(dirname "$0")/.."

run() {
    # shellcheck disable=SC2086  # words of one option each
    .venv/bin/python -m pytest --durations=20 --durations-min=8 ${TESTS:-} "$@" || {
        status=$?
        # 5: nothing was collected, which is right when TESTS names other files.
        [ "$status" = 5 ] && [ -n "${TESTS:-}" ] || failed=$status
    }
}

failed=0
run -n 2 -m "not browser"
run -m browser
exit "$failed"
