-- Key 0 stands for a customer that nobody knows, so that every sale has one.
select row_number() over (order by customer_id) as customer_key, customer_id, name, country, signed_up
from customers
union all
select 0, null, 'Unknown', null, null
