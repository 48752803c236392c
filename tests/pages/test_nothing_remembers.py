"""After Forget nothing of an uploaded file is left in the process: no cache, no session state, no object."""

from __future__ import annotations

import gc
import threading
from typing import Any

import numpy as np
from streamlit.runtime.state.common import TESTING_KEY

from lib.ui import memory
from tests.pages.conftest import OpenApp
from tests.pages.test_upload import explore, upload

MARK = "Qzqmark"


def marked_file() -> bytes:
    """Forty patients; every text cell holds the mark: identifiers, labels, free text, answers, odd scores and dates."""
    heading = "id,name,email,etiology,remarks,complication,answer_pre,answer_post,mobility_post,vas_pre,vas_post,born"
    rows = [heading]
    for i in range(40):
        rows.append(
            f"{MARK}id{i},{MARK} van Dijk{i},{MARK}{i}@zqx.nl,{MARK} group {'ab'[i % 2]},{MARK} walks badly {i},"
            f"{'' if i % 5 else MARK + ' bleeding'},{MARK} agree,{MARK} no,{MARK} no problems,{i % 10},"
            f"{MARK + ' none' if i == 7 else (i + 3) % 10},1970-01-{1 + i % 28:02d}"
        )
    return "\n".join(rows).encode()


def left_over(mark: str = MARK) -> list[str]:
    """Where a text, bytes or array with the mark is alive, by the type of what holds it."""
    for thread in threading.enumerate():
        if thread is not threading.current_thread():  # one that tidies would hide objects from this search
            thread.join(5)
    memory.freeze()
    gc.unfreeze()
    seen: set[int] = set()
    found = []
    for holder in gc.get_objects():
        held: list[Any] = gc.get_referents(holder)
        for each in held:
            if id(each) in seen or isinstance(each, type):
                continue
            if isinstance(each, np.ndarray) and each.dtype.kind in "OUST":
                seen.add(id(each))
                if mark in " ".join(map(str, each.ravel().tolist())):
                    found.append(f"array in {type(holder)}")
            elif isinstance(each, bytes | bytearray) and mark.encode() in each:
                found.append(f"bytes in {type(holder)}")
            elif isinstance(each, str) and mark in each and each != MARK:
                found.append(f"{each[:60]!r} in {type(holder)}")
    return found


def test_no_object_and_no_cache_remembers_a_forgotten_file(open_app: OpenApp) -> None:
    app = upload(open_app(), "marked.csv", marked_file())
    while not [b for b in app.button if b.key == "upload.open"]:
        app.run()
    found = len(left_over())
    assert found, "the search finds what is open"
    explore(app)
    assert app.session_state["_cohort"].n == 40
    for page in ("patients", "safety", "statements"):
        app.switch_page(f"pages/{page}.py").run()
    app.button(key="forget").click().run()
    assert app.session_state["_cohort"].provenance.synthetic
    del app.session_state._state._state._old_state[TESTING_KEY]  # AppTest's own list of widgets
    rest = left_over()
    assert rest == []


def test_a_range_that_is_none_is_refused(open_app: OpenApp) -> None:
    for span in ("nan..inf", "nan..50", "90..20", "-inf..inf"):
        app = open_app(query={"f.age": span})
        assert "filter.age" not in app.session_state or app.session_state["_cohort"].n == 57
        assert any("does not have all that the address filters by" in t.value for t in app.toast), span
