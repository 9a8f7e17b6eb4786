-- What a payout was asked for never changes; where it goes is settled when it goes into a batch: to the
-- account that its member has then. What has come to an end stays there: nobody is paid after the
-- money went back, and none goes back after it was paid, but what the bank returns, once.
CREATE FUNCTION payouts_check_step() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    -- Anybody can set the switch; `base_erase_words` alone runs as the owner of the table.
    IF current_setting('upline.erasing', true) = 'on'
       AND current_user::regrole = (SELECT relowner FROM pg_class WHERE oid = TG_RELID)
    THEN
        RETURN NEW;
    END IF;
    IF (NEW.number, NEW.member_id, NEW.amount, NEW.transfer_id, NEW.requested_at)
       IS DISTINCT FROM
       (OLD.number, OLD.member_id, OLD.amount, OLD.transfer_id, OLD.requested_at)
       OR NEW.bank_sealed IS DISTINCT FROM OLD.bank_sealed
          AND (OLD.status, NEW.status) <> ('approved', 'in_batch')
    THEN
        RAISE EXCEPTION 'What payout % was asked for never changes.', OLD.number;
    END IF;
    IF (OLD.status, NEW.status) NOT IN (
        ('requested', 'approved'), ('requested', 'cancelled'), ('requested', 'declined'),
        ('approved', 'in_batch'), ('approved', 'declined'), ('approved', 'approved'),
        ('in_batch', 'paid'), ('in_batch', 'failed'), ('paid', 'returned'))
    THEN
        RAISE EXCEPTION 'Payout % is % and cannot become %.', OLD.number, OLD.status, NEW.status;
    END IF;
    IF OLD.status = 'paid'
       AND (NEW.settlement_id, NEW.closed_at, NEW.closed_by_id, NEW.batch_id)
           IS DISTINCT FROM (OLD.settlement_id, OLD.closed_at, OLD.closed_by_id, OLD.batch_id)
    THEN
        RAISE EXCEPTION 'How payout % was paid never changes.', OLD.number;
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER payouts_payout_steps BEFORE UPDATE ON payouts_payout
    FOR EACH ROW EXECUTE FUNCTION payouts_check_step();
CREATE TRIGGER payouts_payout_never_deleted BEFORE DELETE ON payouts_payout
    FOR EACH ROW EXECUTE FUNCTION base_refuse_change();
CREATE TRIGGER payouts_payout_never_truncated BEFORE TRUNCATE ON payouts_payout
    FOR EACH STATEMENT EXECUTE FUNCTION base_refuse_change();
