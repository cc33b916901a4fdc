package dev.tarn.engine.spark;

import dev.tarn.core.engine.Failure;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkEnv;
import org.apache.spark.deploy.DeployMessages.MasterStateResponse;
import org.apache.spark.deploy.DeployMessages.RequestMasterState$;
import org.apache.spark.deploy.master.ApplicationInfo;
import org.apache.spark.deploy.master.WorkerInfo;
import org.apache.spark.network.util.JavaUtils;
import org.apache.spark.rpc.RpcAddress;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

/**
 * What a standalone master knows of its workers, asked as its own web page asks. Spark's driver only says that nobody has given it
 * anything. Spark promises none of these classes: without them, or without an answer, nothing is known.
 */
record Workers(List<Worker> alive, List<String> others) {

    /** Memory in MB. */
    record Worker(long memory, int cores) {}

    Workers {
        alive = List.copyOf(alive);
        others = List.copyOf(others);
    }

    static Optional<Workers> of(SparkContext context) {
        for (String address : context.master().substring("spark://".length()).split(",", -1)) {
            try {
                MasterStateResponse state = ask(RpcAddress.fromSparkURL("spark://" + address));
                if (state.workers().length > 0) {
                    return Optional.of(of(state, context.applicationId()));
                }
            } catch (Exception | LinkageError unknown) {
                return Optional.empty();
            }
        }
        return Optional.of(new Workers(List.of(), List.of()));
    }

    private static MasterStateResponse ask(RpcAddress master) {
        ClassTag<MasterStateResponse> answer = ClassTag$.MODULE$.apply(MasterStateResponse.class);
        return SparkEnv.get().rpcEnv().setupEndpointRef(master, "Master").askSync(RequestMasterState$.MODULE$, answer);
    }

    private static Workers of(MasterStateResponse state, String us) {
        List<Worker> alive = Arrays.stream(state.workers())
                .filter(WorkerInfo::isAlive)
                .map(worker -> new Worker(worker.memory(), worker.cores()))
                .toList();
        List<String> others = new ArrayList<>();
        for (ApplicationInfo application : state.activeApps()) {
            if (!application.id().equals(us)) {
                others.add("'" + application.desc().name() + "' (" + application.coresGranted() + " cores)");
            }
        }
        return new Workers(alive, others);
    }

    /** Why no worker can ever give an executor of what these settings ask for. */
    Optional<Failure> tooSmall(String memory, int cores) {
        long needed = JavaUtils.byteStringAsMb(memory);
        if (alive.isEmpty() || alive.stream().anyMatch(each -> each.memory() >= needed && each.cores() >= cores)) {
            return Optional.empty();
        }
        String each = alive.stream()
                .map(worker ->
                        worker.memory() + " MB and " + worker.cores() + (worker.cores() == 1 ? " core" : " cores"))
                .distinct()
                .collect(Collectors.joining("; "));
        return Optional.of(Readiness.failure(
                "no worker has room for an executor, which takes " + memory + " and "
                        + (cores == 1 ? "1 core" : cores + " cores") + "; workers have " + each,
                "let executors take less (performance: {spark_config: {spark.executor.memory: 512m}}), or give the workers"
                        + " more"));
    }

    /** Who has what we wait for. */
    String reason() {
        if (alive.isEmpty()) {
            return "; it has no workers";
        }
        return others.isEmpty() ? "" : "; other applications have its workers: " + String.join(", ", others);
    }
}
