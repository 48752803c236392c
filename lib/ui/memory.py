"""Python's memory between clicks: quick to tidy, and nothing of a closed cohort kept.

Streamlit has Python search all objects for garbage at the end of every run of a page, before the last charts are sent:
60 to 170 ms of a click, nearly all of it spent on imported modules that never become garbage. `gc.freeze()` takes
what exists out of that search. What is frozen would not be found once it is garbage, so everything is thawed, tidied
and frozen anew whenever a session starts or puts another cohort in the place of its own: no closed session's data stays
longer than without this (Streamlit, too, tidies only when some page runs). That takes as long as Streamlit's search
did, so it waits until the page is drawn.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import logging
import threading
import traceback
from collections.abc import Callable

import streamlit as st
from streamlit import delta_generator, net_util
from streamlit.runtime import Runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

_TIDY = "_memory_tidy"
_WAIT = 2.0
"""Seconds from the end of a run to the tidying: the page is drawn, and whoever looks at it has not clicked yet."""
_WIDGET = "$$ID-"
_waiting = threading.Lock()  # held while a tidying is on its way: one is enough for all sessions


def settle() -> None:
    """Last line of a run: after the first one of a session, and after another cohort was opened, tidy once for all."""
    if st.session_state.get(_TIDY):
        return
    st.session_state[_TIDY] = True
    _drop_old_widgets()
    gc.freeze()
    if _waiting.acquire(blocking=False):
        later = threading.Timer(_WAIT, _tidy)
        later.daemon = True
        later.start()


def _drop_old_widgets() -> None:
    """Streamlit 1.67 keeps what it knows of every widget a session ever drew (format functions, callbacks, and with
    them the pages' variables) until the session ends. What this run did not draw goes; without these names nothing
    is changed.
    """
    with contextlib.suppress(AttributeError):
        context = get_script_run_ctx()
        if context is not None:
            drawn = context.shared.widget_ids_this_run.snapshot()
            known = context.session_state._state._new_widget_state.widget_metadata
            for old in [key for key in known if key.startswith(_WIDGET) and key not in drawn]:
                del known[old]


def unsettle() -> None:
    """The open cohort was dropped or replaced: tidy after the next run."""
    st.session_state.pop(_TIDY, None)
    _drop_downloads()


def _drop_downloads() -> None:
    """What the session made for downloading goes at once; otherwise its address would live until the session ends."""
    context = get_script_run_ctx()
    if context is not None and Runtime.exists():
        files = Runtime.instance().media_file_mgr
        files.clear_session_refs(context.session_id)
        files.remove_orphaned_files()  # a file made for a download is marked first
        files.remove_orphaned_files()


def _tidy() -> None:
    _waiting.release()
    freeze()


def freeze() -> None:
    """Free what nobody refers to and give it back to the system, then leave the rest out of later searches."""
    gc.unfreeze()
    gc.collect()
    if _trim is not None:
        _trim(0)
    gc.freeze()


def _found_trim() -> Callable[[int], int] | None:
    """glibc keeps what was freed for itself: 200 MB after a hundred files of 10 MB. Other systems have no such call."""
    try:
        found = ctypes.CDLL(None).malloc_trim
    except (AttributeError, OSError, TypeError):
        return None
    found.argtypes, found.restype = (ctypes.c_size_t,), ctypes.c_int
    return lambda pad: int(found(pad))


_trim = _found_trim()


# Uploads stay in memory: the web server's form parser is told not to use a temporary file.
#
# Streamlit 1.67 receives an upload through Starlette's form parser (`request.form()` in its PUT route), which moves a
# file above 1 MB to an unnamed temporary file on the disk. `server.maxUploadSize` bounds what a request may hold
# anyway.

NEVER = 0
"""What `tempfile.SpooledTemporaryFile` and Starlette's `UploadFile` take for "no size is too large for memory"."""


def uploads_stay_in_memory() -> None:
    """Tell the form parser, once per run of the frame; it costs a dictionary look-up."""
    from starlette.formparsers import MultiPartParser

    MultiPartParser.spool_max_size = NEVER


# Streamlit must not ask the world for this computer's address.
#
# When a page of another site tries to talk to the server (a WebSocket or request with a foreign Origin), Streamlit 1.67
# refuses, but first looks whether that site is this very computer: it opens a socket towards 8.8.8.8 and fetches
# checkip.amazonaws.com. No setting turns that off; what was found once is kept, so the answer is given in advance. A
# request from the app's own address is recognised before that, also behind a proxy.

_ADDRESSES = ("_internal_ip", "_external_ip")


def keep_own_address() -> None:
    """Say "127.0.0.1" before anybody asks. Without these names (another Streamlit) nothing is changed."""
    for name in _ADDRESSES:
        if getattr(net_util, name, "") is None:
            setattr(net_util, name, "127.0.0.1")


# A traceback on the server's stderr says where, not what: the text of an exception may quote a cell of a file.


class _WithoutTexts(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        """The record with the place of its exception, and of those it came from, in place of their texts."""
        error = record.exc_info[1] if isinstance(record.exc_info, tuple) else None
        if error is not None:
            places: list[str] = []
            while error is not None and len(places) < _MOST_CAUSES:
                places.append(f"{type(error).__name__}\n" + "".join(traceback.format_tb(error.__traceback__)))
                error = error.__cause__ or error.__context__
            record.msg, record.args = "%s: %s", (record.getMessage(), "came from: ".join(places))
            record.exc_info = record.exc_text = None
        return True


_MOST_CAUSES = 5
_without_texts = _WithoutTexts()


def look_for_no_console() -> None:
    """Streamlit's first element looks through all modules for whether it runs in a Python console: 0.2 of the first
    0.4 s with those imported here. It runs below a server; without this name nothing is changed.
    """
    if hasattr(delta_generator, "_use_warning_has_been_displayed"):
        delta_generator._use_warning_has_been_displayed = True


def log_no_texts() -> None:
    """Tell Streamlit's logger of uncaught exceptions; told again, nothing changes."""
    logging.getLogger("streamlit.error_util").addFilter(_without_texts)
