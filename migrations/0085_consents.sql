-- Consents (medgivanden): whom a holder lets into the mailbox.
CREATE TABLE consent (
    mailbox_id BLOB NOT NULL,          -- whose mailbox
    id BLOB NOT NULL,
    helper_index BLOB NOT NULL,        -- keyed hash of the helper's number
    helper BLOB NOT NULL,              -- sealed: the helper's number, and the name once they have answered
    terms BLOB NOT NULL,               -- sealed: which senders' letters, if not all
    level TEXT NOT NULL,               -- read | manage
    from_at BIGINT,                    -- letters that came then or later; null: the old ones too
    ends_at BIGINT NOT NULL,           -- nothing is let in from then on
    state TEXT NOT NULL,               -- offered | active | refused | ended
    offered_at BIGINT NOT NULL,
    answered_at BIGINT,
    ended_at BIGINT,
    ended_by TEXT,                     -- holder | helper
    PRIMARY KEY (mailbox_id, id)
);
CREATE INDEX consent_helper ON consent (helper_index, state, id);
