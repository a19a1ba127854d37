-- outside a transaction
create index concurrently users_password_set on users (password_set_at) where password_hash is not null;
