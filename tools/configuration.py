"""docs/configuration.md: every variable that the product reads. `python -m tools.configuration` writes it, `--check` compares.

Which there are, their kind and default is read from the code that reads them; what they mean stands in .env.example. One that
is in only one of the two places fails.
"""

from __future__ import annotations

import ast
import re
import sys
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "configuration.md"
READERS = (
    "careforall/settings/base.py",
    "careforall/settings/prod.py",
    "careforall/telemetry.py",
    "runtime/*.py",
    "apps/faces/console/management/commands/demo.py",
)
# Told to processes by whoever starts them, not by an operator.
INTERNAL = {
    "DJANGO_SETTINGS_MODULE",
    "DURABLE",
    "PASSWORDS",
    "PROMETHEUS_MULTIPROC_DIR",
}
KINDS = {
    "text": "text",
    "texts": "texts between commas",
    "switch": "on / off",
    "choice": "choice",
    "integer": "whole number",
    "amounts": "CUR:amount between commas",
    "url": "URL",
    "database": "postgres:// URL",
    "time_zone": "time zone",
    "webhook_secret": "whsec_...",
    "webhook_secrets": "whsec_... between commas",
    "mail_server": "smtp:// or smtps:// URL",
    "sender": "e-mail sender",
}
_LINE = re.compile(r"^# ?([A-Z][A-Z0-9_]+)=(.*)$")
_PATH = re.compile(r"str\((?:BASE_DIR / )?'?(\.?\w+)'?(?: / '(\w+)')?\)")
HEAD = """\
# Configuration

Every variable, as processes read it from the environment, or from `secrets.env` and `runtime.env` of the data folder where the
environment says nothing. A missing or malformed one stops the start with one line that names it. This page is made by
`python -m tools.configuration` from the code and from `.env.example`; `make check` compares.
"""


@dataclass
class Found:
    kind: str = "text"
    default: str = ""
    readers: set[str] = field(default_factory=set)
    is_required: bool = False
    is_setting: bool = False


@dataclass(frozen=True)
class Told:
    section: str
    example: str
    meaning: str


def found() -> dict[str, Found]:
    """What the code reads, by name."""
    names: dict[str, Found] = {}
    for pattern in READERS:
        for file in sorted(ROOT.glob(pattern)):
            place = str(file.relative_to(ROOT))
            for node in ast.walk(ast.parse(file.read_text())):
                if read := _read(node):
                    name, kind, default, is_required = read
                    entry = names.setdefault(name, Found())
                    is_first, is_setting = not entry.readers, place.startswith("careforall/settings")
                    entry.readers.add(place)
                    entry.kind = kind if entry.kind == KINDS["text"] else entry.kind
                    entry.default = entry.default or default
                    if is_setting:  # read twice, once with a default: it may be missing
                        entry.is_required = is_required and (is_first or entry.is_required or not entry.is_setting)
                        entry.is_setting = True
    return {name: entry for name, entry in names.items() if name not in INTERNAL}


def _read(node: ast.AST) -> tuple[str, str, str, bool] | None:
    """The variable that a call like env.integer("NAME", 3) or os.environ.get("NAME") reads: name, kind, default, required."""
    if (
        isinstance(node, ast.Subscript)
        and ast.unparse(node.value) == "os.environ"
        and isinstance(node.slice, ast.Constant)
    ):
        return str(node.slice.value), "text", "", False
    if not (isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant)):
        return None
    called, name = ast.unparse(node.func), str(node.args[0].value)
    if called in ("os.environ.get", "env.get", "_one"):
        return name, "text", "", False
    kind = called.removeprefix("env.")
    if not called.startswith("env.") or kind not in KINDS:
        return None
    default = ast.unparse(node.args[1]) if len(node.args) > 1 else ""
    if kind == "switch":
        default = {"True": "on", "False": "off"}.get(default, default)
    needs = kind in ("text", "webhook_secret", "database", "url") and len(node.args) < 2
    return name, KINDS[kind], _PATH.sub(_slashed, default.removeprefix("f")).strip("'\""), needs


def _slashed(path: re.Match[str]) -> str:
    return "/".join(filter(None, path.groups()))


def told() -> dict[str, Told]:
    """What .env.example says, by name; a line `# NAME=example   meaning` below a heading `## ...`."""
    names: dict[str, Told] = {}
    section = ""
    for line in (ROOT / ".env.example").read_text().splitlines():
        if line.startswith("## "):
            section = line[3:]
        elif match := _LINE.match(line):
            example, _, meaning = match[2].partition("   ")
            names[match[1]] = Told(section, example.strip(), meaning.strip())
    return names


def page() -> str:
    code, words = found(), told()
    lines = [HEAD]
    for section in dict.fromkeys(each.section for each in words.values()):
        lines += [
            f"## {section}\n",
            "| variable | kind | default | meaning | example | read by |",
            "|---|---|---|---|---|---|",
        ]
        for name, said in words.items():
            if said.section == section and name in code:
                entry = code[name]
                default = "**must be set**" if entry.is_required else f"`{entry.default}`" if entry.default else "none"
                readers = ", ".join(f"`{each}`" for each in sorted(entry.readers))
                example = f"`{said.example}`" if said.example else ""
                lines.append(f"| `{name}` | {entry.kind} | {default} | {said.meaning} | {example} | {readers} |")
        lines.append("")
    return "\n".join(lines).replace("|  |", "| |").rstrip() + "\n"


def wrong() -> list[str]:
    code, words = found(), told()
    lines = [
        f"{name} is read by {', '.join(sorted(code[name].readers))} and not in .env.example"
        for name in code.keys() - words.keys()
    ]
    lines += [f"{name} is in .env.example and nothing reads it" for name in words.keys() - code.keys()]
    lines += [f"{name} has no meaning in .env.example" for name, each in words.items() if not each.meaning]
    if not PAGE.exists() or PAGE.read_text() != page():
        lines.append("docs/configuration.md is not what the code says: python -m tools.configuration")
    return sorted(lines)


def main(arguments: list[str]) -> int:
    if arguments == ["--check"]:
        sys.stderr.writelines(f"{line}\n" for line in wrong())
        return int(bool(wrong()))
    PAGE.write_text(page())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
