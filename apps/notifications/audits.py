from apps.platform.audits import check

check(
    code="N1",
    title="The public feed is numbered without gaps, up to its counter",
    sql="""SELECT seq, 'gap before it' AS what FROM (
               SELECT seq, lag(seq) OVER (ORDER BY seq) AS before FROM notifications_feedentry) AS entry
           WHERE seq <> before + 1
           UNION ALL
           SELECT last_seq, 'counter is behind' FROM notifications_feedcounter
           WHERE last_seq < (SELECT max(seq) FROM notifications_feedentry)""",
    explain="Somebody wrote or deleted entries by hand. Clients that resume miss what is gone; they should reload.",
)
