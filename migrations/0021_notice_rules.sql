-- What a person has decided about notices, and what waits for its time.
CREATE TABLE notice_rules (
    mailbox_id BLOB NOT NULL PRIMARY KEY,
    rules BLOB NOT NULL,               -- sealed
    changed_at BIGINT NOT NULL
);
-- Letters that wait to be told of. A round is everything of a mailbox that waits for the same moment; a job of the same id tells of it.
CREATE TABLE notice_waiting (
    mailbox_id BLOB NOT NULL,
    round_id BLOB NOT NULL,
    letter_id BLOB NOT NULL,
    channel TEXT NOT NULL,
    due_at BIGINT NOT NULL,
    PRIMARY KEY (mailbox_id, round_id, letter_id, channel)
);
-- What a person typed into a form that was not taken, or what was there before it was: to be shown once more, for a while.
CREATE TABLE draft (
    mailbox_id BLOB NOT NULL,
    form TEXT NOT NULL,
    content BLOB NOT NULL,             -- sealed
    at BIGINT NOT NULL,
    PRIMARY KEY (mailbox_id, form)
);
