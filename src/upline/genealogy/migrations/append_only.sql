-- What held for a member from a day on is history: runs ask for any day.
DO $$
DECLARE
    fact text;
BEGIN
    FOREACH fact IN ARRAY ARRAY['members_standingfact', 'members_packagefact', 'members_rankfact',
                                'members_marketfact',
                                'genealogy_placementfact', 'genealogy_sponsorfact',
                                'genealogy_positionfact']
    LOOP
        EXECUTE format('CREATE TRIGGER %1$s_append_only BEFORE UPDATE OR DELETE ON %1$s
            FOR EACH ROW EXECUTE FUNCTION base_refuse_change()', fact);
        EXECUTE format('CREATE TRIGGER %1$s_never_truncated BEFORE TRUNCATE ON %1$s
            FOR EACH STATEMENT EXECUTE FUNCTION base_refuse_change()', fact);
    END LOOP;
END $$;
