-- What happened on a day, for the staff's figures: how many of what, and nothing of whom.
CREATE TABLE day_figure (
    day TEXT NOT NULL,                 -- in Sweden, 2026-11-27
    figure TEXT NOT NULL,
    total BIGINT NOT NULL,
    PRIMARY KEY (day, figure)
);

-- Whether enough mailboxes stand behind a figure for it to be shown: the first five of them, each as a keyed hash of day, figure and mailbox.
CREATE TABLE day_behind (
    day TEXT NOT NULL,
    figure TEXT NOT NULL,
    token BLOB NOT NULL,
    PRIMARY KEY (day, figure, token)
);

-- When a letter was opened for the first time. It may be marked as unread and opened again; that counts once.
ALTER TABLE letter ADD COLUMN opened_at BIGINT;
UPDATE letter SET opened_at = read_at WHERE read_at IS NOT NULL;
