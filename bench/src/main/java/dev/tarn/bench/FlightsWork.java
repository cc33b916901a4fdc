package dev.tarn.bench;

import dev.tarn.core.engine.Engine;
import dev.tarn.core.engine.EngineFactory;
import java.nio.file.Path;
import java.util.Map;
import java.util.ServiceLoader;

/** Runs the flights example again and again in one process, in one of the ways ({@link Worker}). */
final class FlightsWork {

    private FlightsWork() {}

    /** Answers commands on standard input; arguments are the way, the folder of the project and the file of flights. */
    public static void main(String[] arguments) throws Exception {
        Path project = Path.of(arguments[1]);
        Path flights = Path.of(arguments[2]);
        if (arguments[0].equals("hand")) {
            FlightsByHand hand = new FlightsByHand(project, flights);
            Worker.serve(command -> hand.run());
            return;
        }
        try (Engine engine = engine(arguments[0])) {
            Map<String, String> settings = arguments[0].equals("spark") ? spark(project) : Map.of();
            Worker.serve(command -> {
                PipelineBench.run(engine, settings, project, flights);
                return "";
            });
        }
    }

    /** Spark's own files must outlive the first run, with whose work folder they would go. */
    private static Map<String, String> spark(Path project) {
        return Map.of(
                "spark.master",
                "local[2]",
                "spark.log.level",
                "ERROR",
                "spark.local.dir",
                project.resolveSibling("spark-local").toString());
    }

    private static Engine engine(String name) {
        for (EngineFactory factory : ServiceLoader.load(EngineFactory.class)) {
            if (factory.names().contains(name)) {
                return factory.create();
            }
        }
        throw new IllegalStateException("no engine " + name);
    }
}
