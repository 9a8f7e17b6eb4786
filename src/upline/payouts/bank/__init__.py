"""The bank's side of a payout: the account it goes to, and the file that the bank is given."""
