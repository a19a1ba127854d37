-- outside a transaction
-- What a pharmacy has handed over, to whomever.
create index concurrently device_dispenses_of_clinic
    on device_dispenses (managing_organization_id, inserted_at desc, id);
