-- Drugs, medical programmes, drafts of prescriptions, prescriptions and dispenses.
-- Registries are reference tables; clinical tables carry person_id first in their key; what must be unique in the
-- whole country, or is asked for without naming the person, stands in a look-up table.

create table innms (
    id uuid primary key,
    name text not null,
    name_original text not null,
    sctid text,
    is_active boolean not null default true,
    inserted_at timestamptz not null,
    updated_at timestamptz not null,
    sort_key text collate "C" generated always as (ukrainian_key(name)) stored
);
create index innms_sctid on innms (sctid) where sctid is not null;
create index innms_words on innms using gin (name gin_trgm_ops);
create index innms_words_original on innms using gin (name_original gin_trgm_ops);

-- What is prescribed: substances, form and strength, never a trade name.
create table innm_dosages (
    id uuid primary key,
    name text not null,
    form text not null,
    mr_blank_type text not null,
    dosage_form_is_dosed boolean not null,
    daily_dosage numeric(14, 4),
    max_daily_dosage numeric(14, 4),
    is_active boolean not null default true,
    inserted_at timestamptz not null,
    updated_at timestamptz not null,
    sort_key text collate "C" generated always as (ukrainian_key(name)) stored
);
create index innm_dosages_order on innm_dosages (sort_key, id) where is_active;
create index innm_dosages_form on innm_dosages (form);
create index innm_dosages_blank on innm_dosages (mr_blank_type);
create index innm_dosages_words on innm_dosages using gin (name gin_trgm_ops);

-- Strength of each substance in one unit of the form, e.g. 500 MG in 1 PILL.
create table innm_dosage_ingredients (
    innm_dosage_id uuid not null references innm_dosages,
    innm_id uuid not null references innms,
    is_primary boolean not null,
    numerator_value numeric(14, 4) not null check (numerator_value > 0),
    numerator_unit text not null,
    denumerator_value numeric(14, 4) not null check (denumerator_value > 0),
    denumerator_unit text not null,
    primary key (innm_dosage_id, innm_id)
);
create unique index innm_dosage_primary on innm_dosage_ingredients (innm_dosage_id) where is_primary;
create index innm_dosage_of_innm on innm_dosage_ingredients (innm_id);

-- What is sold: a trade name in a package (BRAND).
create table medications (
    id uuid primary key,
    innm_dosage_id uuid not null references innm_dosages,
    name text not null,
    form text not null,
    form_pharm text,
    manufacturer_name text not null,
    manufacturer_country text not null,
    code_atc text[] not null,
    -- Every level of the codes (J01CA04, J01CA, J01C, J01, J), so that a group is found by an index.
    atc_groups text[] not null,
    certificates text[] not null,
    container_numerator_value numeric(14, 4) not null,
    container_numerator_unit text not null,
    container_denumerator_value numeric(14, 4) not null,
    container_denumerator_unit text not null,
    package_qty numeric(14, 4) not null check (package_qty > 0),
    package_min_qty numeric(14, 4) not null check (package_min_qty > 0),
    max_request_dosage numeric(14, 4),
    drlz_sku_id text,
    is_active boolean not null default true,
    inserted_at timestamptz not null,
    updated_at timestamptz not null,
    check (mod(package_qty, package_min_qty) = 0)
);
create index medications_of_dosage on medications (innm_dosage_id);
create index medications_atc on medications using gin (atc_groups);

create table medical_programs (
    id uuid primary key,
    name text not null unique,
    type text not null,
    funding_source text not null,
    mr_blank_type text not null,
    settings jsonb not null,
    settings_text text,
    is_active boolean not null default true,
    medication_request_allowed boolean not null default true,
    medication_request_allowed_text text,
    medication_dispense_allowed boolean not null default true,
    medication_dispense_allowed_text text,
    inserted_at timestamptz not null,
    inserted_by uuid,
    updated_at timestamptz not null,
    updated_by uuid
);
create index medical_programs_type on medical_programs (type, mr_blank_type);
create index medical_programs_words on medical_programs using gin (name gin_trgm_ops);

-- A package (or, for dosages without packages, the dosage) that takes part in a programme.
create table program_medications (
    id uuid primary key,
    medical_program_id uuid not null references medical_programs,
    medication_id uuid references medications,
    innm_dosage_id uuid not null references innm_dosages,
    is_active boolean not null default true,
    medication_request_allowed boolean not null default true,
    care_plan_activity_allowed boolean not null default false,
    start_date date not null,
    end_date date,
    registry_number text,
    reimbursement_amount numeric(14, 2) not null default 0 check (reimbursement_amount >= 0),
    reimbursement_daily_dosage numeric(14, 4),
    wholesale_price numeric(14, 2),
    consumer_price numeric(14, 2),
    estimated_payment_amount numeric(14, 2),
    max_daily_dosage numeric(14, 4),
    package_qty_divisible boolean not null default false,
    inserted_at timestamptz not null,
    updated_at timestamptz not null,
    unique nulls not distinct (medical_program_id, innm_dosage_id, medication_id)
);
create index program_medications_of_dosage on program_medications (innm_dosage_id, medical_program_id) where is_active;
create index program_medications_of_medication on program_medications (medication_id, medical_program_id);

-- Look-up: a prescription is asked for by its number or id alone (pharmacies, sign, reject). Draft and prescription
-- have the same number and id.
create table prescription_numbers (
    request_number text primary key,
    id uuid not null unique,
    person_id uuid not null
);

create table medication_request_requests (
    person_id uuid not null,
    id uuid not null,
    status text not null,
    request_number text not null,
    intent text not null,
    legal_entity_id uuid not null,
    division_id uuid not null,
    employee_id uuid not null,
    medication_id uuid not null references innm_dosages,
    medical_program_id uuid references medical_programs,
    encounter_id uuid not null,
    episode_id uuid,
    care_plan_id uuid,
    activity_id uuid,
    inform_with uuid,
    medication_qty numeric(14, 4) not null check (medication_qty > 0),
    created_at date not null,
    started_at date not null,
    ended_at date not null,
    dispense_valid_from date,
    dispense_valid_to date,
    region text not null,
    content jsonb not null,
    expires_at timestamptz not null,
    inserted_at timestamptz not null,
    inserted_by uuid not null,
    updated_at timestamptz not null,
    updated_by uuid not null,
    primary key (person_id, id)
);
create index mrr_of_clinic on medication_request_requests (person_id, legal_entity_id, inserted_at);
create index mrr_of_employee on medication_request_requests (employee_id, inserted_at);
create index mrr_of_encounter on medication_request_requests (encounter_id);
create index mrr_of_care_plan on medication_request_requests (care_plan_id, activity_id) where care_plan_id is not null;
create index mrr_waiting on medication_request_requests (expires_at) where status = 'NEW';

create table medication_requests (
    person_id uuid not null,
    id uuid not null,
    status text not null,
    request_number text not null,
    intent text not null,
    legal_entity_id uuid not null,
    division_id uuid not null,
    employee_id uuid not null,
    medication_id uuid not null references innm_dosages,
    medical_program_id uuid references medical_programs,
    encounter_id uuid not null,
    episode_id uuid,
    care_plan_id uuid,
    activity_id uuid,
    inform_with uuid,
    medication_qty numeric(14, 4) not null check (medication_qty > 0),
    created_at date not null,
    started_at date not null,
    ended_at date not null,
    dispense_valid_from date,
    dispense_valid_to date,
    last_day date not null,
    content jsonb not null,
    signed_document text not null,
    region text not null,
    -- The code that the patient tells the pharmacist, encrypted; null for plans. It is needed in clear only to send it.
    verification_code bytea,
    wrong_codes integer not null default 0,
    locked_until timestamptz,
    rejected_at date,
    rejected_by uuid,
    reject_reason text,
    reject_reason_code text,
    is_blocked boolean not null default false,
    block_reason text,
    block_reason_code text,
    blocked_to timestamptz,
    blocked_by_legal_entity jsonb,
    inserted_at timestamptz not null,
    inserted_by uuid not null,
    updated_at timestamptz not null,
    updated_by uuid not null,
    primary key (person_id, id)
);
create index mr_of_person on medication_requests (person_id, inserted_at);
create index mr_of_clinic on medication_requests (legal_entity_id, inserted_at);
create index mr_of_employee on medication_requests (employee_id, inserted_at);
create index mr_of_encounter on medication_requests (encounter_id);
create index mr_of_episode on medication_requests (episode_id) where episode_id is not null;
create index mr_of_care_plan on medication_requests (care_plan_id) where care_plan_id is not null;
create index mr_of_drug on medication_requests (person_id, medication_id, ended_at);
create index mr_active_until on medication_requests (last_day) where status = 'ACTIVE';

-- Look-up: a pharmacy asks for a dispense by its id alone.
create table dispense_persons (
    id uuid primary key,
    person_id uuid not null
);

create table medication_dispenses (
    person_id uuid not null,
    id uuid not null,
    medication_request_id uuid not null,
    status text not null,
    quantity numeric(14, 4) not null check (quantity > 0),
    legal_entity_id uuid not null,
    division_id uuid not null,
    party_id uuid not null,
    medical_program_id uuid not null references medical_programs,
    care_plan_id uuid,
    dispensed_at date not null,
    dispensed_by text,
    payment_id text,
    payment_amount numeric(14, 2),
    note text,
    content jsonb not null,
    signed_document text,
    region text not null,
    held_until timestamptz not null,
    inserted_at timestamptz not null,
    inserted_by uuid not null,
    updated_at timestamptz not null,
    updated_by uuid not null,
    primary key (person_id, id),
    foreign key (person_id, medication_request_id) references medication_requests (person_id, id)
);
create index dispenses_of_request on medication_dispenses (person_id, medication_request_id);
create index dispenses_of_pharmacy on medication_dispenses (legal_entity_id, inserted_at);
create index dispenses_of_division on medication_dispenses (division_id, inserted_at);
create index dispenses_by_day on medication_dispenses (legal_entity_id, dispensed_at);
create index dispenses_held on medication_dispenses (held_until) where status = 'NEW';
