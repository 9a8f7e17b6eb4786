-- Only members have a key of their own: erasing them throws it away.
ALTER TABLE base_personkey ADD CONSTRAINT person_key_of_member
    FOREIGN KEY (user_id) REFERENCES members_member (user_id) DEFERRABLE INITIALLY DEFERRED;
