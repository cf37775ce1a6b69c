"""One chunk on its way: filter, cast, check, place, key; each trouble becomes a rejection with its line."""

from datetime import date

import numpy as np
import pandas as pd
import pyproj
import shapely

from etl.casts import Format
from etl.files import Chunk
from etl.mapping import Column, Filter, Mapping
from etl.rows import Prepared, Task, passes, prepare
from etl.source import sources

METRES = pyproj.CRS("EPSG:25832")


def prepared(
    source: str, frame: dict[str, list[str | None]], *, shapes: list[object] | None = None, **options: object
) -> Prepared:
    """Prepare rows from line 2 on by a mapping whose columns are named as the fields; `decimal` etc. as options."""
    columns = {name: Column(name, Format()) for name in frame if name in sources()[source].by_name}
    mapping = Mapping("test", sources()[source], "de-test01", register="main", columns=columns, **options)  # type: ignore[arg-type]
    length = len(next(iter(frame.values())))
    geometry = None if shapes is None else np.array([*shapes, None], dtype=object)[:-1]
    chunk = Chunk(list(range(2, 2 + length)), pd.DataFrame(frame, dtype="str"), geometry)
    return prepare(chunk, Task(mapping, date(2026, 3, 1), METRES))


def reasons(done: Prepared) -> list[tuple[int | None, str | None, str]]:
    return [(one.line, one.field, one.reason) for one in done.rejections]


def test_filters_compare_stripped_text_and_know_empty_cells() -> None:
    frame = pd.DataFrame({"art": [" W", "B", None, ""]}, dtype="str")
    assert passes(frame, [Filter("art", one_of=frozenset({"W"}))]).tolist() == [True, False, False, False]
    assert passes(frame, [Filter("art", none_of=frozenset({"W"}))]).tolist() == [False, True, True, True]
    assert passes(frame, [Filter("art", is_empty=True)]).tolist() == [False, False, True, True]
    assert passes(frame, [Filter("art", is_empty=False)]).tolist() == [True, True, False, False]


def test_a_row_with_two_troubles_is_one_row_with_two_rejections() -> None:
    done = prepared(
        "rounds", {"held_on": ["01.02.2026", "31.02.2026"], "kind": ["joint_control", "spuk"], "objects": ["3", "-1"]}
    )
    assert [(line, field) for line, field, _ in reasons(done)] == [(3, "held_on"), (3, "kind"), (3, "objects")]
    assert done.rejections[0].row == {"held_on": "31.02.2026", "kind": "spuk", "objects": "-1"}
    assert done.frame["line"].tolist() == [2]
    assert done.frame["key"].tolist() == ["2026-02-01|joint_control|1"]


def test_a_plan_may_lie_in_the_future_and_a_fact_may_not() -> None:
    assert not prepared("rounds", {"held_on": ["01.02.2030"], "kind": ["joint_control"]}).rejections
    late = prepared("status", {"property_key": ["A"], "state": ["hint"], "valid_on": ["03.03.2026"]})
    assert reasons(late)[0][2] == "expected a date up to 02.03.2026 (as-of date + 1 day), found 03.03.2026"
    assert not prepared("status", {"property_key": ["A"], "state": ["hint"], "valid_on": ["02.03.2026"]}).rejections


def test_a_period_must_not_end_before_it_begins() -> None:
    done = prepared(
        "rules",
        {
            "key": ["R"], "control_type": ["joint_control"], "interval_days": ["30"], "access_required": ["flat"],
            "reason": ["x"], "valid_from": ["01.02.2026"], "valid_to": ["01.02.2026"],
        },
    )  # fmt: skip
    assert reasons(done) == [(2, "valid_to", "expected a date after valid_from")]


def test_house_numbers_are_taken_apart_and_zero_means_none() -> None:
    done = prepared(
        "addresses",
        {
            "street": ["Beispielstr."] * 5,
            "house_number": ["12 a", "12", None, "0", "links"],
            "house_number_suffix": [None, "B", None, None, None],
            "x": ["394000"] * 5,
            "y": ["5691000"] * 5,
        },
    )
    assert done.frame["house_number"].tolist() == [12, 12, pd.NA, pd.NA]
    assert done.frame["house_number_suffix"].fillna("").tolist() == ["a", "b", "", ""]
    assert reasons(done) == [(6, "house_number", 'expected a house number like 12 or 12 a, found "links"')]


def test_a_point_that_is_missing_is_no_trouble_but_an_outline_is() -> None:
    points = prepared(
        "addresses", {"street": ["A", "B"], "house_number": ["1", "1"]}, shapes=[shapely.Point(394000, 5691000), None]
    )
    assert not points.rejections
    assert points.frame["geom"].isna().tolist() == [False, True]
    areas = prepared("areas", {"kind": ["quartier"], "key": ["a"], "name": ["A"]}, shapes=[None])
    assert reasons(areas) == [(2, "geometry", "expected a geometry, found none")]


def test_one_of_two_coordinates_is_a_trouble_and_none_of_them_is_not() -> None:
    x, y = ["394000.0", "394000.0", None, None, "x"], ["5691000.0", None, "5691000.0", None, None]
    done = prepared("addresses", {"street": ["A"] * 5, "house_number": list("12345"), "x": x, "y": y}, decimal=".")
    assert [(line, field) for line, field, _ in reasons(done)] == [(3, "y"), (4, "x"), (6, "x")]
    assert reasons(done)[0][2] == "expected a number beside x, found an empty field"
    assert done.frame["geom"].isna().tolist() == [False, True]


def test_a_feature_of_the_wrong_shape_is_rejected() -> None:
    line = shapely.LineString([(394000, 5691000), (394100, 5691000)])
    multi = shapely.MultiPoint([(394000, 5691000)])
    done = prepared("addresses", {"street": ["A", "B"], "house_number": ["1", "1"]}, shapes=[line, multi])
    assert reasons(done) == [(2, "geometry", "expected a point, found a LineString")]
    assert done.frame["geom"].iloc[0].geom_type == "Point"


def test_rejected_rows_of_a_complete_delivery_stay_known_by_their_key() -> None:
    frame: dict[str, list[str | None]] = {
        "street": ["A", "B"],
        "house_number": ["1", "1"],
        "x": ["394000", "hier"],
        "y": ["5691000", "5691000"],
    }
    assert prepared("addresses", frame, is_complete=True).frame[["key", "is_spared"]].to_numpy().tolist() == [
        ["a|1|", False], ["b|1|", True],
    ]  # fmt: skip
    assert prepared("addresses", frame).frame["key"].tolist() == ["a|1|"]
