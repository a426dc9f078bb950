#!/bin/bash
# Once, when the primary's volume is empty: who may stream, and the time limits that PgBouncer cannot pass on.
set -euo pipefail
psql -v ON_ERROR_STOP=1 -v password="$(cat /passwords/replication)" -U "$POSTGRES_USER" -d "$POSTGRES_DB" <<'SQL'
CREATE ROLE replicator WITH REPLICATION LOGIN PASSWORD :'password';
ALTER ROLE careforall SET statement_timeout = '5s';
ALTER ROLE careforall SET lock_timeout = '3s';
ALTER ROLE careforall SET idle_in_transaction_session_timeout = '30s';
CREATE EXTENSION IF NOT EXISTS pg_stat_statements;
SQL
echo "host replication replicator samenet scram-sha-256" >> "$PGDATA/pg_hba.conf"
