#!/usr/bin/env bash
# Replace every process of a running docker-compose.yml by one of the image $VERSION, on this host: `VERSION=1.2.0 renew.sh`.
# The edge asks every two seconds who `web`, `bank` and `live` are, and tries the next one where a connection is refused.
set -euo pipefail
: "${VERSION:?the version of the image}"
export VERSION
compose() { docker compose "$@"; }
renew() {
    local service=$1 before number
    before=$(compose ps -q "$service")
    number=$(wc -w <<<"$before")
    [ "$number" -gt 0 ] || { compose up -d --no-build --no-deps --wait "$service"; return; }
    compose up -d --no-build --no-deps --no-recreate --wait --scale "$service=$((number * 2))" "$service"
    sleep 5
    # shellcheck disable=SC2086  # one word an id
    docker stop -t 40 $before >/dev/null && docker rm $before >/dev/null
    compose up -d --no-build --no-deps --no-recreate --scale "$service=$number" "$service"
}
compose run --rm migrate
for each in web bank live worker worker-bulk scheduler; do renew "$each"; done
compose up -d --no-build --no-deps --wait edge
compose exec -T web python manage.py audit
