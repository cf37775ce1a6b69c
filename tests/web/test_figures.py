"""The register of figures in the words of the interface."""

import pytest

from dashboard import i18n
from geodata.figures import REGISTER


@pytest.mark.parametrize("key", REGISTER)
def test_title_definition_and_basis_of_a_figure_are_german_in_german(key: str) -> None:
    catalogue, shown = i18n.read_catalogue("de"), REGISTER[key]
    for message in (shown.title, shown.definition, shown.basis):
        entry = catalogue.get(message)
        assert entry is not None, message
        assert entry.string, message


def test_no_two_figures_have_the_same_title() -> None:
    catalogue = i18n.read_catalogue("de")
    titles = [str(entry.string) for one in REGISTER.values() if (entry := catalogue.get(one.title))]
    assert len(titles) == len(set(titles)) == len(REGISTER)


def test_words_of_the_register_can_stand_before_a_council() -> None:
    catalogue = i18n.read_catalogue("de")
    for one in REGISTER.values():
        for message in (one.title, one.definition, one.basis):
            entry = catalogue.get(message)
            assert entry is not None
            assert "Stichtag" not in str(entry.string), message
