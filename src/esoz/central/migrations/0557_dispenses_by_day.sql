-- outside a transaction
create index concurrently dispenses_finished on medication_dispenses (dispensed_at, id)
    where status in ('PROCESSED', 'RETURNED');
