"""The navigation: grouped by the order of the pages, without headings over a single page."""

from dataclasses import replace

import pytest

from dashboard.navigation import GROUPS, grouped, is_in_navigation
from dashboard.page import discover
from geodata.access import Role, Scope


def _titles(role: Role) -> list[tuple[str | None, int]]:
    scope = Scope("05914000", role, "a", frozenset({1}))
    return [
        (group.title, len(own)) for group, own in grouped([one for one in discover() if is_in_navigation(one, scope)])
    ]


@pytest.mark.parametrize("role", ["staff", "manager", "external_manager", "politics", "admin"])
def test_every_page_of_an_account_stands_in_one_group(role: Role) -> None:
    scope = Scope("05914000", role, "a", frozenset({1}))
    reachable = [page for page in discover() if is_in_navigation(page, scope)]
    found = [page for _, own in grouped(reachable) for page in own]
    assert found == reachable


def test_building_control_has_all_headings_and_politics_none() -> None:
    assert [title for title, _ in _titles("staff")] == [group.title for group in GROUPS]
    assert {title for title, _ in _titles("politics")} == {None}


def test_a_single_page_needs_no_heading() -> None:
    rules = next(page for page in discover() if page.key == "regeln")
    assert [group.title for group, _ in grouped([rules])] == [None]
    assert [group.title for group, _ in grouped([rules, replace(rules, key="other")])] == ["Steering"]
