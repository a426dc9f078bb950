"""What must always be true of pledges. Audits alone read other contexts' tables, in SQL: that is what they are for."""

from apps.platform.audits import check, due_facts

from .services.figures import DRIFT_SQL

_PAYMENTS_DUE = due_facts(
    "pledges.follow_payments",
    *(f"payment.{what}" for what in ("authorized", "captured", "failed", "released", "refunded", "refund-failed")),
)
_TOTALS_DUE = due_facts("pledges.raise_totals", "pledge.captured", "pledge.refunded")
_RECEIPTS_DUE = due_facts("pledges.issue_receipts", "pledge.captured")

check(
    code="P1",
    title="Amounts are positive and capped; a campaign's pledges have the campaign's currency",
    sql="""SELECT pledge.id, pledge.amount, pledge.currency FROM pledges_pledge AS pledge
           JOIN campaigns_campaign AS campaign ON campaign.id = pledge.campaign_id
           WHERE pledge.amount <= 0 OR pledge.amount > 1000000000000000 OR pledge.currency <> campaign.currency""",
    explain="An amount or currency was written past the application. Find who wrote the row; restore the CHECK.",
)
check(
    code="P2",
    title="0 <= refunded + reserved + charged back <= captured <= amount, and refunds add up to their counters",
    sql="""SELECT pledge.id, captured_amount, refunded_amount, refund_reserved FROM pledges_pledge AS pledge
           LEFT JOIN (
               SELECT pledge_id, sum(amount) FILTER (WHERE counted_at IS NOT NULL) AS counted,
                      sum(amount) FILTER (WHERE is_reserved AND status <> 'failed' AND counted_at IS NULL) AS reserved
               FROM pledges_refund GROUP BY pledge_id
           ) AS refund ON refund.pledge_id = pledge.id
           WHERE least(refunded_amount, refund_reserved, charged_back_amount) < 0
              OR refunded_amount + refund_reserved + charged_back_amount > captured_amount OR captured_amount > amount
              OR refunded_amount <> coalesce(refund.counted, 0) OR refund_reserved <> coalesce(refund.reserved, 0)""",
    explain="The counters of a pledge and its refunds disagree. Rebuild them from pledges_refund; restore the CHECK.",
)
check(
    code="P3",
    title="A pledge is captured exactly when money was captured",
    sql="""SELECT id, status, captured_amount FROM pledges_pledge
           WHERE (status = 'captured') <> (captured_amount > 0) OR (captured_at IS NOT NULL) <> (captured_amount > 0)""",
    explain="State and money disagree: ask the provider about the payment, then restore the CHECK.",
)
check(
    code="P5",
    title="Every move is in the history, once and without gaps, and the last one is the state",
    sql="""SELECT pledge.id, pledge.status, pledge.moves, history.lines FROM pledges_pledge AS pledge
           LEFT JOIN (
               SELECT pledge_id, count(*) AS lines, max(seq) AS last, (array_agg(target ORDER BY seq DESC))[1] AS target
               FROM pledges_statechange GROUP BY pledge_id
           ) AS history ON history.pledge_id = pledge.id
           WHERE history.lines IS DISTINCT FROM pledge.moves OR history.last IS DISTINCT FROM pledge.moves
              OR history.target IS DISTINCT FROM pledge.status""",
    explain="A state was changed without its line of history. Find who wrote past services/move.py.",
)
check(
    code="P4",
    title="Each line of history begins where the one before ended, and is a move of the table",
    sql="""SELECT * FROM (
               SELECT pledge_id, seq, source, target, lag(target, 1, '') OVER (PARTITION BY pledge_id ORDER BY seq) AS before
               FROM pledges_statechange
           ) AS line
           WHERE source <> before OR (source, target) NOT IN (
               ('', 'pending'), ('pending', 'authorized'), ('pending', 'captured'), ('pending', 'failed'),
               ('authorized', 'captured'), ('authorized', 'failed'), ('failed', 'captured'))""",
    explain="A state went back or was skipped. The trigger pledges_pledge_status_moves is missing: restore it.",
)
check(
    code="P6",
    title="One pledge per caller and idempotency key",
    sql="""SELECT min(id::text), caller_scope, idempotency_key, count(*) FROM pledges_pledge
           WHERE idempotency_key IS NOT NULL GROUP BY caller_scope, idempotency_key HAVING count(*) > 1""",
    explain="A donor may have been charged twice: refund the later pledges; restore the unique index pledges_p6_one_intent.",
)
check(
    code="P6",
    title="Every pledge has exactly its payment: the same amount and currency, and money taken is money captured",
    sql=f"""WITH due AS MATERIALIZED (
               SELECT (payload->>'reference')::uuid AS reference FROM ({_PAYMENTS_DUE}) AS fact
           )
           SELECT pledge.id, pledge.status, pledge.captured_amount, payment.id AS payment_id, payment.status AS payment_status
           FROM pledges_pledge AS pledge LEFT JOIN payments_payment AS payment ON payment.reference = pledge.id
           WHERE payment.id IS NULL OR payment.amount <> pledge.amount OR payment.currency <> pledge.currency
              OR ((payment.captured_amount <> pledge.captured_amount OR payment.refunded_amount <> pledge.refunded_amount)
                  AND pledge.id NOT IN (SELECT reference FROM due))""",  # noqa: S608  composed of constants
    explain="Pledge and payment disagree and no fact is under way. Look at the payment's facts, then at dead deliveries.",
)
check(
    code="P11",
    title="No pledge stands for a campaign that never opened",
    sql="""SELECT pledge.id, pledge.created_at, campaign.status FROM pledges_pledge AS pledge
           LEFT JOIN campaigns_campaign AS campaign ON campaign.id = pledge.campaign_id
           WHERE campaign.id IS NULL OR campaign.status IN ('draft', 'in_review')""",
    explain="A gift was promised to something that does not take gifts: cancel or refund it; restore pledges_p11_accepting.",
)
check(
    code="T1",
    title="Each campaign's total is what its pledges captured less refunds, up to the deliveries still due",
    sql=DRIFT_SQL,
    explain="Totals and pledges disagree: rebuild campaigns_totals from pledges; look for dead deliveries of pledges.raise_totals.",
)
check(
    code="R1",
    title="Receipts are numbered without gaps in each series, up to its counter",
    sql="""SELECT coalesce(counter.series, receipt.series) AS series, counter.last, receipt.issued, receipt.highest
           FROM pledges_receiptcounter AS counter FULL JOIN (
               SELECT series, count(*) AS issued, max(number) AS highest FROM pledges_receipt GROUP BY series
           ) AS receipt ON receipt.series = counter.series
           WHERE counter.last IS DISTINCT FROM coalesce(receipt.issued, 0)
              OR coalesce(receipt.highest, 0) <> coalesce(receipt.issued, 0)""",
    explain="A receipt was removed or numbered by hand. Receipts are append-only: restore the trigger, look who wrote.",
)
check(
    code="R2",
    title="Every captured gift has its receipt, once, for what was captured, up to the deliveries still due",
    sql=f"""WITH due AS MATERIALIZED (SELECT (payload->>'pledge_id')::uuid AS pledge_id FROM ({_RECEIPTS_DUE}) AS fact)
           SELECT pledge.id, pledge.captured_amount, receipt.amount, receipt.currency FROM pledges_pledge AS pledge
           LEFT JOIN pledges_receipt AS receipt ON receipt.pledge_id = pledge.id
           WHERE CASE WHEN receipt.pledge_id IS NULL
                 THEN pledge.status = 'captured' AND pledge.id NOT IN (SELECT pledge_id FROM due)
                 ELSE receipt.amount <> pledge.captured_amount OR receipt.currency <> pledge.currency END""",  # noqa: S608
    explain="A gift was taken and not acknowledged: look for dead deliveries of pledges.issue_receipts and retry them.",
)

check(
    code="P10",
    title="A pledge that failed and was captured after all has the provider's proof behind it",
    sql="""SELECT line.pledge_id, line.seq FROM pledges_statechange AS line
           WHERE line.source = 'failed' AND line.target = 'captured' AND NOT EXISTS (
               SELECT FROM payments_payment AS payment JOIN payments_fact AS fact ON fact.payment_id = payment.id
               WHERE payment.reference = line.pledge_id AND fact.kind = 'capture_proven')""",
    explain="Money was believed that nobody proved: ask the provider about the payment, and refund what was not taken.",
)
check(
    code="P8",
    title="Every refund asked for has its operation at the provider, and both say how it ended",
    sql="""SELECT refund.id, refund.pledge_id, refund.status, operation.status AS operation, counted.amount AS counted
           FROM pledges_refund AS refund
           LEFT JOIN payments_operation AS operation ON operation.refund_id = refund.id
           LEFT JOIN payments_refund AS counted ON counted.refund_id = refund.id
           WHERE refund.is_reserved AND refund.status <> 'awaiting' AND refund.declined_by_id IS NULL AND (
               operation.id IS NULL OR operation.amount <> refund.amount
               OR (refund.status = 'succeeded') <> (counted.id IS NOT NULL AND counted.amount = refund.amount)
                  AND coalesce(operation.finished_at, refund.created_at) < statement_timestamp() - interval '5 minutes'
               OR refund.status = 'pending' AND operation.status IN ('done', 'refused')
                  AND operation.finished_at < statement_timestamp() - interval '5 minutes')""",
    explain="A refund is believed that was not paid, or paid and not believed: compare with the provider's statement, then "
    "look for dead deliveries of pledges.follow_payments.",
)
check(
    code="O2",
    title="No refund above the limit went out without a second person, and none that waits was sent",
    sql="""SELECT refund.id, refund.pledge_id, refund.status FROM pledges_refund AS refund
           LEFT JOIN payments_operation AS operation ON operation.refund_id = refund.id
           WHERE refund.needs_approval AND (
               refund.approved_by_id = refund.requested_by_id
               OR (refund.approved_by_id IS NULL AND operation.id IS NOT NULL)
               OR (refund.status IN ('pending', 'succeeded') AND refund.approved_by_id IS NULL))""",
    explain="A large refund was sent by one person alone: ask them; restore pledges_refund_approved.",
)
check(
    code="E1",
    title="One effect and one answer per caller and key",
    sql="""SELECT min(id) AS record, caller_scope, key, count(*) AS number, 'twice' AS what FROM pledges_idempotencyrecord
           GROUP BY caller_scope, key HAVING count(*) > 1
           UNION ALL
           SELECT id, caller_scope, key, 1, 'never answered' FROM pledges_idempotencyrecord
           WHERE status IS NULL AND created_at < statement_timestamp() - interval '5 minutes'""",
    explain="A repeat could run an effect again: restore pledges_e1_one_effect, and see what the named requests did.",
)
check(
    code="E3",
    title="Every move of the last day was announced once, and nothing was announced that did not happen",
    sql="""WITH moved AS (
               SELECT pledge_id, target, at FROM pledges_statechange WHERE at > statement_timestamp() - interval '26 hours'
           ), told AS (
               SELECT (payload->>'pledge_id')::uuid AS pledge_id, occurred_at,
                      CASE type WHEN 'pledge.created' THEN 'pending' ELSE substr(type, 8) END AS target
               FROM outbox_event
               WHERE type IN ('pledge.created', 'pledge.authorized', 'pledge.captured', 'pledge.failed')
                 AND occurred_at > statement_timestamp() - interval '26 hours'
           )
           SELECT pledge_id, target, count(moved.at) AS moves, count(told.occurred_at) AS announced
           FROM moved FULL JOIN told USING (pledge_id, target)
           WHERE coalesce(moved.at, told.occurred_at) > statement_timestamp() - interval '25 hours'
           GROUP BY pledge_id, target
           HAVING count(moved.at) <> 1 OR count(told.occurred_at) <> 1""",
    explain="A change without its fact reaches no total, no receipt and no reader; a fact without its change misleads them. "
    "Find who wrote past the services. Older moves were checked while they were young: this runs every hour.",
)
check(
    code="T1",
    title="Each donor's gifts to a campaign are counted, up to the deliveries still due",
    sql=f"""WITH stands AS (
               SELECT campaign_id, donor_key, count(*) AS gifts FROM pledges_pledge
               WHERE status = 'captured' AND refunded_amount < captured_amount GROUP BY 1, 2
           ), due AS (
               SELECT (payload->>'campaign_id')::uuid AS campaign_id, payload->>'donor_key' AS donor_key,
                      sum(CASE WHEN type = 'pledge.captured' THEN 1 WHEN (payload->>'is_full')::boolean THEN -1 ELSE 0 END)
                          AS gifts
               FROM ({_TOTALS_DUE}) AS fact GROUP BY 1, 2
           )
           SELECT campaign_id, left(donor_key, 8) AS donor, coalesce(stands.gifts, 0) AS stands,
                  coalesce(due.gifts, 0) AS due, coalesce(backer.gifts, 0) AS counted
           FROM stands FULL JOIN campaigns_backer AS backer USING (campaign_id, donor_key)
           FULL JOIN due USING (campaign_id, donor_key)
           WHERE coalesce(stands.gifts, 0) - coalesce(due.gifts, 0) <> coalesce(backer.gifts, 0)""",  # noqa: S608
    explain="campaigns_backer and the gifts that stand disagree: the donor count is wrong. Rebuild it from the pledges; look "
    "for dead deliveries of pledges.raise_totals.",
)
check(
    code="A2",
    title="Tracking tokens are kept as hashes only, each once",
    sql="""SELECT min(id::text) AS pledge, octet_length(tracking_hash) AS bytes, count(*) AS number FROM pledges_pledge
           GROUP BY tracking_hash HAVING count(*) > 1 OR octet_length(tracking_hash) <> 32""",
    explain="A token opens two gifts, or something other than a SHA-256 is stored: restore the unique index, find the writer.",
)
