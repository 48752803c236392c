"""Who will see what leaves the product, and what is done to it for them."""

from __future__ import annotations

from enum import StrEnum

from lib.settings import FEWEST_RELEASED, FEWEST_SETS, MOST_HIDDEN, ROUNDED_TO


class Reader(StrEnum):
    """Three readers; each sees less than the one before."""

    DEPARTMENT = "department"
    CONGRESS = "congress"
    PUBLIC = "public"


NAMES = {
    Reader.DEPARTMENT: "My department",
    Reader.CONGRESS: "A congress or journal",
    Reader.PUBLIC: "The public",
}
REMARKS = {
    Reader.DEPARTMENT: "",
    Reader.CONGRESS: (
        "For a congress or a journal: counts are exact. Single patients, smallest and largest values are left out. "
        f"Means, SDs, quartiles and intervals are shown from {FEWEST_RELEASED} patients on, and only where at least "
        f"{FEWEST_SETS} different sets of values fit what is shown together; otherwise only n."
    ),
    Reader.PUBLIC: (
        f"For the public: counts of {MOST_HIDDEN} and fewer are hidden, the others are rounded to the nearest "
        f"{ROUNDED_TO}, and shares are of the rounded counts. Means and SDs are shown from {FEWEST_RELEASED} patients "
        f"on, and only where at least {FEWEST_SETS} different sets of values and more than one number of patients fit."
    ),
}
"""What is written on everything that leaves the product; "" where nothing is changed."""
MARKS = {Reader.DEPARTMENT: "", Reader.CONGRESS: "for a congress or journal", Reader.PUBLIC: "for the public"}
"""The same in the footer of a slide."""
