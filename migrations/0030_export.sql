-- Everything in a mailbox as one file: asked for, made in pieces by jobs, kept for some days. Sealed pieces lie in a folder of their own.
CREATE TABLE export (
    mailbox_id BLOB NOT NULL PRIMARY KEY,  -- one at a time
    id BLOB NOT NULL,                      -- names its pieces
    state TEXT NOT NULL,                   -- working | ready | failed
    language TEXT NOT NULL,                -- sv | en
    through BLOB NOT NULL,                 -- letters up to this id are in it
    written BLOB NOT NULL,                 -- letters up to this id are written
    letters BIGINT NOT NULL,
    done BIGINT NOT NULL,
    parts BIGINT NOT NULL,
    bytes BIGINT NOT NULL,
    asked_at BIGINT NOT NULL,
    held_up_at BIGINT,                     -- the last try failed then; it will be tried again
    expires_at BIGINT                      -- since it is ready
);
