"""Uploads stay in memory: the web server's form parser is told not to use a temporary file.

Streamlit 1.67 receives an upload through Starlette's form parser (`request.form()` in its PUT route), which moves a
file above 1 MB to an unnamed temporary file on the disk. `server.maxUploadSize` bounds what a request may hold anyway.
"""

from __future__ import annotations

NEVER = 0
"""What `tempfile.SpooledTemporaryFile` and Starlette's `UploadFile` take for "no size is too large for memory"."""


def uploads_stay_in_memory() -> None:
    """Tell the form parser, once per run of the frame; it costs a dictionary look-up."""
    from starlette.formparsers import MultiPartParser

    MultiPartParser.spool_max_size = NEVER
