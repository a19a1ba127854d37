-- outside a transaction
create index concurrently documents_unsettled on documents (clinic_id, user_id)
    where state not in ('accepted', 'discarded') and not is_blank;
