"""From the bytes of a file to a cohort: reading, recognising, checking, repairing, building."""
