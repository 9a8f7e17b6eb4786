-- What `./upline init` sets is part of every figure from the first member on.
CREATE FUNCTION company_refuse_change() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM members_member) THEN
        RAISE EXCEPTION 'Currency, time zone, first weekday and plan kind cannot change once '
                        'there is a member.';
    END IF;
    RETURN NEW;
END $$;

-- Order lines keep their further figures by place: the list of names only grows at its end.
CREATE FUNCTION company_refuse_figures() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Names of figures can only be added at the end.';
END $$;

CREATE FUNCTION company_keeps_figures(before jsonb, after jsonb) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
    SELECT NOT EXISTS (
        SELECT FROM jsonb_array_elements(coalesce(before -> 'order_figures', '[]'))
            WITH ORDINALITY AS named (name, place)
        WHERE named.name IS DISTINCT FROM after -> 'order_figures' -> (named.place - 1)::int)
$$;

CREATE TRIGGER company_figures BEFORE UPDATE OF settings ON company_company
    FOR EACH ROW
    WHEN (NOT company_keeps_figures(OLD.settings, NEW.settings))
    EXECUTE FUNCTION company_refuse_figures();

CREATE TRIGGER company_fixed BEFORE UPDATE ON company_company
    FOR EACH ROW
    WHEN ((OLD.plan_currency, OLD.plan_exponent, OLD.time_zone, OLD.first_weekday, OLD.plan_kind,
           OLD.matrix_width)
          IS DISTINCT FROM
          (NEW.plan_currency, NEW.plan_exponent, NEW.time_zone, NEW.first_weekday, NEW.plan_kind,
           NEW.matrix_width))
    EXECUTE FUNCTION company_refuse_change();
