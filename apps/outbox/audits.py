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

check(
    code="E6",
    title="Each periodic job has one slot, and none of the future",
    sql="""SELECT job, max(slot) AS slot, count(*) AS number FROM outbox_jobslot GROUP BY job
           HAVING count(*) > 1 OR max(slot) > extract(epoch FROM statement_timestamp()) + 300""",
    explain="Two rows let two schedulers fire at once; a slot of the future stops the job until then. Restore the primary key, "
    "delete the row of the future, and look at the clocks of the schedulers.",
)
check(
    code="A4",
    title="No fact of the last day carries an e-mail address",
    sql="""SELECT id, type, occurred_at FROM outbox_event
           WHERE occurred_at > statement_timestamp() - interval '25 hours' AND payload::text LIKE '%_@_%.__%'""",
    explain="Facts are kept and copied everywhere, so erasing a person would leave them there: publish an id instead, then "
    "clean the named rows.",
)
check(
    code="B4",
    title="The bank's books are not in this database, and nothing leads to them",
    sql="""SELECT relname::text AS name, 'table' AS what FROM pg_class WHERE relkind IN ('r', 'f') AND relname LIKE 'bank\\_%'
           UNION ALL SELECT srvname::text, 'foreign server' FROM pg_foreign_server""",
    explain="The platform could write what the bank should prove. Give the bank its own database and drop what is named.",
)
