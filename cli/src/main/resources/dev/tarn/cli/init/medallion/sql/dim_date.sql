-- Every day from the first order to the last, also those without one: a chart must not leave out a quiet day.
with bounds as (
  select min(ordered_on) as first_day, max(ordered_on) as last_day from orders
),
days as (
  select cast(unnest(generate_series(first_day, last_day, interval 1 day)) as date) as day from bounds
)
select cast(strftime(day, '%Y%m%d') as integer) as date_key,
       day as date,
       strftime(day, '%Y-%m') as month,
       dayname(day) as weekday
from days
