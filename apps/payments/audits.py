"""What must hold of payments, as SQL that finds what does not."""

from apps.platform.audits import check, compare

from .queries.statement import ALIKE, OURS_SQL, judge

check(
    code="P1",
    title="Payments are positive, capped and in a currency",
    sql="""SELECT id, amount, currency FROM payments_payment
           WHERE amount < 1 OR amount > 1000000000000000 OR currency !~ '^[A-Z]{3}$'""",
    explain="A check constraint of payments_payment is gone: restore it.",
)
check(
    code="P2",
    title="Payments: 0 <= refunded + reserved <= captured <= amount",
    sql="""SELECT id, amount, captured_amount, refunded_amount, refund_reserved FROM payments_payment
           WHERE refunded_amount < 0 OR refund_reserved < 0
              OR refunded_amount + refund_reserved > captured_amount OR captured_amount > amount""",
    explain="More went back than came in. Compare with the provider's transactions of this payment.",
)
check(
    code="P2",
    title="Payments: the counters are the sums of what was counted",
    sql="""SELECT payment.id, payment.refunded_amount, coalesce(sum(refund.amount), 0) AS counted
           FROM payments_payment AS payment LEFT JOIN payments_refund AS refund ON refund.payment_id = payment.id
           GROUP BY payment.id HAVING payment.refunded_amount <> coalesce(sum(refund.amount), 0)""",
    explain="refunded_amount and the counted refunds parted: one was written without the other.",
)
check(
    code="P3",
    title="Payments: state and money agree",
    sql="""SELECT id, status, captured_amount, failure_reason FROM payments_payment
           WHERE (status = 'captured') <> (captured_amount > 0) OR (status = 'failed') <> (failure_reason <> '')""",
    explain="A check constraint of payments_payment is gone: restore it, then settle the payment from its facts.",
)
check(
    code="P7",
    title="At most one live and one captured payment per reference",
    sql="""SELECT reference, status IN ('pending', 'authorized') AS is_live, count(*) FROM payments_payment
           WHERE status <> 'failed' GROUP BY 1, 2 HAVING count(*) > 1""",
    explain="A donor may be charged twice. Release or refund all but one payment of the reference.",
)
check(
    code="P8",
    title="Each fact of a provider counts once",
    sql="""SELECT min(id), provider, kind, reference, count(*) FROM payments_fact
           GROUP BY provider, kind, reference HAVING count(*) > 1""",
    explain="The unique index of payments_fact is gone: restore it.",
)
check(
    code="P8",
    title="What is captured or refunded rests on a fact of the same amount",
    sql="""SELECT payment.id, 'captured' AS what, payment.captured_amount AS amount FROM payments_payment AS payment
           WHERE payment.status = 'captured' AND NOT EXISTS (
               SELECT FROM payments_fact AS fact
               WHERE fact.payment_id = payment.id AND fact.kind = 'captured' AND fact.reference = payment.transaction
                 AND fact.amount = payment.captured_amount)
           UNION ALL
           SELECT refund.payment_id, 'refunded', refund.amount FROM payments_refund AS refund
           WHERE NOT EXISTS (
               SELECT FROM payments_fact AS fact
               WHERE fact.payment_id = refund.payment_id AND fact.kind = 'refunded'
                 AND fact.reference = refund.transaction AND fact.amount = refund.amount)""",
    explain="Money was counted that no provider told of.",
)
check(
    code="P9",
    title="Every payment has its intent to authorize, and no call went out for a refund that nobody reserved",
    sql="""SELECT payment.id, 'no intent' AS what FROM payments_payment AS payment
           WHERE NOT EXISTS (
               SELECT FROM payments_operation AS operation
               WHERE operation.payment_id = payment.id AND operation.kind = 'authorize')
           UNION ALL
           SELECT payment.id, 'reserved without intent' FROM payments_payment AS payment
           WHERE payment.refund_reserved > (
               SELECT coalesce(sum(operation.amount), 0) FROM payments_operation AS operation
               WHERE operation.payment_id = payment.id AND operation.kind = 'refund'
                 AND operation.status IN ('due', 'calling', 'unknown'))""",
    explain="A payment was written without open_payments, or a reserve was left behind by a refund that ended.",
)
check(
    code="P9",
    title="No lease is left behind: nobody has claimed what ran out ten minutes ago",
    sql="""SELECT id, kind, attempts, due_at FROM payments_operation
           WHERE status = 'calling' AND due_at < statement_timestamp() - interval '10 minutes'""",
    explain="No worker takes payments.call_providers, or the provider's circuit is open: see the gauge.",
)
check(
    code="P10",
    title="A capture that contradicts a failure was proven by the provider",
    sql="""SELECT payment.id FROM payments_payment AS payment
           JOIN payments_anomaly AS anomaly ON anomaly.payment_id = payment.id
           WHERE payment.status = 'captured' AND anomaly.kind = 'captured-after-failed'
             AND NOT EXISTS (
                 SELECT FROM payments_fact AS fact
                 WHERE fact.payment_id = payment.id AND fact.kind = 'capture_proven')""",
    explain="The trigger payments_payment_proof is gone: restore it and ask the provider about these payments.",
)
check(
    code="E2",
    title="A webhook is stored once",
    sql="""SELECT min(id), provider, webhook_id, count(*) FROM payments_webhookmessage
           GROUP BY provider, webhook_id HAVING count(*) > 1""",
    explain="The unique index of payments_webhookmessage is gone: restore it.",
)
check(
    code="E2",
    title="No webhook waits unseen: everything stored five minutes ago is processed",
    sql="""SELECT id, provider, webhook_id, attempts, received_at FROM payments_webhookmessage
           WHERE processed_at IS NULL AND received_at < statement_timestamp() - interval '5 minutes'""",
    explain="No worker takes payments.process_webhooks, or the named message cannot be processed: the log line 'webhook not "
    "processed' says why.",
)
check(
    code="E3",
    title="What was captured in the last day was announced once",
    sql="""SELECT payment.id, payment.captured_amount, count(told.id) AS announced
           FROM payments_payment AS payment LEFT JOIN (
               SELECT id, (payload->>'payment_id')::uuid AS payment_id FROM outbox_event
               WHERE type = 'payment.captured' AND occurred_at > statement_timestamp() - interval '26 hours'
           ) AS told ON told.payment_id = payment.id
           WHERE payment.status = 'captured' AND payment.created_at > statement_timestamp() - interval '25 hours'
           GROUP BY payment.id HAVING count(told.id) <> 1""",
    explain="Money is booked here that its pledge never heard of: publish the fact again, then find who wrote past settle.",
)
check(
    code="A5",
    title="Every finding that is closed says who or what closed it",
    sql="""SELECT anomaly.id, anomaly.kind, anomaly.state FROM payments_anomaly AS anomaly
           WHERE (anomaly.state <> 'open') <> EXISTS (
               SELECT FROM payments_anomalydecision AS line WHERE line.anomaly_id = anomaly.id AND line.action <> 'ask')
             AND NOT (anomaly.kind = 'stuck' AND anomaly.subject NOT LIKE '%:%')""",
    explain="A finding was closed by hand, or a decision was written without its effect. See the audit trail for who.",
)
compare(
    code="P8",
    title="Payments and the bank's statement agree, up to what was moved in the last minutes",
    ours=OURS_SQL,
    theirs="bank.statement",
    judge=judge,
    alike=ALIKE,
    explain="Each payment is laid beside what the bank says of it: terms, what was taken, what went back. Believe the bank: ask "
    "about the named payments (panel, findings) or let reconciliation do it; what it cannot settle needs a person.",
)
