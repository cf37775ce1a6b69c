"""No street of the demonstration city exists in Hagen: invented misery must not get a real address."""

import csv
from pathlib import Path

from etl.demo import names
from geodata.address_text import normalise_street


def test_no_invented_street_is_a_street_of_hagen(real_data: Path) -> None:
    with (real_data / "hagen" / "opendata-strassen.csv").open(encoding="utf-8-sig", newline="") as stream:
        real = {normalise_street(row["Strassen-Name"]) for row in csv.DictReader(stream, delimiter=";")}
    invented = {normalise_street(name) for name in names.all_names() + names.main_road_names()}

    assert len(real) > 1000
    assert real & invented == set()
