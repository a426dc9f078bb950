"""Reports against what they are made of. Rows that are still due to be read are left out."""

from apps.platform.audits import check, due_facts

_GIFTS_DUE = due_facts(
    "reporting.follow_gifts",
    "pledge.created",
    "pledge.authorized",
    "pledge.captured",
    "pledge.failed",
    "pledge.refunded",
    "pledge.donor_forgotten",
    "pledge.marked",
)
check(
    code="T3",
    title="Every pledge has its row in reports, and the row says what the pledge says",
    sql=f"""WITH due AS MATERIALIZED (SELECT (payload->>'pledge_id')::uuid AS pledge_id FROM ({_GIFTS_DUE}) AS fact)
           SELECT pledge.id, pledge.status, gift.status AS shown, pledge.captured_amount, gift.captured_amount AS shown_captured,
                  pledge.refunded_amount, gift.refunded_amount AS shown_refunded
           FROM pledges_pledge AS pledge
           LEFT JOIN pledges_donor AS donor ON donor.pledge_id = pledge.id
           LEFT JOIN reporting_gift AS gift ON gift.pledge_id = pledge.id
           WHERE (gift.pledge_id IS NULL OR gift.amount <> pledge.amount OR gift.campaign_id <> pledge.campaign_id
                  OR gift.captured_amount <> pledge.captured_amount OR gift.refunded_amount <> pledge.refunded_amount
                  OR gift.status <> CASE WHEN pledge.refunded_amount = 0 THEN pledge.status
                                         WHEN pledge.refunded_amount >= pledge.captured_amount THEN 'refunded'
                                         ELSE 'partially_refunded' END
                  OR gift.is_test <> pledge.is_test
                  OR gift.donor_name <> coalesce(donor.name, '') OR gift.donor_email <> coalesce(donor.email, ''))
             AND NOT EXISTS (SELECT 1 FROM reporting_due WHERE reporting_due.pledge_id = pledge.id)
             AND NOT EXISTS (SELECT 1 FROM due WHERE due.pledge_id = pledge.id)""",  # noqa: S608
    explain="Lists show something else than the pledges: `manage.py rebuild gifts`, then find out who wrote past the events.",
)
check(
    code="T3",
    title="The sums over gifts in reports are the sums over their rows",
    sql="""SELECT campaign_id, currency, gift.captured, day.captured AS by_day, funnel.captured_amount AS by_funnel
           FROM (SELECT campaign_id, currency, count(*) AS pledges, sum(captured_amount) AS captured,
                        sum(refunded_amount) AS refunded FROM reporting_gift GROUP BY 1, 2) AS gift
           FULL JOIN (SELECT campaign_id, currency, sum(pledges) AS pledges, sum(captured_amount) AS captured,
                             sum(refunded_amount) AS refunded FROM reporting_daily_total GROUP BY 1, 2) AS day
               USING (campaign_id, currency)
           FULL JOIN reporting_campaign_funnel AS funnel USING (campaign_id, currency)
           FULL JOIN (SELECT scope AS campaign_id, currency, sum(captured_amount) AS captured,
                             sum(refunded_amount) AS refunded FROM reporting_donor
                      WHERE scope <> '00000000-0000-0000-0000-000000000000' GROUP BY 1, 2) AS donor
               USING (campaign_id, currency)
           WHERE (gift.pledges, gift.captured, gift.refunded) IS DISTINCT FROM (day.pledges, day.captured, day.refunded)
              OR (gift.pledges, gift.captured, gift.refunded)
                  IS DISTINCT FROM (funnel.pledges::numeric, funnel.captured_amount::numeric, funnel.refunded_amount::numeric)
              OR (gift.captured, gift.refunded) IS DISTINCT FROM (coalesce(donor.captured, 0), coalesce(donor.refunded, 0))""",
    explain="A sum parted from its rows: `manage.py rebuild daily_totals` (or campaign_funnel, donors).",
)
