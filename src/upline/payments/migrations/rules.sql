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
    IF NEW.captured < OLD.captured OR NEW.voided < OLD.voided OR NEW.refunded < OLD.refunded
       OR NEW.returned < OLD.returned
    THEN
        RAISE EXCEPTION 'The amounts of payment % never go back.', OLD.id;
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER payments_payment_only_grows BEFORE UPDATE ON payments_payment
    FOR EACH ROW EXECUTE FUNCTION payments_check_change();
CREATE TRIGGER payments_payment_never_deleted BEFORE DELETE ON payments_payment
    FOR EACH ROW EXECUTE FUNCTION base_refuse_change();
-- What a provider said never changes, and what was applied is not applied again.
CREATE FUNCTION payments_check_event() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.provider, NEW.event_id, NEW.kind, NEW.reference, NEW.amount, NEW.currency, NEW.at)
       IS DISTINCT FROM
       (OLD.provider, OLD.event_id, OLD.kind, OLD.reference, OLD.amount, OLD.currency, OLD.at)
       OR OLD.status NOT IN ('received', 'waiting') AND NEW.status <> OLD.status
    THEN
        RAISE EXCEPTION 'Payment event % is settled, or what it says never changes.', OLD.id;
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER payments_event_checked BEFORE UPDATE ON payments_paymentevent
    FOR EACH ROW EXECUTE FUNCTION payments_check_event();
CREATE TRIGGER payments_event_never_deleted BEFORE DELETE ON payments_paymentevent
    FOR EACH ROW EXECUTE FUNCTION base_refuse_change();
CREATE TRIGGER payments_surplus_never_deleted BEFORE DELETE ON payments_surplus
    FOR EACH ROW EXECUTE FUNCTION base_refuse_change();
