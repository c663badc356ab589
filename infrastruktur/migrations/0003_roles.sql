-- Who has a role in a company that lets them act for it, without being a signatory.
CREATE TABLE role_holder (
    company TEXT NOT NULL REFERENCES company (number),
    person TEXT NOT NULL REFERENCES person (number),
    role TEXT NOT NULL,
    PRIMARY KEY (company, person)
) STRICT;
