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
check(
    code="N1",
    title="Each inbox is numbered without gaps up to its counter, and counts its unread entries",
    sql="""SELECT inbox.user_id, inbox.last_seq, inbox.unread, entry.number, entry.lowest, entry.highest, entry.unread AS found
           FROM notifications_inbox AS inbox LEFT JOIN (
               SELECT user_id, count(*) AS number, min(seq) AS lowest, max(seq) AS highest,
                      count(*) FILTER (WHERE read_at IS NULL) AS unread
               FROM notifications_inboxentry GROUP BY user_id
           ) AS entry ON entry.user_id = inbox.user_id
           WHERE coalesce(entry.highest, inbox.last_seq) <> inbox.last_seq OR inbox.unread <> coalesce(entry.unread, 0)
              OR entry.highest - entry.lowest + 1 <> entry.number""",
    explain="Somebody wrote or deleted entries by hand. Set the counters of notifications_inbox to what is there.",
)
