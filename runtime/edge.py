"""The edge: one port before all processes. Its configuration is written for each start."""

from __future__ import annotations

import os
from pathlib import Path

_CONFIGURATION = """\
{user}daemon off;
master_process on;
worker_processes 1;
pid {folder}/nginx.pid;
error_log stderr crit;
events {{ worker_connections 4096; }}
http {{
    access_log off;
    server_tokens off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    client_max_body_size 9m;
    sendfile on;
    tcp_nopush on;
    keepalive_timeout 65;
    gzip on;
    gzip_comp_level 5;
    gzip_min_length 512;
    gzip_types text/css application/javascript application/json application/problem+json image/svg+xml;
    types {{
        text/css css; application/javascript js; image/svg+xml svg; image/webp webp; image/png png; image/jpeg jpg jpeg;
        font/woff2 woff2; application/json json; text/plain txt; image/x-icon ico;
    }}
    default_type application/octet-stream;
    map $http_upgrade $connection_upgrade {{ default upgrade; '' ''; }}
    upstream web {{ server 127.0.0.1:{web}; keepalive 64; }}
    upstream bank {{ server 127.0.0.1:{bank}; keepalive 32; }}
    upstream live {{ server 127.0.0.1:{live}; }}
    proxy_http_version 1.1;
    proxy_set_header Host $http_host;
    proxy_set_header Connection $connection_upgrade;
    proxy_set_header X-Real-IP $remote_addr;
    proxy_set_header X-Forwarded-For $remote_addr;
    proxy_set_header X-Forwarded-Proto $scheme;
    proxy_connect_timeout 3s;
    proxy_read_timeout 60s;
    server {{
        listen 127.0.0.1:{port};
        location /static/ {{
            alias {static}/;
            add_header Cache-Control "public, max-age=31536000, immutable";
            add_header X-Content-Type-Options nosniff;
        }}
        location /media/ {{
            alias {media}/;
            add_header Cache-Control "public, max-age=31536000, immutable";
            add_header X-Content-Type-Options nosniff;
            add_header Content-Security-Policy "default-src 'none'";
        }}
        location /ws/ {{
            # One header set here takes the place of all that are inherited, so all are named again.
            proxy_set_header Host $http_host;
            proxy_set_header Upgrade $http_upgrade;
            proxy_set_header Connection $connection_upgrade;
            proxy_set_header X-Real-IP $remote_addr;
            proxy_set_header X-Forwarded-For $remote_addr;
            proxy_set_header X-Forwarded-Proto $scheme;
            proxy_read_timeout 3600s;
            proxy_pass http://live;
        }}
        location = /metrics {{ allow 127.0.0.1; allow ::1; deny all; proxy_pass http://web; }}
        location /api/v1/bank/ {{ proxy_pass http://bank; }}
        location / {{ proxy_pass http://web; }}
    }}
}}
"""


def write_configuration(folder: Path, *, port: int, web: int, bank: int, live: int, static: Path, media: Path) -> Path:
    """Write nginx.conf into `folder` and return its path."""
    folder.mkdir(parents=True, exist_ok=True)
    media.mkdir(parents=True, exist_ok=True)
    file = folder / "nginx.conf"
    # As root, nginx would hand its workers to an account that cannot read a private data folder.
    user = "user root;\n" if os.geteuid() == 0 else ""
    file.write_text(
        _CONFIGURATION.format(
            user=user, folder=folder, port=port, web=web, bank=bank, live=live, static=static, media=media
        )
    )
    return file
