"""Keeping the derived tables true: current state, due dates, area links and cube after a load, an edit or a new day.

Everything runs in the caller's transaction, as a role that sees all rows (`<db>_loader`): a refresh under a filtered
role would derive a fraction in silence. The queries are the ones that also answer past dates (`qm.property_at`,
`sql/due.sql`), so that a figure of today and a figure of last year cannot follow different rules.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from importlib.resources import files

from sqlalchemy import Connection, Table, select, text

from geodata.tables import cell_count, figure_cube, overdue_day, pair_cube, property_current

_SQL = files("geodata") / "sql"
MOST_IDS_FOR_NESTED_LOOPS = 500
# Rises when a derived table gets another shape or meaning: what an older program derived is then derived anew at start.
DERIVATION = 3
CUBES = (figure_cube, pair_cube, overdue_day, cell_count)
# The cubes that count due dates.
RULE_CUBES = (figure_cube, pair_cube, overdue_day)
# Properties whose due dates are derived in one statement of a job: about a second's work.
PORTION = 50_000
# Who compares, writes and derives a municipality holds this advisory lock, be it a delivery, a withdrawal or an edit.
LOCK = "hashtext('qm.delivery'), hashtext(:municipality)"
_FUNCTIONS = ("access_rank", "search_normal", "hex_cell", "hex_outline", "property_at")


def due_query(
    *, monitored: str, municipality: str, as_of: str, property_ids: str, rules: str = "qm.interval_rule"
) -> str:
    """Text of the due query over a relation of properties and one of rules.

    The arguments are SQL expressions of ours, never input.
    """
    return read_sql("due.sql").format(
        monitored=monitored, rules=rules, municipality=municipality, as_of=as_of, property_ids=property_ids
    )


def function_statements() -> list[str]:
    """CREATE OR REPLACE statements of all SQL functions of the schema, in an order that works."""
    due_at = due_query(
        monitored="qm.property_at(p_municipality, p_as_of, p_property_ids)",
        municipality="p_municipality",
        as_of="p_as_of",
        property_ids="p_property_ids",
    )
    header = (
        "CREATE OR REPLACE FUNCTION qm.due_at("
        "p_municipality text, p_as_of date, p_property_ids bigint[] DEFAULT NULL)\n"
        "RETURNS SETOF qm.property_due LANGUAGE sql STABLE PARALLEL SAFE AS $$\n"
    )
    functions = [read_sql(f"functions/{name}.sql") for name in _FUNCTIONS]
    return [*functions, _masked(functions[_FUNCTIONS.index("property_at")]), f"{header}{due_at}$$;"]


def _masked(property_at: str) -> str:
    """`qm.property_masked_at`: the rules of `qm.property_at` without the one column that a right must be had for.

    The row policies take the rest away (migration 0015); written once, so that both can never follow different rules.
    """
    read, masked = "v.property_id, v.file_reference,", "v.property_id, NULL::text AS file_reference,"
    if property_at.count(read) != 1:
        raise ValueError("qm.property_at no longer reads file references where qm.property_masked_at leaves them out.")
    return property_at.replace("qm.property_at(", "qm.property_masked_at(").replace(read, masked)


def refresh(
    connection: Connection,
    municipality: str,
    as_of: date,
    *,
    property_ids: Iterable[int] | None = None,
    areas_changed: bool = False,
    rules_changed: bool = False,
    points_changed: bool = True,
) -> None:
    """Derive area links, current state, due dates and the cube of a municipality for an as-of date.

    `property_ids` limits the work to these properties (a delivery, an edit; empty = none); None derives all. What
    depends on changed outlines or rules, or on another as-of date than last time, is derived for all properties
    whatever was asked for. `points_changed` False: what came tells nothing of where properties lie, so their links to
    areas stay (of 13 s for 100,000 properties they cost 10). Call it in the transaction that changed the facts, under
    the lock of the municipality: the cube is kept by differences, and two that work on one property would count it
    twice.
    """
    chosen = None if property_ids is None else sorted(set(property_ids))
    placed_ids = None if areas_changed else chosen if points_changed else []
    state_ids = None if areas_changed or _derived(connection, municipality) != (as_of, DERIVATION) else chosen
    parameters: dict[str, object] = {
        "municipality": municipality,
        "as_of": as_of,
        "derivation": DERIVATION,
        "placed_ids": placed_ids,
        "state_ids": state_ids,
        "due_ids": None if rules_changed else state_ids,
    }
    parameters["counted_ids"] = _counted_ids(connection, municipality, parameters["due_ids"])
    # Right after a load the planner has no statistics of the new rows (only the owner may ANALYZE, and not before the
    # commit), expects one row everywhere and joins 100,000 properties by nested loops: minutes instead of seconds.
    allow_nested_loops(connection, is_allowed=state_ids is not None and len(state_ids) <= MOST_IDS_FOR_NESTED_LOOPS)
    _take_from_cube(connection, parameters)
    for statement in refresh_statements():
        _execute(connection, statement, parameters)
    _add_to_cube(connection, parameters, sign=1)
    allow_nested_loops(connection, is_allowed=True)


def derive_rules(connection: Connection, municipality: str, today: date, tell: Callable[[int, int], None]) -> None:
    """Derive what depends on the rules anew, and nothing else: due dates and the parts of the cube that count them.

    Equal to `refresh(..., rules_changed=True)` for the date of the derived tables. `tell` hears how many properties of
    how many are done: the due dates come in portions, so that a million of them can be watched. Everything is in the
    caller's transaction, as loader and under the lock of the municipality, so readers see the old state until its end.
    """
    derived = _derived(connection, municipality)
    if derived is None or derived[1] != DERIVATION:
        refresh(connection, municipality, default_as_of(connection, municipality, today))
        return
    values: dict[str, object] = {"municipality": municipality, "as_of": derived[0], "property_ids": None, "sign": 1}
    allow_nested_loops(connection, is_allowed=False)
    forget, append = _due_statements()
    _execute(connection, forget, {**values, "due_ids": None})
    portions = _portions(connection, municipality)
    total = sum(len(ids) for ids in portions)
    done = 0
    tell(done, total)
    for ids in portions:
        _execute(connection, append, {**values, "due_ids": ids})
        done += len(ids)
        tell(done, total)
    for cube in RULE_CUBES:
        connection.execute(cube.delete().where(cube.c.municipality == municipality))
    for statement in cube_statements(RULE_CUBES):
        _execute(connection, statement, values)
        tell(done, total)
    connection.execute(text(read_sql("new_version.sql")), {"municipality": municipality})
    allow_nested_loops(connection, is_allowed=True)


def refresh_all(connection: Connection, today: date) -> dict[str, date]:
    """The daily refresh: derive every municipality for its default as-of date, and forget what was kept long enough.

    Due dates pass without a load, so this runs once a day and at start. A municipality whose derived tables speak for
    that date already is left alone; what another one works on (an edit, a delivery, a job) is waited for. Returns the
    as-of date of each municipality.
    """
    connection.execute(text(read_sql("forget_rejected_rows.sql")), {"today": today})
    dates: dict[str, date] = {}
    for city in connection.execute(text("SELECT key FROM qm.municipality ORDER BY key")).scalars().all():
        if _derived(connection, city) != (default_as_of(connection, city, today), DERIVATION):
            lock_municipality(connection, city)
        # Asked again: who held the lock may have moved the date on, or derived everything.
        dates[city] = default_as_of(connection, city, today)
        if _derived(connection, city) != (dates[city], DERIVATION):
            refresh(connection, city, dates[city])
    return dates


def lock_municipality(connection: Connection, municipality: str, wait: Callable[[], None] | None = None) -> None:
    """Hold the lock of the municipality to the end of the transaction; `wait` is told when somebody else has it."""
    values = {"municipality": municipality}
    if not connection.execute(text(f"SELECT pg_try_advisory_xact_lock({LOCK})"), values).scalar_one():
        if wait is not None:
            wait()
        connection.execute(text(f"SELECT pg_advisory_xact_lock({LOCK})"), values)


def derived_as_of(connection: Connection, municipality: str) -> date | None:
    """As-of date for which the derived tables of the municipality speak; None before the first refresh."""
    derived = _derived(connection, municipality)
    return derived[0] if derived else None


def default_as_of(connection: Connection, municipality: str, today: date) -> date:
    """As-of date that a page shows unasked: that of the latest delivery or edit for a demonstration, else today."""
    query = text(read_sql("default_as_of.sql"))
    latest: date | None = connection.execute(query, {"municipality": municipality}).scalar_one_or_none()
    return latest or today


def allow_nested_loops(connection: Connection, *, is_allowed: bool) -> None:
    """Whether the planner may join by nested loops, until the end of the transaction."""
    query = text("SELECT set_config('enable_nestloop', :value, true)")
    connection.execute(query, {"value": "on" if is_allowed else "off"})


def _derived(connection: Connection, municipality: str) -> tuple[date, int] | None:
    """As-of date and version of the derivation of the derived tables."""
    query = text("SELECT as_of, derivation FROM qm.refresh WHERE municipality = :municipality")
    found = connection.execute(query, {"municipality": municipality}).one_or_none()
    return (found.as_of, found.derivation) if found else None


def _counted_ids(connection: Connection, municipality: str, due_ids: object) -> object:
    """Whose contribution to the cube is replaced; None = it is counted anew, which is faster from a third on."""
    if not isinstance(due_ids, list):
        return None
    query = text("SELECT sum(objects) FROM qm.figure_cube WHERE municipality = :municipality AND area_id IS NULL")
    counted: int = connection.execute(query, {"municipality": municipality}).scalar_one() or 0
    return due_ids if 3 * len(due_ids) <= counted else None


def _take_from_cube(connection: Connection, parameters: Mapping[str, object]) -> None:
    """Take away what the properties that are derived anew contributed so far; all of them means the whole cube."""
    if parameters["counted_ids"] is not None:
        _add_to_cube(connection, parameters, sign=-1)
        return
    for cube in CUBES:
        connection.execute(cube.delete().where(cube.c.municipality == parameters["municipality"]))


def _add_to_cube(connection: Connection, parameters: Mapping[str, object], *, sign: int) -> None:
    """Add (or with -1 take away) what the properties contribute; nothing to do where there are none."""
    ids = parameters["counted_ids"]
    for statement in [] if ids == [] else cube_statements():
        _execute(connection, statement, {**parameters, "property_ids": ids, "sign": sign})


def _execute(connection: Connection, statement: str, parameters: Mapping[str, object]) -> None:
    wanted = text(statement).compile().params
    connection.execute(text(statement), {name: parameters[name] for name in wanted})


def cube_statements(cubes: Iterable[Table] = CUBES) -> list[str]:
    """What adds the contribution of properties to the cube (or to these tables of it), statement by statement."""
    wanted = tuple(f"INSERT INTO {cube} " for cube in cubes)
    return [one for one in read_sql("cube.sql").split(";\n") if one.lstrip().startswith(wanted)]


def refresh_statements() -> list[str]:
    """What derives area links, state and due dates, statement by statement."""
    due = due_query(
        monitored="qm.property_current",
        municipality=":municipality",
        as_of="CAST(:as_of AS date)",
        property_ids="CAST(:due_ids AS bigint[])",
    )
    return read_sql("refresh.sql").replace("{due}", due).split(";\n")


def _due_statements() -> tuple[str, str]:
    """Of the statements of a refresh the two that forget due dates and derive them."""
    forget, append = [one for one in refresh_statements() if "qm.property_due" in one]
    return forget, append


def _portions(connection: Connection, municipality: str) -> list[list[int]]:
    """The ids of the city's properties in order, some thousands at a time."""
    query = select(property_current.c.property_id).where(property_current.c.municipality == municipality)
    ids = connection.execute(query.order_by(property_current.c.property_id)).scalars().all()
    return [list(ids[at : at + PORTION]) for at in range(0, len(ids), PORTION)]


def read_sql(name: str) -> str:
    """Text of a query without its comment lines: the drivers would take a `:name` in them for a parameter."""
    lines = (_SQL / name).read_text(encoding="utf-8").splitlines()
    return "\n".join(line for line in lines if not line.lstrip().startswith("--"))
