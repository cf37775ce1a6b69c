"""The demonstration city: an invented city whose offices send files, which the real ETL loads.

`generate` writes the files, `load` puts them into an empty database. All of it follows from a seed. With many
properties (benchmarks) only areas, rules, the register and its records are written, as plain CSV.
"""

from etl.demo.deliveries import BULK_FROM, DEFAULT_SEED, DEFAULT_SIZE, MUNICIPALITY, DemoFile, generate

__all__ = ["BULK_FROM", "DEFAULT_SEED", "DEFAULT_SIZE", "MUNICIPALITY", "DemoFile", "generate"]
