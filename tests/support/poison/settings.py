from careforall.settings.dev import *  # noqa: F403
from careforall.settings.dev import INSTALLED_APPS as _APPS

INSTALLED_APPS = [*_APPS, "tests.support.poison"]
