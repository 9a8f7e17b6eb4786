-- Who may do what changes with an entry of the audit log that says so.
DO $$
DECLARE
    given text;
BEGIN
    FOREACH given IN ARRAY ARRAY['members_user_groups', 'members_user_user_permissions',
                                 'auth_group_permissions', 'members_rightfact']
    LOOP
        EXECUTE format('CREATE CONSTRAINT TRIGGER %1$s_logged AFTER INSERT OR UPDATE OR DELETE
            ON %1$s DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
            EXECUTE FUNCTION base_needs_entry(
                ''staff.rights_changed'', ''staff.activated'', ''staff.deactivated'',
                ''role.saved'', ''company.found'')', given);
    END LOOP;
END $$;

CREATE CONSTRAINT TRIGGER members_user_staff_logged AFTER INSERT ON members_user
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (NEW.is_staff OR NEW.is_superuser)
    EXECUTE FUNCTION base_needs_entry('staff.invited', 'company.found');
CREATE CONSTRAINT TRIGGER members_user_rights_logged AFTER UPDATE ON members_user
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN ((OLD.is_staff, OLD.is_superuser) IS DISTINCT FROM (NEW.is_staff, NEW.is_superuser)
          OR NEW.is_staff AND NEW.is_active <> OLD.is_active)
    EXECUTE FUNCTION base_needs_entry('staff.rights_changed', 'staff.activated',
                                      'staff.deactivated');

-- So do the company's settings, and what programs may do at the API.
CREATE CONSTRAINT TRIGGER company_settings_logged AFTER UPDATE ON company_company
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (OLD.settings <> NEW.settings)
    EXECUTE FUNCTION base_needs_entry('settings.changed');
CREATE CONSTRAINT TRIGGER company_apiclient_logged AFTER INSERT OR UPDATE ON company_apiclient
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    EXECUTE FUNCTION base_needs_entry('api_key.created', 'api_key.revoked', 'api_key.scopes_changed');
