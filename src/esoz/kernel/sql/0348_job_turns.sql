-- The questions of the queue, each by the index of its order. Statistics of a queue tell that nothing waits; a plan made
-- by them sorts all that do, and compares each with all others. So sorting and reading whole tables are forbidden here.

-- The next job, locked. By turns, but only a job whose patient has no older pending one: a patient's changes are applied
-- one after another. An older one may come to light while a newer is done: committed later, or performed again.
create function jobs_next(at timestamptz, never_later timestamptz) returns setof jobs language plpgsql
set enable_sort = off set enable_seqscan = off set enable_bitmapscan = off as $$
begin
    return query
    select * from jobs candidate
    where status = 'pending' and (due_at is null or due_at <= at or due_at > never_later) and number = (
        select number from jobs where patient_id = candidate.patient_id and status = 'pending' order by number limit 1
    )
    order by turn, number for update skip locked limit 1;
end $$;

-- Whether another job waits than this one.
create function jobs_are_more(but bigint) returns boolean language plpgsql stable
set enable_sort = off set enable_seqscan = off set enable_bitmapscan = off as $$
begin
    return exists (select from jobs where status = 'pending' and number <> but);
end $$;

-- Where a new job stands. The queue is fair by clinic and by patient. A patient's jobs from one clinic come in rounds; a
-- job's turn is as far behind the head of the queue as its clinic has waiting jobs of this round and of earlier ones. So a
-- thousand packages of one patient let the clinic's other patients pass, and a thousand of one clinic those of all others.
-- Nobody waits for ever: the head goes on, and jobs that are put off are none. `before`: those that come earlier;
-- `waiting`: those that could be begun, `most` at most.
create function jobs_place(
    patient uuid, client uuid, most int, out its_round int, out its_turn bigint, out before bigint, out waiting bigint
) language plpgsql stable set enable_sort = off set enable_seqscan = off set enable_bitmapscan = off as $$
begin
    select 1 + count(*) filter (where client_id = client) into its_round from (
        select client_id from jobs where status = 'pending' and patient_id = patient order by number limit 10000
    ) of_patient;
    select turn into its_turn from jobs
    where status = 'pending' and put_off = 0 and attempts = 0 order by turn, number limit 1;
    its_turn := coalesce(its_turn, 0)
        + (select count(*) from jobs where status = 'pending' and client_id = client and round <= its_round);
    before := (select count(*) from jobs where status = 'pending' and turn <= its_turn);
    waiting := (select count(*) from (
        select from jobs where status = 'pending' and due_at is null order by turn, number limit most
    ) some_of_them);
end $$;
