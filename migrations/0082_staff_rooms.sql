-- What staff do on their pages. A banner is a text that is shown on every page, and it ends.
ALTER TABLE text_version ADD COLUMN shown_until BIGINT;    -- banners: when it is gone; null: until another version comes

-- What an opinion is about, as staff have sorted it: fault | hard | wish | praise | other. Kept when the words are forgotten, to be counted.
ALTER TABLE feedback ADD COLUMN tag TEXT;
CREATE INDEX feedback_tag ON feedback (state, tag, id);

-- The queue, a page at a time.
CREATE INDEX job_by_state ON job (state, id);
CREATE INDEX job_by_kind ON job (state, kind, id);
CREATE INDEX job_again ON job (id) WHERE state = 'ready' AND attempts > 0;

-- What somebody of the staff has typed and not finished; kept for a day.
CREATE TABLE staff_draft (
    id BLOB NOT NULL PRIMARY KEY,
    staff_id BLOB NOT NULL,
    content BLOB NOT NULL,             -- sealed under the house key
    at BIGINT NOT NULL
);
CREATE INDEX staff_draft_at ON staff_draft (at);
