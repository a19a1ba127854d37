-- What became of a message after it was handed over, as its provider tells under the receipt.
alter table messages add column receipt text, add column delivery text, add column ask_at timestamptz;
create index messages_deliveries on messages (ask_at) where ask_at is not null;
