"""The link from a file reference into the city's case system (QM_CASE_URL)."""

from urllib.parse import quote

from geodata.access import Scope
from geodata.settings import Settings

PLACE = "{file_reference}"


def case_link(settings: Settings, scope: Scope, file_reference: str | None) -> str | None:
    """The address of the case; None where no case system is set, there is no reference, or the role reads no files.

    The reference comes from deliveries and forms, so every sign of it that means something in an address is encoded:
    it fills its place in the template and can never change where the link leads.
    """
    if settings.case_url is None or not file_reference or not scope.allows("property:read_text"):
        return None
    return settings.case_url.replace(PLACE, quote(file_reference.strip(), safe=""))
