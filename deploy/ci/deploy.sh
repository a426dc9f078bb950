#!/usr/bin/env bash
# Bring a host that runs docker-compose.yml to a version without losing a request: migrate first, then one kind after the other,
# the new ones beside those of before until they are healthy.
set -euo pipefail
version=${1:?the version}
key=$(mktemp); trap 'rm -f "$key"' EXIT
printf '%s\n' "$DEPLOY_KEY" > "$key"
ssh -i "$key" -o StrictHostKeyChecking=yes "$DEPLOY_HOST" bash -s -- "$version" "$REGISTRY" <<'REMOTE'
set -euo pipefail
cd careforall && git fetch -q --tags && git checkout -q "v$1"
docker pull "$2/careforall:$1" && docker tag "$2/careforall:$1" "careforall:$1"
VERSION=$1 bash deploy/ci/renew.sh
REMOTE
