-- The address register of the demonstration. SQLite only; numbers are texts of twelve digits, times microseconds.

CREATE TABLE person (
    number TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    -- 1: answers about this person are refused with 6006.
    protected INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE company (
    number TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    form TEXT NOT NULL,
    -- alone, together or unreadable
    signing_rule TEXT NOT NULL
) STRICT;

CREATE TABLE signatory (
    company TEXT NOT NULL REFERENCES company (number),
    person TEXT NOT NULL REFERENCES person (number),
    PRIMARY KEY (company, person)
) STRICT;

CREATE TABLE sender (
    number TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL
) STRICT;

-- Who mediates for whom. A sender that sends by itself is its own mediator.
CREATE TABLE mediation (
    mediator TEXT NOT NULL REFERENCES sender (number),
    sender TEXT NOT NULL REFERENCES sender (number),
    PRIMARY KEY (mediator, sender)
) STRICT;

CREATE TABLE operator (
    number TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    domain TEXT NOT NULL UNIQUE,
    service_address TEXT NOT NULL,
    page_address TEXT
) STRICT;

CREATE TABLE account (
    recipient TEXT NOT NULL PRIMARY KEY,
    operator TEXT NOT NULL REFERENCES operator (number),
    registered_at INTEGER NOT NULL
) STRICT;

-- Signatures of a company's account that still waits for others.
CREATE TABLE pending_signature (
    recipient TEXT NOT NULL,
    operator TEXT NOT NULL REFERENCES operator (number),
    person TEXT NOT NULL,
    signed_at INTEGER NOT NULL,
    PRIMARY KEY (recipient, operator, person)
) STRICT;

-- Reception rules: everybody is accepted but these.
CREATE TABLE refused_sender (
    recipient TEXT NOT NULL,
    sender TEXT NOT NULL REFERENCES sender (number),
    changed_at INTEGER NOT NULL,
    PRIMARY KEY (recipient, sender)
) STRICT;

-- What was signed, kept as it came.
CREATE TABLE agreement (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    recipient TEXT NOT NULL,
    operator TEXT NOT NULL,
    -- register, deregister or preferences
    kind TEXT NOT NULL,
    text TEXT NOT NULL,
    signature BLOB NOT NULL,
    received_at INTEGER NOT NULL
) STRICT;

-- Set once the demonstration's accounts are in, so that an account that somebody closed stays closed.
CREATE TABLE seeded (
    what TEXT NOT NULL PRIMARY KEY
) STRICT;
