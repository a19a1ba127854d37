-- outside a transaction
create index concurrently persons_plain on persons (birth_date, plain_name(last_name), plain_name(first_name))
    where is_active;
