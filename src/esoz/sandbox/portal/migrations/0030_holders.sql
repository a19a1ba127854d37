-- Who has come in through id.gov.ua, as it told of them, sealed; forgotten with their last session.
create table holders (
    id uuid primary key,
    told bytea not null,
    seen_at timestamptz not null
);
create index holders_seen on holders (seen_at);
