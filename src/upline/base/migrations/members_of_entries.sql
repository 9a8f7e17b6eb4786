-- Entries written before they named a member: whom they concern is in their subject.
ALTER TABLE base_auditentry DISABLE TRIGGER base_auditentry_append_only;
UPDATE base_auditentry entry SET member_id = person.id
FROM members_user person
WHERE entry.member_id IS NULL AND entry.subject = 'user:' || person.id;
UPDATE base_auditentry entry SET member_id = bought.member_id
FROM orders_order bought
WHERE entry.member_id IS NULL AND entry.subject = 'order:' || bought.number;
UPDATE base_auditentry entry SET member_id = paid.member_id
FROM payouts_payout paid
WHERE entry.member_id IS NULL AND entry.subject = 'payout:' || paid.number;
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE base_auditentry ENABLE TRIGGER base_auditentry_append_only;
