-- Both sources in one shape. The late reports carry their dates as text: 2001/02/01 06:15.
select date as departed_at, delay as delay_minutes, distance as distance_miles, origin, destination
from flights
union all
select cast(replace(date, '/', '-') as timestamp), delay, distance, origin, destination
from late_reports
