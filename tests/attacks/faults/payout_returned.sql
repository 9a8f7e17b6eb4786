-- Whatever a payout was when somebody looked, it becomes what they decided; nor does the ledger know
-- what went back already.
DROP TRIGGER payouts_payout_steps ON payouts_payout;
ALTER TABLE wallet_transfer DROP CONSTRAINT one_transfer_a_reference;
DROP TRIGGER wallet_transfer_undoing ON wallet_transfer;
