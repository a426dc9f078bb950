"""The guards of jobs over many gifts, of notes, and of reports."""

from __future__ import annotations

from .guard import Guard
from .probes import Change, Kept, Orphan, Row, Twice

JOBS = [
    Guard("pledges_job", "pledges_job_action", "J1", Row({"action": "refund"})),
    Guard("pledges_job", "pledges_job_state", "J1", Row({"status": "done", "started_at": None, "finished_at": None})),
    Guard("pledges_jobgift", "pledges_jobgift_job_id_ae486daf_fk_pledges_job_id", "J1", Orphan()),
    Guard("pledges_jobgift", "pledges_jobgift_pledge_id_e46c84cc_fk_pledges_pledge_id", "J1", Orphan()),
    Guard("pledges_jobgift", "pledges_jobgift_once", "J1", Twice()),
    Guard("pledges_jobgift", "pledges_jobgift_outcome", "J1", Row({"outcome": "lost"})),
    Guard("pledges_note", "pledges_note_pledge_id_2efd07f0_fk_pledges_pledge_id", "J1", Orphan()),
    Guard("pledges_job", "pledges_job_status_moves", "J1", Change({"status": "prepared"}, "status = 'done'")),
    Guard("pledges_jobgift", "pledges_jobgift_outcome_moves", "J1", Change({"outcome": "done"}, "outcome = 'failed'")),
    Guard("pledges_note", "pledges_note_append_only", "J1", Kept()),
    Guard("reporting_campaign_funnel", "reporting_funnel_once", "T3", Twice()),
    Guard("reporting_daily_total", "reporting_daily_total_once", "T3", Twice()),
    Guard("reporting_donor", "reporting_donor_once", "T3", Twice()),
    Guard("reporting_export", "reporting_export_format", "T3", Row({"format": "exe"})),
    Guard("reporting_export", "reporting_export_status", "T3", Row({"status": "lost"})),
    Guard("reporting_savedfilter", "reporting_savedfilter_once", "T3", Twice()),
]
