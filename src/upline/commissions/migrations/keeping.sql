-- A run goes its way step by step, whoever asks: it begins open; what it is for never changes; once
-- somebody has checked it, what it came to is what they have seen, and from the approval on it stays.
CREATE FUNCTION commissions_check_run() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.status <> 'open' THEN
            RAISE EXCEPTION 'A run begins open.';
        END IF;
        RETURN NEW;
    END IF;
    IF (NEW.id, NEW.plan_id, NEW.previous_id, NEW.every, NEW.first_day, NEW.last_day,
        NEW.opened_at, NEW.opened_by_id)
       IS DISTINCT FROM
       (OLD.id, OLD.plan_id, OLD.previous_id, OLD.every, OLD.first_day, OLD.last_day,
        OLD.opened_at, OLD.opened_by_id)
    THEN
        RAISE EXCEPTION 'What run % is for never changes.', OLD.id;
    END IF;
    IF (OLD.status, NEW.status) NOT IN (
        ('open', 'open'), ('open', 'computed'), ('computed', 'computed'), ('computed', 'reviewed'),
        ('reviewed', 'computed'), ('reviewed', 'approved'), ('approved', 'approved'),
        ('approved', 'paid'), ('paid', 'closed'))
    THEN
        RAISE EXCEPTION 'Run % is % and cannot become %.', OLD.id, OLD.status, NEW.status;
    END IF;
    IF NEW.status IN ('reviewed', 'approved', 'paid', 'closed')
       AND ((NEW.inputs_hash, NEW.outputs_hash, NEW.turnover, NEW.gross, NEW.paid, NEW.lines,
             NEW.members, NEW.refunds, NEW.computed_at, NEW.computed_by_id)
            IS DISTINCT FROM
            (OLD.inputs_hash, OLD.outputs_hash, OLD.turnover, OLD.gross, OLD.paid, OLD.lines,
             OLD.members, OLD.refunds, OLD.computed_at, OLD.computed_by_id)
            OR NEW.cursor < OLD.cursor)
    THEN
        RAISE EXCEPTION 'What run % came to stays as it was checked.', OLD.id;
    END IF;
    IF OLD.status IN ('approved', 'paid')
       AND (NEW.reviewed_at, NEW.reviewed_by_id, NEW.approved_at, NEW.approved_by_id)
           IS DISTINCT FROM
           (OLD.reviewed_at, OLD.reviewed_by_id, OLD.approved_at, OLD.approved_by_id)
    THEN
        RAISE EXCEPTION 'Who approved run % never changes.', OLD.id;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER commissions_run_steps BEFORE INSERT OR UPDATE ON commissions_run
    FOR EACH ROW EXECUTE FUNCTION commissions_check_run();

-- Nothing is added to what an approved run came to. (Lines are not looked at as they come: there are
-- a hundred times more. `./upline verify` compares them with the earnings.)
CREATE FUNCTION commissions_add_to_none_approved() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM commissions_run
               WHERE id IN (SELECT run_id FROM fresh GROUP BY run_id)
                 AND status IN ('approved', 'paid', 'closed')) THEN
        RAISE EXCEPTION 'Nothing is added to % of an approved run.', TG_TABLE_NAME;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER commissions_earning_complete AFTER INSERT ON commissions_earning
    REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION commissions_add_to_none_approved();
CREATE TRIGGER commissions_runmarket_complete AFTER INSERT ON commissions_runmarket
    REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION commissions_add_to_none_approved();
CREATE TRIGGER commissions_archivepiece_complete AFTER INSERT ON commissions_archivepiece
    REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION commissions_add_to_none_approved();
CREATE TRIGGER commissions_clawback_complete AFTER INSERT ON commissions_clawback
    REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION commissions_add_to_none_approved();
