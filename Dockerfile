# One image for every process; which one it is, the command says (docker-compose.yml).
FROM python:3.11-slim-bookworm AS build
ENV PYTHONDONTWRITEBYTECODE=
COPY requirements.txt /build/
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --require-hashes -r /build/requirements.txt

FROM python:3.11-slim-bookworm
RUN useradd --system --uid 10001 --home /data careforall && mkdir -p /data && chown careforall /data
COPY --from=build /venv /venv
WORKDIR /app
COPY manage.py ./
COPY careforall ./careforall
COPY apps ./apps
COPY templates ./templates
COPY static ./static
ENV PATH=/venv/bin:$PATH DJANGO_SETTINGS_MODULE=careforall.settings.prod DATA_DIR=/data PYTHONUNBUFFERED=1
USER careforall
VOLUME /data
EXPOSE 8000
CMD ["granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", "--workers", "2", "--blocking-threads", "4", "careforall.wsgi:application"]
