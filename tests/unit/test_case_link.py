"""The link into the case system: who gets it, and that a reference cannot lead elsewhere."""

from dashboard.case_link import case_link
from geodata.access import Scope
from geodata.settings import Settings

SETTINGS = Settings(case_url="https://cases.example.org/show?reference={file_reference}&view=short")
STAFF = Scope("de-demo01", "staff", "a")


def test_the_reference_fills_its_place_and_nothing_else() -> None:
    assert case_link(SETTINGS, STAFF, "63/2-2024 Ä") == (
        "https://cases.example.org/show?reference=63%2F2-2024%20%C3%84&view=short"
    )
    assert case_link(SETTINGS, STAFF, "a&view=all#@evil.example/{file_reference}") == (
        "https://cases.example.org/show?reference=a%26view%3Dall%23%40evil.example%2F%7Bfile_reference%7D&view=short"
    )


def test_without_a_reference_a_case_system_or_the_right_to_read_files_there_is_no_link() -> None:
    assert case_link(SETTINGS, STAFF, None) is None
    assert case_link(SETTINGS.model_copy(update={"case_url": None}), STAFF, "63-1") is None
    assert case_link(SETTINGS, Scope("de-demo01", "manager", "m", frozenset({1})), "63-1") is None
    assert case_link(SETTINGS, Scope("de-demo01", "external_manager", "e", frozenset({1})), "63-1") is None
