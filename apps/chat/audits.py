from apps.platform.audits import check

check(
    code="N2",
    title="Each room's messages are numbered without gaps, up to its counter",
    sql="""SELECT room.id, room.last_seq, count(message.id) AS messages, max(message.seq) AS highest
           FROM chat_room AS room LEFT JOIN chat_message AS message ON message.room_id = room.id
           GROUP BY room.id HAVING room.last_seq <> count(message.id) OR room.last_seq <> coalesce(max(message.seq), 0)""",
    explain="Somebody wrote or deleted messages by hand. Clients that resume may miss some; they should reload.",
)
check(
    code="N3",
    title="Nobody's message was removed by another without a line in the moderation trail",
    sql="""SELECT message.id, message.room_id, message.removed_by FROM chat_message AS message
           WHERE message.removed_at IS NOT NULL AND message.removed_by <> message.author_id AND NOT EXISTS (
               SELECT FROM chat_moderation AS line WHERE line.message_id = message.id AND line.action = 'remove')""",
    explain="A message was removed outside the application. Ask who has access to the database.",
)
