-- Letters that are passed on into other mailboxes of this house, and who has said yes to them.

-- How a letter in this mailbox came by another holder; null: from its sender.
ALTER TABLE delivery ADD COLUMN passed_on BLOB;            -- sealed: by whom, when, whom it is addressed to

-- A row of what was passed on may go to a mailbox, and then hangs on a question to its holder.
ALTER TABLE forward ADD COLUMN way TEXT NOT NULL DEFAULT 'mail';   -- mail | mailbox
ALTER TABLE forward ADD COLUMN ask_id BLOB;
CREATE INDEX forward_asked ON forward (mailbox_id, ask_id, id);

-- One holder asks another to be let in. The row lies with who asks, and is found by a keyed hash of the number that was given: whether
-- anybody has a mailbox under it is not looked up when it is written.
CREATE TABLE forward_ask (
    mailbox_id BLOB NOT NULL,          -- who asks
    id BLOB NOT NULL,
    asked_index BLOB NOT NULL,         -- keyed hash of the number that was asked
    state TEXT NOT NULL,               -- asked | accepted | declined | blocked
    asked_at BIGINT NOT NULL,          -- when the person last asked; 0: taken back
    answered_at BIGINT,
    PRIMARY KEY (mailbox_id, id)
);
CREATE UNIQUE INDEX forward_ask_pair ON forward_ask (mailbox_id, asked_index);
CREATE INDEX forward_ask_asked ON forward_ask (asked_index, id);
