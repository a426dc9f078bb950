from apps.platform.audits import check

check(
    code="A3",
    title="A refresh family has at most one token that still works",
    sql="SELECT family_id, count(*) FROM accounts_refreshtoken WHERE used_at IS NULL GROUP BY 1 HAVING count(*) > 1",
    explain="Two live tokens of one sign-in: one was spent twice. End the family; look for a lost unique index.",
)

check(
    code="A5",
    title="The audit trail is whole: gapless, every line's digest follows from all before it",
    sql="""
        SELECT entry.seq, entry.action, 'digest or number does not follow' AS what
        FROM (SELECT audit AS line, audit.*, row_number() OVER (ORDER BY seq) AS place,
                     coalesce(lag(digest) OVER (ORDER BY seq), sha256('')) AS previous
              FROM accounts_auditentry AS audit) AS entry
        WHERE entry.seq <> entry.place OR entry.digest <> accounts_audit_digest(entry.previous, entry.line)
        UNION ALL
        SELECT head.seq, '', 'lines are missing at the end'
        FROM accounts_audithead AS head
        LEFT JOIN accounts_auditentry AS entry ON entry.seq = head.seq
        WHERE head.seq > 0 AND entry.digest IS DISTINCT FROM head.digest
    """,
    explain="Someone edited or removed lines behind the application's back. Compare with a backup from the named line on.",
)

check(
    code="A2",
    title="Tokens, keys, tickets, codes and passwords are kept as hashes only, secrets of authenticator apps sealed",
    sql="""SELECT id::text, 'refresh token' AS what FROM accounts_refreshtoken WHERE octet_length(digest) <> 32
           UNION ALL SELECT id::text, 'API key' FROM accounts_apikey WHERE octet_length(digest) <> 32
           UNION ALL SELECT id::text, 'recovery code' FROM accounts_recoverycode WHERE octet_length(digest) <> 32
           UNION ALL SELECT user_id::text, 'second factor' FROM accounts_secondfactor WHERE sealed NOT LIKE 'gAAAA%'
           UNION ALL SELECT user_id::text, 'websocket ticket' FROM accounts_wsticket WHERE octet_length(digest) <> 32
           UNION ALL SELECT id::text, 'password' FROM accounts_user
               WHERE password <> '' AND password NOT LIKE 'argon2%' AND password NOT LIKE '!%' AND password NOT LIKE '%$%$%'""",
    explain="A secret may lie readable in the database and in its backups: find the writer, then revoke what is named.",
)
