from apps.platform.audits import check

check(
    code="E4",
    title="Every fact that was fanned out has its deliveries, once per subscription",
    sql="""SELECT event_id, subscription, count(*) FROM outbox_delivery GROUP BY 1, 2 HAVING count(*) > 1""",
    explain="Two deliveries of one fact to one subscription would apply its effect twice. The unique index is gone: restore it.",
)
check(
    code="E5",
    title="Nothing waits unseen: no fact older than five minutes is undelivered, none is dead",
    sql="""SELECT delivery.id, delivery.subscription, delivery.attempts, delivery.last_error
           FROM outbox_delivery AS delivery JOIN outbox_event AS event ON event.id = delivery.event_id
           WHERE dead_at IS NOT NULL
              OR (done_at IS NULL AND event.occurred_at < statement_timestamp() - interval '5 minutes')
           UNION ALL
           SELECT 0, type, 0, 'not fanned out' FROM outbox_event
           WHERE NOT is_fanned_out AND occurred_at < statement_timestamp() - interval '5 minutes'""",
    explain="Workers are down, or a handler fails: see last_error and the log line 'delivery failed'; mend it, then retry.",
)
