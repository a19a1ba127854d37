-- Dictionaries and addresses: reference tables, the same for everybody.
create extension if not exists pg_trgm;

-- No PostgreSQL that we ship has ICU: the order of the Ukrainian alphabet is a stored key, compared as bytes.
create function ukrainian_key(words text) returns text language sql immutable strict parallel safe return
    translate(upper(words), 'АБВГҐДЕЄЖЗИІЇЙКЛМНОПРСТУФХЦЧШЩЬЮЯ', '0123456789:;<=>?@ABCDEFGHIJKLMNOP');

create table dictionaries (
    name text primary key,
    description text not null,
    labels text[] not null default '{}',
    is_active boolean not null default true,
    -- Real codes are known to be missing: the list is shown, bodies are not refused by it.
    is_partial boolean not null default false
);

create table dictionary_values (
    dictionary_name text not null references dictionaries on delete cascade,
    code text not null,
    parent_code text,
    description text not null,
    is_active boolean not null default true,
    position int not null,
    primary key (dictionary_name, code),
    foreign key (dictionary_name, parent_code) references dictionary_values deferrable initially deferred
);
create index dictionary_values_parent on dictionary_values (dictionary_name, parent_code);
create index dictionary_values_description on dictionary_values using gin (lower(description) gin_trgm_ops);

-- Every process keeps the dictionaries in memory and compares this number (DI-2: no restart after an edit).
create table dictionaries_version (
    only_row boolean primary key default true check (only_row),
    version bigint not null
);
insert into dictionaries_version (version) values (1);
create function dictionaries_changed() returns trigger language plpgsql as $$
begin
    update dictionaries_version set version = version + 1;
    return null;
end $$;
create trigger dictionaries_changed after insert or update or delete or truncate on dictionaries
    for each statement execute function dictionaries_changed();
create trigger dictionary_values_changed after insert or update or delete or truncate on dictionary_values
    for each statement execute function dictionaries_changed();

-- Addresses by КАТОТТГ: region (область), district (район), settlement. The wire calls the code `koatuu`.
create table regions (
    id uuid primary key,
    code text not null unique,
    name text not null,
    name_key text collate "C" generated always as (ukrainian_key(name)) stored
);
create index regions_name on regions using gin (lower(name) gin_trgm_ops);

create table districts (
    id uuid primary key,
    code text not null unique,
    region_id uuid not null references regions,
    name text not null,
    name_key text collate "C" generated always as (ukrainian_key(name)) stored
);
create index districts_region on districts (region_id, name_key);
create index districts_name on districts using gin (lower(name) gin_trgm_ops);
create index districts_order on districts (name_key, id);

create table settlements (
    id uuid primary key,
    code text not null unique,
    region_id uuid not null references regions,
    district_id uuid references districts,
    parent_id uuid references settlements deferrable initially deferred,
    type text not null,
    name text not null,
    name_key text collate "C" generated always as (ukrainian_key(name)) stored,
    mountain_group boolean not null default false
);
create index settlements_region on settlements (region_id);
create index settlements_district on settlements (district_id, name_key);
create index settlements_name on settlements using gin (lower(name) gin_trgm_ops);
create index settlements_order on settlements (name_key, id);
create index settlements_code on settlements (code text_pattern_ops);

create table streets (
    id uuid primary key,
    settlement_id uuid not null references settlements,
    type text not null,
    name text not null,
    aliases text[] not null default '{}',
    name_key text collate "C" generated always as (ukrainian_key(name)) stored,
    unique (settlement_id, type, name)
);
create index streets_settlement on streets (settlement_id, name_key);
