"""Time to revision and to death from files whose dates stand in rows: long visits, a second file of events, REDCap."""

from __future__ import annotations

import numpy as np

from lib.analysis import Analysis
from lib.analysis.survival import TimeToEvent, events_of, time_to_event
from lib.cohort.cohort import Cohort, Dates
from lib.importing.events import propose_events
from lib.importing.files.worker import parse_file
from lib.importing.proposal import propose
from lib.stats.results import NotComputed

PATIENTS = """patient_id,surgery_date,last_contact_date,VAS_pain_pre,VAS_pain_12m
1,2018-01-10,2024-01-10,8,3
2,2018-03-10,2023-01-10,7,2
3,2019-01-10,2024-06-10,9,5
4,2019-05-10,2024-01-10,6,4
5,2020-01-10,2024-01-10,8,1
6,2020-02-10,2021-06-01,8,2
"""
EVENTS = """patient_id,adverse_event,event_date
1,Revision,2021-07-01
1,Revision,2019-07-01
2,Wound infection,2018-04-01
6,Death,2021-06-01
4,revision surgery,2022-01-01
5,Reoperation without revision,2021-01-01
"""
VISITS = """patient_id,visit,surgery_date,VAS_pain,revision_date,death_date,last_contact_date
1,baseline,2018-01-10,8,,,2018-01-10
1,12 months,,3,2019-07-01,,2019-01-12
1,24 months,,4,2021-07-01,,2024-01-10
2,baseline,2018-03-10,7,,,2018-03-10
2,12 months,,2,,2022-02-02,2019-03-01
2,24 months,,2,,,2020-03-01
3,baseline,2019-01-10,9,,,2019-01-10
3,12 months,,5,,,2020-01-10
3,24 months,,3,,,2021-01-20
"""
REDCAP = """record_id,redcap_repeat_instrument,redcap_repeat_instance"""
REDCAP += """,surgery_date,last_contact_date,vas_pain,adverse_event,ae_date
1,,,2018-01-10,2024-01-10,8,,
1,visit,1,,,3,,
1,event,1,,,,Revision,2019-07-01
1,event,2,,,,Revision,2021-07-01
2,,,2018-03-10,2023-01-10,7,,
2,visit,1,,,2,,
2,event,1,,,,Infection,2018-04-01
3,,,2019-01-10,2024-06-10,9,,
3,visit,1,,,5,,
3,event,1,,,,Death,2024-06-10
"""


def _days(cohort: Cohort, key: str) -> list[str]:
    column = cohort.columns[key]
    assert isinstance(column, Dates)
    return ["" if np.isnat(day) else str(day) for day in column.days]


def test_a_second_file_of_dated_events() -> None:
    found = propose(parse_file(PATIENTS.encode(), "patients.csv"))
    events = propose_events(parse_file(EVENTS.encode(), "events.csv"))
    cohort = found.build(events.events)
    assert _days(cohort, "revision_date") == ["2019-07-01", "", "", "2022-01-01", "", ""]  # the first of two
    assert _days(cohort, "death_date") == ["", "", "", "", "", "2021-06-01"]
    assert events_of(cohort) == ("revision_date", "death_date")
    result = time_to_event(Analysis(cohort), "revision_date")
    assert isinstance(result, TimeToEvent)
    curve = result.everybody.incidence
    assert not isinstance(curve, NotComputed)
    assert (curve.n, curve.events, curve.competing) == (6, 2, 1)
    assert curve.steps == (537.0, 967.0)


def test_a_column_of_the_patients_comes_before_the_events() -> None:
    own = PATIENTS.replace("VAS_pain_12m", "VAS_pain_12m,revision_date").replace(",8,3\n", ",8,3,2020-01-01\n")
    own = own.replace(",7,2\n", ",7,2,\n")
    events = propose_events(parse_file(EVENTS.encode(), "events.csv"))
    cohort = propose(parse_file(own.encode(), "patients.csv")).build(events.events)
    assert _days(cohort, "revision_date")[0] == "2020-01-01"


def test_visits_in_rows_take_the_first_event_and_the_last_contact() -> None:
    cohort = propose(parse_file(VISITS.encode(), "visits.csv")).build()
    assert _days(cohort, "revision_date") == ["2019-07-01", "", ""]
    assert _days(cohort, "death_date") == ["", "2022-02-02", ""]
    assert _days(cohort, "last_contact_date") == ["2024-01-10", "2020-03-01", "2021-01-20"]
    assert _days(cohort, "surgery_date") == ["2018-01-10", "2018-03-10", "2019-01-10"]


def test_a_repeating_form_of_redcap() -> None:
    cohort = propose(parse_file(REDCAP.encode(), "redcap.csv")).build()
    assert _days(cohort, "revision_date") == ["2019-07-01", "", ""]
    assert _days(cohort, "death_date") == ["", "", "2024-06-10"]
    assert events_of(cohort) == ("revision_date", "death_date")
