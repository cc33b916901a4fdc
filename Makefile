# What people do here; `make` alone lists it.
.DEFAULT_GOAL := help
.PHONY: help build fast test it bench bench-start bench-databases bench-delta bench-spark soak format dist run-example clean

MVN ?= mvn
REVISION := $(shell git describe --always --abbrev=10 --exclude='*' --dirty=+changes 2>/dev/null)
MAVEN := $(MVN) -B -q -ntp
# As short, but with the closing lines of each module's tests ("Tests run: N, Failures: ...").
LOG := -Dorg.slf4j.simpleLogger
TESTING := $(MVN) -B -ntp $(LOG).defaultLogLevel=warn $(LOG).log.org.apache.maven=warn
QUICK := -Dtarn.quick -Dmaven.test.skip -Dtarn.revision=$(REVISION)
EXAMPLE ?= examples/flights
MINUTES ?= 0

help: ## list these
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

build: ## compile with all checks (formatter, Error Prone, NullAway, dependency rules), without tests
	@$(MAVEN) -DskipTests -Dtarn.revision=$(REVISION) package

fast: ## the jars, as quickly as can be
	@$(MAVEN) $(QUICK) package

test: ## all checks, unit tests and the architecture rules
	@$(TESTING) $(LOG).log.org.apache.maven.plugin.surefire=info test

it: ## integration tests: real processes, real tables
	@$(TESTING) $(LOG).log.org.apache.maven.plugin.failsafe=info -Dtarn.quick -DskipTests -Ponly-its -pl it -am verify
	@$(TESTING) -Dtarn.quick -Dtarn.mutations=10000 -pl cli -am test -Dtest=MutatedProjectsTest -Dsurefire.failIfNoSpecifiedTests=false

bench: ## benchmarks as ratios; TARN_BENCH_FLIGHTS=file.parquet for real flights, else they are generated
	@rm -rf bench/target/lib
	@$(MAVEN) $(QUICK) -pl bench -am package
	@java -XX:+UseSerialGC -cp 'bench/target/lib/*:bench/target/classes' dev.tarn.bench.PipelineBench examples/flights

bench-start: ## what a user waits for --version, validate of 100 nodes and the flights example, beside the bars
	@./tarn --version
	@rm -rf bench/target/lib
	@$(MAVEN) $(QUICK) -pl bench -am package
	@java -XX:+UseSerialGC -cp 'bench/target/lib/*:bench/target/classes' dev.tarn.bench.StartBench ./tarn examples/flights

bench-databases: ## reading a table of PostgreSQL against a plain JDBC drain and COPY to nowhere; TARN_BENCH_ROWS=N (1 million)
	@rm -rf bench/target/lib
	@$(MAVEN) $(QUICK) -pl bench -am package
	@java -XX:+UseSerialGC -cp 'bench/target/lib/*:bench/target/classes' dev.tarn.bench.DatabaseBench

bench-delta: ## Delta tables against Spark, delta-rs, DuckDB; TARN_BENCH_ROWS=N (10 million), _ROUNDS=N, _PEERS, _SIZES=N,N, _PARTS=append,merge,clustered,vectors,changes,load,growth,optimize
	@rm -rf bench/target/lib bench/target/spark-lib
	@$(MAVEN) $(QUICK) -pl bench -am package
	@java -XX:+UseSerialGC -cp 'bench/target/lib/*:bench/target/classes' dev.tarn.bench.DeltaBench bench/target/spark-lib

bench-spark: ## the flights example at 3 million rows: the Spark engine against the same job by hand, and DuckDB; TARN_BENCH_ROUNDS=N (5)
	@rm -rf bench/target/lib bench/target/spark-lib
	@$(MAVEN) $(QUICK) -pl bench -am package
	@java -XX:+UseSerialGC -cp 'bench/target/lib/*:bench/target/classes' dev.tarn.bench.SparkBench examples/flights bench/target/spark-lib

soak: ## crash, race and fuzz tests without end (Ctrl-C stops them); adds to docs/soak.md
	@$(MVN) -B -ntp $(LOG).defaultLogLevel=warn -Dtarn.quick -DskipTests -Ponly-its -pl it -am verify -Dit.test=Soak -Dfailsafe.failIfNoSpecifiedTests=false -Dtarn.soak.minutes=$(MINUTES)

format: ## format all Java sources
	@$(MAVEN) spotless:apply

dist: ## one zip that runs without Maven: cli/target/tarn-<version>.zip
	@rm -rf cli/target/lib
	@$(MAVEN) $(QUICK) -Pdist -pl cli -am package
	@ls cli/target/tarn-*.zip

run-example: ## run an example project (EXAMPLE=examples/flights)
	@./tarn run $(EXAMPLE)

clean: ## remove everything built
	@$(MAVEN) clean
	@rm -rf target
