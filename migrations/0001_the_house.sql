-- The first house: mailboxes and their letters, logins, jobs. Portable: see README.md beside this file.
-- Ids are UUIDv7 (16 bytes), times are microseconds since 1970 (UTC), "sealed" is AES-256-GCM (docs/decisions/0003).

-- A mailbox and its holder. holder_index is a keyed hash of the holder's number: it finds, and tells nothing.
CREATE TABLE mailbox (
    id BLOB NOT NULL PRIMARY KEY,
    holder_index BLOB NOT NULL,
    holder BLOB NOT NULL,              -- sealed: number and name
    wrapped_key BLOB NOT NULL,         -- the mailbox key under the master key
    key_version BIGINT NOT NULL,       -- which master key
    state TEXT NOT NULL,               -- open | closed
    unread BIGINT NOT NULL,            -- kept with the letters, in the same transaction
    language TEXT NOT NULL,            -- sv | en: of notices
    terms TEXT NOT NULL,               -- version accepted
    opened_at BIGINT NOT NULL,
    closed_at BIGINT
);
CREATE UNIQUE INDEX mailbox_holder ON mailbox (holder_index);

-- One delivery, as it was signed and sealed: the letter is read from it, and its signatures can be shown years later.
CREATE TABLE delivery (
    mailbox_id BLOB NOT NULL,
    id BLOB NOT NULL,                  -- the TransId of the answer
    duplicate_key BLOB NOT NULL,
    original BLOB NOT NULL,            -- sealed: the stand-alone SealedDelivery
    received_at BIGINT NOT NULL,
    PRIMARY KEY (mailbox_id, id)
);
CREATE UNIQUE INDEX delivery_duplicate ON delivery (mailbox_id, duplicate_key);

-- A letter in a list: what the inbox shows, without opening the delivery.
CREATE TABLE letter (
    mailbox_id BLOB NOT NULL,
    id BLOB NOT NULL,
    delivery_id BLOB NOT NULL,
    place BIGINT NOT NULL,             -- which message of the delivery, from 0
    header BLOB NOT NULL,              -- sealed: sender, subject, payment, matter
    attachments BIGINT NOT NULL,
    read_at BIGINT,
    received_at BIGINT NOT NULL,
    PRIMARY KEY (mailbox_id, id)
);
CREATE INDEX letter_unread ON letter (mailbox_id, id) WHERE read_at IS NULL;
CREATE INDEX letter_attached ON letter (mailbox_id, id) WHERE attachments > 0;

-- Who did what in a mailbox. Rows are only added.
CREATE TABLE access_log (
    mailbox_id BLOB NOT NULL,
    id BLOB NOT NULL,
    at BIGINT NOT NULL,
    actor BLOB NOT NULL,               -- sealed: name of who did it
    act TEXT NOT NULL,
    letter_id BLOB,
    PRIMARY KEY (mailbox_id, id)
);

-- The one e-mail address of a mailbox, confirmed and waiting.
CREATE TABLE contact (
    mailbox_id BLOB NOT NULL PRIMARY KEY,
    confirmed BLOB,                    -- sealed address
    waiting BLOB,                      -- sealed address
    code_hash BLOB,
    code_expires_at BIGINT,
    code_tries BIGINT NOT NULL,
    codes_sent BIGINT NOT NULL,        -- since codes_since
    codes_since BIGINT NOT NULL,
    changed_at BIGINT NOT NULL
);

-- A notice and what became of it.
CREATE TABLE notice (
    mailbox_id BLOB NOT NULL,
    id BLOB NOT NULL,
    letter_id BLOB,
    recipient BLOB NOT NULL,           -- sealed address
    state TEXT NOT NULL,               -- waiting | sent | failed
    attempts BIGINT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (mailbox_id, id)
);

-- Work to be done after a commit; written in the transaction that causes it.
CREATE TABLE job (
    id BLOB NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    payload BLOB NOT NULL,             -- sealed under the house key
    state TEXT NOT NULL,               -- ready | failed
    attempts BIGINT NOT NULL,
    run_at BIGINT NOT NULL,
    leased_until BIGINT NOT NULL,
    lease BLOB,
    last_error TEXT
);
CREATE INDEX job_due ON job (state, run_at);

-- Sessions. The id is a hash: the cookie cannot be made from the row.
CREATE TABLE session (
    id BLOB NOT NULL PRIMARY KEY,
    mailbox_id BLOB,                   -- null until the mailbox is open
    handle BLOB NOT NULL,              -- names the row in lists
    content BLOB NOT NULL,             -- sealed under the house key
    created_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX session_mailbox ON session (mailbox_id);
CREATE INDEX session_expiry ON session (expires_at);

-- Logins under way: requests of ours that wait for one answer.
CREATE TABLE login_request (
    id TEXT NOT NULL PRIMARY KEY,      -- ID of the AuthnRequest
    idp TEXT NOT NULL,
    relay_state TEXT NOT NULL,
    browser_hash BLOB NOT NULL,        -- hash of the value in the browser's login cookie
    content BLOB NOT NULL,             -- sealed: levels asked for, where to go after
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);

-- What has been used once: requests and assertions. A second insert fails.
CREATE TABLE login_used (
    id TEXT NOT NULL PRIMARY KEY,
    expires_at BIGINT NOT NULL
);

-- Last good copies of what others publish: IdP metadata, senders, mediators.
CREATE TABLE last_good (
    name TEXT NOT NULL PRIMARY KEY,
    content BLOB NOT NULL,
    fetched_at BIGINT NOT NULL
);
