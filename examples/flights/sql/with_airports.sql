-- An airport without a state keeps its flights out of every report by state, so its flights stay visible here:
-- the join gives them NULL, and the rule 'known_airports' sets them aside.
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
