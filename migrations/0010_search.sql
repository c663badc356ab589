-- Search over what is sealed (docs/decisions/0010). Nothing here can be read without the mailbox's key.

-- The letter's number in its mailbox's index, by arrival; null: its words cannot be found yet.
ALTER TABLE letter ADD COLUMN number BIGINT;
-- How many of its attachments have text that is not searched.
ALTER TABLE letter ADD COLUMN unreadable BIGINT;
CREATE UNIQUE INDEX search_number ON letter (mailbox_id, number);
CREATE INDEX search_waiting ON letter (mailbox_id, id) WHERE number IS NULL;
CREATE INDEX search_unreadable ON letter (mailbox_id, number) WHERE unreadable > 0;
CREATE INDEX search_binned ON letter (mailbox_id, number) WHERE binned_at IS NOT NULL;

-- The index of a mailbox: one indexer at a time, and the next number.
CREATE TABLE search_index (
    mailbox_id BLOB NOT NULL PRIMARY KEY,
    next_number BIGINT NOT NULL,
    leased_until BIGINT NOT NULL
);

-- The text of a letter and of its attachments, for excerpts and phrases.
CREATE TABLE search_text (
    mailbox_id BLOB NOT NULL,
    letter_id BLOB NOT NULL,
    text BLOB NOT NULL,                -- sealed
    PRIMARY KEY (mailbox_id, letter_id)
);

-- Which letters have a word. A row for a word and each 8,192 letters.
CREATE TABLE search_posting (
    mailbox_id BLOB NOT NULL,
    token BIGINT NOT NULL,             -- the word, blinded under the mailbox key
    block BIGINT NOT NULL,
    numbers BLOB NOT NULL,             -- sealed: which of the letters
    PRIMARY KEY (mailbox_id, token, block)
);

-- Every word of the mailbox, once, some thousand in a row: where parts and forms of words are looked for.
CREATE TABLE search_words (
    mailbox_id BLOB NOT NULL,
    kind BIGINT NOT NULL,              -- 0 words, 1 figures
    chunk BIGINT NOT NULL,
    words BLOB NOT NULL,               -- sealed
    PRIMARY KEY (mailbox_id, kind, chunk)
);
