-- Prescriptions; a plan is none that anybody could redeem.
create or replace function count_medication_requests() returns trigger language plpgsql as $$
declare counters constant jsonb = '{"COMPLETED": "redeemed", "EXPIRED": "expired", "REJECTED": "rejected"}';
declare is_new constant boolean = tg_op = 'INSERT';
begin
    if not is_new then
        if old.status = new.status then return null; end if;
        perform add_to_total('request ' || old.status, -1);
    end if;
    perform add_to_total('request ' || new.status, 1);
    if new.intent <> 'order' or not is_counted('medication_requests', new.person_id, new.id) then return null; end if;
    if is_new then
        perform count_act('written', 1, new.inserted_at, new.region, new.medical_program_id, new.medication_id,
            new.medication_qty, new.employee_id);
    elsif counters ? old.status then
        -- What was over is open again: taken back where it was counted.
        perform count_act(counters ->> old.status, -1, old.updated_at, new.region, new.medical_program_id,
            new.medication_id);
    end if;
    if counters ? new.status then
        perform count_act(counters ->> new.status, 1, new.updated_at, new.region, new.medical_program_id,
            new.medication_id);
    end if;
    return null;
end $$;
-- Made anew, so that no act that still counts the old way is under way when the worker begins with what stood there.
drop trigger count_medication_requests on medication_requests;
create trigger count_medication_requests after insert or update of status on medication_requests
    for each row execute function count_medication_requests();
insert into statistics_fills
    select 'medication_requests', '00000000-0000-0000-0000-000000000000', '00000000-0000-0000-0000-000000000000',
        not exists (select from medication_requests);
