-- What everybody has to know now (an incident, planned works), and how the components of the workplace were.
create table banners (
    id uuid primary key,
    clinic_id uuid references clinics,      -- null: all clinics, and the door
    severity text not null,                 -- info, warning, danger
    text text not null,
    begins_at timestamptz not null,
    ends_at timestamptz,                    -- null: until somebody takes it down
    made_by uuid references users,          -- null: the operator
    made_at timestamptz not null,
    ended_at timestamptz,                   -- taken down
    check (ends_at > begins_at)
);
create index banners_open on banners (begins_at) where ended_at is null;

create table component_changes (
    number bigint generated always as identity primary key,
    component text not null,
    state text not null,
    at timestamptz not null
);
create index component_changes_last on component_changes (component, number desc);
