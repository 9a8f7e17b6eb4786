-- What a payout was asked for never changes, but where it goes is settled when it goes into a batch:
-- to the account that its member has then.
CREATE OR REPLACE FUNCTION payouts_check_step() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.number, NEW.member_id, NEW.amount, NEW.transfer_id, NEW.requested_at)
       IS DISTINCT FROM
       (OLD.number, OLD.member_id, OLD.amount, OLD.transfer_id, OLD.requested_at)
       OR NEW.bank_sealed IS DISTINCT FROM OLD.bank_sealed
          AND (OLD.state, NEW.state) <> ('approved', 'in_batch')
    THEN
        RAISE EXCEPTION 'What payout % was asked for never changes.', OLD.number;
    END IF;
    IF (OLD.state, NEW.state) NOT IN (
        ('requested', 'approved'), ('requested', 'cancelled'), ('requested', 'declined'),
        ('approved', 'in_batch'), ('approved', 'declined'), ('approved', 'approved'),
        ('in_batch', 'paid'), ('in_batch', 'failed'))
    THEN
        RAISE EXCEPTION 'Payout % is % and cannot become %.', OLD.number, OLD.state, NEW.state;
    END IF;
    RETURN NEW;
END $$;
