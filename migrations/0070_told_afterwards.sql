-- What a text message gateway says after it has taken a message: when it was in the phone. Null: nothing has been heard.
ALTER TABLE notice ADD COLUMN arrived_at BIGINT;
-- The e-mail addresses that letters of a mailbox have been passed on to: of each the holder's own addresses are told once.
CREATE TABLE forward_known (
    mailbox_id BLOB NOT NULL,
    recipient BLOB NOT NULL,           -- keyed hash of the address
    since BIGINT NOT NULL,
    PRIMARY KEY (mailbox_id, recipient)
);
