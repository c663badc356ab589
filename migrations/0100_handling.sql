-- Who takes a letter in a company's mailbox, and how far they have come.
CREATE TABLE letter_handling (
    mailbox_id BLOB NOT NULL,
    letter_id BLOB NOT NULL,
    taker_index BLOB NOT NULL,         -- keyed hash of the taker's number, as consents have it
    handling BLOB NOT NULL,            -- sealed: the taker, and who said so
    step TEXT NOT NULL,                -- given | begun | done
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (mailbox_id, letter_id)
);
CREATE INDEX letter_handling_open ON letter_handling (mailbox_id, taker_index, letter_id) WHERE step <> 'done';

-- What colleagues have noted on a letter.
CREATE TABLE letter_note (
    mailbox_id BLOB NOT NULL,
    letter_id BLOB NOT NULL,
    id BLOB NOT NULL,
    author_index BLOB NOT NULL,        -- keyed hash of the author's number, as consents have it
    note BLOB NOT NULL,                -- sealed: the author's name, and the text
    PRIMARY KEY (mailbox_id, letter_id, id)
);
