"""Between the page and the ETL: who may send what, and the steps check and load of an upload."""

from collections.abc import Mapping
from datetime import date
from typing import IO, Any

from dashboard.auth import signed_in
from dashboard.deps import Deps
from dashboard.i18n import gettext as _
from dashboard.pages.lieferungen.uploads import Owner, Step, Upload, Uploads, Work
from geodata.errors import UsageError


def uploads_of(deps: Deps) -> Uploads:
    """The uploads of this installation, in a folder of the data folder that only the server's user can read."""
    return Uploads(deps.settings.data_folder / "uploads")


def current_owner() -> Owner:
    """The account that asks, in its city."""
    scope = signed_in().scope
    return Owner(scope.account, scope.municipality)


def receive(deps: Deps, stream: IO[bytes], name: str, form: Mapping[str, str]) -> Upload:
    """Store a file for one of the mappings of the asker's city and begin to check it; UsageError in words otherwise."""
    owner, source, mapping = current_owner(), form.get("source", ""), form.get("mapping", "")
    offered = deps.list_mappings(owner.municipality) if deps.list_mappings else ()
    if (source, mapping) not in {tuple(pair) for pair in offered}:
        raise UsageError(_("This mapping is not offered for your city."))
    uploads = uploads_of(deps)
    upload = uploads.receive(stream, name, owner, source=source, mapping=mapping, as_of=_day(form.get("as_of", "")))
    return uploads.start(upload, "check", work_of(deps, upload, "check"))


def find(deps: Deps, token: str) -> Upload | None:
    """The asker's upload of this token."""
    return uploads_of(deps).find(token, current_owner())


def load(deps: Deps, token: str) -> Upload | None:
    """Begin to load an upload that was checked; whatever is not ready for it stays as it is."""
    upload = find(deps, token)
    if upload is None or not can_load(upload):
        return upload
    return uploads_of(deps).start(upload, "load", work_of(deps, upload, "load"))


def can_load(upload: Upload) -> bool:
    """Whether the check is done and found something to take over."""
    is_checked = upload.step == "check" and upload.state == "done" and upload.report is not None
    return is_checked and not (upload.report or {}).get("refused")


def work_of(deps: Deps, upload: Upload, step: Step) -> Work:
    """The step as a function of the path, with nothing left that belongs to the request."""
    function = deps.check_delivery if step == "check" else deps.load_delivery
    if function is None:
        raise UsageError(_("This installation takes files on the command line only: qm load."))

    def work(path: Any) -> Mapping[str, Any]:
        owner = upload.owner
        report: Mapping[str, Any] = function(
            upload.source, upload.mapping, path, upload.as_of, municipality=owner.municipality, by=owner.account
        )
        return report

    return work


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(_("The as-of date is not a date.")) from None
