-- What staff do, and what happens to accounts. Rows are only added, and each holds the one before it (docs/decisions/0016).
CREATE TABLE audit (
    number BIGINT NOT NULL PRIMARY KEY, -- 1, 2, 3 … without a gap
    at BIGINT NOT NULL,
    act TEXT NOT NULL,
    capacity TEXT NOT NULL,            -- holder | another | staff | system | command
    staff BLOB,                        -- who of the staff register
    account BLOB,                      -- which mailbox. Not swept with it: an id that names nobody when the mailbox has gone
    object TEXT,                       -- what of the house: a text's name, a kind of job …
    details BLOB,                      -- sealed under the house key: what names a person
    hash BLOB NOT NULL,                -- SHA-256 over the hash before it and every field above
    seal BLOB NOT NULL                 -- keyed hash of number and hash: no row can be made without the key file
);
CREATE INDEX audit_at ON audit (at, number);
CREATE INDEX audit_act ON audit (act, number);
CREATE INDEX audit_staff ON audit (staff, number);
CREATE INDEX audit_account ON audit (account, number);

-- How long the log is and what its last hash is, so that a cut end is found. One row; whoever adds to the log holds it.
CREATE TABLE audit_head (
    name TEXT NOT NULL PRIMARY KEY,
    length BIGINT NOT NULL,
    hash BLOB NOT NULL,
    seal BLOB NOT NULL
);
