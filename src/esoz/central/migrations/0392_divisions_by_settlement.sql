-- outside a transaction
create index concurrently divisions_settlement on divisions (
    plain_name(addresses -> 0 ->> 'settlement'), plain_name(addresses -> 0 ->> 'area'));
