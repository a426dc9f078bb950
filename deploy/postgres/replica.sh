#!/bin/bash
# The replica: copies the primary when its volume is empty, then streams from it. Promote it with `SELECT pg_promote()`.
set -euo pipefail
if [ ! -s "$PGDATA/PG_VERSION" ]; then
    install -d -m 0700 -o postgres -g postgres "$PGDATA"
    export PGPASSWORD; PGPASSWORD=$(cat /passwords/replication)
    until gosu postgres pg_basebackup -h postgres -U replicator -D "$PGDATA" -X stream -R; do
        echo "the primary is not ready to be copied; trying again"; rm -rf "${PGDATA:?}"/*; sleep 2
    done
fi
exec gosu postgres postgres -c listen_addresses='*' -c hot_standby=on -c hot_standby_feedback=on -c max_connections=300 \
    -c log_min_error_statement=panic -c log_error_verbosity=terse "$@"
