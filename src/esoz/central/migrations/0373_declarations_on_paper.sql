-- outside a transaction
create index concurrently declarations_on_paper on declarations (inserted_at)
    where status = 'pending_verification' and reason = 'offline';
