"""What must always be true of pledges. Audits alone read other contexts' tables, in SQL: that is what they are for."""

from apps.platform.audits import check

from .services.figures import DRIFT_SQL

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
    sql="""SELECT pledge.id, pledge.status, pledge.captured_amount, payment.id AS payment_id, payment.status AS payment_status
           FROM pledges_pledge AS pledge LEFT JOIN payments_payment AS payment ON payment.reference = pledge.id
           WHERE payment.id IS NULL OR payment.amount <> pledge.amount OR payment.currency <> pledge.currency
              OR ((payment.captured_amount <> pledge.captured_amount OR payment.refunded_amount <> pledge.refunded_amount)
                  AND NOT EXISTS (
                      SELECT 1 FROM outbox_event AS event
                      LEFT JOIN outbox_delivery AS delivery
                          ON delivery.event_id = event.id AND delivery.subscription = 'pledges.follow_payments'
                      WHERE starts_with(event.type, 'payment.') AND event.payload->>'reference' = pledge.id::text
                        AND delivery.done_at IS NULL))""",
    explain="Pledge and payment disagree and no fact is under way. Look at the payment's facts, then at dead deliveries.",
)
check(
    code="P11",
    title="No pledge was made before its campaign opened or after it ended",
    sql="""SELECT pledge.id, pledge.created_at, campaign.ends_at FROM pledges_pledge AS pledge
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
    sql="""WITH due AS (
               SELECT (payload->>'pledge_id')::uuid AS pledge_id FROM outbox_event AS event
               WHERE type = 'pledge.captured' AND (NOT is_fanned_out OR EXISTS (
                   SELECT 1 FROM outbox_delivery
                   WHERE event_id = event.id AND subscription = 'pledges.issue_receipts' AND done_at IS NULL))
           )
           SELECT pledge.id, pledge.captured_amount, receipt.amount, receipt.currency FROM pledges_pledge AS pledge
           LEFT JOIN pledges_receipt AS receipt ON receipt.pledge_id = pledge.id
           WHERE CASE WHEN receipt.pledge_id IS NULL
                 THEN pledge.status = 'captured' AND NOT EXISTS (SELECT 1 FROM due WHERE due.pledge_id = pledge.id)
                 ELSE receipt.amount <> pledge.captured_amount OR receipt.currency <> pledge.currency END""",
    explain="A gift was taken and not acknowledged: look for dead deliveries of pledges.issue_receipts and retry them.",
)
