"""From the coefficients of a value set to the exact index of one state.

Every term is a count over the five levels (Szende, Oppe & Devlin 2007; Shaw 2005, Med Care 43:203-20; Augustovski 2009,
Value Health 12:587-96; Zarate 2011, Value Health 14:1135-41):

- `MO2` … `AD3`: 1 if that dimension is at that level; two of them joined (`MO3SC3`): 1 if both hold.
- `FullHealth`: always 1. `AtLeastOne2Or3`: 1 for every state but 11111. `AtLeastOne3`: 1 if any level is 3.
- `C2square`, `C3square`: square of the number of dimensions at level 2, at level 3.
- `D1`: dimensions at level 2 or 3 beyond the first. `I2`, `I3`: dimensions at level 2, at level 3, beyond the first;
  `I2square`, `I3square`: their squares.
- `O2`: 1 if there is a level 2 and no level 3; `O3`: 1 if there is a level 3 and no level 2.
- `X5`: 1 if all five dimensions are at level 2 or 3.
- `Z2`: 1 if levels 2 and 3 both occur. `Z3`: dimensions at level 2, counted only if a level 3 occurs.

An additive set is the sum of coefficient × term. The multiplicative set (Germany VAS) is the product of the
coefficients whose term is 1. Same definitions as the R package eq5d (`eq5d3l`), which rounds to three decimals. Nothing
is rounded here, except that the multiplicative index is kept to six decimals, so that it has a resolution.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal, localcontext
from math import prod

from lib.measures.value_sets import ValueSet

State = tuple[int, int, int, int, int]

DIMENSION_KEYS = ("MO", "SC", "UA", "PD", "AD")
MULTIPLICATIVE_STEP = Decimal("0.000001")

_LEVEL_TERM = re.compile(r"(MO|SC|UA|PD|AD)([23])")
_LEVEL_TERMS = re.compile(r"(?:(?:MO|SC|UA|PD|AD)[23])+")


def _counted_terms(state: State) -> Mapping[str, int]:
    """Every term that is a count over the whole state, by the name the data file uses."""
    twos, threes = state.count(2), state.count(3)
    problems = twos + threes
    i2, i3 = max(0, twos - 1), max(0, threes - 1)
    return {
        "FullHealth": 1,
        "AtLeastOne2Or3": int(problems > 0),
        "AtLeastOne3": int(threes > 0),
        "C2square": twos**2,
        "C3square": threes**2,
        "D1": max(0, problems - 1),
        "I2": i2,
        "I2square": i2**2,
        "I3": i3,
        "I3square": i3**2,
        "O2": int(twos > 0 and threes == 0),
        "O3": int(threes > 0 and twos == 0),
        "X5": int(problems == len(DIMENSION_KEYS)),
        "Z2": int(twos > 0 and threes > 0),
        "Z3": twos if threes > 0 else 0,
    }


def _term(name: str, state: State, counted: Mapping[str, int]) -> int:
    """How often a coefficient applies to a state. Raises ValueError for a parameter with no definition."""
    if name in counted:
        return counted[name]
    if not _LEVEL_TERMS.fullmatch(name):
        raise ValueError(f"no definition for the value set parameter {name!r}")
    levels = dict(zip(DIMENSION_KEYS, state, strict=True))
    return int(all(levels[dimension] == int(level) for dimension, level in _LEVEL_TERM.findall(name)))


def exact_index(chosen: ValueSet, state: State) -> Decimal:
    """The index of one legal state, exact (multiplicative sets: to six decimals, half up).

    Raises ValueError when the set holds a parameter without a definition.
    """
    fixed = chosen.fixed_states.get("".join(map(str, state)))
    if fixed is not None:
        return fixed
    counted = _counted_terms(state)
    terms = [(coefficient, _term(name, state, counted)) for name, coefficient in chosen.coefficients.items()]
    if chosen.model == "additive":
        return sum((coefficient * times for coefficient, times in terms), start=Decimal(0))
    with localcontext() as exact:
        exact.prec = 60  # six factors of four decimals: every product is exact
        product = prod((coefficient for coefficient, times in terms if times), start=Decimal(1))
    return product.quantize(MULTIPLICATIVE_STEP, ROUND_HALF_UP)
