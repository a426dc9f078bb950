"""What tests know of this app: the gifts that its handler cannot stomach, by their amounts, and the name of its job."""

POISON, KILLER = 66_600, 55_500
COUNT = "test.count_run"
