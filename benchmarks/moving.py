"""Measures moving up: a laptop with imported cases becomes a server on PostgreSQL, by the commands for it.

`python -m benchmarks.moving --cases 100000` makes a line list in the shape of line 144, takes it in with
`casemgr import`, closes the laptop, moves it with `casemgr transfer`, reads the whole log there, and prints
seconds, seconds of CPU and the most memory of each command.
"""

import argparse
import csv
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from time import perf_counter

import casemgr.clock
from casemgr import db
from casemgr.accounts import service as accounts
from casemgr.crypto import onetime
from casemgr.crypto.providers import PassphraseProvider
from casemgr.keys.service import Keyring
from casemgr.policy import Role
from casemgr.units.models import Unit
from tests.rig import databases, postgresql, staff

TOP = Path(__file__).parents[1]
PASSPHRASE = "kho thoc tren nui cao"  # noqa: S105 - opens what is made up here
PASSWORD = "mười hai con trâu trắng"  # noqa: S105 - the same
SEED = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
COLUMNS = (
    *("fecha", "prov_residencia_persona_en_situacion_violencia"),
    *("genero_persona_en_situacion_de_violencia", "edad_persona_en_situacion_de_violencia"),
    "pais_nacimiento_persona_en_situacion_de_violencia",
    *("tipo_de_violencia_fisica", "tipo_de_violencia_psicologica", "tipo_de_violencia_sexual"),
    *("tipo_de_violencia_economica_y_patrimonial", "tipo_de_violencia_simbolica"),
    "tipo_de_violencia_domestica",
    *("modalidad_de_violencia_institucional", "modalidad_de_violencia_laboral"),
    *("modalidad_violencia_contra_libertad_reproductiva", "modalidad_de_violencia_obstetrica"),
    *("modalidad_de_violencia_mediatica", "modalidad_de_violencia_otras"),
    *("vinculo_con_la_persona_agresora", "genero_de_la_persona_agresora"),
)


def write_list(path: Path, count: int) -> None:
    """Write a line list whose columns hold what those of line 144 hold, about as often."""
    chance = random.Random(144)
    first = date(2020, 1, 1)
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(COLUMNS)
        for number in range(count):
            forms = [chance.random() < share for share in (0.67, 0.95, 0.13, 0.37, 0.35, 0.9)]
            forms[1] |= not any(forms[:4])
            rows.writerow(
                [
                    first + timedelta(days=number * 1000 // count),
                    chance.choice(("Buenos Aires", "Santa Fe", "Tucumán", "Córdoba", "Salta")),
                    chance.choices(("Mujer", "Varon", "Mujer Trans"), (97, 2, 1))[0],
                    chance.choice(("", *range(16, 80))),
                    chance.choice(("", "Argentina", "Bolivia", "Perú")),
                    *("Si" if form else "No" for form in forms),
                    *("Si" if chance.random() < 0.02 else "No" for _ in range(6)),
                    chance.choices(("Pareja", "Ex pareja", "Otro familiar", "Otro"), (35, 49, 8, 8))[0],
                    chance.choices(("Varon", "Mujer"), (95, 5))[0],
                ]
            )


def run(*words: str, environment: Mapping[str, str], typed: str = "") -> str:
    """Run a command, print what it cost, and return what it said; stops here when it fails."""
    command = [sys.executable, "-m", "casemgr", *words]
    begun = perf_counter()
    with tempfile.TemporaryFile() as asked, tempfile.TemporaryFile() as said:
        asked.write(typed.encode())
        asked.seek(0)
        together = {**os.environ, **environment}
        process = subprocess.Popen(
            command, stdin=asked, stdout=said, env=together, cwd=TOP, start_new_session=True
        )
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        said.seek(0)
        output = said.read().decode()
    assert process.returncode == 0, (words, output)
    cpu = used.ru_utime + used.ru_stime
    print(
        f"| {words[0]} | {perf_counter() - begun:.0f} | {cpu:.0f} | {used.ru_maxrss // 1024} |",
        flush=True,
    )
    return output


def add_supervisor(environment: Mapping[str, str]) -> None:
    """Give the laptop somebody who may import."""
    database = databases.open_database(environment["CASEMGR_DATABASE_URL"])
    root_keys = PassphraseProvider(
        Path(environment["CASEMGR_DIRECTORY"]) / "root.keys", PASSPHRASE
    ).root_keys()
    with db.work(database, Keyring(root_keys), write=True) as session:
        account_id = accounts.add_account(
            staff.founder(),
            sign_in_name="giamsat",
            name="Phụ trách Mẫu",
            unit_id=session.query(Unit.id).scalar(),
            roles=[Role.SUPERVISOR],
        )
        accounts.enrol("giamsat", accounts.invite(staff.founder(), account_id).code, PASSWORD, seed=SEED)
    database.close()


def settings(folder: Path, url: str) -> dict[str, str]:
    """Return the environment of an installation in a folder of its own."""
    folder.mkdir()
    file = folder / "passphrase"
    file.write_text(PASSPHRASE, encoding="utf-8")
    file.chmod(0o600)
    return {
        "CASEMGR_DATABASE_URL": url,
        "CASEMGR_DIRECTORY": str(folder / "home"),
        "CASEMGR_PASSPHRASE_FILE": str(file),
    }


def measure(folder: Path, count: int, cluster: postgresql.Cluster) -> None:
    """Move a laptop of so many cases, with every step printed."""
    laptop = settings(folder / "laptop", databases.sqlite_url(folder / "laptop" / "casemgr.db"))
    server = settings(folder / "server", cluster.create("moving"))
    write_list(folder / "lines.csv", count)
    founding = (
        "--commune",
        "15148",
        "--unit-name",
        "UBND xã Mẫu",
        "--admin",
        "quantri",
        "--admin-name",
        "Mẫu",
    )
    print("| command | seconds | CPU | most MB |\n|---|---|---|---|")
    run("init", *founding, environment=laptop)
    add_supervisor(laptop)
    code = onetime.current_code(SEED, casemgr.clock.now() + timedelta(seconds=30))
    proof = {"CASEMGR_PASSWORD": PASSWORD, "CASEMGR_CODE": code}
    lines = (
        str(folder / "lines.csv"),
        "--mapping",
        "linea144",
        "--unit",
        "15148",
        "--as",
        "giamsat",
        "--json",
    )
    print(run("import", *lines, environment=laptop | proof), file=sys.stderr)
    run("close", str(folder / "stick"), "--yes", environment=laptop)
    backup = next((folder / "stick").glob("*.backup"))
    print(
        run("transfer", str(backup), "--json", environment=server, typed=f"{PASSPHRASE}\n"), file=sys.stderr
    )
    run("audit", "verify", "--deep", environment=server)
    megabytes = {"laptop": (folder / "laptop" / "casemgr.db").stat().st_size, "backup": backup.stat().st_size}
    print(" · ".join(f"{name} {size // 1024**2} MB" for name, size in megabytes.items()))


def main() -> None:
    """Measure with as many cases as asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--folder", type=Path)
    given = parser.parse_args()
    binaries = postgresql.find_binaries()
    assert binaries is not None, "PostgreSQL is needed: apt-get install postgresql"
    cluster = postgresql.Cluster(binaries)
    try:
        with tempfile.TemporaryDirectory(dir=given.folder) as folder:
            measure(Path(folder), given.cases, cluster)
    finally:
        cluster.stop()


if __name__ == "__main__":
    main()
