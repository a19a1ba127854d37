-- The record of a patient: episodes, visits, encounters and what encounters bring.
-- Every table begins with the patient: one patient's rows lie together, on one node when there are many (decision 6).
-- `document` is what the API answers; the columns beside it are what lists are filtered by.
create extension if not exists btree_gin;

create table episodes (
    person_id uuid not null,
    id uuid not null,
    status text not null,
    managing_organization_id uuid not null,
    care_manager_id uuid not null,
    started_at timestamptz not null,
    ended_at timestamptz,
    codes text[] not null default '{}',
    document jsonb not null,
    inserted_at timestamptz not null,
    updated_at timestamptz not null,
    primary key (person_id, id)
);
create index episodes_inserted on episodes (person_id, inserted_at desc, id);
create index episodes_status on episodes (person_id, status);
create index episodes_organization on episodes (person_id, managing_organization_id);
create index episodes_started on episodes (person_id, started_at);
create index episodes_codes on episodes using gin (person_id, codes);

create table visits (
    person_id uuid not null,
    id uuid not null,
    started_at timestamptz not null,
    ended_at timestamptz not null,
    inserted_at timestamptz not null,
    primary key (person_id, id)
);

create table encounters (
    person_id uuid not null,
    id uuid not null,
    episode_id uuid not null,
    visit_id uuid not null,
    managing_organization_id uuid not null,
    performer_id uuid not null,
    performer_speciality text,
    status text not null,
    class text not null,
    type text not null,
    started_at timestamptz not null,
    ended_at timestamptz not null,
    incoming_referral_id uuid,
    origin_episode_id uuid,
    signed_document text not null,
    document jsonb not null,
    inserted_at timestamptz not null,
    updated_at timestamptz not null,
    primary key (person_id, id),
    foreign key (person_id, episode_id) references episodes,
    foreign key (person_id, visit_id) references visits
);
create index encounters_inserted on encounters (person_id, inserted_at desc, id);
create index encounters_episode on encounters (person_id, episode_id);
create index encounters_visit on encounters (person_id, visit_id);
create index encounters_organization on encounters (person_id, managing_organization_id);
create index encounters_started on encounters (person_id, started_at);
create index encounters_ended on encounters (person_id, ended_at);
create index encounters_referral on encounters (person_id, incoming_referral_id) where incoming_referral_id is not null;
create index encounters_origin on encounters (person_id, origin_episode_id) where origin_episode_id is not null;
create index encounters_kind on encounters (person_id, class, type, status);
create index encounters_speciality on encounters (person_id, performer_speciality);

create table conditions (
    person_id uuid not null,
    id uuid not null,
    encounter_id uuid not null,
    episode_id uuid not null,
    managing_organization_id uuid not null,
    status text not null,
    codes text[] not null,
    dated_at timestamptz not null,
    document jsonb not null,
    inserted_at timestamptz not null,
    updated_at timestamptz not null,
    primary key (person_id, id),
    foreign key (person_id, encounter_id) references encounters
);
create index conditions_inserted on conditions (person_id, inserted_at desc, id);
create index conditions_encounter on conditions (person_id, encounter_id);
create index conditions_episode on conditions (person_id, episode_id);
create index conditions_organization on conditions (person_id, managing_organization_id);
create index conditions_dated on conditions (person_id, dated_at);
create index conditions_codes on conditions using gin (person_id, codes);

create table observations (
    person_id uuid not null,
    id uuid not null,
    encounter_id uuid not null,
    episode_id uuid not null,
    managing_organization_id uuid not null,
    status text not null,
    codes text[] not null,
    dated_at timestamptz not null,
    -- Found by what they were measured in, on and with, once those are kept here.
    diagnostic_report_id uuid generated always as (
        (document #>> '{diagnostic_report,identifier,value}')::uuid) stored,
    specimen_id uuid generated always as ((document #>> '{specimen,identifier,value}')::uuid) stored,
    device_id uuid generated always as ((document #>> '{device,identifier,value}')::uuid) stored,
    document jsonb not null,
    inserted_at timestamptz not null,
    updated_at timestamptz not null,
    primary key (person_id, id),
    foreign key (person_id, encounter_id) references encounters
);
create index observations_inserted on observations (person_id, inserted_at desc, id);
create index observations_encounter on observations (person_id, encounter_id);
create index observations_episode on observations (person_id, episode_id);
create index observations_organization on observations (person_id, managing_organization_id);
create index observations_dated on observations (person_id, dated_at);
create index observations_codes on observations using gin (person_id, codes);
create index observations_report on observations (person_id, diagnostic_report_id)
    where diagnostic_report_id is not null;
create index observations_specimen on observations (person_id, specimen_id) where specimen_id is not null;
create index observations_device on observations (person_id, device_id) where device_id is not null;

create table immunizations (
    person_id uuid not null,
    id uuid not null,
    encounter_id uuid not null,
    episode_id uuid not null,
    managing_organization_id uuid not null,
    status text not null,
    codes text[] not null,
    dated_at timestamptz not null,
    document jsonb not null,
    inserted_at timestamptz not null,
    updated_at timestamptz not null,
    primary key (person_id, id),
    foreign key (person_id, encounter_id) references encounters
);
create index immunizations_inserted on immunizations (person_id, inserted_at desc, id);
create index immunizations_encounter on immunizations (person_id, encounter_id);
create index immunizations_episode on immunizations (person_id, episode_id);
create index immunizations_dated on immunizations (person_id, dated_at);
create index immunizations_codes on immunizations using gin (person_id, codes);

create table allergy_intolerances (
    person_id uuid not null,
    id uuid not null,
    encounter_id uuid not null,
    episode_id uuid not null,
    managing_organization_id uuid not null,
    status text not null,
    codes text[] not null,
    dated_at timestamptz not null,
    document jsonb not null,
    inserted_at timestamptz not null,
    updated_at timestamptz not null,
    primary key (person_id, id),
    foreign key (person_id, encounter_id) references encounters
);
create index allergy_intolerances_inserted on allergy_intolerances (person_id, inserted_at desc, id);
create index allergy_intolerances_encounter on allergy_intolerances (person_id, encounter_id);
create index allergy_intolerances_episode on allergy_intolerances (person_id, episode_id);
create index allergy_intolerances_dated on allergy_intolerances (person_id, dated_at);
create index allergy_intolerances_codes on allergy_intolerances using gin (person_id, codes);
