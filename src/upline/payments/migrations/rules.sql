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
       OR OLD.status NOT IN ('received', 'waiting')
          AND (NEW.status, NEW.payment_id, NEW.order_number)
              IS DISTINCT FROM (OLD.status, OLD.payment_id, OLD.order_number)
    THEN
        RAISE EXCEPTION 'Payment event % is settled, or what it says never changes.', OLD.id;
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER payments_event_checked BEFORE UPDATE ON payments_paymentevent
    FOR EACH ROW EXECUTE FUNCTION payments_check_event();
-- An event is stored first and then applied, and nothing of a new payment has gone back.
CREATE FUNCTION payments_refuse_beginning() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'A row of % begins before anything became of it.', TG_TABLE_NAME;
END $$;
CREATE TRIGGER payments_event_received BEFORE INSERT ON payments_paymentevent
    FOR EACH ROW WHEN (NEW.status <> 'received' OR NEW.payment_id IS NOT NULL)
    EXECUTE FUNCTION payments_refuse_beginning();
CREATE TRIGGER payments_payment_begins BEFORE INSERT ON payments_payment
    FOR EACH ROW WHEN (NEW.voided <> 0 OR NEW.refunded <> 0 OR NEW.returned <> 0)
    EXECUTE FUNCTION payments_refuse_beginning();
CREATE TRIGGER payments_event_never_deleted BEFORE DELETE ON payments_paymentevent
    FOR EACH ROW EXECUTE FUNCTION base_refuse_change();
CREATE TRIGGER payments_surplus_never_deleted BEFORE DELETE ON payments_surplus
    FOR EACH ROW EXECUTE FUNCTION base_refuse_change();
-- What was decided about a surplus is final.
CREATE TRIGGER payments_surplus_settled BEFORE UPDATE ON payments_surplus
    FOR EACH ROW
    WHEN (OLD.status <> 'open'
          AND (OLD.status, OLD.settled_at, OLD.settled_by_id, OLD.sent_id)
              IS DISTINCT FROM (NEW.status, NEW.settled_at, NEW.settled_by_id, NEW.sent_id))
    EXECUTE FUNCTION base_refuse_change();
-- Which secrets providers can sign with changes with an entry of the audit log.
CREATE CONSTRAINT TRIGGER payments_providersecret_made AFTER INSERT ON payments_providersecret
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    EXECUTE FUNCTION base_needs_entry('provider_secret.add');
CREATE CONSTRAINT TRIGGER payments_providersecret_logged AFTER UPDATE ON payments_providersecret
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN ((OLD.used_from, OLD.ended_at) IS DISTINCT FROM (NEW.used_from, NEW.ended_at))
    EXECUTE FUNCTION base_needs_entry('provider_secret.use', 'provider_secret.end');
