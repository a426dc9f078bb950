from apps.platform import db


def claim_slot(*, job: str, seconds: int) -> bool:
    """Whether the caller may fire `job` in the current slot of `seconds`: true for exactly one caller per slot.

    The database says which slot it is: one scheduler with its clock ahead would take the slots of the others for hours.
    """
    claimed = db.execute(
        """INSERT INTO outbox_jobslot (job, slot)
           VALUES (%(job)s, floor(extract(epoch FROM statement_timestamp()) / %(seconds)s))
           ON CONFLICT (job) DO UPDATE SET slot = excluded.slot WHERE outbox_jobslot.slot < excluded.slot""",
        {"job": job, "seconds": seconds},
    )
    return claimed == 1
