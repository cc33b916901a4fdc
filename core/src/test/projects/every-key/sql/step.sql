select * from df
