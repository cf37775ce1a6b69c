"""One file for each kind of source, with `SOURCE = Source(...)`; `etl.source.sources` finds them."""
