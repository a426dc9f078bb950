from apps.platform.audits import check

check(
    code="T2",
    title="Totals are never negative, and every campaign has its row",
    sql="""SELECT campaign.id, totals.captured, totals.refunded, totals.donor_count
           FROM campaigns_campaign AS campaign LEFT JOIN campaigns_totals AS totals ON totals.campaign_id = campaign.id
           WHERE totals.campaign_id IS NULL OR totals.captured < totals.refunded OR totals.refunded < 0 OR totals.donor_count < 0""",
    explain="A constraint of campaigns_totals is gone. Restore it, then rebuild the totals from the pledges.",
)
check(
    code="T2",
    title="The donor count is the number of donors with a gift that stands",
    sql="""SELECT totals.campaign_id, totals.donor_count, count(backer.id) AS backers
           FROM campaigns_totals AS totals
           LEFT JOIN campaigns_backer AS backer ON backer.campaign_id = totals.campaign_id AND backer.gifts > 0
           GROUP BY totals.campaign_id HAVING totals.donor_count <> count(backer.id)""",
    explain="The fold counted a donor twice or not at all. Rebuild the totals from the pledges.",
)
