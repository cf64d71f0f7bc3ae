# Two steps: the first installs, the second receives only the result. No installer, cache or script stays.
#   docker build -t gradient-decay-lab . && docker run -p 8501:8501 gradient-decay-lab
ARG BASE_IMAGE=python:3.11-slim

FROM ${BASE_IMAGE} AS install
# TORCH_INDEX_URL: where CPU builds of torch are, if not where scripts/setup.sh looks (empty: don't look there).
# The other two are pip's own settings, for a network that has its packages elsewhere.
ARG TORCH_INDEX_URL
ARG PIP_FIND_LINKS=
ARG PIP_EXTRA_INDEX_URL=
ENV PIP_NO_CACHE_DIR=1
WORKDIR /app
COPY requirements.txt ./
COPY scripts/setup.sh scripts/setup.sh
RUN sh scripts/setup.sh /app/.venv requirements.txt

FROM ${BASE_IMAGE}
# A user without rights.
RUN useradd --create-home --uid 10001 --shell /usr/sbin/nologin app
WORKDIR /app
COPY --from=install /app/.venv .venv
COPY requirements.txt app.py ./
COPY .streamlit .streamlit
COPY core core
COPY pages pages
# The files belong to root: the app can read itself but not change itself. (The user by number: a host can check that.)
USER 10001
ENV PATH=/app/.venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
EXPOSE 8501
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
  CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8501/_stcore/health', timeout=4)"]
# The background part runs app.py once before the first visitor comes (see scriptHealthCheckEnabled in
# .streamlit/config.toml); the server itself takes the shell's place, so that it gets the signal to stop.
CMD ["sh", "-c", "(for try in 1 2 3 4 5 6 7 8 9 10; do sleep 1; python -c \"import urllib.request as u; u.urlopen('http://127.0.0.1:8501/_stcore/script-health-check', timeout=60)\" && break; done) >/dev/null 2>&1 & exec streamlit run app.py --server.headless=true --server.address=0.0.0.0 --server.port=8501"]
