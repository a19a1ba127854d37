-- Merge requests: a person says that somebody unidentified was they.
create table merge_requests (
    id uuid primary key,
    master_person_id uuid not null references persons,
    merge_person_id uuid not null references prepersons,
    legal_entity_id uuid not null references legal_entities,
    status text not null,
    phone text not null,
    data_to_be_signed jsonb,
    document text,
    inserted_at timestamptz not null,
    inserted_by uuid not null,
    updated_at timestamptz not null,
    updated_by uuid not null
);
-- About one unidentified patient one question is open at a time.
create unique index merge_requests_open on merge_requests (merge_person_id) where status in ('NEW', 'APPROVED');
create index merge_requests_merged on merge_requests (merge_person_id, inserted_at, id);
create index merge_requests_master on merge_requests (master_person_id, inserted_at, id);
create index merge_requests_clinic on merge_requests (legal_entity_id, inserted_at, id);
create index merge_requests_waiting on merge_requests (inserted_at) where status in ('NEW', 'APPROVED');
create index merge_requests_to_wipe on merge_requests (updated_at) where data_to_be_signed is not null;
