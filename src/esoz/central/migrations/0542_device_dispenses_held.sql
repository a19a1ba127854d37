-- outside a transaction
-- Holds that are to end by themselves.
create index concurrently device_dispenses_held on device_dispenses (inserted_at) where status = 'in_progress';
