"""What the edge says when nobody stands behind it."""

from __future__ import annotations

import json
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest

from runtime import binaries
from runtime.edge import write_configuration
from runtime.process import free_port
from tests.support.stack import Stack


@pytest.fixture(scope="module")
def edge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("edge")
    (folder / "static").mkdir()
    (folder / "static" / "here.css").write_text("body {}")
    port, nobody = free_port(), free_port()
    configuration = write_configuration(
        folder, port=port, web=nobody, bank=nobody, live=nobody, static=folder / "static", media=folder / "media"
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
