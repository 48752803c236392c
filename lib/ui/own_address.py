"""Streamlit must not ask the world for this computer's address.

When a page of another site tries to talk to the server (a WebSocket or request with a foreign Origin), Streamlit 1.67
refuses, but first looks whether that site is this very computer: it opens a socket towards 8.8.8.8 and fetches
checkip.amazonaws.com. No setting turns that off; what was found once is kept, so the answer is given in advance. A
request from the app's own address is recognised before that, also behind a proxy.
"""

from __future__ import annotations

from streamlit import net_util

_KEPT = ("_internal_ip", "_external_ip")


def settle() -> None:
    """Say "127.0.0.1" before anybody asks. Without these names (another Streamlit) nothing is changed."""
    for name in _KEPT:
        if getattr(net_util, name, "") is None:
            setattr(net_util, name, "127.0.0.1")
