-- outside a transaction
create index concurrently paper_dispenses_by_day on paper_dispenses (dispensed_at desc, inserted_at desc, id desc);
