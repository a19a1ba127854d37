-- outside a transaction
create index concurrently declarations_active_until on declarations (end_date) where status = 'active';
