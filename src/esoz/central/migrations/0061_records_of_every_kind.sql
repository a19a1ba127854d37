-- Every kind of record that an encounter package brings, and what they are found by.
-- `keys` holds what published parameters ask for, as `parameter=value`: one index serves them all.
do $$
declare
    kind text;
begin
    foreach kind in array array['conditions', 'observations', 'immunizations', 'allergy_intolerances'] loop
        execute format('alter table %I add keys text[] not null default ''{}'', add signed_document text,'
            ' alter encounter_id drop not null, alter episode_id drop not null, alter dated_at drop not null', kind);
        execute format('create index on %I using gin (person_id, keys)', kind);
    end loop;
    foreach kind in array array[
        'risk_assessments', 'devices', 'device_associations', 'detected_issues', 'medication_statements',
        'medication_administrations', 'diagnostic_reports', 'procedures', 'clinical_impressions', 'specimens',
        'device_dispenses'
    ] loop
        execute format('create table %I (like conditions including all)', kind);
        execute format('alter table %I add foreign key (person_id, encounter_id) references encounters', kind);
        execute format('create index on %I (person_id, status)', kind);
    end loop;
end $$;

-- What observations are found by stood in columns of their own.
update observations set keys = array_remove(array[
    'diagnostic_report_id=' || diagnostic_report_id, 'specimen_id=' || specimen_id, 'device_id=' || device_id
], null);
alter table observations drop column diagnostic_report_id, drop column specimen_id, drop column device_id;

create index device_associations_day on device_associations (person_id, (document ->> 'association_date'));

-- Laboratories find a specimen by the number on its container: one number, one specimen in the country.
create table specimen_numbers (
    number text primary key,
    person_id uuid not null,
    specimen_id uuid not null
);
create index specimen_numbers_specimen on specimen_numbers (person_id, specimen_id);
