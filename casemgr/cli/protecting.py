"""`casemgr statistics protect`: hide what identifies people in any file of counts; needs no installation."""

from pathlib import Path

import click

from casemgr.cli.answering import say, tell
from casemgr.cli.spoken import SpokenCommand
from casemgr.statistics.disclosure.cells import CannotProtect
from casemgr.statistics.files.counts import read_counts, read_prior
from casemgr.statistics.files.protecting import Outcome, protect_counts
from casemgr.statistics.files.specification import BadFile, read_specification
from casemgr.statistics.files.writing import write_whole

WRONG_FILE, NOT_PROTECTED = 2, 3
SECONDS = 120.0
FILE = click.Path(path_type=Path)
PROOFS = {"optimal": "proved optimal", "heuristic": "heuristic", "coarse": "heuristic, everything hidden"}


@click.command(cls=SpokenCommand, help="help.statistics.protect")
@click.option("--spec", "specification", type=FILE, required=True, metavar="FILE", help="help.protect.spec")
@click.option("--input", "counts", type=FILE, required=True, metavar="FILE", help="help.protect.input")
@click.option("--output", "output", type=FILE, required=True, metavar="FILE", help="help.protect.output")
@click.option("--explain", "explain", type=FILE, metavar="FILE", help="help.protect.explain")
@click.option("--prior", "priors", type=FILE, multiple=True, metavar="FILE", help="help.protect.prior")
@click.option(
    "--time-limit",
    "seconds",
    type=click.FloatRange(min=0.1),
    default=SECONDS,
    metavar="SECONDS",
    help="help.protect.time",
)
def protect(
    specification: Path,
    counts: Path,
    output: Path,
    explain: Path | None,
    priors: tuple[Path, ...],
    seconds: float,
) -> int:
    """Protect a file of counts, or say what is wrong with it."""
    try:
        outcome = _protect(specification, counts, priors, seconds, explain=explain is not None)
        texts = {output: outcome.protected} | ({explain: outcome.explained} if explain else {})
        write_whole(texts)
    except BadFile as mistake:
        key = f"protect.bad.{mistake.problem}"
        say("protect.bad", file=mistake.file, line=mistake.line)
        say(key, **{"name": "", **mistake.values})
        return WRONG_FILE
    except CannotProtect as refusal:
        say("protect.refused", names=", ".join(refusal.collapse), why=refusal.why)
        return NOT_PROTECTED
    if outcome.proof == "coarse":
        tell("protect.coarse")
    click.echo(_last_line(outcome))
    return 0


def _protect(
    specification: Path, counts: Path, priors: tuple[Path, ...], seconds: float, *, explain: bool
) -> Outcome:
    rules = read_specification(_read(specification), str(specification))
    given = read_counts(_read(counts), str(counts), rules)
    texts = [(path, _read(path)) for path in priors]
    earlier = [(read_prior(text, str(path), given.specification), text) for path, text in texts]
    return protect_counts(given, earlier, seconds, explain=explain)


def _read(path: Path) -> str:
    try:
        content = path.read_bytes()
    except OSError:
        raise BadFile(str(path), 0, "unreadable") from None
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadFile(str(path), content.count(b"\n", 0, error.start) + 1, "not_utf8") from None


def _last_line(outcome: Outcome) -> str:
    proof = PROOFS.get(outcome.proof, f"gap {outcome.gap:.1%}")
    return (
        f"cells={outcome.cells} hidden={outcome.hidden} primary={outcome.primary} "
        f"complementary={outcome.hidden - outcome.primary} result={proof} seconds={outcome.seconds:.1f}"
    )
