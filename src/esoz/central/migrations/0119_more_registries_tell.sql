-- Further registries that processes remember (kernel/memory.py). How many declarations a party has is not told: it
-- changes with each of them, and acts that count ask the register itself.
create trigger organisations_change after insert or update or delete on legal_entities
    for each statement execute function registry_changed('organisations');
create trigger organisations_change after insert or update or delete on licenses
    for each statement execute function registry_changed('organisations');
create trigger organisations_change after insert or update or delete on divisions
    for each statement execute function registry_changed('organisations');
create trigger workforce_change after insert or update or delete on employees
    for each statement execute function registry_changed('workforce');
create trigger workforce_change after insert or delete or update of first_name, last_name, second_name, birth_date, gender, no_tax_id, tax_id, email, documents, phones,
    working_experience, about_myself, verification_status, minfin_validation_status on parties
    for each statement execute function registry_changed('workforce');
create trigger workforce_change after insert or update or delete on party_users
    for each statement execute function registry_changed('workforce');
create trigger programmes_change after insert or update or delete on medical_programs
    for each statement execute function registry_changed('programmes');
create trigger programmes_change after insert or update or delete on program_medications
    for each statement execute function registry_changed('programmes');
create trigger programmes_change after insert or update or delete on medications
    for each statement execute function registry_changed('programmes');
create trigger medications_change after insert or update or delete on innm_dosages
    for each statement execute function registry_changed('medications');
create trigger medications_change after insert or update or delete on innm_dosage_ingredients
    for each statement execute function registry_changed('medications');
create trigger medications_change after insert or update or delete on innms
    for each statement execute function registry_changed('medications');
