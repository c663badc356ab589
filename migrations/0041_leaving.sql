-- Leaving: why a mailbox takes no letters, and when its key is destroyed. The state «destroyed» has no key and no holder.
ALTER TABLE mailbox ADD COLUMN closed_why TEXT;    -- moved | left | ended
ALTER TABLE mailbox ADD COLUMN moved_to BLOB;      -- sealed: name of the operator that the holder moved to
ALTER TABLE mailbox ADD COLUMN destroy_at BIGINT;
CREATE INDEX mailbox_state ON mailbox (state, id);

-- Rounds that are walked through all mailboxes, by one process at a time: how far the round has come, and when to go on.
CREATE TABLE patrol (
    name TEXT NOT NULL PRIMARY KEY,
    after BLOB,                        -- the last mailbox that was looked at; null: from the beginning
    next_at BIGINT NOT NULL
);

-- In which right somebody did something; and the log of one kind of act, without walking through the others.
ALTER TABLE access_log ADD COLUMN capacity TEXT NOT NULL DEFAULT 'holder';  -- holder | staff | system
CREATE INDEX access_log_act ON access_log (mailbox_id, act, id);
CREATE INDEX access_log_capacity ON access_log (mailbox_id, capacity, id);
