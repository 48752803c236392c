"""The app's own parts in the browser: small components whose files lie in a folder beside this module.

Streamlit serves files of a component only from an installed package, or from a manifest given to its manager, which is
not public: hence the wide guard, and hence streamlit is pinned. Each runtime has its own manager (AppTest makes one per
test), so the manifest is given to whichever runs now. Scripts written into Python would need no files, but a strict
content-security policy forbids them.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

_PROJECT = "cohortlens"
_FOLDERS = {"chart": "live_chart", "connection": "connection_watch"}
"""Name of a part → its folder, in which the script and the style are called like the folder."""


def part(name: str) -> Callable[..., Any] | None:
    """What mounts this part on a page, or None when this Streamlit cannot."""
    try:
        from streamlit.components.v2.get_bidi_component_manager import get_bidi_component_manager
        from streamlit.components.v2.manifest_scanner import ComponentConfig, ComponentManifest

        manager = get_bidi_component_manager()
        if manager.get_component_asset_root(f"{_PROJECT}.{name}") is None:
            parts = [ComponentConfig(one, folder) for one, folder in _FOLDERS.items()]
            manager.register_from_manifest(ComponentManifest(_PROJECT, "1", parts), Path(__file__).parent)
        return _mount(name)
    except Exception:
        return None


@lru_cache(maxsize=len(_FOLDERS))
def _mount(name: str) -> Callable[..., Any]:
    # isolate_styles=False: plotly.js puts its CSS into the page's head, out of reach of a shadow root.
    from streamlit.components.v2 import component

    file = _FOLDERS[name]
    return component(f"{_PROJECT}.{name}", js=f"{file}.js", css=f"{file}.css", isolate_styles=False)
