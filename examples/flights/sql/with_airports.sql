-- A flight from or to an airport that silver.airports does not have must not drop out of sight: the left join keeps it
-- with NULL for the state, and the rule 'known_airports' sets it aside.
select df.departed_at,
       df.origin,
       df.destination,
       cast(df.delay_minutes as int) as delay_minutes,
       cast(df.distance_miles as int) as distance_miles,
       o.state as origin_state,
       d.state as destination_state
from df
left join airports o on df.origin = o.airport
left join airports d on df.destination = d.airport
