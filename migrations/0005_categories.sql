-- Categories of letters, and lists by sender and by subject.
CREATE TABLE category (
    mailbox_id BLOB NOT NULL,
    id BLOB NOT NULL,
    name BLOB NOT NULL,                -- sealed
    colour TEXT NOT NULL,
    PRIMARY KEY (mailbox_id, id)
);
CREATE TABLE letter_category (
    mailbox_id BLOB NOT NULL,
    category_id BLOB NOT NULL,
    letter_id BLOB NOT NULL,
    PRIMARY KEY (mailbox_id, category_id, letter_id)
);
CREATE INDEX letter_category_letter ON letter_category (mailbox_id, letter_id);

-- The letters of a big place by subject, kept so that a page need not unseal them all again.
CREATE TABLE subject_order (
    mailbox_id BLOB NOT NULL,
    place_id BLOB NOT NULL,            -- a folder, the archive, or all zeros for the inbox
    version BIGINT NOT NULL,           -- grows when letters come to the place that are not its newest
    newest BLOB NOT NULL,              -- letters up to this one are in it
    content BLOB NOT NULL,             -- sealed: what each is sorted by, with its id
    PRIMARY KEY (mailbox_id, place_id)
);
CREATE INDEX letter_inbox_sender ON letter (mailbox_id, sender_index, id) WHERE folder_id IS NULL AND binned_at IS NULL;
CREATE INDEX letter_placed_sender ON letter (mailbox_id, folder_id, sender_index, id)
    WHERE folder_id IS NOT NULL AND binned_at IS NULL;
