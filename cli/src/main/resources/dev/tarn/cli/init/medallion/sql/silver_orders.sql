-- Each order once: the newest file wins. An order that was sent twice is no error, only a repetition.
select cast(o.order_id as integer) as order_id,
       cast(o.customer_id as integer) as customer_id,
       cast(o.product_id as integer) as product_id,
       cast(o.quantity as integer) as quantity,
       cast(o.ordered_on as date) as ordered_on,
       c.customer_id is not null as known_customer
from orders o
left join customers c on c.customer_id = cast(o.customer_id as integer)
qualify row_number() over (partition by o.order_id order by o._source_file desc) = 1
