"""Runs to be disturbed: diamonds, fans, chains of short steps that keep a ledger of their own."""

from tests.runtime.execution.plans import plan, step


def forty_steps(ledger, name, dice):
    """A fan of 10, five diamonds and a chain of 12."""
    return _shaped(ledger, name, dice, fan=10, diamonds=5, chain=12)


def two_hundred_steps(ledger, name, dice):
    """A fan of 50, 30 diamonds and a chain of 60."""
    return _shaped(ledger, name, dice, fan=50, diamonds=29, chain=61)


def twelve_steps(ledger, name, dice):
    """A fan of 2, two diamonds and one step that gathers them; every other step runs alone."""
    return _shaped(ledger, name, dice, fan=2, diamonds=2, chain=1, share_alone=0.5)


def _shaped(ledger, name, dice, *, fan, diamonds, chain, share_alone=0.3):
    def one(own, needs=()):
        return step(
            own,
            needs,
            call="remember",
            isolated=dice.random() < share_alone,
            retries=99,
            parameters={
                "value": 1,
                "ledger": str(ledger),
                "nonce": name,
                "name": own,
                "seconds": dice.uniform(0.005, 0.05),
            },
        )

    steps = [one("root"), *(one(f"fan{n}", ["root"]) for n in range(fan))]
    for n in range(diamonds):
        steps += [one(f"left{n}", [f"fan{n}"]), one(f"right{n}", [f"fan{n}"])]
        steps += [one(f"join{n}", [f"left{n}", f"right{n}"])]
    joins = [f"join{n}" for n in range(diamonds)] + [f"fan{n}" for n in range(diamonds, fan)]
    steps += [one("gather", joins), one("chain0", ["gather"])]
    steps += [one(f"chain{n}", [f"chain{n - 1}"]) for n in range(1, chain)]
    return plan(*steps, name=name, outputs={"end": f"{steps[-1].id}.value"})
