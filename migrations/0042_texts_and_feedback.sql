-- Texts that the operator's staff write: help and news. Each version is a row that is never changed; the newest one whose time has come is shown.
CREATE TABLE text_version (
    id BLOB NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,                -- help | news
    slug TEXT NOT NULL,                -- its address
    language TEXT NOT NULL,            -- sv | en
    state TEXT NOT NULL,               -- published | withdrawn: this version takes the text away
    title TEXT NOT NULL,
    markdown TEXT NOT NULL,
    shown_from BIGINT NOT NULL,
    written_at BIGINT NOT NULL
);
CREATE INDEX text_version_shown ON text_version (kind, slug, language, shown_from, id);

-- What people think of the service. Not tied to anybody: who writes is not kept unless they give an address.
CREATE TABLE feedback (
    id BLOB NOT NULL PRIMARY KEY,
    state TEXT NOT NULL,               -- draft: typed and not right yet, kept for one page | new | done
    page TEXT NOT NULL,                -- the kind of page, never a letter's address
    language TEXT NOT NULL,
    content BLOB NOT NULL,             -- sealed under the house key: the words, and where an answer is wanted
    at BIGINT NOT NULL
);
CREATE INDEX feedback_state ON feedback (state, id);
