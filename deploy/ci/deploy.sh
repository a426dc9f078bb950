#!/usr/bin/env bash
# Bring a host that runs docker-compose.yml to a version: migrate first, then one kind of process after the other.
set -euo pipefail
version=${1:?the version}
key=$(mktemp); trap 'rm -f "$key"' EXIT
printf '%s\n' "$DEPLOY_KEY" > "$key"
ssh -i "$key" -o StrictHostKeyChecking=yes "$DEPLOY_HOST" bash -s -- "$version" "$REGISTRY" <<'REMOTE'
set -euo pipefail
cd careforall && git fetch -q --tags && git checkout -q "v$1"
docker pull "$2/careforall:$1" && docker tag "$2/careforall:$1" "careforall:$1"
export VERSION=$1
docker compose run --rm migrate
for each in web live bank worker worker-bulk scheduler edge; do
    docker compose up -d --no-build --no-deps --wait "$each"
done
docker compose exec -T web python manage.py audit
REMOTE
