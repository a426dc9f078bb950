from apps.platform.audits import check, export

check(
    code="B1",
    database="bank",
    title="The ledger agrees with every balance",
    sql="""SELECT balance.account_id, balance.currency, balance.balance, coalesce(sum(moved.amount), 0) AS ledger
           FROM bank_balance AS balance
           LEFT JOIN (SELECT credit AS account, currency, amount FROM bank_entry
                      UNION ALL SELECT debit, currency, -amount FROM bank_entry) AS moved
                ON moved.account = balance.account_id AND moved.currency = balance.currency
           GROUP BY balance.id HAVING balance.balance <> coalesce(sum(moved.amount), 0)""",
    explain="A balance moved without a ledger line, or a line without its balance. Each line has two sides, so lines sum to zero.",
)
check(
    code="B2",
    database="bank",
    title="No account is overdrawn, and what is held is the sum of its open holds",
    sql="""SELECT balance.account_id, balance.currency, balance.balance, balance.held, coalesce(sum(hold.amount), 0) AS holds
           FROM bank_balance AS balance
           LEFT JOIN bank_hold AS hold ON hold.account_id = balance.account_id AND hold.currency = balance.currency
                AND hold.status = 'authorized'
           GROUP BY balance.id
           HAVING balance.held < 0 OR balance.held > balance.balance OR balance.held <> coalesce(sum(hold.amount), 0)""",
    explain="A hold ended without letting go of its money, or twice.",
)
check(
    code="B3",
    database="bank",
    title="A hold ends once, and its counters are the sums of its transactions",
    sql="""SELECT hold.id, hold.status, hold.captured_amount, hold.refunded_amount FROM bank_hold AS hold
           LEFT JOIN bank_transaction AS moved ON moved.hold_id = hold.id
           GROUP BY hold.id
           HAVING count(*) FILTER (WHERE moved.kind IN ('capture', 'release')) > 1
               OR hold.captured_amount <> coalesce(sum(moved.amount) FILTER (WHERE moved.kind = 'capture'), 0)
               OR hold.refunded_amount <> coalesce(sum(moved.amount) FILTER (WHERE moved.kind = 'refund'), 0)""",
    explain="Compare the hold's transactions with its counters; bank_hold_ends_once should have refused the second end.",
)
check(
    code="B1",
    database="bank",
    title="Each capture and refund is one line of the ledger, of its amount",
    sql="""SELECT moved.id, moved.kind, moved.amount, count(line.id) AS lines, sum(line.amount) AS entered
           FROM bank_transaction AS moved LEFT JOIN bank_entry AS line ON line.transaction = moved.id
           WHERE moved.kind IN ('capture', 'refund')
           GROUP BY moved.id HAVING count(line.id) <> 1 OR sum(line.amount) <> moved.amount""",
    explain="Money moved without being entered, or was entered twice. The ledger is append-only: enter the difference.",
)
check(
    code="B3",
    database="bank",
    title="The bank's events are numbered without gaps, up to its counter",
    sql="""SELECT seq, 'gap before it' AS what
           FROM (SELECT seq, lag(seq, 1, 0::bigint) OVER (ORDER BY seq) AS before FROM bank_event) AS event
           WHERE seq <> before + 1
           UNION ALL
           SELECT last, 'counter' FROM bank_eventcounter WHERE last <> coalesce((SELECT max(seq) FROM bank_event), 0)""",
    explain="Whoever reads the event list misses what is gone. Events are append-only: restore the trigger.",
)
check(
    code="B1",
    database="bank",
    title="Each transfer that succeeded is one line of the ledger, of its amount",
    sql="""SELECT sent.id, sent.status, sent.amount, count(line.id) AS lines, sum(line.amount) AS entered
           FROM bank_transfer AS sent
           LEFT JOIN bank_entry AS line ON line.transaction = sent.id AND line.debit = 'merchant' AND line.credit = sent.account
           GROUP BY sent.id
           HAVING count(line.id) <> (sent.status = 'succeeded')::int OR coalesce(sum(line.amount), sent.amount) <> sent.amount""",
    explain="Money was sent without being entered, or entered twice. The ledger is append-only: enter the difference.",
)
check(
    code="B4",
    database="bank",
    title="Nothing of the platform is in the bank's database, and nothing leads to it",
    sql="""SELECT relname::text AS name, 'table' AS what FROM pg_class
           WHERE relkind IN ('r', 'f') AND (relname LIKE 'payments\\_%' OR relname LIKE 'pledges\\_%' OR relname LIKE 'campaigns\\_%'
                                            OR relname LIKE 'accounts\\_%' OR relname LIKE 'outbox\\_%')
           UNION ALL SELECT srvname::text, 'foreign server' FROM pg_foreign_server""",
    explain="The bank could write what it should only prove. Give it its own database and drop what is named.",
)
# What the bank says of each payment, for comparison. The amounts are those of the transactions, not the hold's counters.
export(
    name="bank.statement",
    database="bank",
    sql="""SELECT hold.reference AS key, hold.id AS hold, hold.status, hold.amount, hold.currency,
                  coalesce(moved.captured, 0)::bigint AS captured_amount, coalesce(moved.refunded, 0)::bigint AS refunded_amount,
                  coalesce(moved.capture, '') AS transaction,
                  extract(epoch FROM statement_timestamp() - coalesce(moved.last_at, hold.created_at))::float AS quiet_seconds
           FROM bank_hold AS hold LEFT JOIN (
               SELECT hold_id, sum(amount) FILTER (WHERE kind = 'capture') AS captured,
                      sum(amount) FILTER (WHERE kind = 'refund') AS refunded,
                      max(id::text) FILTER (WHERE kind = 'capture') AS capture, max(created_at) AS last_at
               FROM bank_transaction GROUP BY hold_id
           ) AS moved ON moved.hold_id = hold.id
           ORDER BY hold.reference""",
)
# What the bank says of each transfer, by the sender's reference.
export(
    name="bank.transfers",
    database="bank",
    sql="""SELECT reference AS key, id::text AS transfer, account, amount, currency, status,
                  extract(epoch FROM statement_timestamp() - created_at)::float AS quiet_seconds
           FROM bank_transfer ORDER BY reference""",
)
