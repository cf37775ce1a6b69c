"""How the web server is started."""

import subprocess
from typing import Any

import pytest
from gunicorn.config import Config

from dashboard import serving
from geodata.settings import Settings


def test_no_header_of_a_visitor_says_where_the_application_lies(monkeypatch: pytest.MonkeyPatch) -> None:
    """Gunicorn takes SCRIPT_NAME from whoever comes from this machine unless it is told not to."""
    started: list[list[str]] = []

    class Child:
        def __init__(self, command: list[str], **_options: Any) -> None:
            started.append(command)

        def terminate(self) -> None: ...

        def wait(self, _seconds: float) -> None: ...

    monkeypatch.setattr(subprocess, "Popen", Child)
    with serving.web_server(Settings(), 8050):
        pass
    arguments = started[0][started[0].index("app:server") + 1 :]
    config = Config()
    for name, value in vars(config.parser().parse_args(arguments)).items():
        if value is not None and name in config.settings:
            config.set(name, value)
    assert config.settings["forwarder_headers"].get() == []
    assert config.settings["workers"].get() == serving.WORKERS
