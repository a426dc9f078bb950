#!/usr/bin/env bash
# One gift through a running installation with demo mode on, and its total: `smoke.sh http://127.0.0.1:8080 CAMPAIGN_ID`.
# Without a campaign's id it takes the first one that is active.
set -euo pipefail
url=${1:?the address of the edge} campaign=${2:-}
read_field() { python3 -c 'import json,sys; print(eval("json.load(sys.stdin)" + sys.argv[1]))' "$1"; }
curl -fsS "$url/readyz" >/dev/null
[ -n "$campaign" ] || campaign=$(curl -fsS "$url/api/v1/campaigns?status=active" | read_field '["results"][0]["id"]')
before=$(curl -fsS "$url/api/v1/campaigns/$campaign" | read_field '["raised_amount"]')
made=$(curl -fsS -H 'Content-Type: application/json' -H "Idempotency-Key: smoke-$RANDOM-$$" "$url/api/v1/pledges" -d @- <<JSON
{"campaign": "$campaign", "amount": 50000, "donor": {"name": "Smoke", "email": "smoke@example.org"},
 "payment": {"provider": "bank", "account": "4000-0000-0000-0001"}}
JSON
)
token=$(read_field '["tracking_token"]' <<<"$made")
for _ in $(seq 60); do
    status=$(curl -fsS "$url/api/v1/donations/$token" | read_field '["status"]')
    after=$(curl -fsS "$url/api/v1/campaigns/$campaign?seen=$RANDOM" | read_field '["raised_amount"]')
    [ "$status" = captured ] && [ "$after" -ge $((before + 50000)) ] && { echo "captured; raised $before -> $after"; exit 0; }
    sleep 1
done
echo "the gift is $status, raised $before -> $after" >&2
exit 1
