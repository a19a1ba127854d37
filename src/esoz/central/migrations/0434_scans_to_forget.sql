-- outside a transaction
create index concurrently uploads_to_forget on uploads (forget_at) where object is not null;
