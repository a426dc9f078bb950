#!/usr/bin/env bash
# The version that CHANGELOG.md names first below "Unreleased"; exit 1 where there is none or it is no semantic version.
set -euo pipefail
version=$(sed -nE 's/^## \[?([0-9]+\.[0-9]+\.[0-9]+)\]?.*/\1/p' CHANGELOG.md | head -n 1)
[ -n "$version" ] || { echo "CHANGELOG.md names no version: turn Unreleased into one, for example '## 1.0.0 (2026-12-01)'." >&2; exit 1; }
echo "$version"
