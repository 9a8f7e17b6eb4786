"""What a trial reads: members.csv, orders.csv, and what an earlier run carried over."""
