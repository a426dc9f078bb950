"""Argon2id as OWASP recommends it (19 MiB, 2 passes, 1 lane), and with the smallest cost for tests.

Django's own default takes 100 MiB and eight threads a sign-in: a few at once would starve the web processes.
"""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2id(Argon2PasswordHasher):
    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1


class QuickArgon2(Argon2PasswordHasher):
    time_cost = 1
    memory_cost = 8
    parallelism = 1
