-- Staff help people with their accounts (docs/decisions/0023).
ALTER TABLE mailbox ADD COLUMN locked_at BIGINT;     -- since then nobody comes in; letters do
ALTER TABLE access_log ADD COLUMN reason BLOB;       -- sealed: why staff did it, as they have said

-- A look of staff at an account: who, at whose, why, and until when.
CREATE TABLE staff_look (
    id BLOB NOT NULL PRIMARY KEY,
    mailbox_id BLOB NOT NULL,
    staff_id BLOB NOT NULL,
    second_id BLOB,                    -- who else of the staff has allowed it
    reason BLOB NOT NULL,              -- sealed under the house key
    state TEXT NOT NULL,               -- open | waiting | refused | closed
    asked_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL
);
CREATE INDEX staff_look_mailbox ON staff_look (mailbox_id, state);
CREATE INDEX staff_look_staff ON staff_look (staff_id, id);
CREATE INDEX staff_look_state ON staff_look (state, id);
CREATE INDEX staff_look_end ON staff_look (ends_at);
