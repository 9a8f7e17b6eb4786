-- What a rate was on a day stays what it was: orders and runs were calculated with it.
DO $$
DECLARE
    rate text;
BEGIN
    FOREACH rate IN ARRAY ARRAY['markets_taxrate', 'markets_marketrate'] LOOP
        EXECUTE format('CREATE TRIGGER %1$s_append_only BEFORE UPDATE OR DELETE ON %1$s
            FOR EACH ROW EXECUTE FUNCTION base_refuse_change()', rate);
        EXECUTE format('CREATE TRIGGER %1$s_never_truncated BEFORE TRUNCATE ON %1$s
            FOR EACH STATEMENT EXECUTE FUNCTION base_refuse_change()', rate);
    END LOOP;
END $$;

-- The tax contained in prices of this class on a day, in basis points; NULL before the first rate.
CREATE FUNCTION markets_tax_rate(of_market smallint, of_class smallint, on_day date)
RETURNS integer LANGUAGE sql STABLE AS $$
    SELECT rate FROM markets_taxrate
    WHERE market_id = of_market AND tax_class_id = of_class AND first_day <= on_day
    ORDER BY first_day DESC, id DESC LIMIT 1
$$;

-- The highest that it is today or becomes on a day that is known.
CREATE FUNCTION markets_highest_tax_rate(of_market smallint, of_class smallint)
RETURNS integer LANGUAGE sql STABLE AS $$
    SELECT greatest(markets_tax_rate(of_market, of_class, current_date),
                    (SELECT max(rate) FROM markets_taxrate
                     WHERE market_id = of_market AND tax_class_id = of_class
                       AND first_day > current_date))
$$;
