"""The gifts that this app's handler cannot stomach, by their amounts."""

POISON, KILLER = 66_600, 55_500
