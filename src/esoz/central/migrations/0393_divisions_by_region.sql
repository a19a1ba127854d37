-- outside a transaction
create index concurrently divisions_region on divisions (
    plain_name(addresses -> 0 ->> 'area'), plain_name(addresses -> 0 ->> 'region'));
