"""Where this installation keeps what must not be lost."""

from urllib.parse import quote

from django.conf import settings

from runtime.backups import Place


def installation() -> Place:
    """The databases' URLs and the media's folder, as the settings have them."""
    return Place(urls={"DATABASE_URL": _url("default"), "BANK_DATABASE_URL": _url("bank")}, media=settings.MEDIA_ROOT)


def _url(alias: str) -> str:
    found = settings.DATABASES[alias]
    secret = f":{quote(found['PASSWORD'], safe='')}" if found["PASSWORD"] else ""
    return f"postgres://{quote(found['USER'], safe='')}{secret}@{found['HOST']}:{found['PORT']}/{quote(found['NAME'], safe='')}"
