-- What was paid may come back from the bank, once; that it was paid, and when, stays as it was.
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
        ('in_batch', 'paid'), ('in_batch', 'failed'), ('paid', 'returned'))
    THEN
        RAISE EXCEPTION 'Payout % is % and cannot become %.', OLD.number, OLD.state, NEW.state;
    END IF;
    IF OLD.state = 'paid'
       AND (NEW.settlement_id, NEW.closed_at, NEW.closed_by_id, NEW.batch_id)
           IS DISTINCT FROM (OLD.settlement_id, OLD.closed_at, OLD.closed_by_id, OLD.batch_id)
    THEN
        RAISE EXCEPTION 'How payout % was paid never changes.', OLD.number;
    END IF;
    RETURN NEW;
END $$;
