#!/bin/sh
# Once a start: retention, index template and saved searches. Repeating it changes nothing.
set -eu
until curl -fsS http://elasticsearch:9200/_cluster/health >/dev/null; do sleep 2; done
put() { curl -fsS -X PUT -H 'Content-Type: application/json' --data-binary "@$2" "http://elasticsearch:9200/$1"; }
put _ilm/policy/careforall-logs /logs/retention.json
put _index_template/careforall-logs /logs/template.json
until curl -fsS http://kibana:5601/api/status >/dev/null; do sleep 2; done
curl -fsS -X POST -H 'kbn-xsrf: careforall' -F file=@/logs/saved.ndjson 'http://kibana:5601/api/saved_objects/_import?overwrite=true'
