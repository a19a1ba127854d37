-- Dispenses; one taken back is no dispense any more, and is counted as taken back on its own day.
create or replace function count_medication_dispenses() returns trigger language plpgsql as $$
declare dosage constant uuid = (
    select medication_id from medication_requests where person_id = new.person_id and id = new.medication_request_id);
declare was constant boolean = tg_op = 'UPDATE' and old.status = 'PROCESSED';
declare was_amount constant numeric = case when was then old.quantity end;
declare was_at constant timestamptz = case when was then old.updated_at end;
begin
    if not is_counted('medication_dispenses', new.person_id, new.id) then return null; end if;
    if was and new.status = 'PROCESSED' then
        if was_amount <> new.quantity then
            perform count_act('dispensed', 0, was_at, new.region, new.medical_program_id, dosage,
                new.quantity - was_amount);
        end if;
    elsif was then
        perform count_act('dispensed', -1, was_at, new.region, new.medical_program_id, dosage, -was_amount);
        perform count_act('taken back', 1, new.updated_at, new.region, new.medical_program_id, dosage, was_amount);
    else
        perform count_act('dispensed', 1, new.updated_at, new.region, new.medical_program_id, dosage, new.quantity);
    end if;
    return null;
end $$;
drop trigger count_medication_dispenses on medication_dispenses;
create trigger count_medication_dispenses after insert or update of status, quantity on medication_dispenses
    for each row when (new.status = 'PROCESSED') execute function count_medication_dispenses();
create trigger count_dispenses_taken_back after update of status on medication_dispenses
    for each row when (old.status = 'PROCESSED' and new.status <> 'PROCESSED')
    execute function count_medication_dispenses();
insert into statistics_fills
    select 'medication_dispenses', '00000000-0000-0000-0000-000000000000', '00000000-0000-0000-0000-000000000000',
        not exists (select from medication_dispenses);
