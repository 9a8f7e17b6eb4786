"""A member's money: the wallet and all that moved in it, payouts, the bank account they go to, the
transaction password, and the identity check that they may wait for."""
