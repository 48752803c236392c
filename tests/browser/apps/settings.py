"""Shows the settings this server really runs with, as one line of JSON. Used by tests/browser/test_security.py."""

import json

import streamlit as st

NAMES = (
    "browser.gatherUsageStats",
    "browser.serverAddress",
    "client.showErrorDetails",
    "client.showErrorLinks",
    "client.toolbarMode",
    "global.developmentMode",
    "runner.magicEnabled",
    "server.address",
    "server.allowedHosts",
    "server.corsAllowedOrigins",
    "server.disconnectedSessionTTL",
    "server.enableAgentApi",
    "server.enableCORS",
    "server.enableStaticServing",
    "server.enableXsrfProtection",
    "server.fileWatcherType",
    "server.headless",
    "server.maxUploadSize",
    "server.showEmailPrompt",
    "server.trustedUserHeaders",
)
st.text(json.dumps({name: st.get_option(name) for name in NAMES}, default=str))
