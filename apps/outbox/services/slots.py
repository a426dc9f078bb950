from apps.platform import clock, db


def claim_slot(*, job: str, seconds: int) -> bool:
    """Whether the caller may fire `job` in the current slot of `seconds`: true for exactly one caller per slot."""
    slot = int(clock.now().timestamp()) // seconds
    claimed = db.execute(
        """INSERT INTO outbox_jobslot (job, slot) VALUES (%(job)s, %(slot)s)
           ON CONFLICT (job) DO UPDATE SET slot = excluded.slot WHERE outbox_jobslot.slot < excluded.slot""",
        {"job": job, "slot": slot},
    )
    return claimed == 1
