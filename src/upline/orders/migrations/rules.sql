-- An order goes its way step by step, whoever asks. When it is complete it is paid in full and
-- counts for a day that no commission run has; whose volume it is and for which day never changes.
-- Whoever completes an order shares the books before this; here they are shared again, so that
-- nobody who forgets it can date an order into days that are being frozen.
CREATE FUNCTION orders_check_step() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status <> NEW.status AND (OLD.status, NEW.status) NOT IN (
        ('awaiting_payment', 'complete'), ('awaiting_payment', 'cancelled'),
        ('complete', 'refunded'))
    THEN
        RAISE EXCEPTION 'Order % is % and cannot become %.', OLD.number, OLD.status, NEW.status;
    END IF;
    IF OLD.status <> 'awaiting_payment' THEN
        IF (OLD.volume_member_id, OLD.completed_at, OLD.business_date)
           IS DISTINCT FROM (NEW.volume_member_id, NEW.completed_at, NEW.business_date)
        THEN
            RAISE EXCEPTION 'Whose volume order % is, and when, never changes.', OLD.number;
        END IF;
    ELSIF NEW.status = 'complete' THEN
        PERFORM orders_refuse_frozen(NEW.business_date);
        IF NEW.total_amount <> (SELECT coalesce(sum(amount), 0) FROM orders_orderpayment
                                WHERE order_id = NEW.id)
        THEN
            RAISE EXCEPTION 'Order % is not paid.', NEW.number;
        END IF;
    END IF;
    RETURN NEW;
END $$;

-- The days that belong to commission runs take no order and no refund any more.
CREATE FUNCTION orders_refuse_frozen(day date) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(hashtext('upline.books'));
    IF day <= (SELECT last_day FROM orders_frozen) THEN
        RAISE EXCEPTION 'The days to % belong to commission runs.',
            (SELECT last_day FROM orders_frozen);
    END IF;
END $$;

CREATE TRIGGER orders_order_steps
    BEFORE UPDATE OF status, volume_member_id, completed_at, business_date ON orders_order
    FOR EACH ROW
    WHEN ((OLD.status, OLD.volume_member_id, OLD.completed_at, OLD.business_date)
          IS DISTINCT FROM
          (NEW.status, NEW.volume_member_id, NEW.completed_at, NEW.business_date))
    EXECUTE FUNCTION orders_check_step();

-- What an order consists of and what paid it is written while it awaits payment. The lock makes
-- whoever adds to it and whoever completes it wait for each other.
CREATE FUNCTION orders_add_while_open() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM orders_order WHERE id = NEW.order_id AND status = 'awaiting_payment' FOR SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'This order no longer awaits payment: % stay as they are.', TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER orders_orderline_while_open BEFORE INSERT ON orders_orderline
    FOR EACH ROW EXECUTE FUNCTION orders_add_while_open();
CREATE TRIGGER orders_orderline_buyer BEFORE UPDATE OF buyer ON orders_orderline
    FOR EACH ROW WHEN (OLD.buyer <> NEW.buyer) EXECUTE FUNCTION orders_add_while_open();
CREATE TRIGGER orders_orderpayment_while_open BEFORE INSERT ON orders_orderpayment
    FOR EACH ROW EXECUTE FUNCTION orders_add_while_open();
CREATE TRIGGER orders_positionorder_while_open BEFORE INSERT ON orders_positionorder
    FOR EACH ROW EXECUTE FUNCTION orders_add_while_open();
CREATE TRIGGER orders_positionorder_opened BEFORE UPDATE ON orders_positionorder
    FOR EACH ROW WHEN (OLD.position_id IS NOT NULL) EXECUTE FUNCTION base_refuse_change();

-- What was refunded stays refunded, and what was sent stays sent.
CREATE TRIGGER orders_orderline_refunded BEFORE UPDATE OF refunded_quantity ON orders_orderline
    FOR EACH ROW WHEN (NEW.refunded_quantity < OLD.refunded_quantity)
    EXECUTE FUNCTION base_refuse_change();
CREATE TRIGGER orders_orderpayment_refunded BEFORE UPDATE OF refunded ON orders_orderpayment
    FOR EACH ROW WHEN (NEW.refunded < OLD.refunded) EXECUTE FUNCTION base_refuse_change();
CREATE TRIGGER orders_refundtosend_sent BEFORE UPDATE OF sent_at, sent_by_id ON orders_refundtosend
    FOR EACH ROW
    WHEN (OLD.sent_at IS NOT NULL
          AND (OLD.sent_at, OLD.sent_by_id) IS DISTINCT FROM (NEW.sent_at, NEW.sent_by_id))
    EXECUTE FUNCTION base_refuse_change();

-- A refund is of a complete order, and its volume leaves on a day that no run has.
CREATE FUNCTION orders_check_refund() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM orders_refuse_frozen(NEW.business_date);
    IF NOT EXISTS (SELECT FROM orders_order WHERE id = NEW.order_id AND status = 'complete') THEN
        RAISE EXCEPTION 'Only a complete order is refunded.';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER orders_refund_checked BEFORE INSERT ON orders_refund
    FOR EACH ROW EXECUTE FUNCTION orders_check_refund();

-- What a market's rate was on days of runs, they were calculated with.
CREATE FUNCTION orders_check_rate() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM orders_refuse_frozen(NEW.first_day);
    RETURN NEW;
END $$;
CREATE TRIGGER markets_marketrate_open BEFORE INSERT ON markets_marketrate
    FOR EACH ROW EXECUTE FUNCTION orders_check_rate();
