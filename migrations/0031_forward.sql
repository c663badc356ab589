-- What was passed on, to whom, and what became of it. A draft is what somebody has typed and not yet confirmed.
CREATE TABLE forward (
    mailbox_id BLOB NOT NULL,
    id BLOB NOT NULL,
    letter_id BLOB NOT NULL,
    recipient BLOB NOT NULL,               -- sealed: what was typed, or the address
    rule_id BLOB,                          -- the rule that did it; null: the person
    state TEXT NOT NULL,                   -- draft | waiting | sent | failed | stopped
    attempts BIGINT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (mailbox_id, id)
);
-- Rules that pass on what comes in, until a day.
CREATE TABLE forward_rule (
    mailbox_id BLOB NOT NULL,
    id BLOB NOT NULL,
    content BLOB NOT NULL,                 -- sealed: to whom, and from which sender
    created_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    PRIMARY KEY (mailbox_id, id)
);
-- A holder with protected identity, since then: nothing is passed on from here by e-mail.
ALTER TABLE mailbox ADD COLUMN protected_at BIGINT;
