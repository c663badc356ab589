-- Certificates that others have shown us: organisations' own, nobody's person.
CREATE TABLE seen_certificate (
    fingerprint BLOB NOT NULL,         -- SHA-256 over the certificate
    seen_as TEXT NOT NULL,             -- connection | signature | seal
    subject TEXT NOT NULL,
    issuer TEXT NOT NULL,
    organisation TEXT NOT NULL,        -- twelve digits
    ends_at BIGINT NOT NULL,
    first_seen BIGINT NOT NULL,
    last_seen BIGINT NOT NULL,         -- written once a day, however often it is seen
    PRIMARY KEY (fingerprint, seen_as)
);
CREATE INDEX seen_certificate_ends ON seen_certificate (ends_at, fingerprint, seen_as);
CREATE INDEX seen_certificate_organisation ON seen_certificate (organisation, ends_at);
