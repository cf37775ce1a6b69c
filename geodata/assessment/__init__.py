"""The assessment (Ampel): pressure of the problem x room to act, from a closed list of contributions.

`rule.py` is the rule, pure; `values.py` reads by which values a city counts; `computing.py` keeps what follows from
them; `reads.py` explains it; `edits.py` changes values and takes reports. docs/decisions/0012 says why.
"""
