-- The operator's staff: who may log in on their side, and as what. Not people with mailboxes, and not tied to any.
CREATE TABLE staff (
    id BLOB NOT NULL PRIMARY KEY,
    way TEXT NOT NULL,                 -- organisation: by the identity that their employer vouches for | local: by password and code
    login_index BLOB NOT NULL,         -- keyed hash of the way and the name in it: it finds, and tells nothing
    content BLOB NOT NULL,             -- sealed under the house key: name, login, and for a local account password hash and secret
    roles TEXT NOT NULL,               -- support, editor, operations, auditor: any of them, separated by blanks
    state TEXT NOT NULL,               -- active | locked
    tries BIGINT NOT NULL,             -- wrong logins in a row, to a local account
    wait_until BIGINT NOT NULL,        -- no login to a local account before this
    code_step BIGINT NOT NULL,         -- the latest step of time whose code was used: none counts twice
    created_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX staff_login ON staff (login_index);

-- Their sessions, wholly apart from those of people. The id is a hash: the cookie cannot be made from the row.
CREATE TABLE staff_session (
    id BLOB NOT NULL PRIMARY KEY,
    staff_id BLOB NOT NULL,
    created_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX staff_session_staff ON staff_session (staff_id);
CREATE INDEX staff_session_expiry ON staff_session (expires_at);
