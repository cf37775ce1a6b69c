"""By which number a plan is called: that of the edit that made it, which stands in its key."""


def plan_number(key: str) -> int:
    """The number of a plan with this key."""
    return int(key.split(":")[1])


def plan_key(number: int) -> str:
    """The key of a plan of this number; the round that is held for it has the same."""
    return f"app:{number}:0"
