"""What runs when: due looks, the daily run, backfills, and the ledger by the real clock."""
