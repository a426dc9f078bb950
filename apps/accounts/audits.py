from apps.platform.audits import check

check(
    code="A3",
    title="A refresh family has at most one token that still works",
    sql="SELECT family_id, count(*) FROM accounts_refreshtoken WHERE used_at IS NULL GROUP BY 1 HAVING count(*) > 1",
    explain="Two live tokens of one sign-in: one was spent twice. End the family; look for a lost unique index.",
)
