#!/usr/bin/env bash
# Which parts a change touches, as lines for GITHUB_OUTPUT: code=true|false, image=true|false. Unknown base: everything.
set -euo pipefail
base=${1:-}
if ! git cat-file -e "$base^{commit}" 2>/dev/null; then
    printf 'code=true\nimage=true\n'
    exit 0
fi
files=$(git diff --name-only "$base"...HEAD)
is_touched() { if grep -qE "$1" <<<"$files"; then echo true; else echo false; fi; }
echo "code=$(is_touched '^(apps|careforall|runtime|templates|static|locale|tests|bench|deploy|\.github)/|^(manage\.py|Makefile|pyproject\.toml|\.importlinter|requirements.*|docker-compose\.yml|Dockerfile)')"
echo "image=$(is_touched '^(apps|careforall|runtime|templates|static|locale|deploy)/|^(manage\.py|requirements\.txt|docker-compose\.yml|Dockerfile|\.dockerignore)')"
