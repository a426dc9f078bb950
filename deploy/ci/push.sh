#!/usr/bin/env bash
# Push the built image as X.Y.Z, X.Y, X and latest to $REGISTRY (host/owner); nothing to do where none is named.
set -euo pipefail
version=${1:?the version}
[ -n "${REGISTRY:-}" ] || { echo "REGISTRY is not set: the image stays here."; exit 0; }
docker login "${REGISTRY%%/*}" -u "$REGISTRY_USER" --password-stdin <<<"$REGISTRY_TOKEN"
for tag in "$version" "${version%.*}" "${version%%.*}" latest; do
    docker tag "careforall:$version" "$REGISTRY/careforall:$tag"
    docker push "$REGISTRY/careforall:$tag"
done
