-- What comes from a sender, by the day, for the staff: added up from what became of calls, and nothing of any letter.
CREATE TABLE sender_day (
    party_index BLOB NOT NULL,         -- keyed hash of the organisation's number
    day TEXT NOT NULL,                 -- in Sweden, 2026-11-27
    figure TEXT NOT NULL,              -- received | not-here | refused | failed | unread
    code BIGINT NOT NULL,              -- of the fault; 0 without one
    total BIGINT NOT NULL,
    PRIMARY KEY (party_index, day, figure, code)
);
CREATE INDEX sender_day_day ON sender_day (day);

-- Whether enough people stand behind a figure for it to be shown: the first five of them, each as a keyed hash of day, organisation, figure
-- and recipient.
CREATE TABLE sender_behind (
    party_index BLOB NOT NULL,
    day TEXT NOT NULL,
    figure TEXT NOT NULL,
    token BLOB NOT NULL,
    PRIMARY KEY (party_index, day, figure, token)
);
CREATE INDEX sender_behind_day ON sender_behind (day);

-- Whose call it was, of those alone that got a fault: keyed hash of the organisation's number.
ALTER TABLE intake_call ADD COLUMN party_index BLOB;
CREATE INDEX intake_call_party ON intake_call (party_index, id) WHERE party_index IS NOT NULL;
