"""The guards of gifts of every month; see guards.py."""

from .guard import Guard
from .probes import Change, Kept, Orphan, Row, Twice

MONTHLY = [
    Guard("recurring_giver", "recurring_giver_plan_id_3aa8e449_fk_recurring_plan_id", "A4", Orphan()),
    Guard("recurring_month", "recurring_month_plan_id_f1db2e99_fk_recurring_plan_id", "M1", Orphan()),
    Guard("recurring_month", "recurring_month_first_day", "M1", Row({"month": "2027-01-02"})),
    Guard("recurring_month", "recurring_month_once", "M1", Twice()),
    Guard("recurring_month", "recurring_month_retry", "M1", Row({"status": "waiting", "retry_on": None})),
    Guard("recurring_month", "recurring_month_status", "M1", Row({"status": "lost"})),
    Guard("recurring_month", "recurring_month_status_moves", "M1", Change({"status": "paid"}, "status = 'taking'")),
    Guard("recurring_note", "recurring_note_plan_id_d31f1e49_fk_recurring_plan_id", "M4", Orphan()),
    Guard("recurring_note", "recurring_note_from_one", "M4", Row({"seq": 0})),
    Guard("recurring_note", "recurring_note_once", "M4", Twice()),
    Guard("recurring_note", "recurring_note_append_only", "M4", Kept()),
    Guard("recurring_plan", "recurring_plan_amount", "P1", Row({"amount": 0})),
    Guard("recurring_plan", "recurring_plan_cover", "P1", Row({"amount": 5, "cover_amount": 5})),
    Guard("pledges_pledge", "pledges_p1_cover", "P1", Row({"amount": 5, "cover_amount": 5})),
    Guard("recurring_plan", "recurring_plan_day", "M1", Row({"day": 32})),
    Guard("recurring_plan", "recurring_plan_ended", "M3", Row({"status": "ended", "ended_at": None})),
    Guard("recurring_plan", "recurring_plan_next", "M3", Row({"status": "active", "next_on": None})),
    Guard("recurring_plan", "recurring_plan_status", "M3", Row({"status": "lost"})),
    Guard("recurring_plan", "recurring_plan_access_hash_key", "A2", Twice()),
    Guard("recurring_plan", "recurring_plan_approval_id_key", "M1", Twice()),
    Guard("recurring_plan", "recurring_plan_status_moves", "M3", Change({"status": "ended"}, "status = 'active'")),
    Guard("recurring_try", "recurring_try_month_id_e692a5dd_fk_recurring_month_id", "M2", Orphan()),
    Guard("recurring_try", "recurring_try_amount", "P1", Row({"amount": 0})),
    Guard("recurring_try", "recurring_try_once", "M1", Twice()),
    Guard("recurring_try", "recurring_try_one_paid", "M1", Twice({"status": "captured"})),
    Guard("recurring_try", "recurring_try_one_under_way", "M1", Twice({"status": "pending"})),
    Guard("recurring_try", "recurring_try_status", "M2", Row({"status": "lost"})),
    Guard("recurring_try", "recurring_try_status_moves", "M2", Change({"status": "captured"}, "status = 'failed'")),
]
