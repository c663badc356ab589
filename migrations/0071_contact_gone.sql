-- The one address of a mailbox, from before there were several: 0020 copied it into its own table, and nothing has read it since. The second
-- half of that change; no version that wrote here was ever released.
DROP TABLE contact;
