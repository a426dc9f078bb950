#!/bin/sh
# The password comes from a file that is made at the first start, so the configuration is written here.
set -eu
cat > /tmp/users.txt <<USERS
"careforall" "$(cat /passwords/postgres)"
USERS
cat > /tmp/pgbouncer.ini <<INI
[databases]
careforall = host=postgres port=5432 dbname=careforall
[pgbouncer]
listen_addr = 0.0.0.0
listen_port = 6432
auth_type = scram-sha-256
auth_file = /tmp/users.txt
pool_mode = transaction
max_client_conn = 1000
default_pool_size = 40
reserve_pool_size = 10
reserve_pool_timeout = 1
server_reset_query =
ignore_startup_parameters = options,extra_float_digits
unix_socket_dir =
logfile =
pidfile =
INI
exec pgbouncer /tmp/pgbouncer.ini
