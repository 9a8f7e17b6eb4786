-- What a payment is never changes, and its amounts only grow: no row goes back to what it was.
CREATE FUNCTION payments_check_change() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.member_id, NEW.provider, NEW.reference, NEW.wallet_id, NEW.epin_id, NEW.transfer_id,
        NEW.order_id, NEW.currency, NEW.authorised, NEW.created_at)
       IS DISTINCT FROM
       (OLD.member_id, OLD.provider, OLD.reference, OLD.wallet_id, OLD.epin_id, OLD.transfer_id,
        OLD.order_id, OLD.currency, OLD.authorised, OLD.created_at)
    THEN
        RAISE EXCEPTION 'What payment % is never changes.', OLD.id;
    END IF;
    IF NEW.captured < OLD.captured OR NEW.voided < OLD.voided OR NEW.refunded < OLD.refunded THEN
        RAISE EXCEPTION 'The amounts of payment % never go back.', OLD.id;
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER payments_payment_only_grows BEFORE UPDATE ON payments_payment
    FOR EACH ROW EXECUTE FUNCTION payments_check_change();
CREATE TRIGGER payments_payment_never_deleted BEFORE DELETE ON payments_payment
    FOR EACH ROW EXECUTE FUNCTION base_refuse_change();
CREATE TRIGGER payments_surplus_never_deleted BEFORE DELETE ON payments_surplus
    FOR EACH ROW EXECUTE FUNCTION base_refuse_change();
