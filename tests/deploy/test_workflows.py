"""The workflows' steps are what a laptop has too: targets of the Makefile, scripts of the repository, services of compose."""

from __future__ import annotations

import re

import pytest
import yaml

from runtime.environment import ROOT

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
TARGETS = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.M))
SERVICES = set(yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"])


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.stem)
def test_every_step_is_there(file) -> None:  # type: ignore[no-untyped-def]
    steps = [step for job in yaml.safe_load(file.read_text())["jobs"].values() for step in job["steps"]]
    for command in filter(None, (step.get("run") for step in steps)):
        assert set(re.findall(r"\bmake ([a-z-]+)", command)) <= TARGETS, command
        for script in re.findall(r"\bdeploy/\S+\.sh", command):
            assert (ROOT / script).is_file(), script
        for service in re.findall(r"compose exec (?:--index \d+ )?(\w[\w-]*)", command):
            assert service in SERVICES, service
    used = [step["uses"] for step in steps if "uses" in step]
    assert all(re.fullmatch(r"[\w-]+/[\w-]+@v\d+", each) for each in used)
