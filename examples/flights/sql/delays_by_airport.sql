select a.airport,
       a.airport_name,
       a.state,
       count(*) as departures,
       avg(f.delay_minutes) as average_delay_minutes,
       max(f.delay_minutes) as longest_delay_minutes
from flights f
join airports a on f.origin = a.airport
group by a.airport, a.airport_name, a.state
