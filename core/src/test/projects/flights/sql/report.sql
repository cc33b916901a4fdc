-- the hub first
SELECT *
FROM df
ORDER BY origin <> '${vars.hub}', origin
