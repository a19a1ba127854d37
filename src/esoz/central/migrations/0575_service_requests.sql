-- Referrals. The number is found in the whole country, everything else by its patient.
create table service_request_numbers (
    requisition text primary key,
    id uuid not null unique,
    person_id uuid not null
);

create table service_requests (
    person_id uuid not null,
    id uuid not null,
    requisition text not null,
    status text not null,
    intent text not null,
    category text not null,
    code_kind text not null,
    code_id uuid not null,
    program_id uuid,
    program_processing_status text,
    program_service jsonb,
    encounter_id uuid,
    episode_id uuid,
    care_plan_id uuid,
    requester_employee_id uuid not null,
    requester_legal_entity_id uuid not null,
    used_by_employee_id uuid,
    used_by_legal_entity_id uuid,
    used_by_division_id uuid,
    expires_at timestamptz not null,
    -- What was signed, with the words of the registers.
    content jsonb not null,
    signed_document text not null,
    status_reason jsonb,
    explanatory_letter text,
    completed_with jsonb,
    -- Who used it and what became of it, in words and in time: answered as published.
    history jsonb not null,
    inform_with uuid,
    inserted_at timestamptz not null,
    inserted_by uuid not null,
    updated_at timestamptz not null,
    updated_by uuid,
    primary key (person_id, id)
);
create index service_requests_inserted on service_requests (person_id, inserted_at desc, id);
create index service_requests_episode on service_requests (person_id, episode_id);
create index service_requests_requester on service_requests (person_id, requester_legal_entity_id);
create index service_requests_user on service_requests (person_id, used_by_legal_entity_id);
create index service_requests_code on service_requests (person_id, code_id);
create index service_requests_care_plan on service_requests (person_id, care_plan_id) where care_plan_id is not null;
create index service_requests_due on service_requests (expires_at)
    where status = 'active' and used_by_legal_entity_id is null;
