-- Medical conclusions. A number is given before the conclusion is written, and is used once in the whole country.
create table composition_titles (
    title text primary key,
    person_id uuid not null,
    type text not null,
    legal_entity_id uuid not null,
    id uuid unique,
    inserted_at timestamptz not null
);
create index composition_titles_person on composition_titles (person_id);

create table compositions (
    person_id uuid not null,
    id uuid not null,
    title text not null,
    status text not null,
    type text not null,
    category text not null,
    date timestamptz not null,
    custodian_id uuid not null,
    encounter_id uuid not null,
    episode_id uuid not null,
    author_id uuid not null,
    attester_ids uuid[] not null,
    -- Days in Kyiv, both ends are in.
    valid_from date,
    valid_to date,
    replaces_id uuid,
    appends_id uuid,
    -- What was signed, to the letter; the words of the registers for what it points at stand beside it.
    content jsonb not null,
    names jsonb not null,
    signed_document text not null,
    status_reason jsonb,
    explanatory_letter text,
    inform_with uuid,
    inserted_at timestamptz not null,
    inserted_by uuid not null,
    updated_at timestamptz not null,
    updated_by uuid,
    primary key (person_id, id)
);
create index compositions_date on compositions (person_id, date desc, id);
create index compositions_encounter on compositions (person_id, encounter_id);
create index compositions_episode on compositions (person_id, episode_id);
create index compositions_type on compositions (person_id, type, valid_from);
create index compositions_custodian on compositions (person_id, custodian_id);
create index compositions_replaces on compositions (person_id, replaces_id) where replaces_id is not null;
create index compositions_appends on compositions (person_id, appends_id) where appends_id is not null;
