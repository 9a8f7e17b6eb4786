CREATE TRIGGER members_rightfact_dated BEFORE INSERT ON members_rightfact
    FOR EACH ROW EXECUTE FUNCTION base_own_moment('at');
CREATE TRIGGER members_signinhelp_dated BEFORE INSERT ON members_signinhelp
    FOR EACH ROW EXECUTE FUNCTION base_own_moment('at');
CREATE TRIGGER members_user_dated BEFORE INSERT ON members_user
    FOR EACH ROW EXECUTE FUNCTION base_own_moment('date_joined');
