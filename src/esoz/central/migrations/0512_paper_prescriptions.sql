-- Prescriptions on paper as pharmacies record them, once each in the whole country, and what is handed over by them.
create table paper_prescriptions (
    id uuid primary key,
    status text not null,
    legal_entity_id uuid not null references legal_entities,
    division_id uuid not null references divisions,
    series text not null,
    number text not null,
    institution_name text not null,
    institution_edrpou text not null,
    doctor_name text not null,
    issued_at date not null,
    valid_to date not null,
    medicines jsonb not null,
    content jsonb not null,
    words text not null,
    key text not null,
    error_reason text,
    inserted_at timestamptz not null,
    inserted_by uuid not null,
    updated_at timestamptz not null,
    updated_by uuid not null
);
create unique index paper_prescriptions_key on paper_prescriptions (key) where status <> 'ENTERED_IN_ERROR';
create index paper_prescriptions_inserted on paper_prescriptions (legal_entity_id, inserted_at desc, id desc);
create index paper_prescriptions_status on paper_prescriptions (legal_entity_id, status, valid_to);
create index paper_prescriptions_issued on paper_prescriptions (legal_entity_id, issued_at);
create index paper_prescriptions_division on paper_prescriptions (division_id, inserted_at);
create index paper_prescriptions_institution on paper_prescriptions (institution_edrpou);
create index paper_prescriptions_number on paper_prescriptions using gin (plain_name(series || ' ' || number) gin_trgm_ops);
create index paper_prescriptions_words on paper_prescriptions using gin (plain_name(words) gin_trgm_ops);

create table paper_dispenses (
    id uuid primary key,
    paper_prescription_id uuid not null references paper_prescriptions,
    status text not null,
    legal_entity_id uuid not null references legal_entities,
    division_id uuid not null references divisions,
    party_id uuid not null references parties,
    dispensed_at date not null,
    given jsonb not null,
    content jsonb not null,
    region text not null,
    signed_document text not null,
    note text,
    error_reason text,
    inserted_at timestamptz not null,
    inserted_by uuid not null,
    updated_at timestamptz not null,
    updated_by uuid not null
);
create index paper_dispenses_paper on paper_dispenses (paper_prescription_id, inserted_at, id);

create function count_paper_dispenses() returns trigger language plpgsql as $$
begin
    if tg_op = 'INSERT' then
        perform count_by('dispensed paper', new.region, new.dispensed_at, 1);
    elsif old.status = 'COMPLETED' and new.status = 'ENTERED_IN_ERROR' then
        perform count_by('dispensed paper', new.region, new.dispensed_at, -1);
    end if;
    return null;
end $$;
create trigger count_paper_dispenses after insert or update of status on paper_dispenses
    for each row execute function count_paper_dispenses();
