-- Tax ids of people who may not be hired (EM-11, EM-26).
create table black_list (
    id uuid primary key,
    tax_id text not null,
    reason text not null,
    is_active boolean not null default true,
    inserted_at timestamptz not null,
    inserted_by uuid,
    ended_at timestamptz,
    ended_by uuid
);
create unique index black_list_active on black_list (tax_id) where is_active;
create index black_list_listed on black_list (inserted_at desc, id);
