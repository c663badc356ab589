-- Mail that comes back names its notice and nothing else.
CREATE INDEX notice_by_id ON notice (id);
