select o.order_id,
       coalesce(c.customer_key, 0) as customer_key,
       p.product_key,
       d.date_key,
       o.quantity,
       o.quantity * p.price as amount
from orders o
left join dim_customer c on c.customer_id = o.customer_id
left join dim_product p on p.product_id = o.product_id
left join dim_date d on d.date = o.ordered_on
