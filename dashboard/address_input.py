"""From what stands in the fields of an address to the addresses of an object."""

from dataclasses import dataclass
from datetime import date

from dashboard.form_fields import AddressText
from geodata.access import Asker
from geodata.address_search import FoundAddress, find_official, read_address
from geodata.address_text import AddressParts, normalise_street, parse_address, with_house_numbers
from geodata.edits import AddressDraft


@dataclass(frozen=True)
class AddressInput:
    """The addresses of an object and the point of the first that is official: longitude and latitude (EPSG:4326)."""

    drafts: tuple[AddressDraft, ...] = ()
    position: tuple[float, float] | None = None


def read_addresses(asker: Asker, given: AddressText | None, further: str | None, as_of: date) -> AddressInput:
    """The address that was chosen or written, and further house numbers of its street (`97, 99a`).

    What is written becomes the official address where one is called exactly so, else it is taken as written. Of a range
    (`95-99`) the numbers between its ends count only where they exist.
    """
    if given is None:
        return AddressInput()
    chosen = _chosen(asker, given)
    parts = [_parts(chosen)] if chosen else parse_address(given.text)
    more = with_house_numbers(parts[0].street, further) if further and parts else []
    official = {one: chosen if one == _own(chosen) else find_official(asker, one, as_of) for one in (*parts, *more)}
    kept = [one for one in official if official[one] or not one.is_between]
    positions = [found.position for one in kept if (found := official[one]) and found.position]
    drafts = dict.fromkeys(_draft(one, official[one]) for one in kept)
    return AddressInput(tuple(drafts), positions[0] if positions else None)


def _chosen(asker: Asker, given: AddressText) -> FoundAddress | None:
    is_id = given.id is not None and given.id.isascii() and given.id.isdecimal() and len(given.id) <= 18
    return read_address(asker, int(given.id or 0)) if is_id else None


def _own(chosen: FoundAddress | None) -> AddressParts | None:
    return _parts(chosen) if chosen else None


def _parts(found: FoundAddress) -> AddressParts:
    return AddressParts(found.street, normalise_street(found.street), found.house_number, found.house_number_suffix)


def _draft(parts: AddressParts, official: FoundAddress | None) -> AddressDraft:
    if official is None:
        return AddressDraft(parts.street, parts.house_number, parts.house_number_suffix)
    return AddressDraft(
        official.street,
        official.house_number,
        official.house_number_suffix,
        postal_code=official.postal_code,
        address_id=official.address_id,
    )
