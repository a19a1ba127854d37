-- outside a transaction
create index concurrently divisions_place on divisions (latitude, longitude);
