#!/bin/sh
# Adds the system programs that the tests use, where that is allowed; says which are missing where it is not.
set -eu

missing=
want() { missing="$missing $1"; }
has() { command -v "$1" >/dev/null 2>&1; }

has chromium || has chromium-browser || [ -n "${CHROMIUM:-}" ] || want chromium
has initdb || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || want postgresql
has pdftotext || want poppler-utils
has nginx || [ -x /usr/sbin/nginx ] || want nginx
if [ ! -x .venv/bin/python ] && has python3 && ! python3 -c 'import ensurepip' 2>/dev/null; then
    want python3-venv
fi
[ -n "$missing" ] || exit 0

if [ "$(id -u)" = 0 ] && has apt-get; then
    echo "apt-get install$missing"
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq
    # shellcheck disable=SC2086  # one word per package
    apt-get install -y -qq --no-install-recommends $missing >/dev/null
else
    echo "Một số kiểm thử sẽ bị bỏ qua. Để chạy đủ: / Some tests will be skipped. To run them all:"
    echo "    sudo apt-get install$missing"
fi
