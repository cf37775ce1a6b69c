"""Reference data that every city shares: kinds of areas, types of control, colours of the assessment."""

from alembic import op
from sqlalchemy import column, table

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

AREA_KINDS = (
    ("stadtbezirk", 10),
    ("wahlbezirk", 20),
    ("stadtteil", 30),
    ("wohnbezirk", 40),
    ("quartier", 50),
    ("stimmbezirk", 60),
    ("fokusraum", 70),
    ("custom", 80),
)
CONTROL_TYPES = (
    "joint_control",
    "housing_control",
    "building_control",
    "special_building",
    "fire_safety",
    "benefits_abuse_action",
    "follow_up",
    "outside_view",
)
# Which type also satisfies which other. A joint control is led by public order with housing supervision present, and a
# housing-law control is a follow-up where one is due; everything else only serves itself until a city decides more.
SATISFIES = (("joint_control", "housing_control"), ("joint_control", "follow_up"), ("housing_control", "follow_up"))
# Pressure 3 is red wherever there is room to act or none is known; pressure 0 is green. A city can change the rows.
COLOURS = {
    0: ("green", "green", "green", "green"),
    1: ("green", "green", "yellow", "yellow"),
    2: ("yellow", "yellow", "yellow", "red"),
    3: ("yellow", "red", "red", "red"),
}


def upgrade() -> None:
    """Insert the rows."""
    _insert("area_kind", [{"code": code, "sort": sort} for code, sort in AREA_KINDS])
    _insert("control_type", [{"code": code, "sort": sort} for sort, code in enumerate(CONTROL_TYPES, start=1)])
    _insert("control_type_satisfies", [{"control_type": done, "satisfies": also} for done, also in SATISFIES])
    _insert(
        "assessment_colour",
        [
            {"pressure": pressure, "room_to_act": room_to_act, "colour": colour}
            for pressure, colours in COLOURS.items()
            for room_to_act, colour in enumerate(colours)
        ],
    )


def _insert(name: str, rows: list[dict[str, object]]) -> None:
    op.bulk_insert(table(name, *(column(key) for key in rows[0]), schema="qm"), rows)
