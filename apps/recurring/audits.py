"""What must always be true of gifts of every month. Audits alone read other contexts' tables, in SQL."""

from apps.platform.audits import check, due_facts

_GIFTS_DUE = due_facts("recurring.follow_gifts", "pledge.captured", "pledge.failed")

check(
    code="M1",
    title="Each month of a plan that was paid has one captured gift of its amount, currency and campaign",
    sql="""SELECT month.id, month.plan_id, month.status, count(gift.id) AS captured FROM recurring_month AS month
           JOIN recurring_plan AS plan ON plan.id = month.plan_id
           LEFT JOIN recurring_try AS try ON try.month_id = month.id AND try.status = 'captured'
           LEFT JOIN pledges_pledge AS gift ON gift.id = try.pledge_id AND gift.status = 'captured'
                AND gift.amount = try.amount AND gift.currency = plan.currency AND gift.campaign_id = plan.campaign_id
           GROUP BY month.id
           HAVING count(try.pledge_id) <> count(gift.id) OR count(gift.id) <> CASE month.status WHEN 'paid' THEN 1 ELSE 0 END""",
    explain="A month is believed to be paid and is not, or not in this amount: compare its tries with their pledges.",
)
check(
    code="M1",
    title="No month of a plan was taken twice without going back",
    sql=f"""WITH due AS MATERIALIZED (SELECT (payload->>'pledge_id')::uuid AS pledge_id FROM ({_GIFTS_DUE}) AS fact)
           SELECT month.id, month.plan_id, count(*) AS taken FROM recurring_month AS month
           JOIN recurring_try AS try ON try.month_id = month.id JOIN pledges_pledge AS gift ON gift.id = try.pledge_id
           WHERE gift.captured_amount > gift.refunded_amount + gift.refund_reserved
             AND (try.status <> 'pending' OR gift.id NOT IN (SELECT pledge_id FROM due))
           GROUP BY month.id HAVING count(*) > 1""",  # noqa: S608  composed of constants
    explain="A donor was charged twice for one month: refund the later gift, then look who made it past take_due.",
)
check(
    code="M2",
    title="Each try of a plan is its gift: named by plan, month and number, and known as it stands up to the deliveries due",
    sql=f"""WITH due AS MATERIALIZED (SELECT (payload->>'pledge_id')::uuid AS pledge_id FROM ({_GIFTS_DUE}) AS fact)
           SELECT try.pledge_id, try.status, gift.status AS gift FROM recurring_try AS try
           JOIN recurring_month AS month ON month.id = try.month_id LEFT JOIN pledges_pledge AS gift ON gift.id = try.pledge_id
           WHERE gift.id IS NULL OR gift.amount <> try.amount
              OR (gift.caller_scope = 'recurring' AND gift.idempotency_key
                  <> month.plan_id::text || ':' || to_char(month.month, 'YYYY-MM') || ':' || try.number)
              OR (CASE gift.status WHEN 'captured' THEN try.status NOT IN ('captured', 'surplus')
                                   WHEN 'failed' THEN try.status <> 'failed' ELSE try.status <> 'pending' END
                  AND gift.id NOT IN (SELECT pledge_id FROM due))""",  # noqa: S608  composed of constants
    explain="A plan and its gift disagree and no fact is under way: look for dead deliveries of recurring.follow_gifts.",
)
check(
    code="M3",
    title="No plan waits unseen: what is due is taken, left out or stopped within days",
    sql="""SELECT plan.id, plan.next_on, NULL::date AS retry_on FROM recurring_plan AS plan
           WHERE plan.status = 'active' AND plan.next_on < current_date - 10
           UNION ALL
           SELECT plan.id, plan.next_on, month.retry_on FROM recurring_month AS month
           JOIN recurring_plan AS plan ON plan.id = month.plan_id
           WHERE month.retry_on < current_date - 3""",
    explain="The task recurring.take_due does not run, or fails at these plans: its log lines name them.",
)
check(
    code="M4",
    title="What happened to a plan is noted, numbered without gaps up to its counter",
    sql="""SELECT plan.id, plan.notes, count(note.id) AS lines, max(note.seq) AS last FROM recurring_plan AS plan
           LEFT JOIN recurring_note AS note ON note.plan_id = plan.id
           GROUP BY plan.id HAVING plan.notes <> count(note.id) OR plan.notes <> coalesce(max(note.seq), 0)""",
    explain="A note was removed or written past services/note.py. Notes are append-only: restore the trigger.",
)
