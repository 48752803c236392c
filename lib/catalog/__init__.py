"""Instruments, thresholds, EQ-5D value sets and benchmarks: facts with their references.

- `instruments`: the catalogue (names, range, direction, words by which a column is recognised), places of pain.
- `thresholds`: MCID and PASS, on the scale of the file.   `benchmarks`: published figures, likewise.
- `eq5d`: states and index.   `value_sets`: the published sets: 44 of 3L, 49 and 13 crosswalks of 5L, 13 of Y-3L.
- `scoring`: scores from the answers to a questionnaire, each by its own rule.
- `answers`: ordered answer scales.   `statements`: what is asked after surgery.   `words`: comparing words of a file.
- `scales`: carrying a published figure over to another scale.

The facts themselves are in `data/`: csv and toml files, one row or record each, with references.
"""
