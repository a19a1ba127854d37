-- outside a transaction
create index concurrently messages_due on messages (channel, urgent desc, next_at) where status = 'waiting';
