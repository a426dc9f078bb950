"""Gifts of every month: begun with a first gift, taken by a standing approval, changed and ended by whoever holds the link."""

from .data import LATE_DAYS, NOTICE_DAYS, RETRY_AFTER, GiftPlan, Plan, PlanLetter, PlanMonth
from .queries.dates import today
from .queries.plans import follow_plan, plan_letters, plans_of_address, plans_of_donor, plans_of_gifts
from .services.change import cancel_plan, change_amount, change_day, pause_plan, resume_plan, skip_next
from .services.mail_link import mail_plan_link
from .services.start import start_plan

__all__ = [
    "LATE_DAYS",
    "NOTICE_DAYS",
    "RETRY_AFTER",
    "GiftPlan",
    "Plan",
    "PlanLetter",
    "PlanMonth",
    "cancel_plan",
    "change_amount",
    "change_day",
    "follow_plan",
    "mail_plan_link",
    "pause_plan",
    "plan_letters",
    "plans_of_address",
    "plans_of_donor",
    "plans_of_gifts",
    "resume_plan",
    "skip_next",
    "start_plan",
    "today",
]
