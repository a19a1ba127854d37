-- The register of device definitions, and the equipment that is of a kind that it knows.
create table device_definitions (
    id uuid primary key,
    is_active boolean not null default true,
    content jsonb not null, -- the published shape, second version
    model_number text generated always as (content ->> 'model_number') stored,
    name_key text collate "C" generated always as (ukrainian_key(content -> 'device_names' -> 0 ->> 'name')) stored,
    inserted_at timestamptz not null,
    inserted_by uuid,
    updated_at timestamptz not null,
    updated_by uuid
);
create index device_definitions_name on device_definitions (name_key, id);
create index device_definitions_model on device_definitions (model_number);
create index device_definitions_classification
    on device_definitions using gin ((content -> 'classification_types') jsonb_path_ops);
create index device_definitions_programme
    on device_definitions using gin ((content -> 'program_devices') jsonb_path_ops);

alter table equipment add column device_definition_id uuid references device_definitions;
create index equipment_device_definition on equipment (device_definition_id);
