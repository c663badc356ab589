-- A checked login that waits some seconds for the browser that began it (docs/decisions: browser binding).
CREATE TABLE login_result (
    handle_hash BLOB NOT NULL PRIMARY KEY,  -- hash of the one-time handle in the address
    browser_hash BLOB NOT NULL,             -- hash of the value in the browser's login cookie
    content BLOB NOT NULL,                  -- sealed: who it is, and where to go after
    expires_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX login_request_relay ON login_request (relay_state);
