"""Tables of moves: which state may follow which. The rows themselves are guarded by UPDATE ... WHERE and by triggers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Generic, TypeVar

State = TypeVar("State", bound=str)


class Moves(Generic[State]):
    """`Moves({A: {B, C}, B: {C}})`: from A to B or C, from B to C; nothing else."""

    def __init__(self, table: Mapping[State, set[State]]) -> None:
        self._table = {source: frozenset(targets) for source, targets in table.items()}

    def allows(self, source: State, target: State) -> bool:
        return target in self._table.get(source, frozenset())

    def sources_of(self, target: State) -> list[State]:
        """The states from which `target` can be reached in one move, for the WHERE of a guarded update."""
        return [source for source, targets in self._table.items() if target in targets]

    def pairs(self) -> list[tuple[State, State]]:
        return sorted((source, target) for source, targets in self._table.items() for target in targets)


def transition_trigger(table: str, column: str, moves: Moves[State]) -> tuple[str, str]:
    """SQL and reverse SQL of a trigger that refuses every pair of states that is not in `moves`."""
    name = f"{table}_{column}_moves"
    pairs = ", ".join(f"('{source}', '{target}')" for source, target in moves.pairs())
    forward = f"""
        CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF (OLD.{column}, NEW.{column}) NOT IN ({pairs}) THEN
                RAISE EXCEPTION '{table}: % -> % is not a move', OLD.{column}, NEW.{column}
                    USING ERRCODE = 'check_violation', CONSTRAINT = '{name}';
            END IF;
            RETURN NEW;
        END $$;
        CREATE TRIGGER {name} BEFORE UPDATE OF {column} ON {table} FOR EACH ROW
            WHEN (OLD.{column} IS DISTINCT FROM NEW.{column}) EXECUTE FUNCTION {name}();
    """
    return forward, f"DROP TRIGGER {name} ON {table}; DROP FUNCTION {name}();"


def append_only_trigger(table: str) -> tuple[str, str]:
    """SQL and reverse SQL of a trigger that refuses UPDATE and DELETE on `table`."""
    name = f"{table}_append_only"
    forward = f"""
        CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION '{table} is append-only' USING ERRCODE = 'check_violation', CONSTRAINT = '{name}';
        END $$;
        CREATE TRIGGER {name} BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION {name}();
    """
    return forward, f"DROP TRIGGER {name} ON {table}; DROP FUNCTION {name}();"
