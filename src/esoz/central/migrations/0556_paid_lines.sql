-- What of the lines of a dispense the patient kept (RB-2): of what came back nothing is paid, and sums follow the quantity,
-- each rounded to a kopek. Of two lines of one package what came back is taken from the first.
create function paid_lines(details jsonb, returns jsonb)
returns table (place integer, line jsonb, quantity numeric, sell_amount numeric, discount_amount numeric)
language sql immutable parallel safe as $$
    with given as (
        select each.place::integer, each.line, each.line ->> 'program_medication_id' as part,
            (each.line ->> 'medication_qty')::numeric as qty,
            sum((each.line ->> 'medication_qty')::numeric)
                over (partition by each.line ->> 'program_medication_id' order by each.place) as up_to
        from jsonb_array_elements(details) with ordinality each (line, place)
    ), back as (
        select one ->> 'program_medication_id' as part, sum((one ->> 'medication_qty')::numeric) as qty
        from jsonb_array_elements(returns) act, jsonb_array_elements(act -> 'returned') one group by 1
    ), kept as (
        select g.*, g.qty - least(g.qty, greatest(0, coalesce(b.qty, 0) - (g.up_to - g.qty))) as kept
        from given g left join back b using (part)
    )
    select k.place, k.line, k.kept, round(coalesce((k.line ->> 'sell_amount')::numeric, 0) * k.kept / k.qty, 2),
        round(coalesce((k.line ->> 'discount_amount')::numeric, 0) * k.kept / k.qty, 2)
    from kept k
$$;
