"""Sources that the other tests do not load: status, assessments, rounds, rules and the background of the map."""

from pathlib import Path

import pytest
import shapely

from geodata.settings import DatabaseUrls
from tests.factories.files import SQUARE, feature, named_crs, write_geojson
from tests.factories.office import Office, reasons, said

HOUSE = "key;registered_on;use_type;dwellings;address;x;y\nA;01.02.2020;residential;4;Weg 1;395050;5690050"


@pytest.fixture
def office(clean_urls: DatabaseUrls, tmp_path: Path) -> Office:
    return Office(clean_urls, tmp_path)


def test_states_make_the_current_state(office: Office) -> None:
    office.sends("properties", HOUSE)
    mapping = (
        'register = "main"\n[columns]\nproperty_key = "p"\nstate = "s"\nvalid_on = "d"\nreason = "r"\n'
        '[codes.state]\n"erfasst" = "recorded"\n"zu" = "closed"\n[text]\nreason = "case_workers"\n'
    )
    rows = "p;s;d;r\nA;erfasst;01.02.2020;\nA;zu;01.02.2026;saniert\nA;weg;01.02.2026;"
    report = office.sends("status", rows, mapping=mapping)
    assert said(report) == {"read": 3, "loaded": 2, "rejected": 1}
    assert office.ask("SELECT state, closed_on::text FROM qm.property_current") == [("closed", "2026-02-01")]


def test_assessments_get_their_colour_from_the_table(office: Office) -> None:
    office.sends("properties", HOUSE)
    mapping = 'register = "main"\n[columns]\nproperty_key = "p"\npressure = "a"\nroom_to_act = "b"\nvalid_on = "d"\n'
    report = office.sends("assessments", "p;a;b;d\nA;3;3;01.02.2026\nA;4;1;02.02.2026", mapping=mapping)
    assert reasons(report) == [(3, "pressure", 'expected a whole number from 0 to 3, found "4"')]
    [(pressure, colour)] = office.ask("SELECT pressure, assessment_colour FROM qm.property_current")
    assert (pressure, colour is not None) == (3, True)


def test_rounds_may_be_planned_and_their_counts_stay_apart(office: Office) -> None:
    columns = '[columns]\nheld_on = "d"\nobjects = "n"\npersons_met = "m"\noffices = "o"\n'
    mapping = f'{columns}[constants]\nkind = "joint_control"\n'
    rows = "d;n;m;o\n01.02.2026;9;138;police,customs\n01.12.2026;;;"
    assert said(office.sends("rounds", rows, mapping=mapping)) == {"read": 2, "loaded": 2}
    assert office.ask("SELECT key, objects, persons_met, offices FROM qm.inspection_round ORDER BY held_on") == [
        ("2026-02-01|joint_control|1", 9, 138, ["police", "customs"]),
        ("2026-12-01|joint_control|1", None, None, []),
    ]


def test_a_rule_makes_properties_due_and_names_a_known_area(office: Office) -> None:
    office.sends("properties", HOUSE)
    mapping = (
        '[columns]\nkey = "k"\ninterval_days = "i"\nvalid_from = "d"\narea_kind = "ak"\narea_key = "a"\n'
        '[constants]\ncontrol_type = "joint_control"\naccess_required = "flat"\nreason = "Beschluss"\n'
    )
    rows = "k;i;d;ak;a\nR1;60;01.01.2020;;\nR2;30;01.01.2020;quartier;nirgends"
    report = office.sends("rules", rows, mapping=mapping)
    assert reasons(report) == [(3, "area_key", "expected a known area, but there is no quartier nirgends")]
    assert office.ask("SELECT interval_days, due_on::text FROM qm.property_due") == [(60, "2020-04-01")]


def test_a_duty_by_law_proposes_no_release(office: Office) -> None:
    mapping = (
        '[columns]\nkey = "k"\nis_statutory = "s"\nrelease_after_clean_visits = "n"\ninterval_days = "i"\n'
        '[constants]\ncontrol_type = "joint_control"\naccess_required = "flat"\nreason = "Beschluss"\n'
        'valid_from = "01.01.2020"\n'
    )
    report = office.sends("rules", "k;s;n;i\nR1;ja;3;60\nR2;nein;3;60\nR3;nein;0;60\nR4;;;60", mapping=mapping)
    assert reasons(report) == [
        (2, "release_after_clean_visits", "expected an empty field in a duty by law, found a number"),
        (4, "release_after_clean_visits", 'expected a whole number from 1 to 20, found "0"'),
    ]
    assert office.ask("SELECT key, release_after_clean_visits FROM qm.interval_rule ORDER BY key") == [
        ("R2", 3), ("R4", None),
    ]  # fmt: skip


def test_the_background_of_the_map_ends_by_kind(office: Office, tmp_path: Path) -> None:
    def background(**shapes: object) -> Path:
        features = [feature({"kind": key.split("_")[0], "key": key}, shape) for key, shape in shapes.items()]
        return write_geojson(tmp_path / "context.geojson", features, crs=named_crs("urn:ogc:def:crs:EPSG::25832"))

    mapping = 'complete = true\n[columns]\nkind = "kind"\nkey = "key"\n'
    street = shapely.LineString([(395_000, 5_690_000), (395_100, 5_690_000)])
    everything = background(street_1=street, building_1=SQUARE, building_2=SQUARE)
    assert said(office.sends("context", everything, as_of="2025-01-01", mapping=mapping))["loaded"] == 3
    assert said(office.sends("context", background(building_1=SQUARE), as_of="2026-01-01", mapping=mapping)) == {
        "read": 1, "unchanged": 1, "ended": 1,
    }  # fmt: skip
    assert office.ask("SELECT key FROM qm.context_feature WHERE superseded_at IS NULL AND valid_to IS NOT NULL") == [
        ("building_2",)
    ]


def test_a_resolution_names_a_figure_and_a_target_that_makes_sense(office: Office) -> None:
    mapping = (
        '[columns]\nnumber = "n"\nfigure = "f"\ntarget = "z"\nuntil_on = "u"\nis_share = "a"\ncontrol_type = "c"\n'
        '[constants]\nbody = "Rat"\ntitle = "Kontrollen"\ndirection = "at_least"\ndecided_on = "01.03.2026"\n'
    )
    rows = """
        n;f;z;u;a;c
        1/26;controls_on_time;70;31.12.2027;true;joint_control
        2/26;wohlbefinden;70;31.12.2027;;
        3/26;controls_on_time;170;31.12.2027;true;
        4/26;rounds_held;12;01.02.2026;;
        5/26;objects_overdue;5;31.12.2027;true;
        6/26;objects_open;5;31.12.2027;;joint_control
    """
    report = office.sends("resolutions", rows, mapping=mapping, as_of="2026-04-01")
    assert said(report) == {"read": 6, "loaded": 1, "rejected": 5}
    told = {line: (field, reason) for line, field, reason in reasons(report)}
    assert told[3][0] == "figure"
    assert told[4] == ("target", "expected at most 100 per cent, found more")
    assert told[5] == ("until_on", "expected a last day on or after the day of the decision, found an earlier one")
    assert told[6] == ("is_share", "expected no share, because this figure is no part of another one")
    assert told[7] == ("control_type", "expected no type of control, because this figure does not count controls")
    stored = office.ask("SELECT key, figure, target, is_share, until_on::text, is_withdrawn FROM qm.resolution")
    assert stored == [("1/26|controls_on_time", "controls_on_time", 70, True, "2027-12-31", False)]
    # What an office delivers again is no news, and a new last day is a new version.
    assert said(office.sends("resolutions", rows, mapping=mapping, as_of="2026-04-02"))["unchanged"] == 1
    longer = rows.replace("1/26;controls_on_time;70;31.12.2027", "1/26;controls_on_time;70;31.12.2028")
    assert said(office.sends("resolutions", longer, mapping=mapping, as_of="2026-04-03"))["superseded"] == 1
