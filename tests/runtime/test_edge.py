"""What the edge says when nobody stands behind it."""

from __future__ import annotations

import json
import subprocess
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from runtime import binaries
from runtime.edge import of_compose, write_configuration
from runtime.environment import ROOT
from runtime.process import free_port
from tests.support.stack import Stack


@pytest.fixture(scope="module")
def edge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("edge")
    (folder / "static").mkdir()
    (folder / "static" / "here.css").write_text("body {}")
    port, nobody = free_port(), free_port()
    configuration = write_configuration(
        folder, port=port, web=[nobody], bank=nobody, live=[nobody], static=folder / "static", media=folder / "media"
    )
    process = subprocess.Popen([binaries.nginx(), "-c", configuration, "-p", folder])
    try:
        url = f"http://127.0.0.1:{port}"
        Stack.wait_for(lambda: ask(f"{url}/static/here.css")[0] == 200)
        yield url
    finally:
        process.terminate()
        process.wait(10)


def ask(url: str, body: bytes | None = None, **headers: str) -> tuple[int, dict[str, str], bytes]:
    try:
        with urllib.request.urlopen(urllib.request.Request(url, data=body, headers=headers), timeout=10) as answer:
            return answer.status, dict(answer.headers), answer.read()
    except urllib.error.HTTPError as error:
        return error.code, dict(error.headers), error.read()


@pytest.mark.parametrize(
    "path", ["/static/here.css", "/static/gone.css", "/media/gone.webp", "/", "/ws/notifications/", "/api/v1/bank/x"]
)
def test_every_answer_has_a_request_id(edge: str, path: str) -> None:
    _, given, _ = ask(edge + path, **{"X-Request-ID": "my-own-id-0001"})
    _, other, _ = ask(edge + path, **{"X-Request-ID": "no good {id}"})
    assert given["X-Request-ID"] == "my-own-id-0001"
    assert len(other["X-Request-ID"]) == 32


def test_a_missing_upstream_is_a_problem_for_the_api_and_a_page_for_people(edge: str) -> None:
    status, headers, body = ask(f"{edge}/api/v1/campaigns")
    problem = json.loads(body)
    assert (status, headers["Content-Type"], headers["Retry-After"]) == (503, "application/problem+json", "1")
    assert (problem["code"], problem["status"]) == ("temporarily-unavailable", 503)
    assert problem["trace_id"] == headers["X-Request-ID"]
    status, headers, body = ask(f"{edge}/campaigns/")
    assert (status, headers["Content-Type"]) == (503, "text/html")
    assert b"Try again shortly" in body


def test_a_body_that_is_too_large_is_a_problem(edge: str) -> None:
    status, headers, body = ask(f"{edge}/api/v1/pledges", body=b"x" * 10_000_000)
    assert (status, json.loads(body)["code"]) == (413, "body-too-large")
    assert headers["Content-Type"] == "application/problem+json"


def test_its_own_refusals_are_not_pages_of_their_own(edge: str) -> None:
    assert ask(f"{edge}/_refused/problem/413")[0] == 404


class _Upstream(BaseHTTPRequestHandler):
    """Says how often it was asked, as something that may be kept for a second."""

    asked = 0
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        type(self).asked += 1
        body = f"{type(self).asked} {self.headers.get('Authorization')} {self.headers.get('Cookie')}".encode()
        self.send_response(200)
        self.send_header("Cache-Control", "public, max-age=60")
        self.send_header("Vary", "Cookie, Accept-Language")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Silent."""


@pytest.fixture
def busy_edge(tmp_path: Path) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Own", (_Upstream,), {"asked": 0}))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    port, nobody = free_port(), free_port()
    (tmp_path / "static").mkdir()
    configuration = write_configuration(
        tmp_path,
        port=port,
        web=[server.server_port],
        bank=nobody,
        live=[nobody],
        static=tmp_path / "static",
        media=tmp_path / "media",
    )
    process = subprocess.Popen([binaries.nginx(), "-c", configuration, "-p", tmp_path])
    try:
        Stack.wait_for(lambda: ask(f"http://127.0.0.1:{port}/up")[0] == 200)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)
        server.shutdown()
        server.server_close()


PUBLIC = ("/", "/campaigns/", "/campaigns/boats/", "/api/v1/campaigns/0190a0a0-0000-7000-8000-000000000000")


@pytest.mark.parametrize("path", PUBLIC)
def test_what_everyone_reads_is_asked_for_once_and_named_anew(busy_edge: str, path: str) -> None:
    first, again = ask(busy_edge + path), ask(busy_edge + path, **{"X-Request-ID": "the-second-one"})
    assert again[2] == first[2]
    assert again[1]["X-Request-ID"] == "the-second-one"
    assert first[1]["X-Request-ID"] != "the-second-one"


@pytest.mark.parametrize("path", PUBLIC)
@pytest.mark.parametrize("header", [("Authorization", "Bearer x"), ("Cookie", "sessionid=x"), ("Cookie", "messages=x")])
def test_whoever_is_known_gets_an_own_answer_that_nobody_else_gets(
    busy_edge: str, path: str, header: tuple[str, str]
) -> None:
    anonymous = ask(busy_edge + path)[2]
    own, own_again = ask(busy_edge + path, **dict([header])), ask(busy_edge + path, **dict([header]))
    assert header[1].encode() in own[2]
    assert own_again[2] != own[2]
    assert ask(busy_edge + path)[2] == anonymous


def test_variants_are_kept_apart_and_nothing_else_is_kept(busy_edge: str) -> None:
    plain = ask(f"{busy_edge}/campaigns/boats/")[2]
    bangla = ask(f"{busy_edge}/campaigns/boats/", **{"Accept-Language": "bn"})[2]
    asked = ask(f"{busy_edge}/campaigns/boats/?lang=bn")[2]
    assert len({plain, bangla, asked}) == 3
    for path in ("/donations/token/", "/api/v1/pledges", "/api/v1/campaigns", "/campaigns/boats/give/"):
        assert ask(busy_edge + path)[2] != ask(busy_edge + path)[2], path


def test_the_edge_of_compose_is_the_same_one_and_nginx_reads_it(tmp_path: Path) -> None:
    assert (ROOT / "deploy" / "nginx.conf").read_text() == of_compose(), "run: python -m runtime edge"
    with_tls = (ROOT / "deploy/edge.d/server/tls.conf.example").read_text()
    (tmp_path / "edge.d" / "server").mkdir(parents=True)
    key = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=localhost"]
    subprocess.run(
        [*key, "-keyout", tmp_path / "key.pem", "-out", tmp_path / "fullchain.pem"], check=True, capture_output=True
    )
    (tmp_path / "edge.d/server/tls.conf").write_text(with_tls.replace("/etc/nginx/certificates", str(tmp_path)))
    in_front = (ROOT / "deploy/edge.d/balancer.conf.example").read_text()
    (tmp_path / "edge.d/balancer.conf").write_text(in_front)
    file = tmp_path / "nginx.conf"
    file.write_text(of_compose().replace("/etc/nginx/edge.d", str(tmp_path / "edge.d")))
    read = subprocess.run(
        [binaries.nginx(), "-t", "-c", file, "-p", tmp_path], capture_output=True, text=True, check=False
    )
    assert read.returncode == 0, read.stderr
