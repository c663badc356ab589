-- Reception rules: ticks that are not signed yet, and which senders the person has seen. The rules themselves are kept in FaR.
CREATE TABLE reception (
    mailbox_id BLOB NOT NULL PRIMARY KEY,
    draft BLOB,                        -- sealed: what the pages showed, and what is wanted
    seen BLOB                          -- sealed: numbers of the senders that the person has seen in the list
);
