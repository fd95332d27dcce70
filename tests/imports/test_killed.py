"""A process that is killed in the middle of an import loses nothing and doubles nothing."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from tests.imports.conftest import GOOD, rows_of

BAD = "05/03/2025,,Nữ,31,,,,,"
ROOT = Path(__file__).parents[2]


def test_a_killed_import_goes_on_where_the_last_piece_ended(
    work, importer, office, write, engine_url, tmp_path, mapping_file
):
    path = write(*[GOOD, GOOD, GOOD, BAD] * 100)
    actor = office.supervisor
    command = [
        *(sys.executable, str(Path(__file__).with_name("interrupted.py")), engine_url),
        *(
            str(tmp_path / "root.keys"),
            str(actor.account_id),
            str(actor.unit_id),
            str(path),
            str(mapping_file),
        ),
    ]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environment) as process:
        told = [process.stdout.readline() for _ in range(3)]
        process.send_signal(signal.SIGKILL)
    assert (told, process.returncode) == (["20\n", "40\n", "60\n"], -signal.SIGKILL)

    with work(write=False) as session:
        done = rows_of(session)["imported_row"]
    report = importer.run(actor, path)

    assert 45 <= done < 300
    assert (report.imported_now, report.tally.imported, report.tally.refused) == (300 - done, 300, 100)
    with work(write=False) as session:
        counts = rows_of(session)
    names = ("case_file", "survivor", "incident", "perpetrator", "fact", "imported_row")
    assert [counts[name] for name in names] == [300] * 6
