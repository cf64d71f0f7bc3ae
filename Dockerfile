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
# requirements-cluster.txt: also what is needed to work on, or with, a Dask cluster
ARG REQUIREMENTS=requirements.txt
COPY requirements.txt requirements-cluster.txt ./
COPY scripts/setup.sh scripts/setup.sh
RUN sh scripts/setup.sh /app/.venv requirements.txt \
  && if [ "$REQUIREMENTS" != requirements.txt ]; then sh scripts/setup.sh /app/.venv "$REQUIREMENTS"; fi

FROM ${BASE_IMAGE}
# A user without rights.
RUN useradd --create-home --uid 10001 --shell /usr/sbin/nologin app && install -d -o 10001 /var/lib/gradient-decay-lab
WORKDIR /app
COPY --from=install /app/.venv .venv
COPY requirements.txt app.py server.py ./
COPY .streamlit .streamlit
COPY core core
COPY pages pages
# The files belong to root: the app can read itself but not change itself. (The user by number: a host can check that.)
USER 10001
ENV PATH=/app/.venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
  PYTHONPATH=/app GDL_STORE=/var/lib/gradient-decay-lab
# Results are kept here: mount a volume, and they survive an update of the container.
VOLUME /var/lib/gradient-decay-lab
EXPOSE 8501
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
  CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8501/health', timeout=4)"]
CMD ["streamlit", "run", "server.py", "--server.headless=true", "--server.address=0.0.0.0", "--server.port=8501"]
