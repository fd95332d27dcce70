"""`casemgr profile`: the files that a hosted installation needs around it, for systemd and for nginx."""

from pathlib import Path

import click

from casemgr.cli.answering import tell
from casemgr.cli.spoken import SpokenCommand
from casemgr.errors import Refused

FOLDER = Path(__file__).parent / "profiles"
PROGRAM = Path(__file__).parents[2]
KINDS = {
    "systemd": ("casemgr@.service", "casemgr-worker.service", "casemgr.target", "casemgr.toml"),
    "nginx": ("nginx.conf",),
}
FIRST_PORT = 8001


@click.command(cls=SpokenCommand, help="help.profile")
@click.argument("kind", type=click.Choice(sorted(KINDS)))
@click.option("--host", required=True, metavar="NAME", help="help.profile.host")
@click.option("--processes", type=click.IntRange(1, 32), default=2, help="help.profile.processes")
@click.option("--directory", default="/var/lib/casemgr", metavar="DIRECTORY", help="help.profile.directory")
@click.option(
    "--certificate", default="/etc/casemgr/tls.pem", metavar="FILE", help="help.profile.certificate"
)
@click.option("--key", default="/etc/casemgr/tls.key", metavar="FILE", help="help.profile.key")
@click.option("--backups", metavar="DIRECTORY", help="help.profile.backups")
@click.option("--into", type=click.Path(file_okay=False, path_type=Path), help="help.profile.into")
def profile(
    kind: str,
    host: str,
    processes: int,
    directory: str,
    certificate: str,
    key: str,
    backups: str | None,
    into: Path | None,
) -> None:
    """Print the files of a kind one after the other, or write them into a folder where none of them is."""
    ports = [FIRST_PORT + number for number in range(processes)]
    values = {"host": host, "directory": directory, "certificate": certificate, "key": key}
    files = {name: filled(name, ports=ports, backups=backups, **values) for name in KINDS[kind]}
    if into is None:
        for name, text in files.items():
            click.echo(text if len(files) == 1 else f"# ---- {name}\n{text}")
        return
    into.mkdir(parents=True, exist_ok=True)
    if any((into / name).exists() for name in files):
        raise Refused("profile_exists")
    for name, text in files.items():
        (into / name).write_text(text, encoding="utf-8")
        tell("profile.written", file=into / name)


def filled(name: str, *, ports: list[int], backups: str | None = None, **values: str) -> str:
    """Return a file of a profile with its values filled in; `ports` are those of the processes."""
    mark = "" if backups else "# "
    backups = backups or "/srv/casemgr-backups"
    values = {
        "program": str(PROGRAM),
        "services": " ".join(f"casemgr@{port}.service" for port in ports),
        "servers": "\n".join(f"    server 127.0.0.1:{port} max_fails=0;" for port in ports),
        "backup_setting": f'{mark}backup_directory = "{backups}"',
        "backup_path": f"{mark}ReadWritePaths=-{backups}",
        "plain_port": "80",
        "tls_port": "443",
        "error_log": "/var/log/nginx/error.log",
        **values,
    }
    text = (FOLDER / name).read_text(encoding="utf-8")
    text = text.replace("{{hardening}}\n", (FOLDER / "hardening").read_text(encoding="utf-8"))
    for key, value in values.items():
        text = text.replace(f"{{{{{key}}}}}", value)
    return text
