# Fabric notebook source

# METADATA ********************

# META {
# META   "kernel_info": {
# META     "name": "synapse_pyspark"
# META   },
# META   "dependencies": {
# META     "lakehouse": {
# META       "default_lakehouse": "b07e5c1e-7d0c-4f3a-9a61-2f1d0c9be001",
# META       "default_lakehouse_name": "zephyr",
# META       "default_lakehouse_workspace_id": "00000000-0000-0000-0000-000000000000"
# META     },
# META     "environment": {
# META       "environmentId": "5e1f0000-0000-4000-8000-000000000004",
# META       "workspaceId": "00000000-0000-0000-0000-000000000000"
# META     }
# META   }
# META }

# MARKDOWN ********************

# # Source stage
# 
# Bootstrap writes what is known of the service; preview reads a sample of its data.

# CELL ********************

%run zephyrSDK

# METADATA ********************

# META {
# META   "language": "python",
# META   "language_group": "synapse_pyspark"
# META }

# PARAMETERS CELL ********************

mode: str = "run"
project: int = 0
bootstrap: bool = False
preview: bool = False

# METADATA ********************

# META {
# META   "language": "python",
# META   "language_group": "synapse_pyspark"
# META }

# CELL ********************

if mode not in ("run", "refresh"):
    raise PipelineError(f"unknown mode {mode!r}")
session = NotebookSession(stage="source", library="zephyrVariables")
base_url = session.variables.get("BASE_URL")
print(f"{session.context.lakehouse_name or 'no lakehouse'}: {base_url}, token {masked(session.variables.get('API_TOKEN', ''))}")

# METADATA ********************

# META {
# META   "language": "python",
# META   "language_group": "synapse_pyspark"
# META }

# CELL ********************

written = {}
if bootstrap:
    endpoints = LakeTable("source", "endpoints").overwrite(spark.createDataFrame(endpoint_rows(catalogue_of_caller())))
    written["source.endpoints"] = check_rows(endpoints, len(ENDPOINTS))
    config = [("base_url", base_url), ("mode", mode), ("project", str(project)), ("lakehouse", session.context.lakehouse_name)]
    written["source.config"] = check_rows(
        LakeTable("source", "config").overwrite(spark.createDataFrame(config, "key string, value string")), len(config)
    )
    session.note("bootstrap", f"{len(ENDPOINTS)} endpoints")
    display(endpoints.groupBy("http_method").count().orderBy("http_method"))

# METADATA ********************

# META {
# META   "language": "python",
# META   "language_group": "synapse_pyspark"
# META }

# CELL ********************

if preview:
    for name in ("projects", "releases"):
        sample = read_sample(spark, name).withColumn("read_at", F.current_timestamp())
        written[f"sample.{name}"] = LakeTable("sample", name).overwrite(sample).count()
    session.note("preview", f"{len(written)} tables")

# METADATA ********************

# META {
# META   "language": "python",
# META   "language_group": "synapse_pyspark"
# META }

# CELL ********************

# MAGIC %%sql
# MAGIC SELECT 1 AS reachable

# METADATA ********************

# META {
# META   "language": "python",
# META   "language_group": "synapse_pyspark"
# META }

# CELL ********************

session.flush()
notebookutils.notebook.exit(json.dumps(written))

# METADATA ********************

# META {
# META   "language": "python",
# META   "language_group": "synapse_pyspark"
# META }
