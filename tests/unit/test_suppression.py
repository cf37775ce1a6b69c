"""Holding back: small cells, those that give them away, and an attacker who tries every way of filling the dots."""

from itertools import product

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geodata.publishing.suppression import (
    Cell,
    Interval,
    SuppressionError,
    Table,
    attack,
    audit,
    protect,
    rounded_persons,
)

K = 5


def row(*values: int, status: str = "open", total: str = "open") -> Table:
    """Cells a, b, c ... and their total."""
    names = "abcdefgh"[: len(values)]
    cells = [Cell(name, value, status) for name, value in zip(names, values, strict=True)]  # type: ignore[arg-type]
    equation = {"total": 1, **dict.fromkeys(names, -1)}
    return Table((Cell("total", sum(values), total, weight=2), *cells), (equation,))  # type: ignore[arg-type]


def test_nothing_small_nothing_held_back() -> None:
    assert protect(row(5, 9, 0), K).held_back == frozenset()


def test_one_small_cell_takes_the_next_smallest_with_it() -> None:
    pattern = protect(row(3, 12, 7), K)
    assert (pattern.primary, pattern.secondary) == ({"a"}, {"c"})


def test_a_total_alone_would_give_the_cell_away() -> None:
    table = row(3, 12, 7)
    assert audit(table, frozenset({"a"}), K) == {"a": Interval(3, 3)}
    assert audit(table, frozenset({"a", "c"}), K) == {}
    assert attack(table, "a", frozenset({"a", "c"}), K) == Interval(1, 9)


def test_two_small_cells_alone_do_not_protect_each_other_when_their_sum_is_small() -> None:
    """a + b = 3 tells that both are below k; so a third one goes, though two dots stand in the row already."""
    pattern = protect(row(1, 2, 30, 40), K)
    assert pattern.primary == {"a", "b"}
    assert pattern.secondary == {"c"}


def test_zero_is_shown_and_never_chosen() -> None:
    pattern = protect(row(2, 0, 0, 0), K)
    assert pattern.held_back == {"a", "total"}


def test_the_rest_of_n_of_m_is_a_count_too() -> None:
    table = Table((Cell("m", 40, weight=1), Cell("n", 38), Cell("rest", 2, "hidden")), ({"m": 1, "n": -1, "rest": -1},))
    assert protect(table, K).held_back == {"n"}


def test_a_quarter_within_a_district_leaves_a_rest() -> None:
    """12 in the district and 9 in its quarter leave 3 houses between them."""
    table = Table(
        (Cell("district", 12, weight=1), Cell("quarter", 9), Cell("between", 3, "hidden")),
        ({"district": 1, "quarter": -1, "between": -1},),
    )
    assert protect(table, K).held_back == {"quarter"}


def test_public_facts_are_shown_and_what_they_tell_is_the_measure() -> None:
    """With 3 visits in public nobody can be made to believe in 5 findings; the dot stays a dot of 1 to 3."""
    table = Table(
        (Cell("visits", 3, "public"), Cell("findings", 2), Cell("rest", 1, "hidden")),
        ({"visits": 1, "findings": -1, "rest": -1},),
    )
    assert protect(table, K).held_back == {"findings"}
    assert attack(table, "findings", frozenset({"findings"}), K) == Interval(1, 3)


def test_a_count_that_did_not_change_since_the_last_release_stays_held_back() -> None:
    """a, b and c had dots in March; now a has grown, and showing it would leave b + c, which did not change."""
    cells = (
        Cell("total-3", 18, "public"), Cell("a-3", 3, "held"), Cell("b-3", 7, "held"), Cell("c-3", 8, "public"),
        Cell("total-9", 24), Cell("a-9", 9), Cell("b-9", 7), Cell("c-9", 8),
    )  # fmt: skip
    table = Table(
        cells,
        (
            {"total-3": 1, "a-3": -1, "b-3": -1, "c-3": -1},
            {"total-9": 1, "a-9": -1, "b-9": -1, "c-9": -1},
            {"b-3": 1, "b-9": -1},
            {"c-3": 1, "c-9": -1},
        ),
    )
    alone = Table(cells[4:], (table.equations[1],))
    assert protect(alone, K).held_back == frozenset()
    assert audit(table, frozenset(), K) == {"a-3": Interval(3, 3), "b-3": Interval(7, 7)}
    pattern = protect(table, K)
    assert "b-9" in pattern.held_back
    assert audit(table, pattern.held_back, K) == {}


def test_a_cell_can_be_held_back_for_another_reason() -> None:
    """Six overdue pairs of one house are six, and still one house."""
    table = Table((Cell("pairs", 6, is_primary=True), Cell("none", 0, is_primary=True)), ())
    assert protect(table, K).primary == {"pairs"}


@pytest.mark.parametrize(("value", "shown"), [(0, 0), (1, None), (4, None), (5, 5), (7, 5), (8, 10), (289, 290)])
def test_persons_are_rounded(value: int, shown: int | None) -> None:
    assert rounded_persons(value, K) == shown


def test_what_does_not_add_up_is_refused() -> None:
    with pytest.raises(SuppressionError, match="add up"):
        Table((Cell("a", 1), Cell("b", 2)), ({"a": 1, "b": -1},))
    with pytest.raises(SuppressionError, match="twice"):
        Table((Cell("a", 1), Cell("a", 1)), ())


# --- random tables ----------------------------------------------------------------------------------------------------


def grid(rows: int, columns: int, values: list[int]) -> Table:
    """Districts x parts with both margins, and for each district a quarter that holds its first two parts."""
    inner = {(r, c): values[r * columns + c] for r, c in product(range(rows), range(columns))}
    cells = [Cell(key, value) for key, value in inner.items()]
    equations: list[dict[object, int]] = []

    def total(key: object, parts: list[object], weight: int) -> None:
        known = {cell.key: cell.value for cell in cells}
        cells.append(Cell(key, sum(known[part] for part in parts), weight=weight))
        equations.append({key: 1, **dict.fromkeys(parts, -1)})

    for r in range(rows):
        total(("row", r), [(r, c) for c in range(columns)], 1)
        total(("quarter", r), [(r, c) for c in range(min(2, columns))], 0)
    for c in range(columns):
        total(("column", c), [(r, c) for r in range(rows)], 1)
    total("all", [("row", r) for r in range(rows)], 2)
    return Table(tuple(cells), tuple(equations))


@st.composite
def tables(draw: st.DrawFn) -> Table:
    rows, columns = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    values = draw(st.lists(st.integers(0, 14), min_size=rows * columns, max_size=rows * columns))
    return grid(rows, columns, values)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(tables(), st.integers(3, 6))
def test_no_random_table_gives_a_small_cell_away(table: Table, k: int) -> None:
    pattern = protect(table, k)
    assert audit(table, pattern.held_back, k) == {}
    for cell in table.cells:
        if 0 < cell.value < k:
            told = attack(table, cell.key, pattern.held_back, k)
            assert cell.key in pattern.primary
            assert told.lowest <= cell.value < k <= told.highest
            assert told.width >= k - 1


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 4), min_size=4, max_size=4))
def test_an_attacker_who_tries_every_filling_tells_no_more_than_the_programme(values: list[int]) -> None:
    """Two districts x two parts with margins, small enough to try all whole numbers."""
    table, k = grid(2, 2, values), 3
    held_back = protect(table, k).held_back
    fillings = every_filling(table, held_back, most=sum(values) + 2 * k)
    for key in held_back:
        seen = fillings[key]
        assert Interval(int(seen.min()), int(seen.max())) == attack(table, key, held_back, k)
        assert len(np.unique(seen)) >= k
        assert table.by_key[key].value in seen


def every_filling(table: Table, held_back: frozenset[object], *, most: int) -> dict[object, np.ndarray]:
    """All whole numbers up to `most` that agree with what is shown, as one array for each cell."""
    inner = [(r, c) for r, c in product(range(2), range(2))]
    choices = [np.arange(1, most + 1) if key in held_back else [table.by_key[key].value] for key in inner]
    filled: dict[object, np.ndarray] = dict(zip(inner, (one.ravel() for one in np.meshgrid(*choices)), strict=True))
    for equation in table.equations:
        (total,) = (key for key, factor in equation.items() if factor == 1)
        filled[total] = sum(filled[key] for key in equation if key != total)  # type: ignore[assignment]
    fits = np.ones(len(filled[inner[0]]), bool)
    for cell in table.cells:
        values = filled[cell.key]
        fits &= (values >= 1) & (values <= most) if cell.key in held_back else values == cell.value
    return {key: values[fits] for key, values in filled.items()}
