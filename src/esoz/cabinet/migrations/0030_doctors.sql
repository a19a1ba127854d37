-- What central's public registers tell of doctors who can be chosen: a copy that is renewed all the time. Nobody's
-- secrets are in it. No foreign keys: the registers come one after another, each in an order of its own.
create table registers (
    name text primary key,
    read_at timestamptz,                    -- all that changed before this moment is here; null: never read whole
    due_at timestamptz not null             -- nobody reads it again before this moment
);
insert into registers (name, due_at)
    select unnest(array['clinics', 'places', 'practitioners', 'doctors', 'loads']), '2000-01-01';

create table clinics (
    id uuid primary key,                    -- legal entities
    name text not null,
    name_key text not null,                 -- as it is compared: spelling.plain_name
    acts boolean not null                   -- may take declarations: primary care, not closed
);

create table places (
    id uuid primary key,                    -- divisions
    name text not null,
    name_key text not null,
    acts boolean not null,
    address jsonb not null,                 -- of the place where patients are received, as published
    settlement_id text not null,            -- empty when the register does not tell it
    settlement_key text not null,
    district_key text not null,             -- region and district, as they are compared
    phones jsonb not null,
    hours jsonb not null,
    latitude double precision,
    longitude double precision
);
create index places_of_settlement on places (settlement_id) where acts;
create index places_by_settlement on places (settlement_key text_pattern_ops) where acts;
create index places_of_district on places (district_key) where acts;
create index places_on_the_map on places (latitude, longitude) where acts;

create table practitioners (
    id uuid primary key,                    -- parties
    last_name text not null,
    first_name text not null,
    second_name text not null,
    name_key text not null,
    name_order text not null                -- how names are sorted: spelling.name_order
);

create table doctors (
    id uuid primary key,                    -- employees
    practitioner_id uuid not null,
    clinic_id uuid not null,
    place_id uuid,
    speciality text not null,
    position text not null,
    acts boolean not null                   -- may be chosen: works, at a place, in a speciality that takes declarations
);
create index doctors_of_place on doctors (place_id) where acts;
create index doctors_of_practitioner on doctors (practitioner_id) where acts;

create table loads (
    practitioner_id uuid primary key,
    most int not null,                      -- so many declarations the law allows, over all workplaces
    taken int not null
);
