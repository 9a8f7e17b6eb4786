-- Whatever a payout was when somebody looked, it becomes what they decided.
DROP TRIGGER payouts_payout_steps ON payouts_payout;
ALTER TABLE payouts_payout DROP CONSTRAINT payout_settled_when_closed;
