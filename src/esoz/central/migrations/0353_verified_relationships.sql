-- Whether a register has confirmed that somebody speaks for a person; nobody has been asked yet.
alter table confidant_person_relationships
    add column verification_status text not null default 'VERIFICATION_NEEDED',
    add column verification_reason text not null default 'MANUAL_CREATED_BY_DOCTOR';
