-- outside a transaction
create index concurrently paper_dispenses_of_pharmacy
    on paper_dispenses (legal_entity_id, dispensed_at desc, inserted_at desc, id desc);
