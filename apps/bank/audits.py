from apps.platform.audits import check

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
