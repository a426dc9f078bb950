"""The image's health check: whether this container's web or live process answers. Exit 0 or 1."""

import sys
import urllib.error
import urllib.request


def main(url: str = "http://127.0.0.1:8000/healthz") -> int:
    try:
        with urllib.request.urlopen(url, timeout=4) as answer:
            return 0 if answer.status == 200 else 1
    except (urllib.error.URLError, OSError):
        return 1


if __name__ == "__main__":
    sys.exit(main())
