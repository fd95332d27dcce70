#!/bin/sh
# Fills databases and measures what pages cost, beside two peers in environments of their own.
# BENCH="--cases 10000 --engines sqlite --no-peers" narrows it.
set -eu
cd "$(dirname "$0")/.."

peer() {
    folder=.venv-$1
    wanted=$(cksum < "benchmarks/peers/requirements-$1.txt")
    if [ -f "$folder/installed" ] && [ "$(cat "$folder/installed")" = "$wanted" ]; then return; fi
    echo "Cài hệ thống để so sánh / Installing a peer to compare with: $1 ..."
    .venv/bin/python -m venv --clear "$folder"
    if "$folder/bin/python" -m pip --disable-pip-version-check --quiet install \
        --requirement "benchmarks/peers/requirements-$1.txt"; then
        echo "$wanted" > "$folder/installed"
    else
        echo "Không cài được $1, bỏ qua / $1 cannot be installed here and is left out." >&2
    fi
}

case " ${BENCH:-} " in *" --no-peers "*) ;; *) peer django; peer appbuilder ;; esac

# shellcheck disable=SC2086  # words of one option each
.venv/bin/python -m benchmarks.bench ${BENCH:-}
# shellcheck disable=SC2086  # words of one option each
exec .venv/bin/python -m benchmarks.protection ${PROTECTION:-}
