-- Commissions are calculated from no more than the price without tax, at today's rate and at each
-- later one that is known.
CREATE FUNCTION catalog_refuse_price() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    paid bigint := coalesce(NEW.member_amount, NEW.amount);
    rate integer;
BEGIN
    -- Who adds a tax rate waits until this price can be seen, and the other way round.
    PERFORM FROM markets_market WHERE id = NEW.market_id FOR SHARE;
    rate := markets_highest_tax_rate(NEW.market_id, NEW.tax_class_id);
    IF rate IS NULL THEN
        RAISE EXCEPTION 'price_has_a_tax_rate: the tax class has no rate in this market'
            USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.commissionable_value > paid - paid * rate / (10000 + rate) THEN
        RAISE EXCEPTION 'price_value_within_price: more than the price without tax'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'price_value_within_price';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER catalog_price_fits BEFORE INSERT OR UPDATE ON catalog_price
    FOR EACH ROW EXECUTE FUNCTION catalog_refuse_price();

-- A rate that is added later must leave the prices right.
CREATE FUNCTION catalog_refuse_tax_rate() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM markets_market WHERE id = NEW.market_id FOR NO KEY UPDATE;
    IF EXISTS (
        SELECT FROM catalog_price price
        WHERE market_id = NEW.market_id AND tax_class_id = NEW.tax_class_id
          -- What another price has replaced by then stays as it was.
          AND NOT EXISTS (SELECT FROM catalog_price later
                          WHERE later.package_id = price.package_id
                            AND later.market_id = price.market_id
                            AND later.first_day > price.first_day
                            AND later.first_day <= NEW.first_day)
          AND commissionable_value > coalesce(member_amount, amount)
              - coalesce(member_amount, amount) * NEW.rate / (10000 + NEW.rate))
    THEN
        RAISE EXCEPTION 'price_value_within_price: more than a price without this tax'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'price_value_within_price';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER markets_taxrate_fits BEFORE INSERT ON markets_taxrate
    FOR EACH ROW EXECUTE FUNCTION catalog_refuse_tax_rate();
