-- outside a transaction
create unique index concurrently prescriptions_of_series on prescriptions (series_id, series_place) where state <> 'discarded' and series_id is not null;
