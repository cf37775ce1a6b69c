"""Composition root: settings -> database -> layers -> dashboard, and the console script `qm`."""

import os
import sys

import geodata.gdal_env  # noqa: F401 - before everything else: GDAL reads its environment when it loads
from geodata.errors import QmError


def cli() -> None:
    """Run `qm`: an error that the user can act on is one sentence on stderr, and the exit code says the rest."""
    try:
        _commands()()
    except QmError as error:
        if os.environ.get("QM_DEBUG"):
            raise
        print(error, file=sys.stderr)
        sys.exit(error.exit_code)


def _commands():
    import typer

    from geodata import commands as floor

    qm = typer.Typer(name="qm", no_args_is_help=True, pretty_exceptions_enable=False, add_completion=False)
    qm.add_typer(floor.db, name="db")
    return qm
