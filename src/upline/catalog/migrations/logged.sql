-- What is paid for a package and what it counts for changes with an entry of the audit log that
-- says what it was before.
CREATE CONSTRAINT TRIGGER catalog_price_logged AFTER INSERT OR UPDATE OR DELETE ON catalog_price
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    EXECUTE FUNCTION base_needs_entry('package.created', 'package.changed',
                                      'package.price_changed');
CREATE CONSTRAINT TRIGGER catalog_package_logged AFTER UPDATE ON catalog_package
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN ((OLD.points, OLD.figures, OLD.order_type, OLD.opens_position)
          IS DISTINCT FROM (NEW.points, NEW.figures, NEW.order_type, NEW.opens_position))
    EXECUTE FUNCTION base_needs_entry('package.changed');
CREATE CONSTRAINT TRIGGER markets_taxrate_logged AFTER INSERT ON markets_taxrate
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    EXECUTE FUNCTION base_needs_entry('market.tax_rate_added', 'market.created', 'company.found');
CREATE CONSTRAINT TRIGGER markets_marketrate_logged AFTER INSERT ON markets_marketrate
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    EXECUTE FUNCTION base_needs_entry('market.rate_added');
