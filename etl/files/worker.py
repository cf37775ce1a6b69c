"""The child process that opens what a library with a parser in C has to open, under limits that it sets on itself
first.

Run as `python -m etl.files.worker`; a request comes as JSON on standard input, the answer goes as JSON to standard
output, and the records as Arrow IPC into the file named by the request. The child gets an environment without any
secret.
"""

import json
import resource
import sys
from collections.abc import Callable
from typing import Any

Request = dict[str, Any]
Answer = dict[str, Any]


def main() -> int:
    """Answer one request; exit code 0 also for a refusal, anything else is a crash."""
    request: Request = json.load(sys.stdin)
    _limit_myself(request["limits"])
    # Imported after the limits hold: what the imports allocate counts as well.
    from geodata.errors import DeliveryRefused

    try:
        answer = _reader(request["task"])(request)
    except DeliveryRefused as error:
        answer = {"refused": str(error)}
    except MemoryError:
        answer = {"out_of_memory": True}
    json.dump(answer, sys.stdout)
    return 0


def _limit_myself(wanted: dict[str, int]) -> None:
    for name, value in (
        (resource.RLIMIT_AS, wanted["memory_bytes"]),
        (resource.RLIMIT_FSIZE, wanted["output_bytes"]),
        (resource.RLIMIT_CPU, wanted["seconds"]),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(name, (value, value))


def _reader(task: str) -> Callable[[Request], Answer]:
    if task == "spreadsheet":
        from etl.files.worker_spreadsheet import read_spreadsheet

        return read_spreadsheet
    if task == "kml":
        from etl.files.worker_kml import read_kml

        return read_kml
    from etl.files.worker_features import read_features

    return read_features


if __name__ == "__main__":
    sys.exit(main())
