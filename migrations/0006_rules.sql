-- What is to be done with letters as they come in.
CREATE TABLE rule (
    mailbox_id BLOB NOT NULL,
    id BLOB NOT NULL,
    place BIGINT NOT NULL,             -- the order they are asked in
    active BIGINT NOT NULL,            -- 1: asked for each letter; 0: switched off
    content BLOB NOT NULL,             -- sealed: which letters, and what to do with them
    PRIMARY KEY (mailbox_id, id)
);
