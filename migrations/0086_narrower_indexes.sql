-- A letter that has no number stands in search_waiting alone. While it stood in search_number too, what waits for the index was found there:
-- in no order, so that all of it was sorted for each few letters, and behind every number of the mailboxes before it.
DROP INDEX search_number;
CREATE UNIQUE INDEX search_number ON letter (mailbox_id, number) WHERE number IS NOT NULL;

-- The categories of a letter are read from this index alone; without them in it, every row of the mailbox was read instead.
DROP INDEX letter_category_letter;
CREATE INDEX letter_category_letter ON letter_category (mailbox_id, letter_id, category_id);

-- What is in the bin is asked for in stretches of numbers, which search_number tells too, letter by letter: this index answers by itself.
DROP INDEX search_binned;
CREATE INDEX search_binned ON letter (mailbox_id, number, binned_at) WHERE binned_at IS NOT NULL;
