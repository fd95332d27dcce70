#!/bin/sh
# Makes .venv with every library of requirements-dev.lock, checked against its hash; needs only Python 3.11 or newer.
set -eu
cd "$(dirname "$0")/.."

find_python() {
    for candidate in python3 python3.14 python3.13 python3.12 python3.11 python; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            old_enough=$candidate
            if "$candidate" -c 'import ensurepip, venv' 2>/dev/null; then
                echo "$candidate"
                return
            fi
        fi
    done
    if [ -n "${old_enough:-}" ]; then
        cat >&2 <<'TEXT'
Python có sẵn nhưng thiếu venv và ensurepip. Trên Debian hoặc Ubuntu hãy chạy:   sudo apt-get install python3-venv
Python is here, but its venv and ensurepip are not. On Debian or Ubuntu run:     sudo apt-get install python3-venv
TEXT
    else
        cat >&2 <<'TEXT'
Cần Python 3.11 trở lên. Trên Debian hoặc Ubuntu hãy chạy:                 sudo apt-get install python3 python3-venv
Python 3.11 or newer is needed. On Debian or Ubuntu run:                   sudo apt-get install python3 python3-venv
TEXT
    fi
    return 1
}

stamp=.venv/installed
wanted=$(cat requirements-dev.lock pyproject.toml .ci/install.sh | cksum)
if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$wanted" ] && .venv/bin/python -c '' 2>/dev/null; then
    exit 0
fi

if ! .venv/bin/python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    python=$(find_python)
    echo "Tạo .venv bằng / Making .venv with: $("$python" --version)"
    "$python" -m venv --clear .venv
fi
rm -f "$stamp"
echo "Cài thư viện, lần đầu mất vài phút / Installing libraries, a few minutes the first time ..."
pip() { .venv/bin/python -m pip --disable-pip-version-check --quiet "$@"; }
pip install --require-hashes --requirement requirements-dev.lock
pip install --no-deps --no-build-isolation --editable .
echo "$wanted" > "$stamp"
