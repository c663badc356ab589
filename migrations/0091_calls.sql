-- What became of each call of Service v3, for as long as service.keep_calls says: for the answer to "has it arrived?".
CREATE TABLE intake_call (
    id BLOB NOT NULL PRIMARY KEY,      -- UUIDv7 of the moment when it came
    call_id BLOB NOT NULL,             -- what a sender is told with a fault
    trans_id BLOB,                     -- what a sender is told of a letter that is here
    outcome TEXT NOT NULL,             -- delivered | duplicate | not_here | refused | failed
    code BIGINT,                       -- of the fault
    recipient_index BLOB,              -- keyed hash of the recipient's number, when the request was good enough to be read
    content BLOB NOT NULL              -- sealed under the house key: who connected, who sends
);
CREATE INDEX intake_call_call ON intake_call (call_id, id);
CREATE INDEX intake_call_trans ON intake_call (trans_id, id);
CREATE INDEX intake_call_recipient ON intake_call (recipient_index, id);
-- References, correlation ids and message ids as senders write them, as keyed hashes.
CREATE TABLE intake_reference (
    reference_index BLOB NOT NULL,
    call_row BLOB NOT NULL,
    PRIMARY KEY (reference_index, call_row)
);
CREATE INDEX intake_reference_call ON intake_reference (call_row);
-- A delivery of which only its TransId is known, and the notices of its letters.
CREATE INDEX delivery_by_id ON delivery (id);
CREATE INDEX notice_letter_letter ON notice_letter (mailbox_id, letter_id, notice_id);
