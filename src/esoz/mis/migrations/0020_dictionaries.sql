-- The local copy of central's dictionaries.
create table dictionaries (
    name text primary key,
    refreshed_at timestamptz not null
);
create table dictionary_values (
    dictionary text not null references dictionaries on delete cascade,
    place int not null,
    code text not null,
    description text not null,
    is_active boolean not null,
    primary key (dictionary, code)
);
