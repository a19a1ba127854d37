-- Territories of hostilities and occupation by the official list. A row that a later list changed or dropped has the
-- moment of that in replaced_at and stays: what was right on a day can be seen later.
create table war_territories (
    id uuid primary key,
    kind text not null,
    katottg text not null,
    prefix text not null,
    name text not null,
    region text not null,
    district text not null,
    begins date not null,
    ends date,
    except_names text[] not null,
    except_codes text[] not null,
    inserted_at timestamptz not null,
    replaced_at timestamptz,
    check (ends is null or ends >= begins)
);
create unique index war_territories_key on war_territories (katottg, begins, kind) where replaced_at is null;
create index war_territories_prefix on war_territories (prefix) where replaced_at is null;
create index war_territories_kind on war_territories (kind, katottg, begins) where replaced_at is null;
create index war_territories_days on war_territories (begins, ends) where replaced_at is null;
create index war_territories_name on war_territories using gin (plain_name(name) gin_trgm_ops);
create index war_territories_region on war_territories using gin (plain_name(region) gin_trgm_ops);
