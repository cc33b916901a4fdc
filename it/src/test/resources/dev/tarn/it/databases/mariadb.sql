CREATE TABLE types (
  id int PRIMARY KEY, c_bool boolean, c_tiny tinyint, c_utiny tinyint unsigned, c_small smallint, c_usmall smallint unsigned,
  c_medium mediumint, c_umedium mediumint unsigned, c_int int, c_uint int unsigned, c_big bigint, c_ubig bigint unsigned,
  c_float float, c_double double, c_dec decimal(38,10), c_dec65 decimal(65,30), c_dec5 decimal(5,0), c_bit1 bit(1), c_bit9 bit(9),
  c_bit64 bit(64), c_char char(5), c_varchar varchar(100), c_latin varchar(20) character set latin1, c_text text,
  c_longtext longtext, c_binary binary(4), c_varbinary varbinary(10), c_blob blob, c_date date, c_time time(6), c_datetime datetime(6),
  c_timestamp timestamp(6) NULL, c_year year, c_enum enum('a','b,c'), c_set set('x','y'), c_json json, c_uuid uuid,
  c_inet4 inet4, c_inet6 inet6, `mixed `` case` int) CHARACTER SET utf8mb4;
INSERT INTO types VALUES
(1, 1, 127, 255, 32767, 65535, 8388607, 16777215, 2147483647, 4294967295, 9223372036854775807, 18446744073709551615,
 3.40282e38, 1.7976931348623157e308, 9999999999999999999999999999.9999999999,
 99999999999999999999999999999999999.999999999999999999999999999999, 99999, b'1', b'101010101', 18446744073709551615, 'ab',
 'tab\there "q" ünï 😀', 'é', 'text', 'long', 0x00ff1000, 0x00ff, x'', '9999-12-31', '23:59:59.999999', '9999-12-31 23:59:59.999999',
 '2038-01-19 03:14:07.999999', 2155, 'b,c', 'x,y', '{"a": 1}', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '192.168.1.5', '::1', 1),
(2, 0, -128, 0, -32768, 0, -8388608, 0, -2147483648, 0, -9223372036854775808, 0, 0.1, 5e-324, -0.0000000001, -1e-30, -99999, b'0',
 b'0', 0, '', '', '', '', '', x'', x'', 0x00, '0001-01-01', '00:00:00', '0001-01-01 00:00:00', '1970-01-01 00:00:01', 1901, 'a', '',
 '[]', '00000000-0000-0000-0000-000000000000', '0.0.0.0', '2001:db8::', NULL);
INSERT INTO types (id) VALUES (3);
CREATE TABLE zero_dates (id int PRIMARY KEY, d date);
SET sql_mode = '';
INSERT INTO zero_dates VALUES (1, '2024-01-01'), (5, '0000-00-00');
CREATE TABLE long_times (id int PRIMARY KEY, t time);
INSERT INTO long_times VALUES (9, '-838:59:59');
CREATE TABLE shapes (id int PRIMARY KEY, g point);
