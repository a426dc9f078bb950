"""The edge: one port before all processes. Its configuration is written for each start."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

_CONFIGURATION = """\
{head}events {{ worker_connections 4096; }}
http {{
    access_log off;
    server_tokens off;
    client_body_temp_path {scratch}/body;
    proxy_temp_path {scratch}/proxy;
    fastcgi_temp_path {scratch}/fastcgi;
    uwsgi_temp_path {scratch}/uwsgi;
    scgi_temp_path {scratch}/scgi;
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
    {upstreams}
    # The id of every request: the caller's if it can be used, else ours; also on what the edge answers by itself.
    map $http_x_request_id $careforall_id {{
        "~^[A-Za-z0-9._-]{{8,64}}$" $http_x_request_id;
        default $request_id;
    }}
    # What many read at once: kept for the second that its Cache-Control says, one load for a herd, the copy of a second ago
    # while the next is made. Only for readers of whom nothing is known; variants by Vary.
    proxy_cache_path {scratch}/cache keys_zone=hot:4m max_size=64m inactive=1m use_temp_path=off;
    proxy_cache_key $scheme$http_host$request_uri;
    proxy_cache_lock on;
    proxy_cache_background_update on;
    proxy_cache_bypass $http_authorization $cookie_sessionid $cookie_messages $cookie_wrote;
    proxy_no_cache $http_authorization $cookie_sessionid $cookie_messages $cookie_wrote;
    map $request_uri $refusal_shape {{ "~^/api/" problem; default page; }}
    proxy_http_version 1.1;
    proxy_hide_header X-Request-ID;
    add_header X-Request-ID $careforall_id always;
    proxy_set_header X-Request-ID $careforall_id;
    proxy_set_header Host $http_host;
    proxy_set_header Connection $connection_upgrade;
    proxy_set_header X-Real-IP $remote_addr;
    proxy_set_header X-Forwarded-For $remote_addr;
    proxy_set_header X-Forwarded-Proto {scheme};
    proxy_connect_timeout 3s;
    proxy_read_timeout 60s;
    {extras}
    server {{
        listen {listen};
        {server_extras}
        {refusals}
        location /static/ {{
            alias {static}/;
            add_header Cache-Control "public, max-age=31536000, immutable";
            add_header X-Content-Type-Options nosniff;
            add_header X-Request-ID $careforall_id always;
        }}
        location /media/ {{
            alias {media}/;
            add_header Cache-Control "public, max-age=31536000, immutable";
            add_header X-Content-Type-Options nosniff;
            add_header Content-Security-Policy "default-src 'none'";
            add_header X-Request-ID $careforall_id always;
        }}
        location /ws/ {{
            # One header set here takes the place of all that are inherited, so all are named again.
            proxy_set_header Host $http_host;
            proxy_set_header X-Request-ID $careforall_id;
            proxy_set_header Upgrade $http_upgrade;
            proxy_set_header Connection $connection_upgrade;
            proxy_set_header X-Real-IP $remote_addr;
            proxy_set_header X-Forwarded-For $remote_addr;
            proxy_set_header X-Forwarded-Proto {scheme};
            proxy_read_timeout 3600s;
            proxy_pass http://live;
        }}
        location = /metrics {{ {metrics} }}
        location /api/v1/bank/ {{ proxy_pass http://bank; }}
        location /bank/ {{ proxy_pass http://bank; }}
        location ~ "^/api/v1/campaigns/[0-9a-f-]{{36}}$" {{ proxy_cache hot; proxy_pass http://web; }}
        location ~ "^/(status/|campaigns/([-a-zA-Z0-9_]+/)?)?$" {{ proxy_cache hot; proxy_pass http://web; }}
        location / {{ proxy_pass http://web; }}
    }}
}}
"""

# What the edge itself refuses: status it met, status it answers, code, title.
_REFUSALS = (
    (400, 400, "bad-request", "The request cannot be understood."),
    (404, 404, "not-found", "There is nothing here."),
    (408, 408, "request-timeout", "The request did not arrive in time."),
    (413, 413, "body-too-large", "The body is larger than this installation takes."),
    (414, 414, "uri-too-long", "The address is longer than this installation takes."),
    (494, 400, "headers-too-large", "The headers are larger than this installation takes."),
    (502, 503, "temporarily-unavailable", "This is not possible at the moment. Try again shortly."),
    (504, 504, "timeout", "The answer took too long. What you sent may have been done: look before sending it again."),
)
_PROBLEM = (
    '{{"type":"/docs/problems#{code}","title":"{title}","status":{status},"detail":"{title}","code":"{code}",'
    '"trace_id":"$careforall_id"}}'
)
_PAGE = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title></head>'
    "<body><h1>{title}</h1><p>$careforall_id</p></body></html>"
)
_SHAPES = (("problem", "application/problem+json", _PROBLEM), ("page", "text/html", _PAGE))


def _refusals() -> str:
    """Locations that answer in the shape of everything else: a problem for the API, a page elsewhere."""
    lines = []
    for met, status, code, title in _REFUSALS:
        lines.append(f"error_page {met} ={status} /_refused/$refusal_shape/{met};")
        wait = " add_header Retry-After 1 always;" if status in (503, 504) else ""
        for shape, media_type, form in _SHAPES:
            body = form.format(code=code, title=title, status=status)
            lines.append(
                f"location = /_refused/{shape}/{met} {{ internal; default_type {media_type}; "
                f"add_header X-Request-ID $careforall_id always;{wait} return {status} '{body}'; }}"
            )
    return "\n        ".join(lines)


def write_configuration(
    folder: Path, *, port: int, web: Sequence[int], bank: int, live: Sequence[int], static: Path, media: Path
) -> Path:
    """Write nginx.conf into `folder` and return its path; a running nginx takes it up at SIGHUP, without losing a request."""
    folder.mkdir(parents=True, exist_ok=True)
    media.mkdir(parents=True, exist_ok=True)
    file = folder / "nginx.conf"
    # As root, nginx would hand its workers to an account that cannot read a private data folder.
    user = "user root;\n" if os.geteuid() == 0 else ""
    head = (
        f"{user}daemon off;\nmaster_process on;\nworker_processes 1;\npid {folder}/nginx.pid;\nerror_log stderr crit;\n"
    )
    upstreams = (
        f"upstream web {{ {_servers(web)} keepalive 64; }}",
        f"upstream bank {{ {_servers([bank])} keepalive 32; }}",
        f"upstream live {{ least_conn; {_servers(live)} }}",
    )
    file.write_text(
        _configuration(
            head=head,
            scratch=folder,
            upstreams="\n    ".join(upstreams),
            scheme="$scheme",
            listen=f"127.0.0.1:{port}",
            metrics="allow 127.0.0.1; allow ::1; deny all; proxy_pass http://web;",
            static=static,
            media=media,
        )
    )
    return file


def of_compose() -> str:
    """The same for docker-compose.yml, where Docker's name server says who `web`, `bank` and `live` are, however many."""
    upstreams = ["resolver 127.0.0.11 valid=2s ipv6=off;"]
    for name, more in (("web", "keepalive 64;"), ("bank", "keepalive 32;"), ("live", "")):
        choice = "least_conn; " if name == "live" else ""
        upstreams.append(
            f"upstream {name} {{ zone {name} 64k; {choice}server {name}:8000 resolve; {more} }}".replace("  ", " ")
        )
    upstreams.append("map $http_x_forwarded_proto $careforall_scheme { https https; default $scheme; }")
    return _configuration(
        head="# The edge of docker-compose.yml, written by `python -m runtime edge`; that of `make run` is made the same way.\n"
        "worker_processes auto;\npid /tmp/nginx.pid;\nerror_log stderr crit;\n",
        scratch=Path("/tmp"),
        upstreams="\n    ".join(upstreams),
        scheme="$careforall_scheme",
        listen="8080",
        metrics="deny all;",
        static=Path("/data/static"),
        media=Path("/data/media"),
        extras="include /etc/nginx/edge.d/*.conf;  # who stands in front: deploy/edge.d/README.md",
        server_extras="include /etc/nginx/edge.d/server/*.conf;",
    )


def _configuration(*, extras: str = "", server_extras: str = "", **values: object) -> str:
    written = _CONFIGURATION.format(refusals=_refusals(), extras=extras, server_extras=server_extras, **values)
    return "".join(line for line in written.splitlines(keepends=True) if line.strip())


def _servers(ports: Sequence[int]) -> str:
    return " ".join(f"server 127.0.0.1:{port};" for port in ports)
