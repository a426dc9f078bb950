"""The winter night, replayed against a running installation: donors, bad webhooks, dying processes, and the books after."""
