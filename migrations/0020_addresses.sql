-- Several addresses for each mailbox, e-mail and mobile, each confirmed by a code of its own. Takes the place of the table contact, which
-- stays until no server reads it any more.
CREATE TABLE address (
    mailbox_id BLOB NOT NULL,
    id BLOB NOT NULL,
    channel TEXT NOT NULL,             -- email | sms
    address BLOB NOT NULL,             -- sealed
    confirmed_at BIGINT,               -- null: waits for its code
    code_hash BLOB,
    code_expires_at BIGINT,
    code_tries BIGINT NOT NULL,
    broken_at BIGINT,                  -- takes nothing any more, since then
    broken TEXT,                       -- the other side's number for it: 550, 5.1.1
    PRIMARY KEY (mailbox_id, id)
);
-- How much a mailbox has sent on request: codes, notices for trying out.
CREATE TABLE sent_count (
    mailbox_id BLOB NOT NULL,
    what TEXT NOT NULL,                -- code | test
    sent BIGINT NOT NULL,
    since BIGINT NOT NULL,             -- when the counting began
    PRIMARY KEY (mailbox_id, what)
);
-- A confirmed address keeps its id, the mailbox's, and so opens where it was sealed. One that waits is asked for again.
INSERT INTO address (mailbox_id, id, channel, address, confirmed_at, code_tries)
SELECT mailbox_id, mailbox_id, 'email', confirmed, changed_at, 0 FROM contact WHERE confirmed IS NOT NULL;
INSERT INTO sent_count (mailbox_id, what, sent, since) SELECT mailbox_id, 'code', codes_sent, codes_since FROM contact;

-- A notice is one message to one address: of one letter or of several, or about the addresses themselves.
ALTER TABLE notice ADD COLUMN kind TEXT NOT NULL DEFAULT 'letters';    -- letters | reminder | test | added | removed | broken
ALTER TABLE notice ADD COLUMN channel TEXT NOT NULL DEFAULT 'email';
ALTER TABLE notice ADD COLUMN address_id BLOB;                         -- null: not the holder's any more when it was written
ALTER TABLE notice ADD COLUMN round_id BLOB;                           -- what was told at once by several ways
ALTER TABLE notice ADD COLUMN letters BIGINT NOT NULL DEFAULT 1;       -- how many it tells of
ALTER TABLE notice ADD COLUMN about BLOB;                              -- sealed: the address that it speaks of
ALTER TABLE notice ADD COLUMN answer BLOB;                             -- sealed: the other side's last words
CREATE INDEX notice_state ON notice (mailbox_id, state, id);
CREATE INDEX notice_round ON notice (mailbox_id, round_id);
CREATE TABLE notice_letter (
    mailbox_id BLOB NOT NULL,
    notice_id BLOB NOT NULL,
    letter_id BLOB NOT NULL,
    PRIMARY KEY (mailbox_id, notice_id, letter_id)
);
