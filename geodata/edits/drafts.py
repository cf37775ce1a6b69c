"""What a form states, before it is checked: typed, and free of the database."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class AddressDraft:
    """One address; `address_id` is the official one that was chosen, if one was."""

    street: str
    house_number: int | None = None
    suffix: str | None = None
    postal_code: str | None = None
    address_id: int | None = None


@dataclass(frozen=True)
class PropertyDraft:
    """All facts of a property; `position` is longitude and latitude (EPSG:4326), None = where its address lies."""

    addresses: tuple[AddressDraft, ...]
    position: tuple[float, float] | None = None
    registered_on: date | None = None
    file_reference: str | None = None
    use_type: str | None = None
    building_class: int | None = None
    dwellings: int | None = None
    is_inhabited: bool | None = None
    is_heritage: bool | None = None
    ownership_form: str | None = None
    lead_office: str | None = None
    next_step: str | None = None
    reminder_on: date | None = None
    parcels: tuple[str, ...] = ()


@dataclass(frozen=True)
class InspectionDraft:
    """One visit to one property."""

    property_id: int
    control_type: str
    inspected_on: date | None
    access_reached: str
    result: str
    defects: tuple[str, ...] = ()


@dataclass(frozen=True)
class RoundDraft:
    """A round; its counts of persons are never summed, None = not stated."""

    held_on: date | None
    kind: str
    offices: tuple[str, ...] = ()
    interpreter_present: bool | None = None
    social_worker_present: bool | None = None
    place: str | None = None
    persons_registered: int | None = None
    persons_met: int | None = None
    persons_met_not_registered: int | None = None
    persons_reported: int | None = None
    persons_deregistered: int | None = None
