-- Folders, how many letters lie where, and what was done with letters, so that it can be taken back.
CREATE TABLE folder (
    mailbox_id BLOB NOT NULL,
    id BLOB NOT NULL,
    parent_id BLOB,                    -- null: at the top
    name BLOB NOT NULL,                -- sealed
    PRIMARY KEY (mailbox_id, id)
);

-- Kept with the letters, in the same transaction. The inbox is what is left of the mailbox's own count.
CREATE TABLE place_count (
    mailbox_id BLOB NOT NULL,
    place_id BLOB NOT NULL,            -- a folder, the archive or the bin
    letters BIGINT NOT NULL,
    unread BIGINT NOT NULL,
    PRIMARY KEY (mailbox_id, place_id)
);

-- One thing done with one or many letters. The newest are kept, to be undone.
CREATE TABLE sorting_act (
    mailbox_id BLOB NOT NULL,
    id BLOB NOT NULL,
    state TEXT NOT NULL,               -- doing | done | undoing | undone
    content BLOB NOT NULL,             -- sealed: what, with which letters
    letters BIGINT NOT NULL,           -- how many were changed
    handled BLOB NOT NULL,             -- letters from this one on have been looked at
    at BIGINT NOT NULL,
    PRIMARY KEY (mailbox_id, id)
);

-- How a letter lay before an act changed it.
CREATE TABLE sorting_letter (
    mailbox_id BLOB NOT NULL,
    act_id BLOB NOT NULL,
    letter_id BLOB NOT NULL,
    folder_id BLOB,
    binned_at BIGINT,
    read_at BIGINT,
    starred_at BIGINT,
    PRIMARY KEY (mailbox_id, act_id, letter_id)
);

-- A list for each place, each found by an index of its own: what lies in the bin is in none of the others.
DROP INDEX letter_folder;
DROP INDEX letter_unread;
DROP INDEX letter_attached;
CREATE INDEX letter_inbox ON letter (mailbox_id, id) WHERE folder_id IS NULL AND binned_at IS NULL;
CREATE INDEX letter_inbox_unread ON letter (mailbox_id, id) WHERE folder_id IS NULL AND binned_at IS NULL AND read_at IS NULL;
CREATE INDEX letter_inbox_read ON letter (mailbox_id, id) WHERE folder_id IS NULL AND binned_at IS NULL AND read_at IS NOT NULL;
CREATE INDEX letter_inbox_attached ON letter (mailbox_id, id) WHERE folder_id IS NULL AND binned_at IS NULL AND attachments > 0;
CREATE INDEX letter_placed ON letter (mailbox_id, folder_id, id) WHERE folder_id IS NOT NULL AND binned_at IS NULL;
CREATE INDEX letter_placed_unread ON letter (mailbox_id, folder_id, id)
    WHERE folder_id IS NOT NULL AND binned_at IS NULL AND read_at IS NULL;
CREATE INDEX letter_placed_read ON letter (mailbox_id, folder_id, id)
    WHERE folder_id IS NOT NULL AND binned_at IS NULL AND read_at IS NOT NULL;
CREATE INDEX letter_unread ON letter (mailbox_id, id) WHERE read_at IS NULL AND binned_at IS NULL;
CREATE INDEX letter_starred ON letter (mailbox_id, id) WHERE starred_at IS NOT NULL AND binned_at IS NULL;
CREATE INDEX letter_bin ON letter (mailbox_id, id) WHERE binned_at IS NOT NULL;
CREATE INDEX letter_binned_at ON letter (mailbox_id, binned_at) WHERE binned_at IS NOT NULL;
-- Which letters a delivery holds: asked when one of them goes for good.
CREATE INDEX letter_delivery ON letter (mailbox_id, delivery_id);
