-- What a text message gateway says after it has taken a message: when it was in the phone. Null: nothing has been heard.
ALTER TABLE notice ADD COLUMN arrived_at BIGINT;
