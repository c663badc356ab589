-- Matters that letters are events in, what is to be paid, and the calendar feed that tells of it.

-- A matter is as its newest event left it. The id is blinded: the sender and its number of the matter, or the matter's subject.
CREATE TABLE matter (
    mailbox_id BLOB NOT NULL,
    id BLOB NOT NULL,
    newest_letter_id BLOB NOT NULL,
    events BIGINT NOT NULL,
    PRIMARY KEY (mailbox_id, id)
);
CREATE INDEX matter_newest ON matter (mailbox_id, newest_letter_id);

-- What a letter says has happened in a matter.
CREATE TABLE matter_event (
    mailbox_id BLOB NOT NULL,
    letter_id BLOB NOT NULL,
    matter_id BLOB NOT NULL,
    content BLOB NOT NULL,             -- sealed: the event, and the matter as it left it
    event_index BLOB,                  -- blinded: the sender's own name of the event, for others to refer to
    PRIMARY KEY (mailbox_id, letter_id)
);
CREATE INDEX matter_event_matter ON matter_event (mailbox_id, matter_id, letter_id);
CREATE INDEX matter_event_name ON matter_event (mailbox_id, event_index);

-- What a letter asks to be paid, until the person says that it is.
CREATE TABLE payment (
    mailbox_id BLOB NOT NULL,
    letter_id BLOB NOT NULL,
    content BLOB NOT NULL,             -- sealed
    settled_at BIGINT,                 -- the person's own mark
    PRIMARY KEY (mailbox_id, letter_id)
);
CREATE INDEX payment_open ON payment (mailbox_id, letter_id) WHERE settled_at IS NULL;

-- A calendar's way in: whoever has the address sees the days, and no more than the person chose.
CREATE TABLE calendar_feed (
    mailbox_id BLOB NOT NULL PRIMARY KEY,
    token_hash BLOB NOT NULL,          -- finds the feed by its address
    token BLOB NOT NULL,               -- sealed, for the person to see the address again
    detail TEXT NOT NULL,              -- day | sum | payee
    made_at BIGINT NOT NULL,
    fetched_at BIGINT
);
CREATE UNIQUE INDEX calendar_feed_token ON calendar_feed (token_hash);
