"""Where mappings are: own ones (QM_MAPPINGS_DIR) before the built-in, by name, by path, or by the file's columns."""

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from etl.files import TableOptions
from etl.mapping import Mapping
from etl.mapping_reader import read_mapping
from geodata.errors import DeliveryRefused, MappingError, UsageError

BUILT_IN = Path(__file__).parent / "mappings"


def find_mapping(name_or_path: str, own: Path | None) -> Mapping:
    """The mapping of this path, else of this name (`hagen/addresses`); UsageError lists the names that there are."""
    path = Path(name_or_path)
    if path.suffix == ".toml" and path.is_file():
        return read_mapping(path, name=path.stem)
    known = dict(mapping_paths(own))
    if name_or_path not in known:
        raise UsageError(
            f"There is no mapping {name_or_path!r}, neither as a file nor by name.", f"There are: {', '.join(known)}."
        )
    return read_mapping(known[name_or_path], name=name_or_path)


def mapping_paths(own: Path | None) -> Iterator[tuple[str, Path]]:
    """Names and paths of all mappings; an own one hides the built-in one of its name."""
    found: dict[str, Path] = {}
    for folder in (BUILT_IN, own):
        if folder is not None:
            found |= {str(path.relative_to(folder).with_suffix("")): path for path in sorted(folder.rglob("*.toml"))}
    yield from sorted(found.items())


def detect_mapping(source: str, columns_of: Callable[[TableOptions], tuple[str, ...]], own: Path | None) -> Mapping:
    """The only mapping of the source whose columns the file has, else a UsageError that lists the candidates.

    DeliveryRefused where the file cannot be opened in the form of any mapping. A mapping that brings its own header
    says nothing about the file, so it is taken by name only. `columns_of` opens the file with the options of a mapping
    and gives the names of its columns.
    """
    look = _Look(columns_of)
    candidates: list[Mapping] = []
    others: list[Mapping] = []
    for mapping in readable_mappings(own):
        if mapping.source.name != source:
            continue
        matches = mapping.header is None and not mapping.missing_in(look(table_options(mapping)))
        (candidates if matches else others).append(mapping)
    if len(candidates) == 1:
        return candidates[0]
    if candidates:
        names = ", ".join(mapping.name for mapping in candidates)
        raise UsageError(f"Several mappings fit the columns of the file: {names}.", "Say which one with --mapping.")
    if look.refusal is not None and not any(look.found.values()):
        raise look.refusal
    names = ", ".join(mapping.name for mapping in others) or "none"
    raise UsageError(
        f"No mapping of {source} fits the columns of the file.", f"There are: {names}. Say which one with --mapping."
    )


def table_options(mapping: Mapping) -> TableOptions:
    """How the file of this mapping is read; only the columns that the mapping names leave the reader."""
    return TableOptions(
        encoding=mapping.encoding,
        delimiter=mapping.delimiter,
        sheet=mapping.sheet,
        columns=mapping.columns_needed,
        header=mapping.header,
        decimal=mapping.decimal,
    )


def readable_mappings(own: Path | None) -> Iterator[Mapping]:
    """All mappings that are in order; a broken one must not stop a delivery that does not use it."""
    for name, path in mapping_paths(own):
        with contextlib.suppress(MappingError):
            yield read_mapping(path, name)


@dataclass
class _Look:
    """Looks at the columns of a file, once for all mappings that read it in the same form; no value is read."""

    columns_of: Callable[[TableOptions], tuple[str, ...]]
    found: dict[TableOptions, tuple[str, ...]] = field(default_factory=dict)
    refusal: DeliveryRefused | None = None

    def __call__(self, options: TableOptions) -> tuple[str, ...]:
        form = replace(options, columns=(), decimal=".")
        if form not in self.found:
            try:
                self.found[form] = self.columns_of(form)
            except DeliveryRefused as refused:
                # Another encoding or sheet may fit; if none does, this is what the user has to know.
                self.found[form], self.refusal = (), refused
        return self.found[form]
