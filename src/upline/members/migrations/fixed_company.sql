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

CREATE TRIGGER company_fixed BEFORE UPDATE ON company_company
    FOR EACH ROW
    WHEN ((OLD.currency, OLD.exponent, OLD.time_zone, OLD.first_weekday, OLD.plan_kind,
           OLD.matrix_width)
          IS DISTINCT FROM
          (NEW.currency, NEW.exponent, NEW.time_zone, NEW.first_weekday, NEW.plan_kind,
           NEW.matrix_width))
    EXECUTE FUNCTION company_refuse_change();
