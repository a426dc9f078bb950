class NoTransaction(RuntimeError):
    """A fact was published outside the transaction of its change; the two could part."""
