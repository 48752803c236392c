# CohortLens in a container, as a user without rights. How to run it: docs/hosting.md.
# Python 3.11.16 on Debian 12, the index of all platforms. A newer one: docs/hosting.md.
FROM python:3.11-slim-bookworm@sha256:a36c24f9cbdf4fd0f52d67f0823eeac19c2028c637cecc392d97f980d4fec56b

ENV PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1

WORKDIR /srv/cohortlens
# With its hashes: what is installed is what was tested, or the build stops. Wheels only: nothing is compiled or run here.
COPY requirements.lock ./
RUN pip install --require-hashes --only-binary :all: --requirement requirements.lock

# Only what the app needs to run: no tests, no bench, nothing of the working folder by accident.
COPY app.py asgi.py LICENSE ./
COPY .streamlit/config.toml .streamlit/config.toml
COPY lib lib
COPY pages pages
COPY static static
COPY sample_data sample_data
# Compiled once here, because the user below cannot write.
RUN python -m compileall -q app.py asgi.py lib pages \
    && useradd --system --uid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin cohortlens

USER 10001:10001
EXPOSE 8501

# Inside the container it must listen on every interface; publish the port to the proxy only.
# allowedHosts names who may open a session: give the public name at run time (docs/hosting.md).
ENV STREAMLIT_SERVER_ADDRESS=0.0.0.0 \
    STREAMLIT_SERVER_PORT=8501 \
    STREAMLIT_SERVER_HEADLESS=true

HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8501/_stcore/health', timeout=4)"]

# asgi.py is app.py with security headers, closed metrics, and the slow imports done before the first visitor.
ENTRYPOINT ["python", "-m", "streamlit", "run", "asgi.py"]
