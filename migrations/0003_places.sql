-- Where a letter lies in its mailbox, and what finds it by its sender without opening it.
ALTER TABLE letter ADD COLUMN folder_id BLOB;                      -- null: the inbox; else the archive or a folder
ALTER TABLE letter ADD COLUMN binned_at BIGINT;                    -- in the bin since then; it keeps its folder, to go back to
ALTER TABLE letter ADD COLUMN starred_at BIGINT;                  -- starred since then
ALTER TABLE letter ADD COLUMN sender_index BLOB;                   -- blinded under the mailbox key: sender's number
CREATE INDEX letter_folder ON letter (mailbox_id, folder_id, id);
CREATE INDEX letter_sender ON letter (mailbox_id, sender_index, id);
