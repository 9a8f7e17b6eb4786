-- Whatever became of an asked step, it can be agreed to.
DROP TRIGGER members_stepasked_kept ON members_stepasked;
