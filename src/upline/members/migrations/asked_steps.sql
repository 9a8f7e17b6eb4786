-- What was asked for stays as it was asked for, and what became of it is final.
CREATE FUNCTION members_stepasked_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Anybody can set the switch; `base_erase_words` alone runs as the owner of the table.
    IF current_setting('upline.erasing', true) = 'on'
       AND current_user::regrole = (SELECT relowner FROM pg_class WHERE oid = TG_RELID)
    THEN
        RETURN NEW;
    END IF;
    IF OLD.status <> 'asked' OR NEW.event <> OLD.event OR NEW."right" <> OLD."right"
       OR NEW.what <> OLD.what OR NEW.actor_id <> OLD.actor_id THEN
        RAISE EXCEPTION 'an asked step is kept as it was' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END;
$$;
CREATE TRIGGER members_stepasked_kept BEFORE UPDATE ON members_stepasked
    FOR EACH ROW EXECUTE FUNCTION members_stepasked_kept();

-- Who confirms a step reads its amount: never one without a currency.
ALTER TABLE members_stepasked ADD CONSTRAINT step_amount_has_currency
    CHECK ((amount IS NULL) = (currency = ''));
