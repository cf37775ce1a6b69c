"""The floor of quartiermonitor: what the data is, what the rules are and who may see it."""
