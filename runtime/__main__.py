"""`python -m runtime run` starts the product; `exec -- COMMAND` runs a command beside databases of its own; `secrets` is
the first step of docker-compose.yml; `keys` replaces keys; `edge` writes deploy/nginx.conf."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from . import edge, keys
from .compose import make_secrets
from .environment import ROOT, base_environment
from .process import say_into
from .servers import Servers
from .supervisor import main_run


def main(arguments: list[str]) -> int:
    if arguments == ["run"]:
        return main_run()
    if arguments == ["secrets"]:
        return make_secrets()
    if arguments == ["edge"]:
        (ROOT / "deploy" / "nginx.conf").write_text(edge.of_compose())
        return 0
    if arguments[:1] == ["keys"]:
        return keys.main(arguments[1:])
    if len(arguments) > 2 and arguments[:2] == ["exec", "--"]:
        return _exec(arguments[2:])
    sys.stderr.write("Use: python -m runtime run | exec -- COMMAND | secrets | keys | edge\n")
    return 2


def _exec(command: list[str]) -> int:
    """Databases of their own in a scratch folder, gone afterwards; external ones when DATABASE_URL is set."""
    if os.environ.get("DATABASE_URL"):
        return subprocess.run(command, check=False).returncode
    say_into(sys.stderr)  # what the command says is all there is on the standard output
    with tempfile.TemporaryDirectory(prefix="careforall-") as folder:
        servers = Servers(Path(folder), is_durable=os.environ.get("DURABLE") == "on")
        try:
            env = base_environment(Path(folder)) | servers.start()
            return subprocess.run(command, env=env, check=False).returncode
        finally:
            servers.stop()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
