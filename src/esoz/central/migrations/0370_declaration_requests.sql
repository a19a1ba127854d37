-- Requests for declarations: what a clinic or a patient asks for before it is signed.
create table declaration_requests (
    person_id uuid not null references persons,
    id uuid not null,
    declaration_id uuid not null,
    declaration_number text not null,
    employee_id uuid not null references employees,
    party_id uuid not null,
    division_id uuid not null references divisions,
    legal_entity_id uuid not null references legal_entities,
    parent_declaration_id uuid,
    status text not null,
    status_reason text,
    channel text not null,
    start_date date not null,
    end_date date not null,
    method text not null,
    authorize_with uuid,
    phone text,
    verification_id uuid,
    system_declaration_limit integer not null,
    current_declaration_count integer not null,
    -- As it was approved; emptied when it is of no use any more (DC-26).
    data_to_be_signed jsonb,
    expires_at timestamptz not null,
    inserted_at timestamptz not null,
    inserted_by uuid,
    updated_at timestamptz not null,
    updated_by uuid,
    primary key (person_id, id)
);
create unique index declaration_requests_id on declaration_requests (id);
-- DC-6: open ones of a person; DC-17: approved ones of a doctor hold a place.
create index declaration_requests_open on declaration_requests (person_id, employee_id)
    where status in ('NEW', 'APPROVED');
create index declaration_requests_approved on declaration_requests (party_id) where status = 'APPROVED';
create index declaration_requests_expiring on declaration_requests (expires_at) where status in ('NEW', 'APPROVED');
create index declaration_requests_kept on declaration_requests (expires_at) where data_to_be_signed is not null;
create index declaration_requests_legal_entity on declaration_requests (legal_entity_id, inserted_at, id);
create index declaration_requests_status on declaration_requests (legal_entity_id, status, inserted_at, id);
create index declaration_requests_channel on declaration_requests (legal_entity_id, channel, inserted_at, id);
create index declaration_requests_employee on declaration_requests (employee_id, inserted_at, id);
create index declaration_requests_inserted on declaration_requests (inserted_at, id);
create index declaration_requests_of_person on declaration_requests (person_id, inserted_at, id);
