-- Every amount of a market is in its currency, and every amount is stored in its decimals.
CREATE TRIGGER markets_currency_append_only BEFORE UPDATE OR DELETE ON markets_currency
    FOR EACH ROW EXECUTE FUNCTION base_refuse_change();
CREATE TRIGGER markets_currency_never_truncated BEFORE TRUNCATE ON markets_currency
    FOR EACH STATEMENT EXECUTE FUNCTION base_refuse_change();

CREATE FUNCTION markets_refuse_change() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The currency of a market cannot change.';
END $$;

CREATE TRIGGER markets_market_fixed BEFORE UPDATE ON markets_market
    FOR EACH ROW WHEN (OLD.currency <> NEW.currency)
    EXECUTE FUNCTION markets_refuse_change();
