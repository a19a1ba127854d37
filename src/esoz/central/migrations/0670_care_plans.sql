-- Care plans and what they plan. What was signed is in `content`, with the words of the registers; what rules and
-- filters ask for stands in columns.
create table care_plan_numbers (
    requisition text primary key,
    id uuid not null unique,
    person_id uuid not null
);

create table care_plans (
    person_id uuid not null,
    id uuid not null,
    requisition text not null,
    status text not null,
    category text not null,
    started_at timestamptz not null,
    ended_at timestamptz,
    encounter_id uuid not null,
    episode_id uuid,
    based_on uuid,
    part_of uuid,
    author_id uuid not null,
    legal_entity_id uuid not null,
    addresses text[] not null,
    inform_with uuid,
    content jsonb not null,
    signed_document text not null,
    history jsonb not null,
    inserted_at timestamptz not null,
    inserted_by uuid not null,
    updated_at timestamptz not null,
    updated_by uuid not null,
    primary key (person_id, id)
);
create index care_plans_inserted on care_plans (person_id, inserted_at desc, id);
create index care_plans_of_clinic on care_plans (person_id, legal_entity_id);
create index care_plans_due on care_plans (ended_at) where status in ('new', 'active');

create table care_plan_activities (
    person_id uuid not null,
    id uuid not null,
    care_plan_id uuid not null,
    status text not null,
    kind text not null,
    author_id uuid not null,
    legal_entity_id uuid not null,
    program_id uuid,
    product_id uuid,
    product_system text,
    product_code text,
    quantity numeric(14, 4) check (quantity > 0),
    -- How much of it the requests based on it ask for; null where no quantity is planned.
    used numeric(14, 4) not null default 0 check (used >= 0 and used <= quantity),
    do_not_perform boolean not null,
    started_at timestamptz,
    ended_at timestamptz,
    content jsonb not null,
    signed_document text not null,
    status_reason jsonb,
    outcome jsonb,
    inserted_at timestamptz not null,
    inserted_by uuid not null,
    updated_at timestamptz not null,
    updated_by uuid not null,
    primary key (person_id, id)
);
create index care_plan_activities_of_plan on care_plan_activities (person_id, care_plan_id, inserted_at desc, id);

-- What stands on an activity: one row for a request; gone when the request was taken back.
create table care_plan_uses (
    person_id uuid not null,
    request_id uuid not null,
    activity_id uuid not null,
    quantity numeric(14, 4) not null,
    primary key (person_id, request_id)
);
create index care_plan_uses_of_activity on care_plan_uses (person_id, activity_id);
