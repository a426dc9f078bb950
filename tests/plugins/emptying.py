"""Empties the databases after a test that commits, by what is in them: Django's own way truncates every table each time and
makes content types and permissions anew, which costs more than most tests. Loaded by `-p`."""

from __future__ import annotations

from typing import Any

from django.db import connections
from django.test import TransactionTestCase

KEPT = ("django_migrations", "django_content_type", "auth_permission")
# As a replica no trigger refuses: append-only tables are emptied too, and foreign keys do not ask for an order.
_EMPTY = """
    DO $$
    DECLARE name text; has_rows boolean;
    BEGIN
        SET LOCAL session_replication_role = replica;
        FOR name IN SELECT quote_ident(tablename) FROM pg_tables
                    WHERE schemaname = 'public' AND tablename <> ALL (string_to_array('{kept}', ',')) LOOP
            EXECUTE 'SELECT EXISTS (SELECT FROM ' || name || ')' INTO has_rows;
            IF has_rows THEN
                EXECUTE 'DELETE FROM ' || name;
            END IF;
        END LOOP;
    END $$
""".format(kept=",".join(KEPT))


def _empty(case: Any) -> None:
    for alias in case._databases_names(include_mirrors=False):
        with connections[alias].cursor() as cursor:
            cursor.execute(_EMPTY)


TransactionTestCase._fixture_teardown = _empty  # type: ignore[method-assign]
