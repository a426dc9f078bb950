"""`python -m runtime keys`: replace a key of the installation while the one before it is still accepted.

    python -m runtime keys rotate JWT_SIGNING_KEY     # a new one; the one before goes to JWT_SIGNING_KEY_OLD
    python -m runtime keys forget JWT_SIGNING_KEY     # nothing that the old ones signed is accepted any more

Both write `secrets.env` of the data folder; processes read it when they start. docs/runbooks/keys.md says when to do which.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from .environment import ROOT, fresh_secrets, read_env, write_env

ROTATED = ("SECRET_KEY", "JWT_SIGNING_KEY", "BANK_WEBHOOK_SECRET")


def main(arguments: list[str]) -> int:
    """Returns the exit code; says what to do next."""
    file = Path(os.environ.get("DATA_DIR") or ROOT / ".data") / "secrets.env"
    if len(arguments) != 2 or arguments[0] not in ("rotate", "forget") or arguments[1] not in ROTATED:
        sys.stderr.write(f"Use: python -m runtime keys rotate|forget {'|'.join(ROTATED)}\n")
        return 2
    verb, name = arguments
    known = read_env(file)
    if name not in known:
        sys.stderr.write(f"{file} holds no {name}: start CareForAll once, or set DATA_DIR.\n")
        return 2
    old = f"{name}_OLD"
    if verb == "rotate":
        if name == "SECRET_KEY":  # what was sealed with it stays sealed with it
            known.setdefault("SECOND_FACTOR_KEY", known[name])
        known[old] = ",".join(filter(None, (known[name], known.get(old, ""))))
        known[name] = fresh_secrets()[name]
        sys.stdout.write(
            f"{name} is new; what the one before it signed is still accepted. Restart all processes now.\n"
        )
    else:
        known.pop(old, None)
        sys.stdout.write(f"What older keys than {name} signed is refused after the next restart.\n")
    write_env(file, known)
    return 0
