CREATE TYPE mood AS ENUM ('sad', 'o''k');
CREATE DOMAIN positive AS integer CHECK (VALUE > 0);
CREATE TYPE pair AS (a integer, b text);
CREATE TABLE types (
  id integer PRIMARY KEY, c_bool boolean, c_int2 smallint, c_int4 integer, c_int8 bigint, c_float4 real,
  c_float8 double precision, c_numeric numeric, c_num_4_2 numeric(4,2), c_num_9_3 numeric(9,3), c_num_18_0 numeric(18,0),
  c_num_38_10 numeric(38,10), c_num_60_5 numeric(60,5), c_num_round numeric(5,-2), c_num_small numeric(3,5), c_text text,
  c_varchar varchar(10), c_char char(5), c_bytea bytea, c_date date, c_time time, c_timetz timetz, c_timestamp timestamp,
  c_timestamptz timestamptz, c_interval interval, c_uuid uuid, c_json json, c_jsonb jsonb, c_xml xml, c_inet inet,
  c_cidr cidr, c_macaddr macaddr, c_bit bit(4), c_varbit varbit, c_money money, c_mood mood, c_positive positive,
  c_pair pair, c_point point, c_range int4range, c_oid oid, c_tsvector tsvector, c_ints integer[], c_texts text[],
  c_doubles double precision[], c_dates date[], "Mixed "" Case" integer);
INSERT INTO types VALUES
(1, true, 32767, 2147483647, 9223372036854775807, 3.4028235e38, 1.7976931348623157e308, 'NaN', 99.99, 999999.999,
 999999999999999999, 9999999999999999999999999999.9999999999, 1234567890123456789012345678901234567890123456789012345.12345,
 12300, 0.00123, E'tab\there, "quotes" and ünïcode \U0001F600', 'varchar', 'ab', '\x00ff10', '9999-12-31', '23:59:59.999999',
 '12:00:00+05:30', '9999-12-31 23:59:59.999999', '2024-02-29 12:34:56.789012+02', '1 year 2 mons -3 days 04:05:06.789',
 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '{"a": 1,  "b":[null]}', '{"b":2,"a":1}', '<a>x</a>', '192.168.1.5/24', '10.0.0.0/8',
 '08:00:2b:01:02:03', B'1010', B'10101', '-12.34', 'o''k', 7, ROW(1,'x'), '(1.5,2)', '[1,5)', 4294967295, 'a fat cat', '{1,NULL,3}',
 '{"x","NULL",NULL,""}', '{1.5,NaN,Infinity}', '{2024-01-01}', 1),
(2, false, -32768, -2147483648, -9223372036854775808, '-Infinity', 'NaN', -0.000000000000000000000000000000000000000000000001,
 -99.99, -999999.999, -999999999999999999, -9999999999999999999999999999.9999999999,
 -1234567890123456789012345678901234567890123456789012345.12345, -12300, -0.00123, '', '', '', '', '0001-01-01', '00:00:00',
 '00:00:00-12', '0001-01-01 00:00:00', '0001-01-01 00:00:00+00', '0', '00000000-0000-0000-0000-000000000000', '[]', 'null', '', '::1',
 '2001:db8::/32', '00:00:00:00:00:00', B'0000', B'', '0', 'sad', 1, ROW(NULL,NULL), '(-0,0)', 'empty', 0, '', '{}', '{}', '{}', '{}', NULL);
INSERT INTO types (id) VALUES (3);
INSERT INTO types (id, c_num_4_2, c_num_38_10, c_float8, c_date) VALUES (4, 0.01, 0.0000000001, 5e-324, '0044-03-15 BC');
CREATE TABLE infinite (id integer PRIMARY KEY, at timestamptz);
INSERT INTO infinite VALUES (1, now()), (77, 'infinity');
CREATE TABLE midnight (id integer PRIMARY KEY, at time);
INSERT INTO midnight VALUES (3, '24:00:00');
CREATE TABLE big (id bigint PRIMARY KEY, region text, amount numeric(12,2), at timestamp);
INSERT INTO big SELECT i, 'r' || i % 7, i * 0.01, timestamp '2024-01-01' + i * interval '1 s' FROM generate_series(-5000, 44999) i;
