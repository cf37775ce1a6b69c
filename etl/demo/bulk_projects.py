"""Demolition projects of a city of any size for benchmarks: one for every two hundredth property, as plain CSV."""

from datetime import date, timedelta
from pathlib import Path
from typing import Final

import numpy as np

from etl.demo import files, german_columns, words

PROPERTIES_EACH: Final = 200
_STAGES: Final = ("decision", "vacating", "pollutant_survey", "tender_and_award", "gutting", "demolition", "backfill")
_PROGRAMME: Final = "Rückbauprogramm der Stadt (Beispiel)"


def write_bulk_demolitions(folder: Path, seed: int, size: int, on: date) -> tuple[Path, Path]:
    """Plans and what happened until the day, in the columns of the usual exports."""
    rng = np.random.default_rng([seed, 902])
    plans: list[tuple[object, ...]] = []
    progress: list[tuple[object, ...]] = []
    for number in range(0, size, PROPERTIES_EACH):
        project, key = f"RB-{number:07d}", f"PI-{number:07d}"
        decided_on = on - timedelta(days=int(rng.integers(30, 2_200)))
        planned = real = decided_on - timedelta(days=40)
        for stage, days, late in zip(_STAGES, rng.integers(30, 250, 7), rng.integers(-10, 60, 7), strict=True):
            start, real = real, real + timedelta(days=int(days + late))
            planned_from, planned = planned, planned + timedelta(days=int(days))
            name = words.DEMOLITION_STAGES[stage]
            plans.append((project, key, _PROGRAMME, decided_on, None, name, "ja", planned_from, planned, 10_000))
            if start <= on:
                done = (real, 11_000) if real <= on else (None, None)
                progress.append((project, key, name, start, *done, None, None, None, None, None))
    paths = folder / f"rueckbau_planung_{on}.csv", folder / f"rueckbau_stand_{on}.csv"
    files.write_csv(paths[0], german_columns.DEMOLITION_PLANS, plans)
    files.write_csv(paths[1], german_columns.DEMOLITION_PROGRESS, progress)
    return paths
