-- What a payout was asked for never changes, and what has come to an end stays there: nobody is
-- paid after the money went back, and none goes back after it was paid.
CREATE FUNCTION payouts_check_step() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.number, NEW.member_id, NEW.amount, NEW.bank_sealed, NEW.transfer_id, NEW.requested_at)
       IS DISTINCT FROM
       (OLD.number, OLD.member_id, OLD.amount, OLD.bank_sealed, OLD.transfer_id, OLD.requested_at)
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

CREATE TRIGGER payouts_payout_steps BEFORE UPDATE ON payouts_payout
    FOR EACH ROW EXECUTE FUNCTION payouts_check_step();
CREATE TRIGGER payouts_payout_never_deleted BEFORE DELETE ON payouts_payout
    FOR EACH ROW EXECUTE FUNCTION base_refuse_change();
CREATE TRIGGER payouts_payout_never_truncated BEFORE TRUNCATE ON payouts_payout
    FOR EACH STATEMENT EXECUTE FUNCTION base_refuse_change();
