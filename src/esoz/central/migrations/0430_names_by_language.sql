-- Names by language. The three fields of `persons` stay: they hold the name that older versions of the API know, in the
-- language `name_language`; `names` has all of them, and none where only the Ukrainian one was ever told.
alter table persons
    add column name_language text not null default 'uk',
    add column names jsonb not null default '[]';

-- Names in other languages, to be found by; what somebody has instead of a surname is compared as nothing.
create table person_names (
    person_id uuid not null references persons on delete cascade,
    language text not null,
    birth_date date not null,
    first_name text not null,
    last_name text not null,
    second_name text,
    primary key (person_id, language)
);
create index person_names_plain on person_names (birth_date, plain_name(last_name), plain_name(first_name));
