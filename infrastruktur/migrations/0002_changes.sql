-- Reception rules have a version: what waits for signatures is about the version that it was made from.
ALTER TABLE account ADD COLUMN rules_version INTEGER NOT NULL DEFAULT 0;
ALTER TABLE account ADD COLUMN rules_changed_at INTEGER;

-- What a company's signatories must sign together and have not all signed yet: one of a kind at a time.
CREATE TABLE pending_change (
    recipient TEXT NOT NULL,
    -- deregister, preferences or operator
    kind TEXT NOT NULL,
    -- what is to be: the refused senders, or the domain of the operator
    wanted TEXT NOT NULL,
    -- the version of the rules that it was made from
    version INTEGER NOT NULL,
    PRIMARY KEY (recipient, kind)
) STRICT;

CREATE TABLE pending_change_signature (
    recipient TEXT NOT NULL,
    kind TEXT NOT NULL,
    person TEXT NOT NULL,
    signed_at INTEGER NOT NULL,
    PRIMARY KEY (recipient, kind, person)
) STRICT;
