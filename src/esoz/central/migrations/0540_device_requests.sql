-- Medical devices on prescription. What was signed is in `document` as published; what rules and filters ask for stands
-- in columns.
create table device_request_numbers (
    requisition text primary key,
    id uuid not null unique,
    person_id uuid not null
);

create table device_requests (
    person_id uuid not null,
    id uuid not null,
    status text not null,
    requisition text not null,
    intent text not null,
    legal_entity_id uuid not null,
    requester_id uuid not null,
    encounter_id uuid not null,
    episode_id uuid,
    care_plan_id uuid,
    program_id uuid references medical_programs,
    performer_id uuid,
    definition_id uuid,
    code_system text,
    code text,
    based_on uuid[] not null,
    priority text,
    inform_with uuid,
    quantity numeric(14, 4) not null check (quantity > 0),
    unit text not null,
    authored_on timestamptz not null,
    started_at timestamptz not null,
    ended_at timestamptz not null,
    last_day date not null,
    document jsonb not null,
    signed_document text not null,
    -- The code that the patient tells the pharmacist, encrypted; null for a request without a programme.
    verification_code bytea,
    wrong_codes integer not null default 0,
    locked_until timestamptz,
    status_reason jsonb,
    inserted_at timestamptz not null,
    inserted_by uuid not null,
    updated_at timestamptz not null,
    updated_by uuid not null,
    primary key (person_id, id)
);
create index device_requests_of_person on device_requests (person_id, inserted_at desc, id);
create index device_requests_of_clinic on device_requests (person_id, legal_entity_id, inserted_at desc);
create index device_requests_of_programme on device_requests (person_id, program_id, ended_at);
create index device_requests_of_encounter on device_requests (person_id, encounter_id);
create index device_requests_of_episode on device_requests (person_id, episode_id);
create index device_requests_authored on device_requests (person_id, authored_on);
create index device_requests_code on device_requests (person_id, code);
